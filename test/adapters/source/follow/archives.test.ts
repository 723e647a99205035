import { renameSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { createFollowSource } from '../../../../src/adapters/source/follow/follow.ts';
import { splitLines, takeEvent } from '../../../contract/source.ts';
import { makeLines, toText } from '../kit.ts';
import { createFollowBench, type FollowBench } from './kit.ts';

describe('archives that are followed', () => {
  let bench: FollowBench;
  beforeEach(() => {
    bench = createFollowBench();
  });
  afterEach(() => bench.dispose());

  const parts = [makeLines(3, 1), makeLines(3, 2), makeLines(3, 3)];
  const name = (part: number) => bench.path(`access.log.${part}.gz`);

  /** Reads all there is, and has the files renamed as a rotation does while the first line is being stored. */
  async function readWhileRotating(rotate: () => void): Promise<string[]> {
    const lines: string[] = [];
    const source = createFollowSource({
      ...{ paths: [bench.path('access.log*')], source: 'default', known: bench.known },
      ...{ until: 'idle', bufferBytes: 256, pollMs: 2, lingerMs: 20 },
    });
    for await (const event of source.events(new AbortController().signal)) {
      if (event.kind !== 'lines') continue;
      if (lines.length === 0) rotate();
      const taken = takeEvent(event);
      bench.known.store(taken);
      lines.push(...splitLines(taken.text));
    }
    return lines.sort();
  }

  it('§9.2 are read under the names that they have when it is their turn', async () => {
    parts.forEach((lines, n) => {
      bench.write(`access.log.${n + 1}.gz`, gzipSync(toText(lines)));
    });
    const lines = await readWhileRotating(() => {
      for (const part of [3, 2, 1]) renameSync(name(part), name(part + 1));
    });
    expect(lines).to.deep.equal(parts.flat().sort());
  });

  it('are let go where they were deleted before it was their turn', async () => {
    bench.write('access.log.2.gz', gzipSync(toText(parts[1]!)));
    bench.write('access.log.1.gz', gzipSync(toText(parts[0]!)));
    const lines = await readWhileRotating(() => renameSync(name(1), bench.path('elsewhere.gz')));
    expect(lines).to.deep.equal([...parts[1]!].sort());
  });
});
