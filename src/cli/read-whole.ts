import { readFileSync } from 'node:fs';
import { GranskaError } from '../errors.ts';

/** Reads a whole file; throws SOURCE where it cannot be read. */
export function readWhole(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new GranskaError('SOURCE', `the file cannot be read (${code})`, {
      hint: 'name a file that is there and that you may read',
      cause: error,
    });
  }
}
