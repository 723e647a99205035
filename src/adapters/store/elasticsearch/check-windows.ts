// Refuses windows that no store can hold, before anything of them is written. What is refused is a mistake of the
// program's, not of the data: a TypeError.
import type { Pin, StreamWindow, WindowBatch } from '../../../ports/window-store.ts';
import { isSamePin } from './stream-document.ts';

/** Checks windows by themselves. */
export function checkWindows({ windows, names }: WindowBatch): void {
  if (windows.length === 0 && names.length > 0) throw new TypeError('names come with windows');
  const streams = new Set<string>();
  for (const window of windows) {
    const { state, from, pin, findings, marks } = window;
    if (streams.has(state.id)) throw new TypeError('a batch has one window of a stream at most');
    streams.add(state.id);
    if (state.position !== pin.end) throw new TypeError('a window ends where its pin says');
    if (pin.end < from) throw new TypeError('a window does not end before it begins');
    // Findings may come without: of lines that were read before, and are read anew (§9.2).
    if (pin.end === from && countsAnything(window))
      throw new TypeError('a window without lines counts nothing');
    for (const { id, recordId } of findings) {
      const areIds = [id, recordId].every(hex => /^[0-9a-f]{32}$/.test(hex));
      if (!areIds) throw new TypeError('an id must be 32 hex digits');
    }
    for (const { digest } of marks) {
      if (!(digest instanceof Uint8Array)) throw new TypeError('a digest must be bytes');
    }
  }
}

/** Checks a window against the one that was left open there. */
export function checkPin({ pin }: StreamWindow, open: Pin | null): void {
  if (open === null || isSamePin(open, pin)) return;
  throw new TypeError('a window that was left open is done again as its pin says');
}

/** Tells whether a window changes more than its stream's position, so that it needs a pin. */
export function hasContent(window: StreamWindow): boolean {
  return window.findings.length + window.settled.length > 0 || countsAnything(window);
}

function countsAnything({ usage, days, rejects }: StreamWindow): boolean {
  return usage.length + days.length + rejects.length > 0;
}
