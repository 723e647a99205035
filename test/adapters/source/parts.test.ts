import { createHash } from 'node:crypto';
import { closeSync, openSync } from 'node:fs';
import { PassThrough, Readable } from 'node:stream';
import { crc32, zstdCompressSync } from 'node:zlib';
import { expect } from 'chai';
import fc from 'fast-check';
import {
  type ByteReader,
  createFdReader,
  createStreamReader,
} from '../../../src/adapters/source/byte-reader.ts';
import {
  BLOCK_BYTES,
  createContentHash,
  MEBIBYTE,
  unpackMark,
} from '../../../src/adapters/source/content-hash.ts';
import { createFileSource } from '../../../src/adapters/source/file.ts';
import { createLadder } from '../../../src/adapters/source/ladder.ts';
import { createBuffer, createLinePieces } from '../../../src/adapters/source/line-pieces.ts';
import { rotationOrder } from '../../../src/adapters/source/rotation-order.ts';
import { streamId } from '../../../src/adapters/source/run-memory.ts';
import { createZstdFrames } from '../../../src/adapters/source/zstd-frames.ts';
import type { SourceEvent } from '../../../src/ports/source.ts';

/** Content with line feeds, different everywhere, repeatable. */
function makeContent(length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let value = 1;
  for (let i = 0; i < length; i++) {
    value = (Math.imul(value, 1_103_515_245) + 12_345) >>> 0;
    bytes[i] = value >>> 26 === 0 ? 10 : 32 + ((value >>> 16) % 90);
  }
  return bytes;
}

function sha256(...parts: Uint8Array[]): Buffer {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
}

describe('content hash', () => {
  const content = makeContent(2 * MEBIBYTE + 3 * BLOCK_BYTES + 1234);

  function hashIn(cuts: readonly number[], stops: ReadonlySet<number>, of = content) {
    const hash = createContentHash();
    const marks = [];
    let from = 0;
    for (const to of [...cuts, content.length]) {
      hash.update(of, from, to);
      if (stops.has(to)) marks.push(...hash.takeMarks());
      from = to;
    }
    return [...marks, ...hash.takeMarks()];
  }

  it('equals its naive twin: SHA-256 of the SHA-256 of each block since the last full MiB', () => {
    const marks = hashIn([], new Set());
    expect(marks.map(mark => mark.end)).to.deep.equal([MEBIBYTE, 2 * MEBIBYTE, content.length]);
    for (const { end, digest } of marks) {
      const blocks: Buffer[] = [];
      const from = Math.floor((end - 1) / MEBIBYTE) * MEBIBYTE;
      for (let at = from; at < end; at += BLOCK_BYTES) {
        blocks.push(sha256(content.subarray(at, Math.min(at + BLOCK_BYTES, end))));
      }
      const said = unpackMark({ end, digest })!;
      expect(Buffer.from(said.digest)).to.deep.equal(sha256(...blocks));
      const whole = blocks.slice(0, Math.floor((end - from) / BLOCK_BYTES));
      expect(Buffer.from(said.blockRungs)).to.deep.equal(
        Buffer.concat(whole.map(block => block.subarray(0, 8))),
      );
    }
    const rungs = unpackMark(marks[0]!)!.lineRungs;
    const view = new DataView(rungs.buffer, rungs.byteOffset, rungs.length);
    const ends: number[] = [];
    for (let i = 0; i < MEBIBYTE; i++) if (content[i] === 10) ends.push(i + 1);
    expect(rungs.length).to.equal(4 * ends.length);
    for (const index of [0, 1, 500, ends.length - 1]) {
      expect(view.getUint32(4 * index, true)).to.equal(crc32(content.subarray(0, ends[index]!)));
    }
  });

  it('does not depend on how the content was cut, and its marks agree with those of any other stopping places', () => {
    const cuts = fc.array(fc.nat(content.length), { maxLength: 8 }).map(found => found.sort((a, b) => a - b));
    const whole = hashIn([], new Set());
    fc.assert(
      fc.property(cuts, cuts, (some, others) => {
        expect(hashIn(some, new Set())).to.deep.equal(whole);
        const ladder = createLadder(hashIn(some, new Set(some)));
        expect(ladder.agrees(hashIn(others, new Set(others)))).to.equal(true);
        expect(ladder.isExact()).to.equal(true);
      }),
      { numRuns: 15 },
    );
  });

  it('§9.2 §9.4 knows a content by marks of two times, as where a window broke off and was done again', () => {
    const cuts = fc.array(fc.nat(content.length), { maxLength: 8 }).map(found => found.sort((a, b) => a - b));
    fc.assert(
      fc.property(cuts, cuts, cuts, fc.nat(8), (first, second, others, left) => {
        // What broke off may have left the first of its marks alone.
        const marks = hashIn(first, new Set(first)).slice(0, left);
        const byEnd = new Map([...marks, ...hashIn(second, new Set(second))].map(mark => [mark.end, mark]));
        const ladder = createLadder([...byEnd.values()].sort((a, b) => a.end - b.end));
        expect(ladder.agrees(hashIn(others, new Set(others)))).to.equal(true);
        expect(ladder.isExact()).to.equal(true);
        const changed = content.slice();
        changed[left * 100_000]! ^= 1;
        const known = createLadder([...byEnd.values()].sort((a, b) => a.end - b.end));
        expect(known.agrees(hashIn(others, new Set(others), changed))).to.equal(false);
      }),
      { numRuns: 30 },
    );
  });

  it('keeps less than a thousandth of a log beyond its first MiB', () => {
    const marks = hashIn([], new Set()).filter(mark => mark.end > MEBIBYTE);
    const bytes = marks.reduce((sum, mark) => sum + mark.digest.length, 0);
    expect(bytes).to.be.lessThan((content.length - MEBIBYTE) / 1000);
  });

  it('compares nothing with marks that it cannot read', () => {
    const ladder = createLadder([{ end: 5, digest: new Uint8Array(3) }]);
    expect(ladder.agrees(hashIn([], new Set()))).to.equal(true);
    expect([ladder.isExact(), createLadder([]).isPrefix()]).to.deep.equal([false, false]);
  });
});

describe('stream id', () => {
  it('§9.2 is SHA-256 over source name, first line and ordinal, NUL between', () => {
    const firstLine = sha256(Buffer.from('one')).toString('hex');
    const expected = sha256(Buffer.from(`default\u0000${firstLine}\u00003`)).toString('hex');
    expect(streamId('default', firstLine, 3)).to.equal(expected);
  });
});

describe('line pieces', () => {
  async function cut(reader: ByteReader, bufferBytes: number): Promise<[string, string, number][]> {
    const pieces = createLinePieces(reader, createBuffer(bufferBytes));
    const found: [string, string, number][] = [];
    for (let piece = await pieces.next(); piece !== null; piece = await pieces.next()) {
      const text = Buffer.from(pieces.bytes.subarray(piece.start, piece.end)).toString('latin1');
      found.push([piece.kind, text, piece.offset]);
    }
    return found;
  }

  function readerOf(text: string): ByteReader {
    const stream = Readable.from([Buffer.from(text, 'latin1')], { objectMode: false });
    return createStreamReader(stream, () => ({ code: 'unreadable', message: '' }));
  }

  it('cuts whole lines, the parts of long ones, and what is left', async () => {
    expect(await cut(readerOf('ab\ncd\nefghijklmn\no'), 8)).to.deep.equal([
      ['lines', 'ab\ncd\n', 0],
      ['part', 'efghijkl', 6],
      ['partEnd', 'mn\n', 14],
      ['half', 'o', 17],
    ]);
    expect(await cut(readerOf('abcdefgh'), 8)).to.deep.equal([
      ['part', 'abcdefgh', 0],
      ['half', '', 8],
    ]);
  });

  it('loses no byte, whatever the buffer', async () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '\n'), maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(text, fc.integer({ min: 1, max: 20 }), async (content, bufferBytes) => {
        const found = await cut(readerOf(content), bufferBytes);
        expect(found.map(piece => piece[1]).join('')).to.equal(content);
        let offset = 0;
        for (const [kind, bytes, at] of found) {
          expect(at).to.equal(offset);
          offset += bytes.length;
          expect(bytes.endsWith('\n')).to.equal(kind === 'lines' || kind === 'partEnd');
        }
      }),
    );
  });
});

describe('zstd frames', () => {
  it('finds the borders of frames however the input is cut', () => {
    const skippable = Buffer.from([0x50, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 7, 7, 7]);
    const frames = ['', 'a', 'x'.repeat(70_000), 'text '.repeat(100_000)].map(text => zstdCompressSync(text));
    const input = Buffer.concat([frames[0]!, skippable, ...frames.slice(1), skippable]);
    const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 });
    fc.assert(
      fc.property(sizes, steps => {
        const walker = createZstdFrames();
        const passed: number[] = [];
        let begun = 0;
        for (let at = 0, turn = 0; at < input.length; turn++) {
          const { count, kind } = walker.take(
            input,
            at,
            Math.min(input.length, at + steps[turn % steps.length]!),
          );
          expect(count).to.be.greaterThan(0);
          if (kind === 'begin') begun++;
          if (kind === 'frame') passed.push(count);
          at += count;
        }
        expect([begun, walker.isInside(), walker.isLost()]).to.deep.equal([4, false, false]);
        const bodies = frames.reduce((sum, frame) => sum + frame.length - 4, 0);
        expect(passed.reduce((sum, count) => sum + count, 0)).to.equal(bodies);
      }),
      { numRuns: 30 },
    );
  });
});

describe('rotation order', () => {
  it('sorts a log from its oldest part to its newest, family by family', () => {
    const sorted = [
      'a/access.log-20261101.gz',
      'a/access.log-20261102',
      'a/access.log.11.gz',
      'a/access.log.2.zst',
      'a/access.log.1',
      'a/access.log',
      'a/store.log.1',
      'a/store.log',
      'b/access-2026-11-01.log',
      'b/access.log.1',
      'b/access.log',
    ];
    fc.assert(
      fc.property(fc.shuffledSubarray(sorted, { minLength: sorted.length }), shuffled => {
        expect(rotationOrder(shuffled)).to.deep.equal(sorted);
      }),
    );
  });
});

describe('readers', () => {
  it('tell of a file that cannot be read further', async () => {
    const fd = openSync('/dev/null', 'r');
    closeSync(fd);
    const reader = createFdReader(fd);
    expect(await reader.read(new Uint8Array(8), 0, 8)).to.equal(0);
    expect(reader.failure()?.code).to.equal('unreadable');
  });

  it('tell of a stream that fails, after handing out what came before', async () => {
    const stream = new PassThrough();
    stream.write('one\ntw');
    const reader = createStreamReader(stream, () => ({ code: 'unreadable', message: 'x' }));
    const target = new Uint8Array(20);
    expect(await reader.read(target, 0, 20)).to.equal(6);
    const next = reader.read(target, 0, 20);
    stream.destroy(new Error('gone'));
    expect([await next, reader.failure()?.code]).to.deep.equal([0, 'unreadable']);
  });
});

describe('a pipe that somebody still writes to', () => {
  function open(stdin: PassThrough) {
    return createFileSource({
      files: ['-'],
      source: 'default',
      known: null,
      mode: 'resume',
      takeHalfLine: false,
      stdin,
    });
  }

  it('is handed out line by line, without waiting for its end', async () => {
    const stdin = new PassThrough();
    const events = open(stdin).events(new AbortController().signal)[Symbol.asyncIterator]();
    const texts: string[] = [];
    for (const text of ['one\n', 'two\nth', 'ree\n']) {
      stdin.write(text);
      const event = (await events.next()).value as Exclude<SourceEvent, { kind: 'end' }>;
      texts.push(Buffer.from(event.bytes.subarray(event.start, event.end)).toString());
    }
    expect(texts).to.deep.equal(['one\n', 'two\n', 'three\n']);
    stdin.end();
    expect((await events.next()).value).to.include({ kind: 'end', pending: 0 });
  });

  for (const written of ['', 'o', 'one\n']) {
    it(`is left at once when the signal says stop, with ${written.length} bytes written`, async () => {
      const stdin = new PassThrough();
      const stop = new AbortController();
      const events = open(stdin).events(stop.signal)[Symbol.asyncIterator]();
      stdin.write(written);
      if (written.endsWith('\n')) await events.next();
      const waiting = events.next();
      stop.abort();
      expect((await waiting).done).to.equal(true);
    });
  }
});
