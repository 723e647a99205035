import { crc32, gzipSync, zstdCompressSync } from 'node:zlib';
import { expect } from 'chai';
import { splitLines } from '../../contract/source.ts';
import { type Bench, createBench, makeLines, toText } from './kit.ts';

describe('archives', () => {
  let bench: Bench;
  beforeEach(() => {
    bench = createBench();
  });
  afterEach(() => bench.dispose());

  const lines = makeLines(12);
  const text = toText(lines);
  const options = { bufferBytes: 1024 };
  const gz = gzipSync(text);
  const zst = zstdCompressSync(text);
  /** A skippable zstd frame of four bytes. */
  const skippable = Buffer.from([0x5f, 0x2a, 0x4d, 0x18, 4, 0, 0, 0, 1, 2, 3, 4]);

  for (const [name, archive] of [
    ['gzip members', Buffer.concat([gzipSync(text.slice(0, 500)), gzipSync(''), gzipSync(text.slice(500))])],
    ['zstd frames', Buffer.concat([zstdCompressSync(text.slice(0, 500)), zstdCompressSync(text.slice(500))])],
    ['skippable zstd frames', Buffer.concat([skippable, zst, skippable])],
    ['gzip with padding', Buffer.concat([gz, Buffer.alloc(512)])],
  ] as const) {
    it(`reads ${name}, from a file of any name and from stdin`, async () => {
      bench.write('a.log', archive);
      const taken = await bench.scan(['a.log'], options);
      expect([taken.lines, taken.ends[0]!.failure]).to.deep.equal([lines, null]);
      const piped = await bench.scan(['-'], { ...options, input: archive, mode: 'anew' });
      expect([piped.lines, piped.ends[0]!.failure]).to.deep.equal([lines, null]);
    });
  }

  it('reads plain text that is named like an archive', async () => {
    bench.write('a.gz', 'one\ntwo\nthr');
    const taken = await bench.scan(['a.gz'], options);
    expect([taken.lines, taken.ends[0]!.pending, taken.ends[0]!.failure]).to.deep.equal([
      ['one', 'two'],
      1,
      null,
    ]);
  });

  // Each holds `one line`.
  for (const [name, packed] of [
    ['a.xz', '/Td6WFoAAATm1rRGAgAhARYAAAB0L+WjAQAIb25lIGxpbmUKAAAAANSWcXF2ltA9AAEhCWwYxdUftvN9AQAAAAAEWVo='],
    ['a.bz2', 'QlpoOTFBWSZTWTP8DMUAAARRAAAQQAACJaAAMQwA0NPRyEeSUXckU4UJAz/AzFA='],
    ['a.lz4', 'BCJNGGRApwkAAIBvbmUgbGluZQoAAAAAsJeAvA=='],
  ] as const) {
    it(`§2.1 takes nothing of ${name} for lines, and says what to do`, async () => {
      bench.write(name, Buffer.from(packed, 'base64'));
      bench.write('b.log', text);
      const taken = await bench.scan([name, 'b.log'], options);
      expect(taken.lines).to.deep.equal(lines);
      expect(taken.ends[0]!.failure?.code).to.equal('unreadable');
      expect(taken.ends[0]!.failure?.message).to.contain(name).and.to.contain('gzip or zstd');
    });
  }

  for (const [name, archive] of [
    ['a.gz', gz],
    ['a.zst', zst],
  ] as const) {
    it(`tells of ${name} cut at any byte, keeps what came before, and reads the rest once it is whole`, async () => {
      for (let cut = 0; cut < archive.length; cut++) {
        const own = createBench();
        own.write(name, archive.subarray(0, cut));
        const broken = await own.scan([name], options);
        expect([cut, broken.ends[0]!.failure?.code]).to.deep.equal([cut, 'damaged']);
        expect(broken.lines).to.deep.equal(lines.slice(0, broken.lines.length));
        own.write(name, archive);
        const whole = await own.scan([name], options);
        expect([...broken.lines, ...whole.lines], `cut at ${cut}`).to.deep.equal(lines);
        own.dispose();
      }
    });
  }

  it('takes no half line from a cut archive', async () => {
    bench.write('a.gz', gz.subarray(0, gz.length - 9));
    const taken = await bench.scan(['a.gz'], { ...options, takeHalfLine: true });
    expect(taken.lines).to.deep.equal(lines.slice(0, taken.lines.length));
    expect(taken.ends[0]).to.deep.include({ pending: taken.lines.length === lines.length ? 0 : 1 });
  });

  it('tells of a later member or frame that is cut', async () => {
    for (const archive of [Buffer.concat([gz, gz]), Buffer.concat([zst, zst])]) {
      const length = archive.length / 2;
      for (const cut of [1, 2, 3, 4, 5, 9, 12, length - 1]) {
        bench.write('a', archive.subarray(0, length + cut));
        const taken = await bench.scan(['a'], { ...options, mode: 'anew' });
        expect([cut, taken.ends[0]!.failure?.code]).to.deep.equal([cut, 'damaged']);
        expect(taken.lines.slice(0, lines.length)).to.deep.equal(lines);
      }
    }
  });

  it('hands out what lies before a damaged byte, in a file to the last line', async () => {
    const many = makeLines(4000);
    const packed = gzipSync(toText(many));
    const at = packed.length - 2000;
    packed.fill(0xff, at, at + 64);
    bench.write('a.gz', packed);
    const { lines: read, ends } = await bench.scan(['a.gz'], { bufferBytes: 64 << 10, mode: 'anew' });
    expect(ends[0]!.failure?.code).to.equal('damaged');
    expect(read.length).to.be.greaterThan(3500);
    expect(read.slice(0, 3500)).to.deep.equal(many.slice(0, 3500));
  });

  it('hands out what lies before a damaged byte of an archive that fits one write', async () => {
    const many = makeLines(60);
    const packed = gzipSync(toText(many));
    packed.fill(0xff, packed.length - 80, packed.length - 40);
    bench.write('a.gz', packed);
    const { lines: read, ends } = await bench.scan(['a.gz'], options);
    expect(ends[0]!.failure?.code).to.equal('damaged');
    expect(read.length).to.be.greaterThan(30);
    expect(read.slice(0, 30)).to.deep.equal(many.slice(0, 30));
    expect((await bench.scan(['a.gz'], options)).events).to.deep.equal([]);
  });

  it('tells of a wrong checksum after handing out the lines', async () => {
    const packed = Buffer.from(gz);
    packed.writeUInt32LE((crc32(text) ^ 1) >>> 0, packed.length - 8);
    bench.write('a.gz', packed);
    const taken = await bench.scan(['a.gz'], options);
    expect([taken.lines, taken.ends[0]!.failure?.code]).to.deep.equal([lines, 'damaged']);
  });

  it('tells of data behind a zstd frame that is none', async () => {
    bench.write('a.zst', Buffer.concat([zst, Buffer.from('garbage')]));
    const taken = await bench.scan(['a.zst'], options);
    expect([taken.lines, taken.ends[0]!.failure?.code]).to.deep.equal([lines, 'damaged']);
  });

  it('says of a known archive that is cut now that it is damaged, and hands out nothing', async () => {
    bench.write('a.gz', gz);
    await bench.scan(['a.gz'], options);
    bench.write('a.gz', gz.subarray(0, gz.length - 4));
    const taken = await bench.scan(['a.gz'], options);
    expect([taken.events, taken.ends[0]!.failure?.code]).to.deep.equal([[], 'damaged']);
  });

  it('unpacks a hundred megabytes out of a few kilobytes within its buffer', async () => {
    const bomb = gzipSync(Buffer.alloc(100 << 20));
    bench.write('a.gz', Buffer.concat([gzipSync('one\n'), bomb]));
    const { events } = await bench.scan(['a.gz'], { bufferBytes: 1 << 20 });
    expect(events.map(event => [event.kind, event.text.length, event.state.position])).to.deep.equal([
      ['lines', 4, 4],
      ['overlong', 65_536, (100 << 20) + 4],
    ]);
  });

  it('reads lines across the borders of members', async () => {
    const packed = Buffer.concat([...text].map(sign => gzipSync(sign)));
    bench.write('a.gz', packed);
    expect((await bench.scan(['a.gz'], options)).lines).to.deep.equal(splitLines(text));
  });
});
