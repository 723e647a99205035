// Whom the lines of a message come from, by its key and headers.
import { expect } from 'chai';
import type { Message } from '../../../../src/adapters/source/kafka/chunk-writer.ts';
import { NOBODY, originReader } from '../../../../src/adapters/source/kafka/origin.ts';
import { text } from '../../../../src/config/fields.ts';
import { formatNamed } from '../../../../src/format/formats.ts';

const FROM_HEADERS = { tenant: 'header:tenant', format: 'header:format', proxy: 'header:proxy' } as const;
const FROM_KEY = { tenant: 'key', format: 'key', proxy: 'key' } as const;

function message(value: unknown): Message {
  const headers = value === undefined ? {} : { tenant: value, format: value, proxy: value };
  return { offset: 0, key: value instanceof Uint8Array ? value : null, value: null, headers };
}

const CASES: [string, unknown, string | null][] = [
  ['a name in UTF-8', Buffer.from('göteborg'), 'göteborg'],
  ['the last one of several values', [Buffer.from('first'), Buffer.from('last')], 'last'],
  ['nothing: the configuration decides', undefined, null],
  ['a name in Latin-1', Buffer.from('göteborg', 'latin1'), NOBODY],
  ['an empty value', Buffer.alloc(0), NOBODY],
  ['no value', null, NOBODY],
  ['a value that is too long', Buffer.alloc(257, 'a'), NOBODY],
];

describe('the origin of a message', () => {
  for (const [words, value, expected] of CASES) {
    it(`§3.1 is read from ${words}`, () => {
      const origin = originReader(FROM_HEADERS)!(message(value));
      expect([origin.tenant, origin.format]).to.deep.equal([expected, expected]);
      expect(origin.proxy).to.equal(expected === NOBODY ? null : expected);
      if (value instanceof Uint8Array) {
        expect(originReader(FROM_KEY)!(message(value)).tenant).to.equal(expected);
      }
    });
  }

  it('is the configuration’s where a message has no key', () => {
    expect(originReader(FROM_KEY)!(message(undefined)).tenant).to.equal(null);
  });

  it('can be nobody’s: no organization and no format has that name', () => {
    expect(text.safeParse(NOBODY).success).to.equal(false);
    expect(formatNamed(NOBODY)).to.equal(null);
  });
});
