// One progress line on a terminal: how far, how fast, how long yet. Nothing where stderr is no terminal.
import type { Io } from './io.ts';
import { formatCount } from './numbers.ts';

export interface Progress {
  update(state: { lines: number; bytes: number; seconds: number }): void;
  /** Wipes the line, so that what follows starts clean. */
  clear(): void;
}

const REFRESH_SECONDS = 0.2;

/** Creates the progress line; `totalBytes` is null where the size is not known (stdin, compressed files). */
export function createProgress(io: Io, totalBytes: number | null): Progress {
  if (!io.isErrorTerminal) return { update() {}, clear() {} };
  let shownAt = -1;
  let isShown = false;
  return {
    update(state) {
      if (state.seconds - shownAt < REFRESH_SECONDS) return;
      shownAt = state.seconds;
      isShown = true;
      io.stderr.write(`\r\u001b[K${line(state, totalBytes)}`);
    },
    clear() {
      if (isShown) io.stderr.write('\r\u001b[K');
      isShown = false;
    },
  };
}

function line(state: { lines: number; bytes: number; seconds: number }, totalBytes: number | null): string {
  const rate = state.seconds > 0 ? state.lines / state.seconds : 0;
  const parts = [`${formatCount(state.lines)} lines`, `${formatCount(Math.round(rate))} lines/s`];
  if (totalBytes !== null && totalBytes > 0 && state.bytes > 0) {
    const share = Math.min(1, state.bytes / totalBytes);
    parts.unshift(`${Math.floor(share * 100)} %`);
    parts.push(`${formatDuration((state.seconds * (1 - share)) / share)} left`);
  }
  return parts.join(' · ');
}

function formatDuration(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  if (seconds < 5400) return `${Math.ceil(seconds / 60)} min`;
  return `${(seconds / 3600).toFixed(1)} h`;
}
