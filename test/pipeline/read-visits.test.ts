import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { createMemoryStore } from '../../src/adapters/store/memory-store.ts';
import { createSqliteStore } from '../../src/adapters/store/sqlite/sqlite-store.ts';
import type { Finding } from '../../src/model/finding.ts';
import type { Visit } from '../../src/model/visit.ts';
import { readVisits } from '../../src/pipeline/read-visits.ts';
import type { Store } from '../../src/ports/store.ts';
import { noneLeftOut } from '../../src/visit/left-out.ts';
import { EVERY_VISIT, parseVisitQuery, type VisitQuery } from '../../src/visit/visit-query.ts';
import { aBatch } from '../contract/store.ts';
import { aFinding, idOf } from '../finding/arbitrary.ts';
import { aMonth, type Order, ordersOf } from '../visit/month.ts';
import { naiveVisits } from '../visit/naive.ts';
import { arbitraryFindings, at, MINUTE_MS, RULES, ZONE } from '../visit/support.ts';

async function gather(store: Pick<Store, 'search'>, query: VisitQuery): Promise<Visit[]> {
  const visits: Visit[] = [];
  for await (const visit of readVisits(store, query, RULES)) visits.push(visit);
  return visits;
}

async function storeOf(findings: readonly Finding[]): Promise<Store> {
  const store = createMemoryStore();
  await store.write(aBatch({ findings }));
  return store;
}

const ask = (text: string) => parseVisitQuery(text, { zone: ZONE });

describe('visits read from a store', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'granska-visits-'));
  });
  after(() => rmSync(folder, { recursive: true }));

  for (const [name, open] of [
    ['memory', (_: Order) => createMemoryStore()],
    ['SQLite', (order: Order) => createSqliteStore({ path: join(folder, `${order}.db`), mode: 'write' })],
  ] as const) {
    it(`§7.1 are the same from ${name}, in whatever order four partitions arrived`, async () => {
      const findings = aMonth(3_000);
      const expected = naiveVisits(findings, RULES);
      expect(expected.length).to.be.above(300);
      expect(expected.some(({ records }) => records > 5)).to.equal(true);
      for (const [order, batches] of ordersOf(findings)) {
        const store = open(order);
        try {
          for (const batch of batches) await store.write(aBatch({ findings: batch }));
          expect(await gather(store, EVERY_VISIT), order).to.deep.equal(expected);
        } finally {
          await store.close();
        }
      }
    });
  }

  it('§1.1 §7.1 are never cut by a time range: each is whole, and in the range in which it began', async () => {
    const t = at('2026-10-05', 600);
    const store = await storeOf(
      Array.from({ length: 10 }, (_, n) =>
        aFinding({ id: idOf(n), recordId: idOf(n), startMs: t + n * 10 * MINUTE_MS }),
      ),
    );
    const records = async (fromMs: number, toMs: number) =>
      (await gather(store, { ...EVERY_VISIT, fromMs, toMs })).map(visit => visit.records);
    expect(await records(t, t + 1)).to.deep.equal([10]);
    expect(await records(t - 1, t)).to.deep.equal([]);
    expect(await records(t + 1, t + 200 * MINUTE_MS)).to.deep.equal([]);
  });

  it('§7.1 are the whole ones of a day, a range and a query, as filtering all of them gives', async () => {
    const queries = [
      '',
      'grade:A',
      'verdict:exempt',
      'department:Bygg -grade:D',
      'class:forbidden',
      'category:weapons',
    ];
    await fc.assert(
      fc.asyncProperty(
        arbitraryFindings,
        fc.constantFrom(...queries),
        fc.nat(4_000),
        async (findings, text, minutes) => {
          const fromMs = at('2026-03-28', 23 * 60 + (minutes % 240));
          const query = { ...ask(text), fromMs, toMs: fromMs + minutes * MINUTE_MS + 1 };
          const all = await gather(await storeOf(findings), EVERY_VISIT);
          const asked = all.filter(
            visit =>
              visit.startMs >= query.fromMs &&
              visit.startMs < query.toMs &&
              (!text.startsWith('grade:A') || visit.grade === 'A') &&
              (text !== 'verdict:exempt' || visit.verdict === 'exempt') &&
              (!text.startsWith('department') || (visit.department === 'Bygg' && visit.grade !== 'D')) &&
              (!text.startsWith('class') || visit.class === 'forbidden') &&
              (!text.startsWith('category') || visit.category === 'weapons'),
          );
          expect(await gather(await storeOf(findings), query)).to.deep.equal(asked);
        },
      ),
      { numRuns: 150 },
    );
  });

  it('are the earliest so many where a limit is set, and reading ends there', async () => {
    const store = await storeOf(aMonth(500));
    const all = await gather(store, EVERY_VISIT);
    expect(await gather(store, { ...EVERY_VISIT, limit: 7 })).to.deep.equal(all.slice(0, 7));
    expect(await gather(store, { ...EVERY_VISIT, limit: 0 })).to.deep.equal([]);
    let isClosed = false;
    const endless = {
      async *search() {
        try {
          for (let n = 0; ; n++) yield aFinding({ id: idOf(n), startMs: n * 60 * MINUTE_MS });
        } finally {
          isClosed = true;
        }
      },
    };
    expect(await gather(endless, { ...EVERY_VISIT, limit: 3 })).to.have.length(3);
    expect(isClosed).to.equal(true);
  });

  it('§2.4 §3.3 §5.8 come with counts of the asked findings that are part of none', async () => {
    const parts: Partial<Finding>[] = [
      {},
      { verdict: null, access: 'denied' },
      { verdict: null, access: 'denied', department: 'Bygg' },
      { verdict: 'withdrawn' },
      { subjectKind: 'none', subjectId: null },
      { subjectKind: 'none', subjectId: null, startMs: at('2026-10-06', 0) },
    ];
    const findings = parts.map((changes, n) =>
      aFinding({ startMs: at('2026-10-05', 600), ...changes, id: idOf(n), recordId: idOf(n) }),
    );
    const count = async (text: string) => {
      const leftOut = noneLeftOut();
      const query = { ...ask(text), toMs: at('2026-10-05', 700) };
      for await (const _ of readVisits(await storeOf(findings), query, { ...RULES, leftOut }));
      return leftOut;
    };
    expect(await count('')).to.deep.equal({ attempt: 2, withdrawn: 1, noSubject: 1 });
    expect(await count('department:Bygg grade:A verdict:exempt')).to.deep.equal({
      ...{ attempt: 1, withdrawn: 0, noSubject: 0 },
    });
  });
});
