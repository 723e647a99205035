// A target: what lists are matched against. It comes from a record's URL and holds no query, user or fragment.

/** Says what a target's host is. `opaque` is no host that a list could name (a bare word, an error text). */
export type HostKind = 'domain' | 'ipv4' | 'ipv6' | 'opaque';

/** Holds what was asked for, in its canonical (WHATWG) form. */
export interface Target {
  /** `http`, `https`, `ftp`, …; `''` for a tunnel, of which the scheme is not known. */
  scheme: string;
  /** Lower-case A-label host without a trailing dot, dotted IPv4, or IPv6 without brackets; `''` where there is none. */
  host: string;
  hostKind: HostKind;
  /** Port as asked, else the scheme's own; null where neither is known. */
  port: number | null;
  /** Normalised path that begins with `/`; `''` for a tunnel. */
  path: string;
  /** Query with its `?`, for unwrapping only: never stored. */
  query: string;
}

/** Makes an empty target for `parseTarget` to fill. */
export function blankTarget(): Target {
  return { scheme: '', host: '', hostKind: 'opaque', port: null, path: '', query: '' };
}

/** How a hidden target was unwrapped from the one that was asked for. */
export type Via = 'translate' | 'cache' | 'archive' | 'redirect';

/** Holds a target found inside another one. */
export interface WrappedTarget {
  via: Via;
  target: Target;
}
