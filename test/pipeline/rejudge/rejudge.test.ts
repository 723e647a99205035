import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect } from 'chai';
import { createMemoryStore } from '../../../src/adapters/store/memory-store.ts';
import { rejudge } from '../../../src/pipeline/rejudge/rejudge.ts';
import { aBatch } from '../../contract/store.ts';
import { aFinding, idOf } from '../../finding/arbitrary.ts';
import { policy } from '../../policy/support.ts';

const FINDINGS = 5_000;

describe('rejudge', () => {
  it('§10.2 stops between two batches when it is told to, though its store never waits', async () => {
    const store = createMemoryStore();
    const findings = Array.from({ length: FINDINGS }, (_, n) =>
      aFinding({ id: idOf(n), recordId: idOf(n + FINDINGS), startMs: 1_000 + n }),
    );
    await store.write(aBatch({ findings }));
    const stopped = new AbortController();
    setImmediate(() => stopped.abort());
    const versionFor = async () => ({
      ...{ policy: policy({}), people: { entries: null, hasNetworks: true }, match: null },
    });
    const outcome = await rejudge({
      ...{
        store,
        query: { terms: [], fromMs: 0, toMs: 10_000, sort: 'start', descending: false, limit: null },
      },
      judging: { versions: { lists: 'l', policy: 'p', directory: null }, versionFor, keep: () => [] },
      ids: { record: () => '', finding: () => '' },
      hidden: 'comesBack',
      ...{ smallGroup: 5, yearOf: () => 1970, nowMs: () => 1, apply: null, signal: stopped.signal, nextTurn },
    });
    expect(outcome.interrupted).to.equal(true);
    expect(outcome.records).to.be.lessThan(FINDINGS);
  });
});
