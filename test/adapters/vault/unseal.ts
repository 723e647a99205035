import { Decrypter } from 'age-encryption';

/** Opens a sealed file with an identity file's text, as people do with `age -d -i`. */
export function unseal(sealed: Uint8Array, identityFile: string): Promise<string> {
  const decrypter = new Decrypter();
  decrypter.addIdentity(identityFile.split('\n').find(line => line.startsWith('AGE-SECRET-KEY-'))!);
  return decrypter.decrypt(sealed, 'text');
}
