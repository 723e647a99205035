import { appendFileSync, mkdirSync, renameSync, symlinkSync, truncateSync } from 'node:fs';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { expect } from 'chai';
import { createFileSource } from '../../../src/adapters/source/file.ts';
import { describeSource, splitLines, type Taken } from '../../contract/source.ts';
import { type Bench, createBench, makeLines, toText } from './kit.ts';

describeSource('a file', async () => {
  const bench = createBench();
  bench.write('access.log', '');
  return {
    async append(lines) {
      appendFileSync(bench.path('access.log'), toText(lines));
    },
    open: known =>
      createFileSource({
        files: [bench.path('access.log')],
        source: 'default',
        known,
        mode: 'resume',
        takeHalfLine: false,
        bufferBytes: 256,
      }),
    dispose: async () => bench.dispose(),
  };
});

describe('file source', () => {
  let bench: Bench;
  beforeEach(() => {
    bench = createBench();
  });
  afterEach(() => bench.dispose());

  const lines = makeLines(30);
  const text = toText(lines);
  const big = { bufferBytes: 4096 };

  /** Texts of all events with their kinds. */
  function said(taken: Taken): string[] {
    return taken.events.map(event => `${event.kind} ${event.text}`);
  }

  function failures(taken: Taken): (string | null)[] {
    return taken.ends.map(end => end.failure?.code ?? null);
  }

  function pending(taken: Taken): number {
    return taken.ends.reduce((sum, end) => sum + end.pending, 0);
  }

  describe('§2.1 half lines', () => {
    it('§2.1 leaves a last line without line feed in a plain file pending, and takes it when it is whole', async () => {
      bench.write('a', 'one\ntwo\nthr');
      const first = await bench.scan(['a']);
      expect([first.lines, pending(first)]).to.deep.equal([['one', 'two'], 1]);
      appendFileSync(bench.path('a'), 'ee\nfour\n');
      const second = await bench.scan(['a']);
      expect([second.lines, pending(second)]).to.deep.equal([['three', 'four'], 0]);
    });

    it('§2.1 takes it with --final', async () => {
      bench.write('a', 'one\ntwo');
      const taken = await bench.scan(['a'], { takeHalfLine: true });
      expect([taken.lines, pending(taken)]).to.deep.equal([['one', 'two'], 0]);
      expect(taken.events.at(-1)!.state).to.include({ position: 7, endsInHalfLine: true });
      expect((await bench.scan(['a'], { takeHalfLine: true })).events).to.deep.equal([]);
      const later = await bench.scan(['a']);
      expect([later.events, pending(later)]).to.deep.equal([[], 0]);
    });

    it('§2.1 takes it from stdin and from an archive', async () => {
      expect((await bench.scan(['-'], { input: 'one\ntwo' })).lines).to.deep.equal(['one', 'two']);
      bench.write('a.gz', gzipSync('three\nfour'));
      expect((await bench.scan(['a.gz'])).lines).to.deep.equal(['three', 'four']);
    });

    it('§9.2 rejects the growth of a line taken by --final once, and goes on', async () => {
      bench.write('a', 'one\ntw');
      await bench.scan(['a'], { takeHalfLine: true });
      appendFileSync(bench.path('a'), 'o and mo');
      const waiting = await bench.scan(['a']);
      expect([waiting.events, pending(waiting)]).to.deep.equal([[], 1]);
      appendFileSync(bench.path('a'), 're\nthree\n');
      expect(said(await bench.scan(['a']))).to.deep.equal(['continued o and more', 'lines three\n']);
      expect((await bench.scan(['a'])).events).to.deep.equal([]);
    });

    it('§9.2 knows a first line again that --final took half', async () => {
      bench.write('a', 'on');
      expect((await bench.scan(['a'], { takeHalfLine: true })).lines).to.deep.equal(['on']);
      appendFileSync(bench.path('a'), 'e\ntwo\n');
      expect(said(await bench.scan(['a']))).to.deep.equal(['continued e', 'lines two\n']);
    });

    it('§9.2 rejects nothing where only the line feed was missing', async () => {
      bench.write('a', 'one\ntwo');
      await bench.scan(['a'], { takeHalfLine: true });
      appendFileSync(bench.path('a'), '\r\n');
      expect((await bench.scan(['a'])).events).to.deep.equal([]);
      appendFileSync(bench.path('a'), 'three\n');
      expect(said(await bench.scan(['a']))).to.deep.equal(['lines three\n']);
      expect((await bench.scan(['a'])).events).to.deep.equal([]);
    });

    it('keeps the beginning of a growth that is longer than the buffer', async () => {
      bench.write('a', 'one\ntw');
      await bench.scan(['a'], { takeHalfLine: true });
      appendFileSync(bench.path('a'), `${'o'.repeat(1000)}\nthree\n`);
      expect(said(await bench.scan(['a']))).to.deep.equal([`continued ${'o'.repeat(1000)}`, 'lines three\n']);
    });

    it('§9.2 makes no segment before its first line is complete', async () => {
      bench.write('a', 'one');
      const taken = await bench.scan(['a']);
      expect([taken.events, pending(taken), bench.known.states.size]).to.deep.equal([[], 1, 0]);
    });

    it('hands out nothing of an empty file', async () => {
      bench.write('a', '');
      const taken = await bench.scan(['a']);
      expect([taken.events, taken.ends]).to.deep.equal([
        [],
        [{ kind: 'end', path: bench.path('a'), pending: 0, knownBytes: 0, failure: null }],
      ]);
    });
  });

  describe('bytes', () => {
    it('hands out carriage returns, NUL bytes and invalid UTF-8 as they are', async () => {
      const content = 'a\r\n\u0000\u0000\n\u00ff\u00fe\u0080\n\n\r\nlast\n';
      bench.write('a', Buffer.from(content, 'latin1'));
      const taken = await bench.scan(['a']);
      expect(taken.events.map(event => event.text).join('')).to.equal(content);
    });

    it('leaves out a byte order mark, which counts in the positions', async () => {
      bench.write('a', '\ufeff# comment\none\n');
      const { events } = await bench.scan(['a']);
      expect(events.map(event => [event.text, event.offset, event.state.position])).to.deep.equal([
        ['# comment\none\n', 3, 17],
      ]);
      bench.write('b', '\ufeff');
      const nothing = await bench.scan(['b']);
      expect([nothing.events, pending(nothing)]).to.deep.equal([[], 0]);
      expect((await bench.scan(['b'], { takeHalfLine: true })).events).to.deep.equal([]);
    });

    it('gives every line the offset at which it lies', async () => {
      bench.write('a', text);
      const { events } = await bench.scan(['a'], { bufferBytes: 400 });
      expect(events.length).to.be.greaterThan(3);
      for (const event of events) {
        expect(text.slice(event.offset, event.offset + event.text.length)).to.equal(event.text);
        expect(event.state.position).to.equal(event.offset + event.text.length);
      }
    });

    for (const length of [62, 63, 64, 65, 127, 128, 129, 1000]) {
      it(`accounts for a line of ${length} bytes in a buffer of 64`, async () => {
        const long = 'x'.repeat(length);
        bench.write('a', `one\n${long}\ntwo\n`);
        const kind = length > 63 ? 'overlong' : 'lines';
        const taken = await bench.scan(['a']);
        const texts = taken.events.flatMap(event => splitLines(event.text).map(line => [event.kind, line]));
        expect(texts).to.deep.equal([
          ['lines', 'one'],
          [kind, long],
          ['lines', 'two'],
        ]);
        expect(taken.events.at(-1)!.state.position).to.equal(length + 9);
        expect((await bench.scan(['a'])).events).to.deep.equal([]);
      });
    }

    it('keeps 64 KiB of an overlong line', async () => {
      bench.write('a', `${'y'.repeat(200_000)}\ntwo\n`);
      const { events } = await bench.scan(['a']);
      expect(events.map(event => [event.kind, event.text.length])).to.deep.equal([
        ['overlong', 65_536],
        ['lines', 4],
      ]);
    });

    it('leaves an overlong line without line feed pending, and takes it with --final', async () => {
      bench.write('a', `one\n${'z'.repeat(300)}`);
      const taken = await bench.scan(['a']);
      expect([taken.lines, pending(taken)]).to.deep.equal([['one'], 1]);
      const final = await bench.scan(['a'], { takeHalfLine: true });
      expect(said(final)).to.deep.equal([`overlong ${'z'.repeat(300)}`]);
      expect(final.events[0]!.state).to.include({ position: 304, endsInHalfLine: true });
    });
  });

  describe('§9.2 segments', () => {
    it('§9.2 hands out nothing of a file that was renamed, packed or piped', async () => {
      bench.write('access.log', text);
      expect((await bench.scan(['access.log'], big)).lines).to.deep.equal(lines);
      renameSync(bench.path('access.log'), bench.path('access.log.1'));
      bench.write('access.log.gz', gzipSync(text));
      bench.write('access.log.zst', zstdCompressSync(text));
      for (const name of ['access.log.1', 'access.log.gz', 'access.log.zst', '-']) {
        const taken = await bench.scan([name], { ...big, input: text });
        expect([name, taken.events, failures(taken)]).to.deep.equal([name, [], [null]]);
        expect(taken.ends[0]!.knownBytes).to.equal(text.length);
      }
    });

    it('§9.2 goes on in an archive or a pipe where a file stopped', async () => {
      const more = toText(makeLines(10, 7));
      bench.write('access.log', text);
      await bench.scan(['access.log'], big);
      bench.write('access.log.1.gz', gzipSync(text + more));
      const { events } = await bench.scan(['access.log.1.gz'], big);
      expect(events.map(event => event.text).join('')).to.equal(more);
      expect(events[0]!.offset).to.equal(text.length);
      const piped = await bench.scan(['-'], { ...big, input: `${text}${more}last\n` });
      expect(said(piped)).to.deep.equal(['lines last\n']);
    });

    it('§9.2 hands out a copied and truncated log as a new segment', async () => {
      bench.write('access.log', text);
      await bench.scan(['access.log'], big);
      truncateSync(bench.path('access.log'));
      const fresh = makeLines(50, 3);
      appendFileSync(bench.path('access.log'), toText(fresh));
      expect((await bench.scan(['access.log'], big)).lines).to.deep.equal(fresh);
      expect(bench.known.states.size).to.equal(2);
    });

    it('§9.2 knows any beginning of a log, cut at any line end', async () => {
      bench.write('access.log', text);
      await bench.scan(['access.log'], big);
      for (let count = 1; count <= lines.length; count++) {
        bench.write('cut', toText(lines.slice(0, count)));
        expect((await bench.scan(['cut'], big)).events, `${count} lines`).to.deep.equal([]);
      }
      expect(bench.known.states.size).to.equal(1);
    });

    it('§9.2 knows a log again that is cut in the middle of a line', async () => {
      bench.write('access.log', text);
      await bench.scan(['access.log'], big);
      bench.write('cut', text.slice(0, 1000));
      const taken = await bench.scan(['cut'], big);
      expect([taken.events, pending(taken)]).to.deep.equal([[], 1]);
      bench.write('cut.gz', gzipSync(text.slice(0, 1000)));
      expect((await bench.scan(['cut.gz'], big)).events).to.deep.equal([]);
    });

    it('§9.2 makes the next ordinal for a log that begins alike and goes on differently, wherever', async () => {
      bench.write('access.log', text);
      await bench.scan(['access.log'], big);
      let segments = 1;
      for (const changed of [1, 2, 15, 28, 29]) {
        const other = lines.map((line, index) => (index === changed ? line.replace('GET', 'PUT') : line));
        for (const length of new Set([changed + 1, lines.length])) {
          bench.write('other', toText(other.slice(0, length)));
          await bench.scan(['other'], big);
        }
        segments++;
        expect(bench.known.states.size).to.equal(segments);
      }
      const ordinals = [...bench.known.states.values()].map(state => state.ordinal);
      expect(ordinals).to.deep.equal([0, 1, 2, 3, 4, 5]);
      expect(new Set(bench.known.states.keys()).size).to.equal(6);
    });

    it('§9.4 begins a segment anew of which only its first window was begun, by the format of that', async () => {
      const lines = makeLines(20);
      bench.write('access.log', toText(lines));
      const [first] = (await bench.scan(['access.log'], { bufferBytes: 4_096 })).events;
      const { id } = first!.state;
      bench.known.states.set(id, { ...first!.state, position: 0, format: 'squid' });
      const again = await bench.scan(['access.log'], { bufferBytes: 4_096 });
      expect(again.lines).to.deep.equal(lines);
      expect([...bench.known.states.values()].map(state => [state.id, state.format])).to.deep.equal([
        [id, 'squid'],
      ]);
    });

    it('§9.4 begins it under its own ordinal, whatever begins alike and was stored since', async () => {
      const lines = makeLines(20);
      bench.write('access.log', toText(lines));
      const [first] = (await bench.scan(['access.log'], { bufferBytes: 4_096 })).events;
      bench.write('other', toText([lines[0]!, ...makeLines(20, 2)]));
      await bench.scan(['other'], { bufferBytes: 4_096 });
      bench.known.states.set(first!.state.id, { ...first!.state, position: 0 });
      const again = await bench.scan(['access.log'], { bufferBytes: 4_096 });
      expect(again.lines).to.deep.equal(lines);
      expect(again.events[0]!.state.id).to.equal(first!.state.id);
      expect([...bench.known.states.values()].map(state => state.ordinal)).to.deep.equal([0, 1]);
    });

    it('§9.2 notices a changed byte anywhere in three megabytes, and knows the rest of the beginnings', async () => {
      const many = makeLines(22_000);
      const content = Buffer.from(toText(many));
      const options = { bufferBytes: 256 << 10 };
      bench.write('access.log', content);
      expect((await bench.scan(['access.log'], options)).lines).to.have.length(22_000);
      for (const at of [content.length - 2, 2_500_000, 1_500_000, 600_000]) {
        const other = Buffer.from(content);
        other[at] = other[at]! ^ 1;
        bench.write('other', other);
        const before = bench.known.states.size;
        const { events } = await bench.scan(['other'], options);
        expect([at, bench.known.states.size, events[0]!.offset]).to.deep.equal([at, before + 1, 0]);
      }
      for (const end of [content.length, 2_000_000, 1_048_576, 1_000_000, 20_000]) {
        bench.write('cut', content.subarray(0, end));
        expect((await bench.scan(['cut'], options)).events).to.deep.equal([]);
      }
    });

    it('§9.2 keeps sources apart', async () => {
      bench.write('a', text);
      await bench.scan(['a'], big);
      expect((await bench.scan(['a'], { ...big, source: 'other' })).lines).to.deep.equal(lines);
    });

    it('§9.2 reads the same content once within a run, before anything is stored', async () => {
      bench.write('a', text);
      bench.write('b', text + toText(['more']));
      bench.write('c.gz', gzipSync(text));
      const taken = await bench.scan(['a', 'b', 'c.gz'], big);
      expect(taken.lines).to.deep.equal([...lines, 'more']);
      expect(new Set(taken.events.map(event => event.state.id)).size).to.equal(1);
    });

    it('§9.2 passes over comments and empty lines when it looks for the first line', async () => {
      bench.write('a', '#Date: 2026-11-01\n\none\n');
      bench.write('b', '#Date: 2026-11-02\n\none\n');
      const taken = await bench.scan(['a', 'b'], big);
      const states = taken.events.map(event => event.state);
      expect(states.map(state => state.ordinal)).to.deep.equal([0, 1]);
      expect(states[0]!.firstLine).to.equal(states[1]!.firstLine);
    });

    it('§2.1 accounts for comments before there is a first line, and does not count them again', async () => {
      bench.write('a', '#Software: x\n#Da');
      const header = await bench.scan(['a']);
      expect([header.lines, pending(header)]).to.deep.equal([['#Software: x'], 1]);
      appendFileSync(bench.path('a'), 'te: y\n\n');
      expect((await bench.scan(['a'])).lines).to.deep.equal(['#Date: y', '']);
      bench.write('b', '#Software: x\n#Date: y\n\n');
      expect((await bench.scan(['b'])).events).to.deep.equal([]);
      appendFileSync(bench.path('a'), 'one\n');
      expect((await bench.scan(['a'])).lines).to.deep.equal(['one']);
      appendFileSync(bench.path('b'), 'other\n');
      expect((await bench.scan(['b'])).lines).to.deep.equal(['#Software: x', '#Date: y', '', 'other']);
      bench.write('a.gz', gzipSync('#Software: x\n#Date: y\n\none\ntwo\n'));
      expect((await bench.scan(['a.gz'])).lines).to.deep.equal(['two']);
    });

    it('keeps the format that was noted on an event', async () => {
      bench.write('a', text);
      const source = createFileSource({
        files: [bench.path('a')],
        source: 'default',
        known: bench.known,
        mode: 'resume',
        takeHalfLine: false,
        bufferBytes: 1024,
      });
      const formats: unknown[] = [];
      for await (const event of source.events(new AbortController().signal)) {
        if (event.kind !== 'lines') continue;
        formats.push(event.state.format);
        event.state.format = 'squid';
        bench.known.store({ ...event, text: '' });
      }
      expect(formats.slice(0, 3)).to.deep.equal([undefined, 'squid', 'squid']);
      appendFileSync(bench.path('a'), 'more\n');
      expect((await bench.scan(['a'])).events[0]!.state.format).to.equal('squid');
    });
  });

  describe('stdin', () => {
    it('§9.2 fails where stdin begins like a known log and goes on differently, and hands out nothing', async () => {
      bench.write('a', text);
      await bench.scan(['a'], big);
      for (const input of [text.replace('site9.', 'site8.'), `${lines[0]}\nother\n`]) {
        const taken = await bench.scan(['-'], { ...big, input });
        expect([taken.events, failures(taken)]).to.deep.equal([[], ['disagrees']]);
        expect(taken.ends[0]!.failure!.message).to.include('--again');
      }
      expect(bench.known.states.size).to.equal(1);
    });

    it('reads stdin that is named twice once', async () => {
      expect((await bench.scan(['-', '-'], { input: text })).ends).to.have.length(1);
    });

    it('unpacks stdin', async () => {
      expect((await bench.scan(['-'], { ...big, input: gzipSync(text) })).lines).to.deep.equal(lines);
      const piped = await bench.scan(['-'], { ...big, input: zstdCompressSync(text) });
      expect([piped.events, failures(piped)]).to.deep.equal([[], [null]]);
    });
  });

  describe('--again', () => {
    it('§9.2 reads anew under the same ids, and moves no position', async () => {
      bench.write('a', text);
      const first = await bench.scan(['a'], big);
      const id = first.events[0]!.state.id;
      bench.write('a.gz', gzipSync(text));
      for (const file of ['a', 'a.gz', '-']) {
        const again = await bench.scan([file], { ...big, mode: 'again', input: text });
        expect(again.lines).to.deep.equal(lines);
        for (const event of again.events) {
          expect(event.state).to.include({ id, position: text.length });
          expect(event.marks).to.deep.equal([]);
        }
      }
    });

    it('§9.2 finds the same ordinal again', async () => {
      const other = lines.with(5, 'another line');
      bench.write('a', text);
      bench.write('b', toText(other));
      await bench.scan(['a', 'b'], big);
      const again = await bench.scan(['b'], { ...big, mode: 'again' });
      expect([again.lines, again.events[0]!.state.ordinal]).to.deep.equal([other, 1]);
    });

    it('reads the same content once within a run, also where it goes on behind what is stored', async () => {
      bench.write('a', text);
      await bench.scan(['a'], big);
      bench.write('b', `${text}more\n`);
      bench.write('c', `${text}more\nand more\n`);
      const again = await bench.scan(['b', 'c', 'a'], { ...big, mode: 'again' });
      expect(again.lines).to.deep.equal([...lines, 'more', 'and more']);
      expect(new Set(again.events.map(event => event.state.id)).size).to.equal(1);
    });

    it('does for stdin that disagrees what plain reading refuses: reads it under the next ordinal', async () => {
      bench.write('a', text);
      await bench.scan(['a'], big);
      const input = toText(lines.with(29, 'another line'));
      const again = await bench.scan(['-'], { bufferBytes: 400, mode: 'again', input });
      expect(again.lines).to.deep.equal(splitLines(input));
      expect(again.events[0]!.state.ordinal).to.equal(0);
      expect(again.events.at(-1)!.state).to.include({ ordinal: 1, position: 0 });
    });
  });

  describe('anew', () => {
    it('hands out everything without a store', async () => {
      bench.write('a', '#c\none\nhalf');
      const options = { mode: 'anew' as const, known: null };
      const taken = await bench.scan(['a', 'a', '-'], { ...options, input: 'x\ny' });
      expect([taken.lines, pending(taken)]).to.deep.equal([['#c', 'one', 'x', 'y'], 1]);
      expect(taken.events.map(event => [event.state.id, event.offset])).to.deep.equal([
        ['', 0],
        ['', 0],
        ['', 2],
      ]);
    });
  });

  describe('origins that fail', () => {
    it('tells of a missing file, a folder and an unreadable file, and reads the others', async () => {
      bench.write('a', 'one\n');
      bench.write('b', 'two\n');
      mkdirSync(bench.path('folder'));
      symlinkSync('loop', bench.path('loop'));
      const taken = await bench.scan(['a', 'none', 'folder', 'a/below', 'loop', 'b']);
      expect(taken.lines).to.deep.equal(['one', 'two']);
      expect(failures(taken)).to.deep.equal([null, 'missing', 'unreadable', 'missing', 'unreadable', null]);
      expect(taken.ends[2]!.failure!.message).to.match(
        /is a folder: name its files, for example ".*\/folder\/\*\.log"$/u,
      );
    });

    it('tells of a pattern that nothing fits', async () => {
      expect(failures(await bench.scan(['*.log']))).to.deep.equal(['missing']);
    });
  });

  describe('names', () => {
    it('reads a rotated log from its oldest part to its newest', async () => {
      for (const name of ['access.log', 'access.log.1', 'access.log.2', 'access.log.10', 'b.log']) {
        bench.write(name, `${name}\n`);
      }
      bench.write('access.log.3.gz', gzipSync('access.log.3.gz\n'));
      mkdirSync(bench.path('access.log.d'));
      expect((await bench.scan(['*.log*'])).lines).to.deep.equal([
        'access.log.10',
        'access.log.3.gz',
        'access.log.2',
        'access.log.1',
        'access.log',
        'b.log',
      ]);
    });

    it('reads a file once that is named twice, also through a link or a pattern', async () => {
      bench.write('a.log', 'one\n');
      symlinkSync('a.log', bench.path('link.log'));
      const taken = await bench.scan(['a.log', './a.log', 'link.log', '*.log'], { mode: 'anew' });
      expect([taken.lines, taken.ends.length]).to.deep.equal([['one'], 1]);
    });

    it('takes a name with pattern signs for itself where it exists', async () => {
      bench.write('a[1].log', 'one\n');
      bench.write('a1.log', 'two\n');
      expect((await bench.scan(['a[1].log'])).lines).to.deep.equal(['one']);
    });

    it('tells the path as it was named', async () => {
      bench.write('a.log', 'one\n');
      const { events, ends } = await bench.scan(['*.log']);
      expect([events[0]!.path, ends[0]!.path]).to.deep.equal([bench.path('a.log'), bench.path('a.log')]);
    });
  });
});
