// Visits are computed on reading: from Elasticsearch they are those that the embedded store gives, and those of the
// naive twin.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { createElasticsearchStore } from '../../src/adapters/store/elasticsearch/elasticsearch-store.ts';
import { createSqliteStore } from '../../src/adapters/store/sqlite/sqlite-store.ts';
import type { Visit } from '../../src/model/visit.ts';
import { readVisits } from '../../src/pipeline/read-visits.ts';
import type { Store } from '../../src/ports/store.ts';
import { parseVisitQuery } from '../../src/visit/visit-query.ts';
import { aBatch } from '../contract/store.ts';
import { asTransactions } from '../contract/window-store.ts';
import { aMonth, ordersOf } from '../visit/month.ts';
import { naiveVisits } from '../visit/naive.ts';
import { RULES, ZONE } from '../visit/support.ts';
import type { Elasticsearch } from './elasticsearch.ts';
import { removeStore } from './send.ts';
import { startFor } from './start-for.ts';

describe('visits on Elasticsearch 9.2.0', () => {
  let server: Elasticsearch;
  let folder: string;

  before(async function () {
    server = await startFor(this, { version: '9.2.0' });
    folder = mkdtempSync(join(tmpdir(), 'granska-visits-'));
  });
  after(async () => {
    await server?.stop();
    if (folder !== undefined) rmSync(folder, { recursive: true });
  });

  const gather = async (store: Store, query: string) => {
    const visits: Visit[] = [];
    const asked = parseVisitQuery(query, { zone: ZONE, from: '2026-10-10T12:00', to: '2026-10-28' });
    for await (const visit of readVisits(store, asked, RULES)) visits.push(visit);
    return visits;
  };

  it('§7.1 are those of the embedded store, in whatever order four partitions arrived', async () => {
    const findings = aMonth(3_000);
    const all = naiveVisits(findings, RULES);
    for (const [order, batches] of ordersOf(findings).slice(2)) {
      const prefix = order.replaceAll(' ', '');
      const embedded = createSqliteStore({ path: join(folder, `${prefix}.db`), mode: 'write' });
      const elastic = asTransactions(
        await createElasticsearchStore({ url: server.url, mode: 'write', prefix, pageSize: 100 }),
      );
      try {
        for (const store of [embedded, elastic]) {
          for (const batch of batches) await store.write(aBatch({ findings: batch }));
        }
        for (const query of [
          '',
          'subject:u26-person1 grade:A,D',
          '-category:weapons site:site1.example -verdict:exempt',
        ]) {
          const visits = await gather(elastic, query);
          expect(visits, `${order} ${query}`).to.deep.equal(await gather(embedded, query));
          expect(visits.length).to.be.above(20);
          if (query === '') {
            const within = all.filter(
              ({ startMs, day }) =>
                startMs >= ZONE.startOfDayMs('2026-10-10') + 43_200_000 && day <= '2026-10-28',
            );
            expect(visits).to.deep.equal(within);
          }
        }
      } finally {
        await embedded.close();
        await elastic.close();
        await removeStore(server.url, prefix);
      }
    }
  }).timeout(240_000);
});
