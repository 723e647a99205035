import { expect } from 'chai';
import fc from 'fast-check';
import { repeatBytes } from '../../../../src/adapters/source/kafka/repeat-bytes.ts';

describe('repeated bytes', () => {
  it('are those that a loop over single bytes writes, and no others', () => {
    const lengths = fc.record({
      offset: fc.integer({ min: 1, max: 300 }),
      count: fc.integer({ min: 1, max: 900 }),
      before: fc.nat(50),
    });
    fc.assert(
      fc.property(lengths, ({ offset, count, before }) => {
        const to = before + offset;
        const out = Buffer.from(Uint8Array.from({ length: to + count + 1_000 }, (_, i) => (i * 7) & 255));
        const expected = Buffer.from(out);
        for (let i = 0; i < count; i++) expected[to + i] = expected[to + i - offset]!;
        repeatBytes(out, to, { offset, count });
        expect(out.equals(expected)).to.equal(true);
      }),
    );
  });
});
