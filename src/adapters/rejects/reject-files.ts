// Sealed texts of rejected lines: one age file per transaction (§6.4), NDJSON inside: stream, offset, code, text.
// A file is named by the first line in it, so that a transaction that is done again after a crash writes the same
// file and not a second one.
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { GranskaError } from '../../errors.ts';
import type { RejectCode } from '../../model/record.ts';

/** One rejected line; text is null where a protected site stood in it. */
export interface RejectedText {
  stream: string;
  offset: number;
  code: RejectCode;
  text: Uint8Array | null;
}

export interface RejectFiles {
  /** Folder of the sealed files. */
  readonly folder: string;
  /** Seals and writes the lines that have a text; gives the file's name, or null where there was none. */
  write(lines: readonly RejectedText[]): Promise<string | null>;
  /** Deletes sealed files whose time is over. */
  remove(names: readonly string[]): void;
  /** Deletes files written before an instant that nothing names: a crash came before their transaction. */
  sweep(named: ReadonlySet<string | null>, beforeMs: number): void;
}

/** Creates the writer of sealed rejects under a data folder. */
export function createRejectFiles(options: {
  dataDir: string;
  seal(plain: Uint8Array): Promise<Uint8Array>;
}): RejectFiles {
  const folder = join(options.dataDir, 'rejects');

  async function write(lines: readonly RejectedText[]): Promise<string | null> {
    const kept = lines.filter(line => line.text !== null);
    const first = kept[0];
    if (first === undefined) return null;
    const plain = kept.map(line => `${JSON.stringify(describe(line))}\n`).join('');
    const sealed = await options.seal(new TextEncoder().encode(plain));
    const name = `${first.stream.slice(0, 16)}-${first.offset}.age`;
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      writeWhole(join(folder, name), sealed);
    } catch (error) {
      throw writeError(folder, error);
    }
    return name;
  }

  function remove(names: readonly string[]): void {
    for (const name of names) rmSync(join(folder, name), { force: true });
  }

  function sweep(named: ReadonlySet<string | null>, beforeMs: number): void {
    if (!existsSync(folder)) return;
    for (const name of readdirSync(folder)) {
      const isOurs = /^[0-9a-f]{16}-\d+\.age(\.tmp)?$/.test(name);
      if (isOurs && !named.has(name) && statSync(join(folder, name)).mtimeMs < beforeMs) remove([name]);
    }
  }

  return { folder, write, remove, sweep };
}

function describe({ stream, offset, code, text }: RejectedText): Record<string, unknown> {
  const decoded = decode(text!);
  const place = { stream, offset, code };
  return decoded === null
    ? { ...place, base64: Buffer.from(text!).toString('base64') }
    : { ...place, text: decoded };
}

/** Gives the text where it is valid UTF-8, so that a person can read it; else null. */
function decode(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

function writeWhole(path: string, bytes: Uint8Array): void {
  const draft = `${path}.tmp`;
  try {
    const file = openSync(draft, 'w', 0o600);
    try {
      for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at, bytes.length - at);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(draft, path);
  } catch (error) {
    // A disk that is full needs the room back.
    rmSync(draft, { force: true });
    throw error;
  }
}

function writeError(folder: string, cause: unknown): GranskaError {
  const { code } = cause as NodeJS.ErrnoException;
  return new GranskaError(
    'STORE',
    `the sealed texts of rejected lines cannot be written to ${folder} (${code})`,
    {
      hint:
        code === 'ENOSPC'
          ? 'make room on the disk, and scan again: it goes on where it stopped'
          : 'check that the data folder is there and writable, and scan again: it goes on where it stopped',
      cause,
    },
  );
}
