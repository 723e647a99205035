import { expect } from 'chai';
import { readDeadLetters } from '../../../src/adapters/rejects/dead-letters.ts';
import {
  type DeadLetterOutcome,
  type DeadLetterRetryOptions,
  retryDeadLetters,
} from '../../../src/pipeline/retry/retry-dead-letters.ts';
import type { DeadLetterBatch } from '../../../src/ports/store.ts';
import type { DeadLetter, WindowStore } from '../../../src/ports/window-store.ts';
import { createSealedMemory } from '../../adapters/rejects/sealed-memory.ts';
import { killer, untilKilled } from './support.ts';

const letter = (id: string, reason = 'document_parsing_exception'): DeadLetter => ({
  ...{ stream: 'a'.repeat(64), what: 'findings', reason, index: 'granska-findings-2026-10', id },
  document: { id },
});

/** A store that refuses some documents, and what it has sealed of them. */
function aBench() {
  const refused = new Set<string>();
  const taken: string[] = [];
  const sealed = createSealedMemory();
  const rows = new Map<string, DeadLetterBatch>();
  const add = (file: string, letters: readonly DeadLetter[]) => {
    const text = letters.map(one => `${JSON.stringify(one)}\n`).join('');
    sealed.texts.set(file, new TextEncoder().encode(text));
    const { stream, what, reason } = letters[0]!;
    rows.set(file, { stream, what, reason, count: letters.length, firstOffset: 0, file, refusedMs: 1 });
  };
  const run = (
    step: () => Promise<void> = async () => {},
    more: Partial<DeadLetterRetryOptions> = {},
  ): Promise<DeadLetterOutcome> => {
    const store: Pick<WindowStore, 'deadLetters' | 'retryDeadLetters' | 'settleDeadLetters'> = {
      deadLetters: async () => [...rows.values()],
      async retryDeadLetters(letters) {
        await step();
        for (const { id } of letters) if (!refused.has(id)) taken.push(id);
        return letters.filter(({ id }) => refused.has(id)).map(one => ({ ...one, reason: 'today' }));
      },
      async settleDeadLetters(files) {
        await step();
        for (const file of files) rows.delete(file);
      },
    };
    return retryDeadLetters(
      {
        store,
        sealed: {
          ...sealed,
          async remove(names) {
            await step();
            await sealed.remove(names);
          },
        },
        async open(name) {
          const text = await sealed.read(name);
          if (text === null) return { kind: 'missing' };
          const letters = readDeadLetters(text);
          return letters === null ? { kind: 'damaged' } : { kind: 'letters', letters };
        },
        beforeOpening: async () => {},
        ...more,
      },
      new AbortController().signal,
    );
  };
  return { refused, taken, sealed, rows, add, run };
}

describe('a retry of dead letters', () => {
  it('§9.7 gives them to the store again, and forgets those that it took', async () => {
    const bench = aBench();
    bench.add('one.age', [letter('a'), letter('b')]);
    bench.add('two.age', [letter('c')]);
    const outcome = await bench.run();
    expect(outcome).to.deep.equal({ files: 2, taken: 3, refused: [], left: [], interrupted: false });
    expect(bench.taken).to.deep.equal(['a', 'b', 'c']);
    expect([bench.rows.size, bench.sealed.texts.size]).to.deep.equal([0, 0]);
    expect((await bench.run()).files).to.equal(0);
  });

  it('§9.7 keeps a text of which some are still refused, and tells why by the reason of today', async () => {
    const bench = aBench();
    bench.add('one.age', [letter('a'), letter('b'), letter('c')]);
    bench.refused.add('a').add('c');
    const { taken, refused } = await bench.run();
    expect(taken).to.equal(1);
    expect(refused).to.deep.equal([{ file: 'one.age', what: 'findings', reason: 'today', count: 2 }]);
    expect([bench.rows.size, bench.sealed.texts.size]).to.deep.equal([1, 1]);
    bench.refused.clear();
    expect((await bench.run()).refused).to.deep.equal([]);
    expect([bench.rows.size, bench.sealed.texts.size]).to.deep.equal([0, 0]);
  });

  it('§9.5 stopped at any step has them taken in the end, and forgets none before', async () => {
    for (let stop = 0; stop < 8; stop++) {
      const bench = aBench();
      bench.add('one.age', [letter('a')]);
      bench.add('two.age', [letter('b')]);
      await untilKilled(() => bench.run(killer(stop).step));
      const untaken = ['a', 'b'].filter(id => !bench.taken.includes(id));
      expect(bench.rows.size, `stop ${stop}`).to.be.at.least(untaken.length);
      await bench.run();
      expect(new Set(bench.taken), `stop ${stop}`).to.deep.equal(new Set(['a', 'b']));
      expect(bench.rows.size, `stop ${stop}`).to.equal(0);
    }
  });

  it('leaves texts that cannot be opened, and does the others', async () => {
    const bench = aBench();
    bench.add('gone.age', [letter('a')]);
    bench.add('broken.age', [letter('b')]);
    bench.add('whole.age', [letter('c')]);
    bench.sealed.texts.delete('gone.age');
    bench.sealed.texts.set('broken.age', new TextEncoder().encode('{"stream":1}\n'));
    const { left, taken } = await bench.run();
    expect(left).to.deep.equal([
      { file: 'gone.age', because: 'missing' },
      { file: 'broken.age', because: 'damaged' },
    ]);
    expect([taken, [...bench.rows.keys()]]).to.deep.equal([1, ['gone.age', 'broken.age']]);
  });

  it('§8.5 says what it will open before it opens anything', async () => {
    const bench = aBench();
    bench.add('one.age', [letter('a'), letter('b')]);
    const calls: unknown[] = [];
    await bench.run(undefined, {
      async open() {
        calls.push('open');
        return { kind: 'damaged' };
      },
      async beforeOpening(plan) {
        calls.push(plan);
      },
    });
    expect(calls).to.deep.equal([{ files: 1, lines: 2 }, 'open']);
  });
});
