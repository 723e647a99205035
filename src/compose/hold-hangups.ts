// Signals to read the configuration anew that come while it is being read for the first time. In: what hears of signals;
// out: the same, which tells its listener at once of those that came before there was one (§10).
// Invariant: from the first call on, no signal is lost; several that came early are one.
// Example: `const hangups = holdHangups(request.onHangup); … const end = hangups.onHangup(() => reload())`.

/** Gives what ends a subscription. */
type OnHangup = (listener: () => void) => () => void;

export interface HeldHangups {
  /** Calls a listener whenever a signal comes, and once for those that came before; answers what ends that. */
  onHangup: OnHangup;
}

/** Begins to hold signals. */
export function holdHangups(onHangup: OnHangup): HeldHangups {
  let isHeld = false;
  const end = onHangup(() => {
    isHeld = true;
  });
  return {
    onHangup(listener) {
      const off = onHangup(listener);
      end();
      if (isHeld) listener();
      isHeld = false;
      return off;
    },
  };
}
