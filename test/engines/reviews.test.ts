// A plan and a seed draw the same sample from Elasticsearch as from the embedded store, and what is frozen has one hash.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { createElasticsearchDesk } from '../../src/adapters/store/elasticsearch/elasticsearch-desk.ts';
import { createElasticsearchStore } from '../../src/adapters/store/elasticsearch/elasticsearch-store.ts';
import { createSqliteDesk } from '../../src/adapters/store/sqlite/sqlite-desk.ts';
import { createSqliteStore } from '../../src/adapters/store/sqlite/sqlite-store.ts';
import { visitRulesOf } from '../../src/cli/visit-rules.ts';
import type { Review } from '../../src/model/review.ts';
import { beginReview } from '../../src/pipeline/begin-review.ts';
import { appendStep, readPopulation, readReview, readSample } from '../../src/pipeline/review-ledger.ts';
import { visitsToReview } from '../../src/pipeline/review-population.ts';
import type { DeskStore } from '../../src/ports/desk-store.ts';
import { visitCandidate } from '../../src/review/candidates.ts';
import { aPolicy } from '../cli/commands/cases-support.ts';
import { aBatch } from '../contract/store.ts';
import { asTransactions } from '../contract/window-store.ts';
import { aPlan, depsOf, hash, ID, PERIOD } from '../review/support.ts';
import { aMonth } from '../visit/month.ts';
import type { Elasticsearch } from './elasticsearch.ts';
import { removeStore } from './send.ts';
import { startFor } from './start-for.ts';

const PREFIX = 'reviews';
const PLAN = aPlan({ sample: { kind: 'stratified', size: 25, by: 'department' } });

describe('a review on Elasticsearch 9.2.0', () => {
  let server: Elasticsearch;
  let folder: string;

  before(async function () {
    server = await startFor(this, { version: '9.2.0' });
    folder = mkdtempSync(join(tmpdir(), 'granska-reviews-'));
  });
  after(async () => {
    await server?.stop();
    if (folder !== undefined) rmSync(folder, { recursive: true });
  });

  it('§8.3 freezes and draws what it does from the embedded store, and closes when it is signed (§8.4)', async () => {
    const findings = aMonth(3_000);
    const path = join(folder, 'granska.db');
    const elastic = { url: server.url, prefix: PREFIX, pageSize: 200 };
    const stores = [
      { worker: createSqliteStore({ path, mode: 'write' }), open: async () => createSqliteDesk({ path }) },
      {
        worker: asTransactions(await createElasticsearchStore({ ...elastic, mode: 'write' })),
        open: () => createElasticsearchDesk(elastic),
      },
    ];
    try {
      const made: Made[] = [];
      for (const { worker, open } of stores) {
        await worker.write(aBatch({ findings }));
        // A search of the server finds what was written once it is refreshed, which it does by itself each second.
        await fetch(`${server.url}/_refresh`, { method: 'POST' });
        const desk = await open();
        made.push(await reviewOf(desk));
        await desk.close();
      }
      expect(made[0]!.population.flatMap(chunk => chunk.items).length).to.be.above(300);
      expect(made[0]!.sample.flat()).to.have.length(25);
      expect(made[0]!.late).to.equal('REFUSED');
      const [sqlite, elastic9] = made as [Made, Made];
      for (const part of ['status', 'late', 'sample', 'population', 'contentHash'] as const) {
        expect(elastic9[part], part).to.deep.equal(sqlite[part]);
      }
    } finally {
      for (const { worker } of stores) await worker.close();
      await removeStore(server.url, PREFIX);
    }
  }).timeout(300_000);
});

type Made = Awaited<ReturnType<typeof reviewOf>>;

async function reviewOf(desk: DeskStore) {
  const policy = aPolicy();
  const range = { ...PERIOD, scope: PLAN.scope, departments: null, organization: aMonth(1)[0]!.tenant };
  const deps = depsOf(desk, [], {
    async *candidates() {
      for await (const seen of visitsToReview(desk, range, visitRulesOf(policy)))
        yield visitCandidate(seen, policy);
    },
  });
  const review = await beginReview({ plan: PLAN, period: PERIOD, diary: null, incomplete: 'refuse' }, deps);
  const [population, sample] = [await readPopulation(review, deps), await readSample(review, deps)];
  await decideAndSign(review, deps);
  const signed = (await readReview(ID, { ledger: desk, hash }))!;
  const late = await appendStep({ ...signed, status: 'open' }, { step: 'again', attempt: 2 }, deps).catch(
    error => error.code,
  );
  return { population, sample, contentHash: review.contentHash, status: signed.status, late };
}

async function decideAndSign(begun: Review, deps: ReturnType<typeof depsOf>): Promise<void> {
  let lines = begun.lines;
  const append = async (step: Parameters<typeof appendStep>[1]) => {
    lines = [...lines, await appendStep({ id: ID, lines, status: 'open' } as Review, step, deps)];
  };
  for (let item = 1; item <= begun.frozen!.sample.items; item++) {
    await append({ step: 'decided', item, outcome: 'nothing', answers: {}, remark: '', reviewer: 'anna' });
  }
  const said = { schema: 'granska.statement/1', kind: 'review-sign', person: 'bertil', atMs: 1 } as const;
  await append({ step: 'signed', statement: { ...said, body: {}, signature: 'unsigned' } });
}
