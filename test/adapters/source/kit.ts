// What the tests of the file source share: a folder that goes away, and a scan that stores what it read.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { createFileSource, type FileSourceOptions } from '../../../src/adapters/source/file.ts';
import {
  createRememberedStreams,
  type RememberedStreams,
  type Taken,
  takeAll,
} from '../../contract/source.ts';

/** A folder with the store of a few scans. */
export interface Bench {
  folder: string;
  known: RememberedStreams;
  path(name: string): string;
  write(name: string, content: string | Uint8Array): string;
  /** Scans and stores all that was read, unless in another mode. */
  scan(
    files: readonly string[],
    options?: Partial<FileSourceOptions> & { input?: string | Uint8Array },
  ): Promise<Taken>;
  dispose(): void;
}

/** Creates a bench with an empty store. */
export function createBench(): Bench {
  const folder = mkdtempSync(join(tmpdir(), 'granska-source-'));
  const known = createRememberedStreams();
  const path = (name: string) => join(folder, name);
  return {
    folder,
    known,
    path,
    write(name, content) {
      writeFileSync(path(name), content);
      return path(name);
    },
    async scan(files, { input, ...options } = {}) {
      const stdin = Readable.from(input === undefined ? [] : [Buffer.from(input)], { objectMode: false });
      const source = createFileSource({
        files: files.map(file => (file === '-' ? file : path(file))),
        source: 'default',
        known,
        mode: 'resume',
        takeHalfLine: false,
        bufferBytes: 64,
        stdin,
        ...options,
      });
      const taken = await takeAll(source);
      if ((options.mode ?? 'resume') === 'resume') for (const event of taken.events) known.store(event);
      return taken;
    },
    dispose() {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Makes lines that look like a proxy's. */
export function makeLines(count: number, seed = 0): string[] {
  return Array.from({ length: count }, (_, i) => {
    const second = 1_764_000_000 + seed * 100_000 + i;
    return `${second}.${String((i * 37) % 1000).padStart(3, '0')} ${i % 900} 192.0.2.${i % 250} TCP_MISS/200 ${i * 13} GET http://site${i}.example/ - HIER_DIRECT/198.51.100.7 text/html`;
  });
}

/** Joins lines as a log holds them. */
export function toText(lines: readonly string[]): string {
  return lines.map(line => `${line}\n`).join('');
}
