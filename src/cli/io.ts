// Where a command reads and writes: data on stdout, everything else on stderr.
import type { Readable, Writable } from 'node:stream';

export interface Io {
  stdin: Readable;
  stdout: Writable;
  stderr: Writable;
  /** True where stdout is a terminal. */
  isTerminal: boolean;
  /** True where stderr is a terminal: only then is there a progress line. */
  isErrorTerminal: boolean;
  /** Width of the terminal in columns. */
  columns: number;
}

/** Writes text, waiting where the reader is slower than we are. */
export async function write(stream: Writable, text: string | Uint8Array): Promise<void> {
  if (stream.write(text)) return;
  await new Promise<void>(resolve => {
    const done = () => {
      stream.off('drain', done);
      stream.off('close', done);
      stream.off('error', done);
      resolve();
    };
    stream.once('drain', done);
    stream.once('close', done);
    stream.once('error', done);
  });
}
