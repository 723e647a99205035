// What fetched messages weigh.
import { expect } from 'chai';
import type { Message } from '../../../../src/adapters/source/kafka/chunk-writer.ts';
import { weigh } from '../../../../src/adapters/source/kafka/weigh.ts';

const BARE: Message = { offset: 0, key: null, value: null };
const MANY = Buffer.alloc(10_000);

describe('the weight of messages', () => {
  for (const [words, message] of [
    ['value', { ...BARE, value: MANY }],
    ['key', { ...BARE, key: MANY }],
    ['headers', { ...BARE, headers: { a: MANY } }],
    ['names of headers', { ...BARE, headers: { ['a'.repeat(10_000)]: null } }],
  ] as const) {
    it(`§9.7 holds their ${words}`, () => {
      expect(weigh([message]) - weigh([BARE])).to.be.within(10_000, 10_200);
    });
  }

  it('§9.7 is not nothing where they hold nothing', () => {
    expect(weigh([BARE, BARE])).to.equal(2 * weigh([BARE]));
    expect(weigh([BARE])).to.be.above(0);
  });
});
