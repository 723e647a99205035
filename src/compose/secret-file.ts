// Files that a key of the configuration names, read when what needs them is opened. No error holds what they hold.
import { readFileSync } from 'node:fs';
import { GranskaError } from '../errors.ts';

/** Reads a secret of one line; a line feed at its end is not part of it. Throws KEYS where it is none. */
export function readSecretFile(key: string, path: string): string {
  const secret = readNamedFile(key, path).replace(/\r?\n$/, '');
  if (secret !== '' && !/\p{Cc}/u.test(secret)) return secret;
  throw new GranskaError('KEYS', `the file that ${key} names holds no secret of one line: ${path}`, {
    hint: 'it holds the secret and nothing else',
  });
}

/** Reads PEM certificates; throws KEYS where there is none. */
export function readCertificates(key: string, path: string): string {
  const pem = readNamedFile(key, path);
  if (pem.includes('-----BEGIN CERTIFICATE-----')) return pem;
  throw new GranskaError('KEYS', `the file that ${key} names holds no PEM certificate: ${path}`, {
    hint: 'it begins with -----BEGIN CERTIFICATE-----',
  });
}

function readNamedFile(key: string, path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new GranskaError(
      'KEYS',
      `the file that ${key} names cannot be read: ${path} (${code ?? 'unknown'})`,
      {
        hint: 'check that it is there and that this account may read it',
        cause,
      },
    );
  }
}
