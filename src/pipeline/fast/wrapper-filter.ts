// Wrapper filter: can an address hide another one (§4.3)? Translators, caches, archives and redirects are few, some
// of them as busy as a search engine: so the host is looked at, and then whether there is room for an inner address.
// In: the bytes of a plain address. Out: yes or no. Invariant: where `unwrap` would find a target, the answer is yes.
// Example: `https://web.archive.org/web/2020/http://a.example/` yes, `https://web.archive.org/` no.
import { extend, SEED } from '../../category/hash.ts';
import { WRAPPERS, type Wrapper } from '../../url/wrappers.ts';

/** Says where an address and its host stand; `isTunnel` where only the host is known of it. */
export interface AddressPlace {
  bytes: Uint8Array;
  hostStart: number;
  hostEnd: number;
  urlEnd: number;
  isTunnel: boolean;
}

export interface WrapperFilter {
  /** Bits by `wrapperBitOf`. */
  readonly bits: Int32Array;
  /** Says whether an address of which the bit is set must be looked at by the exact path. */
  mayHide(place: AddressPlace): boolean;
}

/**
 * Gives the bit for a host by the state of its last two labels (`category/hash.ts`). Tunnels (any number but 0) have
 * bits of their own: only a wrapper that keeps the inner host in a label can be used through one.
 */
export function wrapperBitOf(state: number, tunnel: number): number {
  const bit = (state ^ (state >>> 15)) & (KIND_BITS - 1);
  return tunnel === 0 ? bit + KIND_BITS : bit;
}

/** Number of bits per kind of address: few enough to stay in the nearest cache. */
const KIND_BITS = 1 << 15;

/** Creates the filter over the wrappers that `unwrap` knows. */
export function createWrapperFilter(): WrapperFilter {
  const bits = new Int32Array((2 * KIND_BITS) / 32);
  const places = new Map<string, number>();
  for (const [domain, wrappers] of WRAPPERS) {
    const rooms = wrappers.reduce((all, wrapper) => all | roomOf(wrapper), 0);
    places.set(domain, rooms);
    const state = stateOf(domain);
    setBit(bits, wrapperBitOf(state, 0));
    if ((rooms & ROOM.label) !== 0) setBit(bits, wrapperBitOf(state, 1));
  }
  return {
    bits,
    mayHide(place) {
      const host = textOf(place.bytes, place.hostStart, place.hostEnd).toLowerCase();
      let rooms = 0;
      for (let at = 0; at >= 0; at = host.indexOf('.', at) + 1 || -1)
        rooms |= places.get(host.slice(at)) ?? 0;
      if ((rooms & ROOM.label) !== 0) return true;
      return !place.isTunnel && rooms !== 0 && hasRoom(place, rooms);
    },
  };
}

/** Where a wrapper keeps the inner address. */
const ROOM = { label: 1, path: 2, query: 4 } as const;

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

// An inner address in a path is known by a scheme's `:` or a host's `.`, each perhaps percent-encoded; in a query
// it may be spelled otherwise (base64): any query will do. Most proxies log none, only its `?`.
function hasRoom(place: AddressPlace, rooms: number): boolean {
  const { bytes } = place;
  for (let at = place.hostEnd + portLength(place); at < place.urlEnd; at++) {
    const byte = bytes[at]!;
    if (byte === QUESTION) return at + 1 < place.urlEnd && (rooms & ROOM.query) !== 0;
    if ((byte === COLON || byte === DOT || byte === PERCENT) && (rooms & ROOM.path) !== 0) return true;
  }
  return false;
}

function portLength(place: AddressPlace): number {
  let at = place.hostEnd;
  while (at < place.urlEnd && place.bytes[at] !== SLASH && place.bytes[at] !== QUESTION) at++;
  return at - place.hostEnd;
}

function stateOf(domain: string): number {
  const bytes = Uint8Array.from(domain, character => character.charCodeAt(0));
  const last = domain.lastIndexOf('.');
  const before = domain.lastIndexOf('.', last - 1);
  const top = extend(SEED, bytes, last + 1, bytes.length);
  return extend(top, bytes, before + 1, last);
}

function setBit(bits: Int32Array, bit: number): void {
  bits[bit >>> 5]! |= 1 << (bit & 31);
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
