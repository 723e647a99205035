// Figures are counted on reading: from Elasticsearch they are those that the embedded store gives, in every order of arrival.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { createElasticsearchStore } from '../../src/adapters/store/elasticsearch/elasticsearch-store.ts';
import { createSqliteStore } from '../../src/adapters/store/sqlite/sqlite-store.ts';
import { monthFigures } from '../../src/pipeline/month-figures.ts';
import type { ReadStore } from '../../src/ports/store.ts';
import { suppress } from '../../src/report/suppress.ts';
import { aBatch } from '../contract/store.ts';
import { asTransactions } from '../contract/window-store.ts';
import { aMonth, ordersOf } from '../visit/month.ts';
import { RULES } from '../visit/support.ts';
import type { Elasticsearch } from './elasticsearch.ts';
import { removeStore } from './send.ts';
import { startFor } from './start-for.ts';

describe('figures on Elasticsearch 9.2.0', () => {
  let server: Elasticsearch;
  let folder: string;

  before(async function () {
    server = await startFor(this, { version: '9.2.0' });
    folder = mkdtempSync(join(tmpdir(), 'granska-figures-'));
  });
  after(async () => {
    await server?.stop();
    if (folder !== undefined) rmSync(folder, { recursive: true });
  });

  it('§8.2 are those of the embedded store, before and after small groups are hidden', async () => {
    const findings = aMonth(4_000);
    const [tenant] = new Set(findings.map(finding => finding.tenant));
    const names = [...new Set(findings.map(({ department }) => department))];
    const figuresOf = (store: ReadStore) =>
      monthFigures(store, {
        ...{ tenant: tenant!, month: '2026-10', rules: RULES },
        policy: { minimumConfidence: 'none', reviewed: new Set(['staff']), smallGroup: 5 },
        departments: {
          departments: names.map(department => ({ tenant: tenant!, department, parent: null })),
          size: () => 10,
        },
      });
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
        const figures = await figuresOf(elastic);
        expect(figures).to.deep.equal(await figuresOf(embedded));
        expect(figures.cells.length).to.be.above(10);
        const counted = figures.cells.filter(({ unit }) => unit === 't');
        expect(counted.reduce((sum, { records }) => sum + records, 0)).to.be.above(1_000);
        expect(suppress(figures, 5).cells.length).to.be.above(1);
      } finally {
        await embedded.close();
        await elastic.close();
        await removeStore(server.url, prefix);
      }
    }
  }).timeout(240_000);
});
