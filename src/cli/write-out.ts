// Bytes to where the user asked for: a file of `--out`, or stdout.
import { randomBytes } from 'node:crypto';
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { GranskaError } from '../errors.ts';
import { type Io, write } from './io.ts';

/** Writes to a file, whole or not at all and readable for its owner and group only; to stdout where none is named. */
export async function writeOut(bytes: Uint8Array, file: string | undefined, io: Io): Promise<void> {
  if (file === undefined) return write(io.stdout, bytes);
  const draft = `${file}.${randomBytes(6).toString('hex')}.part`;
  try {
    writeFileSync(draft, bytes, { flag: 'wx', mode: 0o640 });
    renameSync(draft, file);
  } catch (error) {
    rmSync(draft, { force: true });
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new GranskaError('USAGE', `the file of --out cannot be written (${code})`, {
      hint: 'name one in a folder that is there and that you may write to',
      cause: error,
    });
  }
}
