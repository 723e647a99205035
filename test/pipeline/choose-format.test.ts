// Which format the lines of a chunk are read by.
import { expect } from 'chai';
import { type Format, formatNamed } from '../../src/format/formats.ts';
import { createFormatChooser } from '../../src/pipeline/choose-format.ts';
import type { Chunk, LineOrigin } from '../../src/ports/source.ts';

const LINE =
  '1790000000.123    100 192.0.2.1 TCP_MISS/200 500 GET http://a.example/ anna HIER_DIRECT/192.0.2.9 text/html\n';

function chunkOf(origin: LineOrigin | null): Chunk {
  const bytes = new Uint8Array(8 + LINE.length + 64);
  bytes.set(Buffer.from(LINE), 8);
  return {
    kind: 'lines',
    state: { id: 's', source: 'n', firstLine: '', ordinal: 0, position: 1, endsInHalfLine: false },
    ...{ marks: [], path: null, bytes, start: 8, end: 8 + LINE.length, offset: 0 },
    ...(origin === null ? {} : { origin }),
  };
}

function named(format: string | null): LineOrigin {
  return { tenant: null, format, proxy: null };
}

/** The format that is asked for, what the message says (null: it is of no message), and what is chosen. */
const CASES: [words: string, asked: string | null, origin: LineOrigin | null, chosen: string | null][] = [
  ['what the lines of a file look like', null, null, 'squid'],
  ['the one that was asked for', 'common', null, 'common'],
  ['the one that a message names, whatever was asked for', 'common', named('squid'), 'squid'],
  ['none where a message names one that there is none of', 'common', named('nothing'), null],
  ['the one that was asked for where a message names none', 'common', named(null), 'common'],
  ['none, and never a guess, where a message names none and none was asked for', null, named(null), null],
];

describe('the format of a chunk is', () => {
  for (const [words, asked, origin, chosen] of CASES) {
    it(words, () => {
      const format: Format | null = asked === null ? null : formatNamed(asked);
      const chunk = chunkOf(origin);
      const choose = createFormatChooser({ format, onDetect() {} });
      expect(choose(chunk)?.name ?? null).to.equal(chosen);
      if (origin !== null) expect(chunk.state.format).to.equal(undefined);
    });
  }
});
