import { expect } from 'chai';
import fc from 'fast-check';
import { ChunkWriter, type Message } from '../../../../src/adapters/source/kafka/chunk-writer.ts';
import { NOBODY, originReader } from '../../../../src/adapters/source/kafka/origin.ts';
import { lineOf, MAX_LINES, offsetOf, positionAt } from '../../../../src/adapters/source/kafka/position.ts';
import { sliceMessage } from '../../../../src/adapters/source/kafka/slice-message.ts';
import { createPositionFinder } from '../../../../src/frame/position-finder.ts';
import { splitLines } from '../../../contract/source.ts';

const LINE_FEED = 10;

function message(offset: number, value: string | null, headers: Record<string, string> = {}): Message {
  return {
    offset: String(offset),
    key: null,
    value: value === null ? null : Buffer.from(value, 'latin1'),
    headers: Object.fromEntries(Object.entries(headers).map(([name, text]) => [name, Buffer.from(text)])),
  };
}

function writerOf(options: { bufferBytes?: number; windowMessages?: number; names?: object }): ChunkWriter {
  const { bufferBytes = 4096, windowMessages = Infinity, names } = options;
  return new ChunkWriter({ bufferBytes, windowMessages, originOf: originReader(names) });
}

/** Lines of a chunk with their positions. */
function linesOf(writer: ChunkWriter): [position: number, line: string][] {
  const lines: [number, string][] = [];
  const positionOf = createPositionFinder(writer.positions, writer.bytes);
  for (let at = 8; at < writer.end; ) {
    const feed = writer.bytes.indexOf(LINE_FEED, at);
    lines.push([positionOf(at), Buffer.from(writer.bytes.subarray(at, feed)).toString('latin1')]);
    at = feed + 1;
  }
  return lines;
}

/** Reads messages chunk by chunk. */
function readAll(writer: ChunkWriter, messages: readonly Message[], isGapless: boolean): [number, string][] {
  const lines: [number, string][] = [];
  const batch = { messages, firstOffset: Number(messages[0]?.offset ?? 0), isGapless };
  for (let i = 0; i < messages.length; ) {
    i = writer.fill(batch, i);
    lines.push(...linesOf(writer));
    expect(writer.isEmpty).to.equal(false);
    writer.reset();
  }
  return lines;
}

/** The same, the slow and plain way. */
function meant(messages: readonly Message[]): [number, string][] {
  return messages.flatMap(({ offset, value }) => {
    const text = value === null ? '' : Buffer.from(value).toString('latin1');
    const lines = text === '' ? [''] : splitLines(text);
    return lines.map((line, i): [number, string] => [positionAt(Number(offset), i), line]);
  });
}

const values = fc.option(
  fc
    .array(fc.constantFrom('a', 'bc', '\n', '\r', '\0', 'ÿ', 'x'.repeat(40)), { maxLength: 20 })
    .map(parts => parts.join('')),
);

describe('messages become lines', () => {
  it('§5.1 each with the position of its message and its place in it', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(values, fc.integer({ min: 1, max: 3 })), { minLength: 1 }), steps => {
        let offset = 0;
        const messages = steps.map(([value, step]) => {
          offset += step;
          return message(offset, value);
        });
        expect(readAll(writerOf({ bufferBytes: 1024 }), messages, false)).to.deep.equal(meant(messages));
      }),
    );
  });

  it('without reading each offset where there is no gap', () => {
    fc.assert(
      fc.property(fc.array(values, { minLength: 1 }), fc.nat(), (texts, first) => {
        const messages = texts.map((value, i) => message(first + i, value));
        expect(readAll(writerOf({}), messages, true)).to.deep.equal(meant(messages));
      }),
    );
  });

  it('an empty message and one without a value are an empty line', () => {
    expect(readAll(writerOf({}), [message(7, ''), message(8, null)], true)).to.deep.equal([
      [positionAt(7, 0), ''],
      [positionAt(8, 0), ''],
    ]);
  });

  it('and no chunk crosses a window', () => {
    const writer = writerOf({ windowMessages: 10 });
    const messages = Array.from({ length: 25 }, (_, i) => message(7 + i, 'line'));
    const ends: number[] = [];
    const batch = { messages, firstOffset: 7, isGapless: true };
    for (let i = 0; i < messages.length; writer.reset()) {
      i = writer.fill(batch, i);
      ends.push(offsetOf(writer.nextPosition));
    }
    expect(ends).to.deep.equal([10, 20, 30, 32]);
  });

  it('and no chunk holds lines of two origins', () => {
    const names = { tenant: 'header:tenant', format: 'header:format', proxy: 'key' };
    const writer = writerOf({ names });
    const messages = [
      { ...message(0, 'a', { tenant: 'nord', format: 'squid' }), key: Buffer.from('proxy-1') },
      { ...message(1, 'b', { tenant: 'nord', format: 'squid' }), key: Buffer.from('proxy-1') },
      message(2, 'c', { tenant: 'syd' }),
      {
        ...message(3, 'd'),
        key: Buffer.from([0xff]),
        headers: { tenant: [Object.prototype, Buffer.from('x')] },
      },
      message(4, 'e', { tenant: 'y'.repeat(257) }),
    ];
    const seen: unknown[] = [];
    for (let i = 0; i < messages.length; writer.reset()) {
      i = writer.fill({ messages, firstOffset: 0, isGapless: true }, i);
      seen.push([i, writer.origin]);
    }
    expect(seen).to.deep.equal([
      [2, { tenant: 'nord', format: 'squid', proxy: 'proxy-1' }],
      [3, { tenant: 'syd', format: null, proxy: null }],
      [4, { tenant: 'x', format: null, proxy: null }],
      [5, { tenant: NOBODY, format: null, proxy: null }],
    ]);
  });

  it('and one that is too big, or has too many lines, is left alone', () => {
    const writer = writerOf({ bufferBytes: 100_000 });
    const messages = [
      message(0, 'a\n'.repeat(MAX_LINES)),
      message(1, `${'a\n'.repeat(MAX_LINES)}b`),
      message(2, 'x'.repeat(100_000)),
    ];
    const batch = { messages, firstOffset: 0, isGapless: true };
    expect(writer.fill(batch, 0)).to.equal(1);
    expect(linesOf(writer)).to.have.length(MAX_LINES);
    writer.reset();
    expect(writer.fill(batch, 1)).to.equal(1);
    expect(writer.isEmpty).to.equal(true);
    expect(writer.fill(batch, 2)).to.equal(2);
    expect(writer.isEmpty).to.equal(true);
  });
});

describe('a message that needs care', () => {
  const text = fc
    .array(fc.constantFrom('', 'a', 'bcd', 'x'.repeat(30)), { maxLength: 30 })
    .map(lines => lines.join('\n'));

  it('is cut into runs that fit, each line once and in order', () => {
    fc.assert(
      fc.property(text, fc.integer({ min: 8, max: 200 }), fc.nat({ max: 5 }), (value, maxBytes, fromLine) => {
        const bytes = Buffer.from(value);
        const lines: string[] = [];
        let expected = fromLine;
        for (const slice of sliceMessage(bytes, { fromLine, maxBytes })) {
          const part = bytes.subarray(slice.start, slice.end).toString();
          expect(slice.line).to.equal(expected);
          const found = part === '' ? [''] : splitLines(part);
          lines.push(...found);
          if (slice.kind === 'lines')
            expect(part.length + (part.endsWith('\n') ? 0 : 1)).to.be.at.most(maxBytes);
          else expect(part.length + (part.endsWith('\n') ? 0 : 1)).to.be.greaterThan(maxBytes);
          expected += found.length;
          if (slice.nextLine >= 0) expect(slice.nextLine).to.equal(expected);
          else expect(slice.end).to.equal(bytes.length);
        }
        const all = value === '' ? [''] : splitLines(value);
        expect(lines).to.deep.equal(all.slice(fromLine));
      }),
    );
  });

  it('has one reject in place of all lines past the bound', () => {
    const bytes = Buffer.from('a\n'.repeat(MAX_LINES + 100));
    const slices = [...sliceMessage(bytes, { fromLine: 0, maxBytes: 1 << 20 })];
    expect(slices.map(({ kind, line, nextLine }) => [kind, line, nextLine])).to.deep.equal([
      ['lines', 0, MAX_LINES - 1],
      ['overlong', MAX_LINES - 1, -1],
    ]);
    expect(slices[1]!.end - slices[1]!.start).to.equal(202);
  });
});

describe('a position in a partition', () => {
  it('gives back message and line, in order', () => {
    const place = fc.tuple(
      fc.integer({ min: 0, max: 2 ** 40 - 2 }),
      fc.integer({ min: 0, max: MAX_LINES - 1 }),
    );
    fc.assert(
      fc.property(place, place, ([offset, line], [otherOffset, otherLine]) => {
        const position = positionAt(offset, line);
        expect(Number.isSafeInteger(position)).to.equal(true);
        expect([offsetOf(position), lineOf(position)]).to.deep.equal([offset, line]);
        const other = positionAt(otherOffset, otherLine);
        expect(Math.sign(position - other)).to.equal(Math.sign(offset - otherOffset || line - otherLine));
      }),
    );
  });
});
