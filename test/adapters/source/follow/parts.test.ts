import { closeSync, mkdirSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { createContentHash, EMPTY_HASH } from '../../../../src/adapters/source/content-hash.ts';
import {
  type FollowedFile,
  newFile,
  type Segment,
} from '../../../../src/adapters/source/follow/followed-file.ts';
import { createFollowedPaths } from '../../../../src/adapters/source/follow/paths.ts';
import { readTurn, type TurnEnd } from '../../../../src/adapters/source/follow/turn.ts';
import { bearWitness } from '../../../../src/adapters/source/follow/witness.ts';
import { createBuffer } from '../../../../src/adapters/source/line-pieces.ts';
import { takeEvent } from '../../../contract/source.ts';
import { createFollowBench, type FollowBench } from './kit.ts';

const BLOCK = 16 << 10;
const MEBIBYTE = 1 << 20;

/** Positions around the edges of blocks and MiB. */
const place = fc
  .tuple(fc.constantFrom(0, BLOCK, 2 * BLOCK, MEBIBYTE, MEBIBYTE + BLOCK), fc.integer({ min: -2, max: 300 }))
  .map(([edge, more]) => Math.max(0, edge + more));

function contentOf(bytes: number): Buffer {
  return Buffer.from(Array.from({ length: bytes }, (_, i) => (i % 61 === 60 ? 10 : 33 + ((i * 7) % 90))));
}

describe('a content hash that was laid aside', () => {
  it('§9.2 makes the marks that it would have made', () => {
    const content = contentOf(MEBIBYTE + 3 * BLOCK);
    fc.assert(
      fc.property(place, place, (at, more) => {
        const end = Math.min(content.length, at + more);
        const whole = createContentHash();
        whole.update(content, 0, at);
        whole.takeMarks();
        const again = createContentHash(whole.save(), whole.rest());
        for (const one of [whole, again]) one.update(content, at, end);
        expect(again.position()).to.equal(end);
        expect(again.takeMarks()).to.deep.equal(whole.takeMarks());
        expect(again.save()).to.deep.equal(whole.save());
      }),
      { numRuns: 60 },
    );
  });
});

describe('the parts of a followed source', () => {
  let bench: FollowBench;
  let fd: number | null = null;
  beforeEach(() => {
    bench = createFollowBench();
  });
  afterEach(async () => {
    if (fd !== null) closeSync(fd);
    fd = null;
    await bench.dispose();
  });

  function open(content: Uint8Array | string): number {
    bench.write('log', content);
    if (fd !== null) closeSync(fd);
    fd = openSync(bench.path('log'), 'r');
    return fd;
  }

  describe('a file bears witness', () => {
    it('§9.2 of what was read of it, unless its first or its last block differs or it is shorter', () => {
      const content = contentOf(MEBIBYTE + 3 * BLOCK);
      fc.assert(
        fc.property(place, fc.nat(), fc.boolean(), (to, where, isLast) => {
          const hash = createContentHash();
          hash.update(content, 0, to);
          hash.takeMarks();
          const saved = hash.save();
          expect(bearWitness(open(content), saved)).to.deep.equal(hash.rest());
          if (to === 0) return;
          expect(bearWitness(open(content.subarray(0, to - 1)), saved)).to.equal(null);
          const changed = Buffer.from(content);
          const from = isLast ? Math.floor((to - 1) / BLOCK) * BLOCK : 0;
          changed[from + (where % (isLast ? to - from : Math.min(to, BLOCK)))]! ^= 1;
          expect(bearWitness(open(changed), saved)).to.equal(null);
        }),
        { numRuns: 60 },
      );
    });
  });

  describe('a turn', () => {
    const old = 'the old first line\nold two\n';
    const fresh = `the new first line\nnew two\n${'new\n'.repeat(100)}`;

    function segmentTo(bytes: number): Segment {
      const hash = createContentHash();
      hash.update(Buffer.from(old), 0, bytes);
      hash.takeMarks();
      const state = {
        id: 's',
        source: 'default',
        firstLine: '',
        ordinal: 0,
        position: bytes,
        endsInHalfLine: false,
      };
      return { state, hash: bytes === 0 ? EMPTY_HASH : hash.save(), holders: 1 };
    }

    /** Reads a turn; does something after the first question to the file and before it is read. */
    async function turn(
      file: FollowedFile,
      segment: Segment,
      meanwhile: () => void,
    ): Promise<[string[], TurnEnd]> {
      const signal = new AbortController().signal;
      const events = readTurn(file, { fd: fd!, segment, buffer: createBuffer(64), turnBytes: 64, signal });
      const texts: string[] = [];
      let next = events.next();
      meanwhile();
      for (;;) {
        const { value, done } = await next;
        if (done) return [texts, value];
        if (value.kind !== 'end') texts.push(takeEvent(value).text);
        next = events.next();
      }
    }

    it('§9.2 gives what is new, up to a line end, and says that there is more', async () => {
      open(`${old}${'more\n'.repeat(50)}`);
      const segment = segmentTo(old.length);
      const [texts, end] = await turn(newFile('k', 'log'), segment, () => {});
      expect([texts.join(''), end.kind]).to.deep.equal(['more\n'.repeat(24), 'more']);
      expect(segment.state.position).to.equal(old.length + 24 * 5);
    });

    it('§9.2 gives nothing of a file that was emptied and written anew while it was read', async () => {
      open(`${old}more\n`);
      const segment = segmentTo(old.length);
      const result = await turn(newFile('k', 'log'), segment, () => writeFileSync(bench.path('log'), fresh));
      expect(result).to.deep.equal([[], { kind: 'replaced' }]);
      expect(segment.state.position).to.equal(old.length);
    });

    it('§9.2 gives nothing of a file that no longer begins as its segment was named', async () => {
      open(old);
      const { digest } = await headOf(old);
      for (const when of ['before', 'meanwhile']) {
        bench.write('log', when === 'before' ? fresh : old);
        const file = { ...newFile('k', 'log'), head: { bytes: old.length, digest } };
        const result = await turn(file, segmentTo(0), () => bench.write('log', fresh));
        expect(result, when).to.deep.equal([[], { kind: 'replaced' }]);
      }
    });

    async function headOf(text: string): Promise<{ digest: Uint8Array }> {
      return { digest: new Uint8Array(await crypto.subtle.digest('SHA-256', Buffer.from(text))) };
    }
  });

  describe('a list of paths', () => {
    it('holds names always and what fits patterns while it is there, the oldest part first', () => {
      const troubles: string[] = [];
      const names = ['logs/access.log*', 'logs/.h*', 'named.log'].map(name => bench.path(name));
      const paths = createFollowedPaths(names, (_folder, reason) => {
        if (reason !== null) troubles.push(reason);
      });
      const list = () => paths.list().map(path => path.slice(bench.folder.length + 1));
      expect(list()).to.deep.equal(['named.log']);
      mkdirSync(bench.path('logs'));
      for (const name of ['access.log', 'access.log.1', 'access.log.10.gz', 'other.log', '.hidden'])
        bench.write(join('logs', name), '');
      expect(list()).to.deep.equal([
        'logs/.hidden',
        'logs/access.log.10.gz',
        'logs/access.log.1',
        'logs/access.log',
        'named.log',
      ]);
      rmSync(bench.path('logs/access.log.1'));
      expect(list()).not.to.include('logs/access.log.1');
      expect(troubles).to.deep.equal([]);
    });

    it('does not list a folder again that has not changed', () => {
      bench.write('a.log', '');
      const paths = createFollowedPaths([bench.path('*.log')], () => {});
      paths.list();
      const second = paths.list();
      expect(paths.list()).to.equal(second);
      bench.write('b.log', '');
      expect(paths.list()).to.have.length(2);
    });
  });
});
