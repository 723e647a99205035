// Cases are computed on reading: from Elasticsearch they are those of the embedded store, and so is what was decided.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { createElasticsearchDesk } from '../../src/adapters/store/elasticsearch/elasticsearch-desk.ts';
import { createElasticsearchStore } from '../../src/adapters/store/elasticsearch/elasticsearch-store.ts';
import { createSqliteDesk } from '../../src/adapters/store/sqlite/sqlite-desk.ts';
import { createSqliteStore } from '../../src/adapters/store/sqlite/sqlite-store.ts';
import { runCasesList, runCasesShow } from '../../src/cli/commands/cases.ts';
import { runCasesDecide } from '../../src/cli/commands/cases-decide.ts';
import { runListsOverrides } from '../../src/cli/commands/lists-overrides.ts';
import type { CaseOutcome } from '../../src/model/case.ts';
import type { Finding } from '../../src/model/finding.ts';
import type { DeskStore } from '../../src/ports/desk-store.ts';
import { anOffice } from '../cli/commands/cases-support.ts';
import { readNdjson } from '../cli/run.ts';
import { aBatch } from '../contract/store.ts';
import { asTransactions } from '../contract/window-store.ts';
import { aMonth } from '../visit/month.ts';
import type { Elasticsearch } from './elasticsearch.ts';
import { removeStore, send } from './send.ts';
import { startFor } from './start-for.ts';

const PREFIX = 'cases';

describe('cases on Elasticsearch 9.2.0', () => {
  let server: Elasticsearch;
  let folder: string;

  before(async function () {
    server = await startFor(this, { version: '9.2.0' });
    folder = mkdtempSync(join(tmpdir(), 'granska-cases-'));
  });
  after(async () => {
    await server?.stop();
    if (folder !== undefined) rmSync(folder, { recursive: true });
  });

  it('§5.8 are those of the embedded store, before and after decisions and more findings', async () => {
    const findings = aMonth(600);
    const path = join(folder, 'granska.db');
    const elastic = { url: server.url, prefix: PREFIX, pageSize: 50 };
    const stores = [
      {
        worker: createSqliteStore({ path, mode: 'write' }),
        openDesk: async () => createSqliteDesk({ path }),
      },
      {
        worker: asTransactions(await createElasticsearchStore({ ...elastic, mode: 'write' })),
        openDesk: () => createElasticsearchDesk(elastic),
      },
    ];
    try {
      const told: string[] = [];
      for (const { worker, openDesk } of stores) {
        const write = async (some: readonly Finding[]) => {
          await worker.write(aBatch({ findings: some }));
          // A cluster finds what others wrote after a second at the latest; here nobody waits for it.
          await send(server.url, { method: 'POST', path: `/${PREFIX}-*/_refresh` });
        };
        await write(findings.filter((_, n) => n % 4 !== 0));
        const parts = [await list(openDesk)];
        const open = readNdjson(parts[0]!).map(one => one.id);
        expect(open.length).to.be.above(50);
        for (const [at, outcome] of OUTCOMES.entries()) await decide(openDesk, open[at * 7], outcome);
        await write(findings.filter((_, n) => n % 4 === 0));
        parts.push(
          await list(openDesk),
          await list(openDesk, { query: 'category:weapons', from: '2026-10-10' }),
        );
        parts.push(await list(openDesk, { status: 'reopened,explained,confirmed,false-match,dismissed' }));
        parts.push(await show(openDesk, open[0]), await overrides(openDesk));
        expect(readNdjson(parts[3]!)).to.have.length(OUTCOMES.length);
        told.push(parts.join('\n'));
      }
      expect(told[1]).to.equal(told[0]);
    } finally {
      for (const { worker } of stores) await worker.close();
      await removeStore(server.url, PREFIX);
    }
  }).timeout(300_000);
});

const OUTCOMES: readonly CaseOutcome[] = ['confirmed', 'explained', 'falseMatch', 'dismissed', 'falseMatch'];

type OpenDesk = () => Promise<DeskStore>;

async function list(
  openDesk: OpenDesk,
  options: { query?: string; from?: string; status?: string } = {},
): Promise<string> {
  const office = await anOffice([]);
  const deps = { ...office.deps('anna'), openDesk };
  return (await office.ran(io => runCasesList({ query: '', json: true, ...options }, deps, io))).out;
}

async function show(openDesk: OpenDesk, id: string): Promise<string> {
  const office = await anOffice([]);
  const deps = { ...office.deps('anna'), openDesk };
  return (await office.ran(io => runCasesShow({ id, lang: 'sv', json: false }, deps, io))).out;
}

async function decide(openDesk: OpenDesk, id: string, outcome: CaseOutcome): Promise<void> {
  const office = await anOffice([]);
  const deps = { ...office.deps('anna'), openDesk };
  await office.ran(io =>
    runCasesDecide({ id, outcome, reason: 'an assignment', seen: null, after: null }, deps, io),
  );
}

async function overrides(openDesk: OpenDesk): Promise<string> {
  const office = await anOffice([]);
  const deps = { ...office.deps('anna'), openDesk };
  return (await office.ran(io => runListsOverrides({ json: true }, deps, io))).out;
}
