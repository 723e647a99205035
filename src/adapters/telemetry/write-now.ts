// Writes lines to a file descriptor at once: when the call returns, the line has left the process, however that ends.
// (`process.stderr` keeps lines back where its pipe is full, and `process.exit` throws them away.)
// Invariants: nothing is kept here; a reader that is slow holds the work up for PATIENCE_MS at most, and after that its
// lines are lost, and counted, until it reads again (of a pipe that `process.stderr` has opened, which does not block;
// a terminal that is held with Ctrl-S holds the work); no error of the descriptor stops the work.
import { writeSync } from 'node:fs';

const PATIENCE_MS = 1_000;
const PAUSE_MS = 5;

/** Creates what writes to a descriptor. */
export function createWriteNow(fd: number, onLost: () => void): (line: string) => void {
  const sleeper = new Int32Array(new SharedArrayBuffer(4));
  let patienceMs = PATIENCE_MS;
  /** A line was lost half-way: the next one begins on a line of its own. */
  let isTorn = false;

  return line => {
    const bytes = Buffer.from(isTorn ? `\n${line}` : line);
    let written = 0;
    while (written < bytes.length) {
      try {
        written += writeSync(fd, bytes, written);
      } catch (error) {
        if (isFull(error) && patienceMs > 0) {
          patienceMs -= PAUSE_MS;
          Atomics.wait(sleeper, 0, 0, PAUSE_MS);
          continue;
        }
        isTorn ||= written > 0;
        onLost();
        return;
      }
    }
    isTorn = false;
    patienceMs = PATIENCE_MS;
  };
}

function isFull(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'EAGAIN' || code === 'EBUSY' || code === 'EINTR';
}
