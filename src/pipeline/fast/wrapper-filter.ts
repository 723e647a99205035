// Wrapper filter: can an address hide another one (§4.3)? Translators, caches, archives and redirects are few, some
// of them as busy as a search engine: so the host is looked at, and then whether there is room for an inner address.
// In: the bytes of a plain address. Out: yes or no. Invariant: where `unwrap` would find a target, the answer is yes.
// Example: `https://web.archive.org/web/2020/http://a.example/` yes, `https://web.archive.org/` no.
import { extend, SEED } from '../../category/hash.ts';
import { WRAPPERS, type Wrapper } from '../../url/wrappers.ts';

/** Where a wrapper keeps the inner address, as bits. */
export const ROOM = { label: 1, path: 2, query: 4 } as const;

export interface WrapperFilter {
  /** Says where a host may keep an inner address, by the state of its last two labels (`category/hash.ts`); 0 nowhere. */
  roomsOf(bytes: Uint8Array, host: { start: number; end: number }, state: number): number;
}

/** Creates the filter over the wrappers that `unwrap` knows. */
export function createWrapperFilter(): WrapperFilter {
  const bits = new Int32Array(FILTER_BITS / 32);
  const roomsByDomain = new Map<string, number>();
  for (const [domain, wrappers] of WRAPPERS) {
    roomsByDomain.set(
      domain,
      wrappers.reduce((all, wrapper) => all | roomOf(wrapper), 0),
    );
    const bit = bitOf(stateOf(domain));
    bits[bit >>> 5]! |= 1 << (bit & 31);
  }
  return {
    roomsOf(bytes, { start, end }, state) {
      const bit = bitOf(state);
      if (((bits[bit >>> 5]! >>> (bit & 31)) & 1) === 0) return 0;
      const host = textOf(bytes, start, end).toLowerCase();
      let rooms = 0;
      for (let at = 0; at >= 0; at = host.indexOf('.', at) + 1 || -1)
        rooms |= roomsByDomain.get(host.slice(at)) ?? 0;
      return rooms;
    },
  };
}

/**
 * Says whether there is an inner address, perhaps, in what follows a host that has rooms for one. In a path it is known
 * by a scheme's `:` or a host's `.`, each maybe percent-encoded; in a query it may be spelled otherwise (base64): any query
 * will do. Most proxies log none, only its `?`.
 */
export function mayHide(
  bytes: Uint8Array,
  rest: { hostEnd: number; urlEnd: number },
  rooms: number,
): boolean {
  let at = rest.hostEnd;
  while (at < rest.urlEnd && bytes[at] !== SLASH && bytes[at] !== QUESTION) at++;
  for (; at < rest.urlEnd; at++) {
    const byte = bytes[at]!;
    if (byte === QUESTION) return at + 1 < rest.urlEnd && (rooms & ROOM.query) !== 0;
    if ((byte === COLON || byte === DOT || byte === PERCENT) && (rooms & ROOM.path) !== 0) return true;
  }
  return false;
}

const FILTER_BITS = 1 << 15;

function bitOf(state: number): number {
  return (state ^ (state >>> 15)) & (FILTER_BITS - 1);
}

function roomOf(wrapper: Wrapper): number {
  switch (wrapper.in) {
    case 'label':
      return ROOM.label;
    // The address in a path goes on in the query.
    case 'path':
      return ROOM.path | ROOM.query;
    case 'query':
    case 'search':
      return ROOM.query;
    default:
      return wrapper satisfies never;
  }
}

function stateOf(domain: string): number {
  const bytes = Uint8Array.from(domain, character => character.charCodeAt(0));
  const last = domain.lastIndexOf('.');
  const before = domain.lastIndexOf('.', last - 1);
  const top = extend(SEED, bytes, last + 1, bytes.length);
  return extend(top, bytes, before + 1, last);
}

function textOf(bytes: Uint8Array, start: number, end: number): string {
  let text = '';
  for (let at = start; at < end; at++) text += String.fromCharCode(bytes[at]!);
  return text;
}

const COLON = 0x3a;
const DOT = 0x2e;
const SLASH = 0x2f;
const QUESTION = 0x3f;
const PERCENT = 0x25;
