import {
  appendFileSync,
  copyFileSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { gunzipSync, gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { createFollowSource } from '../../../../src/adapters/source/follow/follow.ts';
import { GranskaError } from '../../../../src/errors.ts';
import { describeSource } from '../../../contract/source.ts';
import { makeLines, toText } from '../kit.ts';
import { createFollowBench, type FollowBench } from './kit.ts';

describeSource('followed files', async () => {
  const bench = createFollowBench();
  bench.write('access.log', '');
  return {
    append: async lines => bench.append('access.log', lines),
    open: known =>
      createFollowSource({
        paths: [bench.path('access.log*')],
        source: 'default',
        known,
        until: 'idle',
        bufferBytes: 256,
        pollMs: 2,
      }),
    dispose: () => bench.dispose(),
  };
});

describe('followed files', () => {
  let bench: FollowBench;
  beforeEach(() => {
    bench = createFollowBench();
  });
  afterEach(() => bench.dispose());

  const a = makeLines(40, 1);
  const b = makeLines(40, 2);
  const c = makeLines(40, 3);

  describe('that grow', () => {
    it('gives lines as they are written, in one segment', async () => {
      bench.append('access.log', a);
      const run = bench.start();
      await run.lines(40);
      for (const line of b) {
        bench.append('access.log', [line]);
        await run.lines(40 + b.indexOf(line) + 1);
      }
      expect(bench.lines).to.deep.equal([...a, ...b]);
      expect(bench.known.states.size).to.equal(1);
    });

    it('waits for a file and a folder that are not there yet', async () => {
      const run = bench.start({ paths: [bench.path('later/access.log*'), bench.path('named.log')] });
      mkdirSync(bench.path('later'));
      bench.append('later/access.log', a);
      bench.append('named.log', b);
      await run.lines(80);
      expect([...bench.lines].sort()).to.deep.equal([...a, ...b].sort());
    });

    it('§2.1 leaves half a last line until its other half comes, however long it is', async () => {
      bench.append('access.log', a);
      const run = bench.start();
      await run.lines(40);
      // Longer than the buffer: its beginning is kept, as one reject.
      for (let i = 0; i < 30; i++) {
        appendFileSync(bench.path('access.log'), 'x'.repeat(100));
        bench.append('access.log.other', [`tick ${i}`]);
        await run.lines(41 + i);
      }
      expect(bench.events.map(event => event.kind)).not.to.include('overlong');
      appendFileSync(bench.path('access.log'), '\nhalf a ');
      await run.when(() => bench.events.some(event => event.kind === 'overlong'));
      appendFileSync(bench.path('access.log'), 'line\n');
      await run.lines(71);
      expect(bench.lines.at(-1)).to.equal('half a line');
      expect(bench.events.find(event => event.kind === 'overlong')!.text).to.equal('x'.repeat(3000));
    });

    it('§2.1 counts half lines as pending where it ends by itself', async () => {
      bench.write('access.log', `${toText(a)}half`);
      bench.write('access.log.1', 'nothing but half');
      const end = await bench.untilIdle();
      expect(end).to.deep.equal({ kind: 'end', path: null, pending: 2, knownBytes: 0, failure: null });
      expect(bench.lines).to.deep.equal(a);
      expect((await bench.untilIdle()).knownBytes).to.equal(toText(a).length);
    });

    it('lets no file wait for all of another one', async () => {
      const long = makeLines(4_000, 1);
      bench.append('access.log.1', long);
      bench.append('access.log.2', b);
      bench.append('access.log.3', c);
      await bench.untilIdle();
      const last = new Map(bench.events.map((event, index) => [event.path!.slice(-1), index]));
      expect(last.get('2')).to.be.lessThan(bench.events.length / 10);
      expect(last.get('3')).to.be.lessThan(bench.events.length / 10);
      expect(bench.lines).to.have.length(4_080);
    });

    it('follows more files than may be open', async () => {
      const run = bench.start({ maxOpen: 3 });
      const all: string[] = [];
      for (let round = 0; round < 4; round++) {
        for (let file = 0; file < 20; file++) {
          const lines = makeLines(5, round * 20 + file);
          bench.append(`access.log.${file}`, lines);
          all.push(...lines);
        }
        await run.lines(all.length);
        expect(openIn(bench.folder)).to.be.lessThan(4);
      }
      expect([...bench.lines].sort()).to.deep.equal(all.sort());
      expect(bench.known.states.size).to.equal(20);
    });

    it('does not read again what it has read when a file grows', async () => {
      const long = makeLines(20_000, 1);
      bench.append('access.log', long);
      const run = bench.start({ bufferBytes: 1 << 20 });
      await run.lines(20_000);
      const before = readBytes();
      for (let i = 0; i < 20; i++) {
        bench.append('access.log', [`more ${i}`]);
        await run.lines(20_001 + i);
      }
      // Its first and its last block twice a turn, and what is new; the file has 3 MB.
      expect(readBytes() - before).to.be.lessThan(20 * 6 * (16 << 10) + 65_536);
    });
  });

  describe('that are rotated', () => {
    it('§9.2 reads what was written before a rename under whatever name it has then', async () => {
      bench.append('access.log', a);
      const run = bench.start();
      await run.lines(40);
      bench.append('access.log', b.slice(0, 20));
      renameSync(bench.path('access.log'), bench.path('access.log.1'));
      bench.append('access.log', c);
      bench.append('access.log.1', b.slice(20));
      await run.lines(120);
      expect([...bench.lines].sort()).to.deep.equal([...a, ...b, ...c].sort());
      expect(bench.known.states.size).to.equal(2);
      expect(bench.toldOf('rotated')).to.deep.equal(['access.log']);
    });

    it('reads a file on that was renamed to a name that is not followed, or deleted', async () => {
      bench.append('access.log', a);
      const run = bench.start({ lingerMs: 100_000 });
      await run.lines(40);
      bench.append('access.log', b.slice(0, 10));
      renameSync(bench.path('access.log'), bench.path('old'));
      bench.append('access.log', c.slice(0, 10));
      await run.lines(60);
      bench.append('old', b.slice(10, 20));
      await run.lines(70);
      linkSync(bench.path('old'), bench.path('kept'));
      unlinkSync(bench.path('old'));
      bench.append('kept', b.slice(20));
      await run.lines(90);
      expect([...bench.lines].sort()).to.deep.equal([...a, ...b, ...c.slice(0, 10)].sort());
    });

    it('lets go of a file that has no name and rests', async () => {
      bench.append('access.log', a);
      const run = bench.start({ lingerMs: 10 });
      await run.lines(40);
      unlinkSync(bench.path('access.log'));
      await run.when(() => bench.toldOf('gone').length === 1);
    });

    it('§9.2 goes on after copytruncate, with the lines that only the copy has', async () => {
      bench.append('access.log', a);
      const run = bench.start();
      await run.lines(40);
      bench.append('access.log', b);
      copyFileSync(bench.path('access.log'), bench.path('access.log.1'));
      truncateSync(bench.path('access.log'));
      bench.append('access.log', c);
      await run.lines(120);
      await run.stop('stored');
      await bench.untilIdle();
      expect([...bench.lines].sort()).to.deep.equal([...a, ...b, ...c].sort());
      expect(bench.known.states.size).to.equal(2);
    });

    it('§9.2 sees a file that was emptied and has grown past where it was read to', async () => {
      bench.append('access.log', a.slice(0, 5));
      const run = bench.start();
      await run.lines(5);
      writeFileSync(bench.path('access.log'), toText([...b, ...c]));
      await run.lines(85);
      expect(bench.lines).to.deep.equal([...a.slice(0, 5), ...b, ...c]);
      expect([...bench.toldOf('replaced'), ...bench.toldOf('truncated')]).to.have.length(1);
    });

    it('§9.2 sees a file of the same length with another content', async () => {
      bench.append('access.log', ['one line', 'two']);
      const run = bench.start();
      await run.lines(2);
      writeFileSync(bench.path('access.log'), 'one line\nTWO\n');
      await run.lines(4);
      expect(bench.lines).to.deep.equal(['one line', 'two', 'one line', 'TWO']);
      expect([...bench.known.states.values()].map(state => state.ordinal)).to.deep.equal([0, 1]);
    });

    it('§9.2 gives nothing of an archive of what was read, and the rest of what was not', async () => {
      bench.append('access.log', a);
      const run = bench.start();
      await run.lines(40);
      bench.write('access.log.2.gz', gzipSync(toText(a)));
      bench.write('access.log.1.gz', gzipSync(toText([...a, ...b])));
      await run.lines(80);
      renameSync(bench.path('access.log.1.gz'), bench.path('access.log.3.gz'));
      bench.append('access.log.1', c);
      await run.lines(120);
      expect(bench.lines).to.deep.equal([...a, ...b, ...c]);
    });

    it('goes on in a log whose segment an archive has moved', async () => {
      bench.append('access.log', a);
      const run = bench.start();
      await run.lines(40);
      bench.write('access.log.1.gz', gzipSync(toText([...a, ...b])));
      await run.lines(80);
      bench.append('access.log', [...b, ...c]);
      await run.lines(120);
      await run.stop('stored');
      await bench.untilIdle();
      expect(bench.lines).to.deep.equal([...a, ...b, ...c]);
    });

    it('§9.2 lets a copy of the archive that is being read wait, and reads on in it then', async () => {
      const long = makeLines(2_000, 4);
      bench.write('access.log.1.gz', gzipSync(toText(long)));
      const run = bench.start();
      await run.when(() => bench.handedOut > 20);
      bench.append('access.log.1', [...long, ...a]);
      bench.append('access.log', b);
      await run.when(() => bench.lines.includes(b[39]!));
      expect(bench.handedOut, 'another file waits for no archive').to.be.lessThan(1_000);
      await run.lines(2_080);
      expect([...bench.lines].sort()).to.deep.equal([...long, ...a, ...b].sort());
    });

    it('reads an archive only when it rests', async () => {
      const packed = gzipSync(toText(b));
      bench.write('access.log.1.gz', packed.subarray(0, 100));
      bench.append('access.log', a);
      const run = bench.start({
        onEvent(event) {
          bench.told.push(event);
          // The second look has begun: the archive grows before it is looked at again.
          if (event.path.endsWith('later')) bench.write('access.log.1.gz', packed);
        },
      });
      await run.when(() => bench.handedOut > 0);
      bench.write('access.log.0-later', '');
      await run.lines(80);
      expect(bench.toldOf('damaged')).to.deep.equal([]);
    });

    it('tells of an archive that ends too early, which may still be being written, and reads it on when it grows', async () => {
      const packed = gzipSync(toText(makeLines(400, 4)));
      bench.write('access.log.1.gz', packed.subarray(0, packed.length - 200));
      const run = bench.start();
      await run.when(() => bench.toldOf('unfinished').length === 1);
      bench.write('access.log.1.gz', packed);
      await run.lines(400);
      expect(bench.lines).to.deep.equal(gunzipSync(packed).toString().split('\n').slice(0, -1));
      expect(bench.toldOf('damaged')).to.deep.equal([]);
    });

    it('tells of damage once an archive that ends too early has rested for long', async () => {
      const packed = gzipSync(toText(makeLines(400, 4)));
      bench.write('access.log.1.gz', packed.subarray(0, packed.length - 200));
      const run = bench.start({ lingerMs: 4 });
      await run.when(() => bench.toldOf('damaged').length === 1);
      bench.write('access.log.1.gz', packed.subarray(0, packed.length - 100));
      await run.when(() => bench.toldOf('damaged').length === 2);
      expect(bench.toldOf('unfinished').length).to.equal(2);
    });

    it('tells of damage at the end of a run that waits for nothing', async () => {
      const packed = gzipSync(toText(a));
      bench.write('access.log.1.gz', packed.subarray(0, packed.length - 9));
      await bench.untilIdle();
      expect(bench.told.map(({ kind }) => kind)).to.deep.equal(['found', 'unfinished', 'damaged']);
    });

    it('§9.2 knows a file that vanished and came back, as itself or as a copy', async () => {
      bench.append('access.log', a);
      const run = bench.start({ lingerMs: 4 });
      await run.lines(40);
      copyFileSync(bench.path('access.log'), bench.path('copy'));
      rmSync(bench.path('access.log'));
      await run.when(() => bench.toldOf('gone').length === 1);
      appendFileSync(bench.path('copy'), toText(b));
      renameSync(bench.path('copy'), bench.path('access.log'));
      await run.lines(80);
      expect(bench.lines).to.deep.equal([...a, ...b]);
      expect(bench.known.states.size).to.equal(1);
    });

    it('§9.2 hands out the lines of two copies that grow alike once', async () => {
      bench.append('access.log', a);
      const run = bench.start();
      await run.lines(40);
      copyFileSync(bench.path('access.log'), bench.path('access.log.copy'));
      await run.when(() => bench.toldOf('found').length === 2);
      for (const line of b) {
        for (const name of ['access.log', 'access.log.copy']) bench.append(name, [line]);
        await run.lines(40 + b.indexOf(line) + 1);
      }
      bench.append('access.log', ['the end']);
      await run.lines(81);
      expect(bench.lines).to.deep.equal([...a, ...b, 'the end']);
    });
  });

  describe('over restarts', () => {
    it('§9.1 goes on where the store stopped after a kill, not where it was handed out to', async () => {
      bench.append('access.log', a);
      const run = bench.start();
      await run.lines(40);
      bench.isHolding = true;
      bench.append('access.log', b);
      await run.when(() => bench.handedOut === 80);
      await run.stop('killed');
      expect(bench.lines).to.deep.equal(a);
      bench.isHolding = false;
      renameSync(bench.path('access.log'), bench.path('access.log.1'));
      bench.append('access.log', c);
      await bench.untilIdle();
      expect([...bench.lines].sort()).to.deep.equal([...a, ...b, ...c].sort());
    });

    it('ends promptly when the signal says stop, and lets go of its files', async () => {
      bench.append('access.log', a);
      const run = bench.start({ pollMs: 3_600_000 });
      await run.lines(40);
      const ends = await run.stop('stored');
      expect(ends).to.deep.equal([]);
      expect(openIn(bench.folder)).to.equal(0);
    });

    it('§9.1 asks the reader to store what was handed out before it asks the store', async () => {
      bench.append('access.log.1', a);
      bench.append('access.log', b);
      bench.isHolding = true;
      const asked: number[] = [];
      const run = bench.start({
        known: {
          marks: id => bench.known.marks(id),
          async streams(source, firstLine) {
            asked.push(bench.lines.length);
            return bench.known.streams(source, firstLine);
          },
        },
      });
      await run.when(() => bench.handedOut === 80);
      bench.append('access.log.2', c);
      await run.when(() => bench.handedOut === 120);
      expect(new Set(asked)).to.deep.equal(new Set([0, 80]));
    });
  });

  it('refuses a pattern in the name of a folder', () => {
    const options = { source: 's', known: bench.known, until: 'idle' } as const;
    expect(() => createFollowSource({ ...options, paths: ['/var/*/access.log'] })).to.throw(
      GranskaError,
      'the last part of a path only',
    );
  });

  it('§10.2 says at the end of a run that waits for nothing what was not there or could not be read', async () => {
    const packed = gzipSync(toText(a));
    bench.write('access.log', toText(b));
    bench.write('access.log.1.gz', packed.subarray(0, packed.length - 9));
    mkdirSync(bench.path('access.log.folder'));
    mkdirSync(bench.path('folder'));
    symlinkSync(bench.path('loop'), bench.path('loop'));
    const names = ['access.log*', 'typo.log', 'nowhere/*.log', 'folder', 'loop'];
    const run = bench.start({ until: 'idle', paths: names.map(bench.path) });
    const ends = await run.stop('stored');
    expect(bench.lines.filter(line => b.includes(line))).to.deep.equal(b);
    expect(bench.toldOf('missing')).to.deep.equal(['typo.log', 'nowhere/*.log']);
    const failures = ends.flatMap(({ failure }) =>
      failure === null ? [] : [`${failure.code} ${failure.message.replaceAll(`${bench.folder}/`, '')}`],
    );
    expect(failures.sort()).to.deep.equal([
      'damaged "access.log.1.gz": the archive is damaged or cut short',
      'missing no file fits the pattern "nowhere/*.log": check the folder and the pattern',
      'missing there is no file "typo.log": check the name',
      'unreadable "folder" is no log file',
      'unreadable "loop": it cannot be opened: ELOOP',
    ]);
  });

  it('§10.2 reads to where a log ended when it was found, though it is written to without a pause', async () => {
    bench.append('access.log', a);
    let written = 0;
    const writing = setInterval(() => bench.append('access.log', [`line ${written++}`]), 1);
    const { failure } = await bench.untilIdle({ pollMs: 10 }).finally(() => clearInterval(writing));
    expect(failure).to.equal(null);
    expect(bench.lines.slice(0, 40)).to.deep.equal(a);
    expect(bench.lines.length).to.be.at.most(40 + written);
  });

  it('says at its beginning that a name is nobody’s, and not while a log is rotated', async () => {
    const run = bench.start({ paths: [bench.path('access.log')] });
    await run.when(() => bench.toldOf('missing').length === 1);
    bench.append('access.log', a);
    await run.lines(40);
    renameSync(bench.path('access.log'), bench.path('access.log.1'));
    bench.append('access.log.1', b);
    await run.lines(80);
    bench.append('access.log', c);
    await run.lines(120);
    expect(bench.toldOf('missing')).to.deep.equal(['access.log']);
  });

  it('takes no archive of another kind for lines, and goes on when a log has its name', async () => {
    bench.write(
      'access.log.1.xz',
      Buffer.from(
        '/Td6WFoAAATm1rRGAgAhARYAAAB0L+WjAQAIb25lIGxpbmUKAAAAANSWcXF2ltA9AAEhCWwYxdUftvN9AQAAAAAEWVo=',
        'base64',
      ),
    );
    const run = bench.start();
    await run.when(() => bench.toldOf('unreadable').length === 1);
    bench.append('access.log', a);
    await run.lines(40);
    bench.write('access.log.1.xz', toText(b));
    await run.lines(80);
    expect(bench.lines).to.deep.equal([...a, ...b]);
    expect(bench.told.filter(event => event.kind === 'unreadable')).to.deep.equal([
      { kind: 'unreadable', path: bench.path('access.log.1.xz'), reason: 'packed-otherwise' },
    ]);
  });

  it('tells once of a name that is no regular file', async () => {
    mkdirSync(bench.path('access.log.folder'));
    bench.append('access.log', a);
    const run = bench.start();
    await run.lines(40);
    bench.append('access.log', b);
    await run.lines(80);
    expect(bench.told.filter(event => event.kind === 'unreadable')).to.deep.equal([
      { kind: 'unreadable', path: bench.path('access.log.folder'), reason: 'no-regular-file' },
    ]);
  });
});

/** Number of descriptors of this process that lead into a folder. */
function openIn(folder: string): number {
  const names = readdirSync('/proc/self/fd').map(fd => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`);
    } catch {
      return '';
    }
  });
  return names.filter(name => name.startsWith(folder)).length;
}

/** Bytes that this process has read so far, from wherever. */
function readBytes(): number {
  return Number(/rchar: (\d+)/u.exec(readFileSync('/proc/self/io', 'utf8'))![1]);
}
