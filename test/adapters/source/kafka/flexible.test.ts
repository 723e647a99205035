// Kafka's newer way of packing: what is written is read again, and bytes that lie about themselves are refused.
import { expect } from 'chai';
import fc from 'fast-check';
import { FlexibleReader, FlexibleWriter } from '../../../../src/adapters/source/kafka/flexible.ts';

const ID = 'AAECAwQFBgcICQoLDA0ODw';

describe('Kafka’s flexible encoding', () => {
  it('is that of the protocol, byte by byte', () => {
    const { buffer } = new FlexibleWriter().noTags().count(127).text('web').id(ID).int8(-1).done();
    expect(buffer.toString('hex')).to.equal(
      '00' + '8001' + '04776562' + '000102030405060708090a0b0c0d0e0f' + 'ff',
    );
  });

  it('reads what was written', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme' }),
        fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
        fc.integer(),
        (text, long, int) => {
          const reader = new FlexibleReader(
            new FlexibleWriter().text(text).int64(long).int32(int).id(ID).noTags().id('').done().buffer,
          );
          expect([reader.text(), reader.int64(), reader.int32(), reader.id()]).to.deep.equal([
            Buffer.from(text).toString(),
            long,
            int,
            ID,
          ]);
          reader.skipTags();
          expect(reader.id()).to.equal('');
          expect(reader.at).to.equal(reader.bytes.length);
        },
      ),
    );
  });

  it('passes over fields that it does not know', () => {
    const reader = new FlexibleReader(Buffer.from('02' + '00' + '03aabbcc' + '05' + '00' + '2a', 'hex'));
    reader.skipTags();
    expect(reader.int8()).to.equal(42);
  });

  for (const [what, hex, read] of [
    ['a length that is more than there is', 'ffffffff07', (reader: FlexibleReader) => reader.text()],
    ['a list that is longer than what is there', '0a00', (reader: FlexibleReader) => reader.list(() => 0)],
    ['a number that does not end', 'ffffffffffffffff01', (reader: FlexibleReader) => reader.count()],
    ['a number that is cut off', '80', (reader: FlexibleReader) => reader.count()],
    ['a field that runs over', '010005aa', (reader: FlexibleReader) => reader.skipTags()],
    ['half an id', '0001', (reader: FlexibleReader) => reader.id()],
  ] as const) {
    it(`refuses ${what}`, () => {
      expect(() => read(new FlexibleReader(Buffer.from(hex, 'hex')))).to.throw(RangeError);
    });
  }

  it('ends for whatever bytes it is given', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), bytes => {
        const reader = new FlexibleReader(Buffer.from(bytes));
        try {
          reader.skipTags();
          reader.list(() => reader.text());
        } catch (error) {
          expect(error).to.be.instanceOf(RangeError);
        }
      }),
    );
  });
});
