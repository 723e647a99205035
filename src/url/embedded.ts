// The inner address of a wrapped target: taken from its place, made readable, and read as a target of its own.
import { blankTarget, type Target } from '../model/target.ts';
import { canonicalHost, hostKindOf } from './host.ts';
import { parseTarget } from './parse-target.ts';
import { decodeBytes, decodePercent } from './percent.ts';
import { decodePunycode } from './punycode.ts';
import type { Spelling, Wrapper } from './wrappers.ts';

/** Reads the target that a wrapper hides in `outer`, whose host is `domain` or under it; null where there is none. */
export function embeddedIn(outer: Target, wrapper: Wrapper, domain: string): Target | null {
  switch (wrapper.in) {
    case 'label':
      return fromLabel(outer, domain);
    case 'search':
      return readAddress(outer.query.slice(1));
    case 'path': {
      const address = wrapper.path.exec(outer.path)?.groups?.address;
      return address === undefined ? null : readAddress(address + outer.query);
    }
    case 'query': {
      if (wrapper.path !== undefined && !wrapper.path.test(outer.path)) return null;
      for (const name of wrapper.names) {
        for (const value of parametersOf(outer.query, name)) {
          const inner = readAddress(respell(value, wrapper.spelling ?? 'plain'));
          if (inner !== null) return inner;
        }
      }
      return null;
    }
    default:
      return wrapper satisfies never;
  }
}

/** Decodes base64 or base64url to text; answers `''` where it is neither. */
export function decodeBase64(encoded: string): string {
  try {
    const binary = atob(encoded.replace(/-/g, '+').replace(/_/g, '/').replace(/=+$/, ''));
    return decodeBytes(Uint8Array.from(binary, byte => byte.charCodeAt(0)));
  } catch {
    return '';
  }
}

/** How often an address may have been percent-encoded as a whole. */
const MAX_ENCODINGS = 4;

/** `example.com`, `example.com:8080/a`, but not `/a/b.html`; whether it has a dot is asked apart. */
const HOST_FIRST = /^(?:[^/\\?#\s:@]+@)?([^/\\?#\s:@]+)(?::[0-9]+)?(?=[/\\?#]|$)/;
const SCHEME_FIRST = /^(?:https?|ftp|wss?):/i;

/** Reads what stands for an address inside another one: with a scheme, after `//`, or beginning with its host. */
function readAddress(written: string): Target | null {
  let text = written;
  for (let round = 0; round <= MAX_ENCODINGS; round++) {
    const url = absolute(text);
    if (url !== '') {
      const target = blankTarget();
      if (parseTarget(url, 'GET', target) !== 'opaque') return target;
    }
    const decoded = decodePercent(text);
    if (decoded === text) return null;
    text = decoded;
  }
  return null;
}

/** Completes an address to an absolute URL; `''` where it does not look like one. */
function absolute(text: string): string {
  if (SCHEME_FIRST.test(text)) return text;
  const rest = text.replace(/^[/\\]{2}/, '');
  return HOST_FIRST.exec(rest)?.[1]?.includes('.') ? `http://${rest}` : '';
}

function parametersOf(query: string, name: string): string[] {
  const values: string[] = [];
  for (const pair of query.slice(1).split('&')) {
    if (pair.startsWith(`${name}=`))
      values.push(decodePercent(pair.slice(name.length + 1).replace(/\+/g, ' ')));
  }
  return values;
}

function respell(value: string, spelling: Spelling): string {
  switch (spelling) {
    case 'plain':
      return value;
    case 'cache':
      return /^\s*cache:(?:[\w-]{12}:)?(\S+)/.exec(value)?.[1] ?? '';
    case 'a1':
      return value.startsWith('a1') ? decodeBase64(value.slice(2)) : '';
    case 'base64':
      return decodeBase64(value);
    case 'dashes':
      return decodePercent(value.replace(/-/g, '%').replace(/_/g, '/'));
    default:
      return spelling satisfies never;
  }
}

/** Undoes what a translator or a page cache does to a host name to make one label of it. */
function fromLabel(outer: Target, domain: string): Target | null {
  const before = outer.host.slice(0, -domain.length - 1);
  const host = hostOfLabel(before.slice(before.lastIndexOf('.') + 1));
  if (!host.includes('.')) return null;
  const query = outer.query.replace(/(?<=[?&])_x_tr_[a-z]+=[^&]*(?:&|$)/g, '').replace(/[?&]$/, '');
  return { ...outer, host, hostKind: hostKindOf(host), query };
}

function hostOfLabel(label: string): string {
  const unicode = label.startsWith('xn--') ? decodePunycode(label.slice(4)) : label;
  if (unicode === null) return '';
  // Names with hyphens in the third and fourth place are kept apart from A-labels by `0-` and `-0`.
  const spelled = /^0-(..--.+)-0$/u.exec(unicode)?.[1] ?? unicode;
  return canonicalHost(spelled.replace(/--|-/g, hyphens => (hyphens === '--' ? '-' : '.')));
}
