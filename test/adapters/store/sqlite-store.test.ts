import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect } from 'chai';
import fc from 'fast-check';
import { createMemoryStore } from '../../../src/adapters/store/memory-store.ts';
import { MIGRATIONS } from '../../../src/adapters/store/sqlite/migrations.ts';
import { storePath } from '../../../src/adapters/store/sqlite/open-database.ts';
import { createSqliteStore } from '../../../src/adapters/store/sqlite/sqlite-store.ts';
import { GranskaError } from '../../../src/errors.ts';
import type { Store } from '../../../src/ports/store.ts';
import { aBatch, aStream, describeStore, EVERYTHING, gather } from '../../contract/store.ts';
import { aFinding, arbitraryFinding, idOf } from '../../finding/arbitrary.ts';
import { arbitraryQuery } from '../../search/arbitrary.ts';

const folders: string[] = [];

function newPath(): string {
  const folder = mkdtempSync(join(tmpdir(), 'granska-store-'));
  folders.push(folder);
  return storePath(join(folder, 'data'));
}

function openStore(path = newPath(), mode: 'read' | 'write' = 'write'): Store {
  return createSqliteStore({ path, mode, waitMs: 0 });
}

function refusal(run: () => unknown): GranskaError {
  try {
    run();
  } catch (error) {
    if (error instanceof GranskaError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

describeStore('the SQLite store', async () => openStore());

describe('the SQLite store', () => {
  after(() => {
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  });

  it('answers every search, count and facet as the memory store does', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(arbitraryFinding, { maxLength: 60 }),
        fc.array(arbitraryQuery, { minLength: 1, maxLength: 40 }),
        async (findings, queries) => {
          const path = newPath();
          const stores = [openStore(path), createMemoryStore()] as const;
          const batch = aBatch({
            findings,
            streams: [{ state: aStream({ source: 'proxy-2' }), marks: [] }],
          });
          const [written, twin] = await Promise.all(stores.map(store => store.write(batch)));
          expect(written).to.deep.equal(twin);
          for (const query of queries) {
            const [found, expected] = await Promise.all(stores.map(store => gather(store.search(query))));
            expect(found, JSON.stringify(query)).to.deep.equal(expected);
            const [count, expectedCount] = await Promise.all(stores.map(store => store.count(query)));
            expect(count, JSON.stringify(query)).to.equal(expectedCount);
            for (const field of ['category', 'verdict', 'class', 'department', 'domain'] as const) {
              const [facet, expectedFacet] = await Promise.all(
                stores.map(async store => [...(await store.facet(query, field))]),
              );
              expect(facet, JSON.stringify(query)).to.deep.equal(expectedFacet);
            }
          }
          await stores[0].close();
        },
      ),
      { numRuns: 40 },
    );
  }).timeout(120_000);

  it('keeps what it was given when it is opened again', async () => {
    const path = newPath();
    const finding = aFinding({ id: idOf(1) });
    const first = openStore(path);
    await first.write(aBatch({ findings: [finding], streams: [{ state: aStream(), marks: [] }] }));
    await first.close();
    const second = openStore(path, 'read');
    expect(await gather(second.search(EVERYTHING))).to.deep.equal([finding]);
    expect(await second.streams('default', 'c'.repeat(64))).to.deep.equal([aStream()]);
    await second.close();
  });

  it('is readable by its owner only', async () => {
    const path = newPath();
    const store = openStore(path);
    await store.write(aBatch({ findings: [aFinding()] }));
    const folder = join(path, '..');
    for (const name of readdirSync(folder)) {
      expect(statSync(join(folder, name)).mode & 0o077, name).to.equal(0);
    }
    expect(statSync(folder).mode & 0o077).to.equal(0);
    await store.close();
  });

  it('§6.5 keeps findings of class forbidden in a table of their own', async () => {
    const path = newPath();
    const store = openStore(path);
    await store.write(aBatch({ findings: [aFinding({ id: idOf(1), class: 'forbidden' }), aFinding()] }));
    await store.close();
    const db = new DatabaseSync(path, { readOnly: true });
    const count = (table: string) => db.prepare(`SELECT count(*) AS n FROM ${table}`).get()?.n;
    expect([count('finding'), count('finding_forbidden')]).to.deep.equal([1, 1]);
    db.close();
  });

  it('lets one writer in at a time, and readers beside it', async () => {
    const path = newPath();
    const writer = openStore(path);
    const error = refusal(() => openStore(path));
    expect(error.code).to.equal('STORE');
    expect(error.message).to.contain('another scan is writing');
    const reader = openStore(path, 'read');
    await writer.write(aBatch({ findings: [aFinding()] }));
    expect(await reader.count(EVERYTHING)).to.equal(1);
    await writer.close();
    const next = openStore(path);
    await Promise.all([next.close(), reader.close()]);
  });

  it('shows a search the moment in which it began', async () => {
    const path = newPath();
    const store = openStore(path);
    await store.write(
      aBatch({ findings: Array.from({ length: 500 }, (_, n) => aFinding({ id: idOf(n), startMs: n })) }),
    );
    let seen = 0;
    for await (const finding of store.search(EVERYTHING)) {
      if (seen++ === 0) {
        expect(finding.startMs).to.equal(0);
        await store.write(aBatch({ findings: [aFinding({ id: idOf(1000), startMs: 499 })] }));
      }
    }
    expect(seen).to.equal(500);
    expect(await store.count(EVERYTHING)).to.equal(501);
    await store.close();
  });

  it('refuses to read a store that is not there, and makes none', () => {
    const path = newPath();
    const error = refusal(() => openStore(path, 'read'));
    expect([error.code, error.exit]).to.deep.equal(['STORE', 3]);
    expect(error.hint).to.contain('granska scan');
    expect(() => statSync(path)).to.throw();
  });

  it('refuses to write through a store that was opened for reading', async () => {
    const path = newPath();
    await openStore(path).close();
    const reader = openStore(path, 'read');
    const code = await reader.write(aBatch({})).then(
      () => 'written',
      error => error.code,
    );
    expect(code).to.equal('STORE');
    await reader.close();
  });

  it('§10.1 refuses a store that a newer Granska made, and leaves it as it is', async () => {
    const path = newPath();
    await openStore(path).close();
    const db = new DatabaseSync(path);
    db.exec("UPDATE meta SET value = '999' WHERE key = 'schemaVersion'");
    db.close();
    const before = readFileSync(path);
    for (const mode of ['read', 'write'] as const) {
      const error = refusal(() => openStore(path, mode));
      expect(error.code).to.equal('STORE');
      expect(error.hint).to.contain('newer Granska');
    }
    expect(readFileSync(path)).to.deep.equal(before);
  });

  it('§10.1 brings a store forward that stopped before its first migration', async () => {
    const path = newPath();
    await openStore(path).close();
    writeFileSync(path, '');
    const reader = openStore(path, 'read');
    expect(await reader.schemaVersion()).to.equal(MIGRATIONS.length);
    await reader.close();
  });

  it('refuses a file that is no store', async () => {
    const path = newPath();
    await openStore(path).close();
    writeFileSync(path, 'this is a text and not a database, however long it goes on. '.repeat(100));
    expect(refusal(() => openStore(path)).code).to.equal('DAMAGED');
    const other = newPath();
    await openStore(other).close();
    rmSync(other);
    const db = new DatabaseSync(other);
    db.exec('CREATE TABLE somebody_elses (x)');
    db.close();
    expect(refusal(() => openStore(other)).message).to.contain('another program');
  });

  it('says in words that a store cannot be opened', () => {
    const path = newPath();
    writeFileSync(join(path, '..', '..', 'file'), '');
    const error = refusal(() => openStore(storePath(join(path, '..', '..', 'file'))));
    expect(error.code).to.equal('STORE');
  });

  it('uses an index for each search that people make most', async () => {
    const path = newPath();
    await openStore(path).close();
    const db = new DatabaseSync(path, { readOnly: true });
    const plan = (sql: string) =>
      db
        .prepare(`EXPLAIN QUERY PLAN ${sql}`)
        .all()
        .map(row => row.detail)
        .join('; ');
    expect(plan("SELECT * FROM finding WHERE subject >= 'u26-a' AND subject < 'u26-b'")).to.contain('INDEX');
    expect(
      plan("SELECT * FROM finding WHERE domain_key = 'a' OR (domain_key >= 'a.' AND domain_key < 'a/')"),
    ).to.contain('finding_domain');
    expect(
      plan(
        'SELECT id, start_ms FROM finding UNION ALL SELECT id, start_ms FROM finding_forbidden ORDER BY start_ms, id',
      ),
    ).to.match(/MERGE.*finding_start.*finding_forbidden_start/);
    db.close();
  });
});
