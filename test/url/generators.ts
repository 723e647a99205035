// Generators of URLs, good and nasty, and of hosts in many spellings.
import fc from 'fast-check';
import { decodePunycode } from '../../src/url/punycode.ts';

const pieces = (...values: string[]) => fc.constantFrom(...values);

const host = fc
  .array(
    fc.oneof(
      { weight: 4, arbitrary: fc.stringMatching(/^[a-z0-9_-]{1,6}$/) },
      {
        weight: 2,
        arbitrary: pieces('.', '.', '..', '-', '_', 'xn--', 'XN--', 'xn-', 'com', 'se', '1', '0x1f', '08'),
      },
      {
        weight: 1,
        arbitrary: pieces('%61', '%2e', '%2E', '%00', '%', '%e5', 'å', 'Å', 'ß', '。', '\u00ad', '\u200d'),
      },
      {
        weight: 1,
        arbitrary: pieces('@', ':', '[', ']', '::1', '[::1]', ' ', '\t', '\\', ';', '*', '|', '<', '256.'),
      },
    ),
    { maxLength: 6 },
  )
  .map(parts => parts.join(''));

const tidyHost = fc
  .array(fc.stringMatching(/^[A-Za-z0-9_-]{1,7}$/), { minLength: 1, maxLength: 4 })
  .chain(labels => pieces('', '.').map(end => labels.join('.') + end));

const rest = fc
  .array(
    pieces(
      ...[
        '/',
        '/',
        '//',
        '/.',
        '/..',
        '/%2e',
        '/%2E%2e',
        '/a',
        'b',
        '.html',
        '~',
        '%64',
        '%C3%a5',
        '%',
        '%zz',
        '\\',
      ],
      ...[
        '?',
        '?q',
        '=',
        '&',
        "'",
        '"',
        '#',
        '#f',
        ' ',
        '\t',
        '\n',
        'å',
        '<',
        '{',
        '|',
        '^',
        '`',
        '[',
        ']',
        ';x',
        ':',
        '@',
      ],
    ),
    { maxLength: 8 },
  )
  .map(parts => parts.join(''));

/** Makes request targets, from quite plain to quite broken. */
export const requestTarget: fc.Arbitrary<string> = fc.oneof(
  fc
    .tuple(
      pieces(
        'http://',
        'https://',
        'http://',
        'https://',
        'HTTP://',
        'ws://',
        'ftp://',
        'foo://',
        'http:/',
        'tunnel://',
        '',
      ),
      fc.oneof(host, tidyHost),
      pieces('', '', ':80', ':443', ':0', ':00080', ':65535', ':65536', ':', ':8a', ':-1'),
      rest,
    )
    .map(parts => parts.join('')),
  fc.string({ unit: 'binary' }),
);

const label = fc.oneof(
  { weight: 4, arbitrary: fc.stringMatching(/^[a-z0-9](?:[a-z0-9-]{0,8}[a-z0-9])?$/) },
  { weight: 1, arbitrary: pieces('åäö', 'räksmörgås', 'bücher', '例え', 'почта', 'فارسی') },
);

/** Makes host names as people write them: two to four labels, some of them not ASCII, the last one of letters. */
export const hostName: fc.Arbitrary<string> = fc
  .tuple(fc.array(label, { minLength: 1, maxLength: 3 }), pieces('se', 'example', 'com', 'test'))
  .map(([labels, top]) => [...labels, top].join('.'));

/** Makes IPv4 addresses in dotted form. */
export const ipv4: fc.Arbitrary<string> = fc.ipV4();

/** Writes a canonical host with its A-labels in Unicode. */
export function inUnicode(canonical: string): string {
  return canonical.replace(/xn--([a-z0-9-]+)/g, (written, rest: string) => decodePunycode(rest) ?? written);
}

/** Percent-encodes every byte of a text of which `pick` says so. */
export function percentEncode(text: string, pick: (index: number) => boolean): string {
  return [...text]
    .map((character, index) => (pick(index) || character > '\x7f' ? encodeAll(character) : character))
    .join('');
}

function encodeAll(character: string): string {
  return Array.from(
    new TextEncoder().encode(character),
    byte => `%${byte.toString(16).padStart(2, '0')}`,
  ).join('');
}
