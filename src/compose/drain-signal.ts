// A signal that comes some time after another: what was read is stored, but a store that does not answer is not waited for
// without end. Example: `drainSignal(stop, 8_000)` → `signal` aborts 8 s after `stop`, also where that had come before.

export interface DrainSignal {
  signal: AbortSignal;
  /** Takes the late signal back. */
  clear(): void;
}

/** Creates the late signal. */
export function drainSignal(stop: AbortSignal, afterMs: number): DrainSignal {
  const late = new AbortController();
  let timer: NodeJS.Timeout | null = null;
  whenAborted(stop, () => {
    timer = setTimeout(() => late.abort(), afterMs);
  });
  return {
    signal: late.signal,
    clear() {
      if (timer !== null) clearTimeout(timer);
    },
  };
}

/** Calls back once a signal is there: at once where it came before. A signal tells that to no listener. */
export function whenAborted(signal: AbortSignal, then: () => void): void {
  if (signal.aborted) then();
  else signal.addEventListener('abort', then, { once: true });
}
