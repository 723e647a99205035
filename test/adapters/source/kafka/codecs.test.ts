// What kafkajs is taught of the four ways to pack messages. How each unpacks is tested beside its own code.
import { expect } from 'chai';
import kafkajs from 'kafkajs';
import { registerCodecs, unpackRecords } from '../../../../src/adapters/source/kafka/codecs.ts';

interface Codec {
  compress(encoder: { buffer: Buffer }): Promise<Buffer>;
  decompress(packed: Buffer): Buffer;
}

describe('the codecs of kafkajs', () => {
  before(registerCodecs);

  const lines = Buffer.from(
    '1700000000.000 12 10.0.0.1 TCP_MISS/200 512 GET http://example.test/ - -\n'.repeat(99),
  );

  function codecOf(type: number): Codec {
    return (kafkajs.CompressionCodecs as Record<number, () => Codec>)[type]!();
  }

  for (const name of ['GZIP', 'ZSTD'] as const) {
    it(`pack and unpack ${name}`, async () => {
      const type = kafkajs.CompressionTypes[name];
      const packed = await codecOf(type).compress({ buffer: lines });
      expect(packed.length).to.be.below(lines.length);
      expect(codecOf(type).decompress(packed).equals(lines)).to.equal(true);
      expect(unpackRecords(packed, type).equals(lines)).to.equal(true);
    });
  }

  // Written by the packers of others.
  for (const [name, hex] of [
    ['Snappy', '585461206c696e65206f6620612070726f7879206c6f670aee16000916'],
    [
      'LZ4',
      '04224d1860408221000000ff0761206c696e65206f6620612070726f7879206c6f670a16002a50206c6f670a00000000',
    ],
  ] as const) {
    it(`unpack ${name}, and do not pack it`, async () => {
      const type = kafkajs.CompressionTypes[name];
      for (const unpack of [codecOf(type).decompress, (packed: Buffer) => unpackRecords(packed, type)]) {
        expect(unpack(Buffer.from(hex, 'hex')).toString()).to.equal('a line of a proxy log\n'.repeat(4));
      }
      const refused = await codecOf(type)
        .compress({ buffer: lines })
        .catch((error: unknown) => error);
      expect(refused).to.be.instanceOf(TypeError);
    });
  }

  it('leave what is not packed as it is, and refuse a codec that there is not', () => {
    expect(unpackRecords(lines, 0)).to.equal(lines);
    for (const codec of [5, 6, 7]) expect(() => unpackRecords(lines, codec)).to.throw(RangeError, 'codec');
  });
});
