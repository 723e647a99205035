// Target → the targets hidden in it (semantics 4.3): what a translator, a cache, an archive or a redirect was asked for.
// In: a parsed target. Out: every level of nesting, the outermost first, at most four; empty for nearly all.
// Invariant: a wrapper is known by its own domain and the hosts under it, never by a part of another name.
// Example: `https://web.archive.org/web/2020/http:/a.example/` → [{ via: 'archive', target: http a.example / }].
import type { Target, WrappedTarget } from '../model/target.ts';
import { embeddedIn } from './embedded.ts';
import { WRAPPER_DOMAINS, WRAPPERS } from './wrappers.ts';

/** Finds the targets wrapped in a target, at every level of nesting down to the fourth. */
export function unwrap(target: Target): WrappedTarget[] {
  const found: WrappedTarget[] = [];
  let outer = target;
  while (found.length < MAX_DEPTH) {
    const inner = unwrapOnce(outer);
    if (inner === null) break;
    found.push(inner);
    outer = inner.target;
  }
  return found;
}

/** Says whether a canonical host is a wrapper's, so that only its targets need `unwrap`. */
export function mayWrap(host: string): boolean {
  for (let at = firstLabel(host); at >= 0; at = nextLabel(host, at))
    if (WRAPPERS.has(host.slice(at))) return true;
  return false;
}

const MAX_DEPTH = 4;
const LONGEST_DOMAIN = Math.max(...WRAPPER_DOMAINS.map(domain => domain.length));

function unwrapOnce(target: Target): WrappedTarget | null {
  const host = target.host;
  for (let at = firstLabel(host); at >= 0; at = nextLabel(host, at)) {
    for (const wrapper of WRAPPERS.get(host.slice(at)) ?? []) {
      const inner = embeddedIn(target, wrapper, host.slice(at));
      if (inner !== null) return { via: wrapper.via, target: inner };
    }
  }
  return null;
}

/** Finds the first label that can begin a wrapper's domain, so that a host of ten thousand labels costs no more. */
function firstLabel(host: string): number {
  return host.length <= LONGEST_DOMAIN ? 0 : nextLabel(host, host.length - LONGEST_DOMAIN - 1);
}

/** Finds where the host's next ancestor begins; -1 after the last label. */
function nextLabel(host: string, at: number): number {
  const dot = host.indexOf('.', at);
  return dot < 0 ? -1 : dot + 1;
}
