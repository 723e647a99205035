// ed25519: pairs of keys, signatures and their verification, over the platform's own (§8.4).
// In: texts, a private key as PKCS #8 PEM, a public one as base64 of its 32 bytes; out: signatures in base64.
// Invariant: each key and each signature has one spelling; another one of the same bytes is none.
import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto';

/** What stands before the 32 bytes of a public key in DER. */
const DER_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');
const KEY_BYTES = 32;
const SIGNATURE_BYTES = 64;

/** Makes a new pair. */
export function makeKeyPair(): { privatePem: string; publicKey: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  return {
    privatePem: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
    publicKey: bytesOf(publicKey),
  };
}

/** Gives the public half of a private key; null where the text is no such key. */
export function publicKeyOf(privatePem: string): string | null {
  const key = readPrivate(privatePem);
  return key === null ? null : bytesOf(createPublicKey(key));
}

/** Signs a text's UTF-8 bytes; throws TypeError for what is no private key: ask `publicKeyOf` first. */
export function signText(privatePem: string, text: string): string {
  const key = readPrivate(privatePem);
  if (key === null) throw new TypeError('no private key of Ed25519');
  return sign(null, Buffer.from(text, 'utf8'), key).toString('base64');
}

/** Tells whether a text was signed with the private half of a public key. */
export function verifyText(publicKey: string, text: string, signature: string): boolean {
  const key = decode(publicKey, KEY_BYTES);
  const signed = decode(signature, SIGNATURE_BYTES);
  if (key === null || signed === null) return false;
  const der = Buffer.concat([DER_PREFIX, key]);
  return verify(null, Buffer.from(text, 'utf8'), { key: der, format: 'der', type: 'spki' }, signed);
}

function readPrivate(pem: string): KeyObject | null {
  try {
    const key = createPrivateKey(pem);
    return key.asymmetricKeyType === 'ed25519' ? key : null;
  } catch {
    return null;
  }
}

function bytesOf(key: KeyObject): string {
  return key.export({ format: 'der', type: 'spki' }).subarray(DER_PREFIX.length).toString('base64');
}

/** Reads base64 of a number of bytes, in its one spelling. */
function decode(text: string, bytes: number): Buffer | null {
  const read = Buffer.from(text, 'base64');
  return read.length === bytes && read.toString('base64') === text ? read : null;
}
