// One line on a terminal that says how many were read. Nothing where stderr is no terminal.
import type { Io } from './io.ts';
import { formatCount } from './numbers.ts';

export interface CountProgress {
  update(count: number): void;
  /** Wipes the line, so that what follows starts clean. */
  clear(): void;
}

/** Creates the line; `noun` is what is counted, in the plural. */
export function createCountProgress(io: Pick<Io, 'stderr' | 'isErrorTerminal'>, noun: string): CountProgress {
  if (!io.isErrorTerminal) return { update() {}, clear() {} };
  let isShown = false;
  return {
    update(count) {
      isShown = true;
      io.stderr.write(`\r\u001b[K${formatCount(count)} ${noun}`);
    },
    clear() {
      if (isShown) io.stderr.write('\r\u001b[K');
      isShown = false;
    },
  };
}
