// shared: what it means that many people use one address (§3.2). In: what networks.csv says; out: whether a name that the
// proxy authenticated there is a person's, and whether a lease may be asked. Invariant: a word that is not known here is
// read like the strictest one. Example: on a `kiosk` even `bo` is nobody's.

/** How a network is shared; `true` is "in some way", as older files and kept versions say it. */
export type Shared = boolean | SharedKind;

/** The kinds that are treated apart. */
export type SharedKind = 'kiosk' | 'terminal-server' | 'guest';

/** Lists every kind, as it is written in networks.csv. */
export const SHARED_KINDS: readonly SharedKind[] = ['kiosk', 'terminal-server', 'guest'];

/**
 * Tells what a shared address leaves of a person: `address` all, `name` only a name that the proxy authenticated,
 * `nobody` not even that: on a kiosk or a guest network whoever comes finds the session of the one before.
 */
export function leaves(shared: Shared): 'address' | 'name' | 'nobody' {
  if (shared === false) return 'address';
  return shared === true || shared === 'terminal-server' ? 'name' : 'nobody';
}
