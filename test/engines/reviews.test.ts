// A plan and a seed draw the same sample from Elasticsearch as from the embedded store, and what is frozen has one hash; with
// the roles that are shipped, and without waiting until the server shows by itself what was written.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
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
import { aBatch, EVERYTHING } from '../contract/store.ts';
import { asTransactions } from '../contract/window-store.ts';
import { aPlan, depsOf, hash, ID, PERIOD } from '../review/support.ts';
import { aMonth } from '../visit/month.ts';
import type { Elasticsearch } from './elasticsearch.ts';
import { send } from './send.ts';
import { startFor } from './start-for.ts';

const PLAN = aPlan({ sample: { kind: 'stratified', size: 25, by: 'department' } });

const USERS = [
  { name: 'worker', password: 'worker-password', roles: ['granska_setup', 'granska_worker'] },
  {
    name: 'reviewer',
    password: 'reviewer-password',
    roles: ['granska_reader', 'granska_reader_forbidden', 'granska_ledger'],
  },
];
const NEVER = { index: { refresh_interval: '-1' } };

describe('a review on Elasticsearch 9.2.0', () => {
  let server: Elasticsearch;
  let folder: string;

  before(async function () {
    const roles = readFileSync(join(import.meta.dirname, '../../config/elasticsearch/roles.yml'), 'utf8');
    server = await startFor(this, { version: '9.2.0', security: { roles, users: USERS } });
    folder = mkdtempSync(join(tmpdir(), 'granska-reviews-'));
  });
  after(async () => {
    await server?.stop();
    if (folder !== undefined) rmSync(folder, { recursive: true });
  });

  it('§8.3 freezes and draws what it does from the embedded store, and closes when it is signed (§8.4)', async () => {
    const findings = aMonth(3_000);
    const path = join(folder, 'granska.db');
    const elastic = (name: string) => ({
      ...{ url: server.url, ca: server.ca!, pageSize: 200 },
      auth: { kind: 'basic', username: name, password: `${name}-password` } as const,
    });
    const stores = [
      { worker: createSqliteStore({ path, mode: 'write' }), open: async () => createSqliteDesk({ path }) },
      {
        worker: asTransactions(await createElasticsearchStore({ ...elastic('worker'), mode: 'write' })),
        open: () => createElasticsearchDesk(elastic('reviewer')),
      },
    ];
    try {
      const made: Made[] = [];
      const shown: number[] = [];
      for (const { worker, open } of stores) {
        await worker.write(aBatch({ findings: findings.slice(0, 1_500) }));
        // From here on the server shows nothing by itself, as if each moment were the one after a write.
        expect((await asOperator('PUT', '/granska-*/_settings', NEVER)).status).to.equal(200);
        await worker.write(aBatch({ findings: findings.slice(1_500) }));
        const desk = await open();
        shown.push(await desk.count(EVERYTHING));
        made.push(await reviewOf(desk));
        expect(await desk.count(EVERYTHING)).to.equal(3_000);
        await desk.close();
      }
      // Without catching up, the review would have been of these.
      expect(shown[0]).to.equal(3_000);
      expect(shown[1]).to.be.below(3_000);
      expect(made[0]!.population.flatMap(chunk => chunk.items).length).to.be.above(300);
      expect(made[0]!.sample.flat()).to.have.length(25);
      expect(made[0]!.late).to.equal('REFUSED');
      const [sqlite, elastic9] = made as [Made, Made];
      for (const part of ['status', 'late', 'sample', 'population', 'contentHash'] as const) {
        expect(elastic9[part], part).to.deep.equal(sqlite[part]);
      }
    } finally {
      for (const { worker } of stores) await worker.close();
    }
  }).timeout(300_000);

  const asOperator = (method: string, path: string, body: object) =>
    send(server.url, { method, path, body }, { ca: server.ca!, auth: `elastic:${server.password}` });
});

type Made = Awaited<ReturnType<typeof reviewOf>>;

async function reviewOf(desk: DeskStore) {
  const policy = aPolicy();
  const range = { ...PERIOD, scope: PLAN.scope, departments: null, organization: aMonth(1)[0]!.tenant };
  const deps = depsOf(desk, [], {
    catchUp: () => desk.catchUp(),
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
