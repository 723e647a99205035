import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect } from 'chai';
import { MIGRATIONS } from '../../../src/adapters/store/sqlite/migrations.ts';
import { storePath } from '../../../src/adapters/store/sqlite/open-database.ts';
import { createSqliteSetup, readSqliteStatus } from '../../../src/adapters/store/sqlite/sqlite-care.ts';
import { createSqliteDesk } from '../../../src/adapters/store/sqlite/sqlite-desk.ts';
import { createSqliteStore } from '../../../src/adapters/store/sqlite/sqlite-store.ts';
import { aRejudged, aRevision } from '../../contract/desk.ts';
import { aBatch, aStream } from '../../contract/store.ts';
import { aFinding, idOf } from '../../finding/arbitrary.ts';

describe('the care of the SQLite store', () => {
  let folder: string;
  let path: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'granska-care-'));
    path = storePath(join(folder, 'data'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const statesOf = async () => (await createSqliteSetup(path).look()).map(({ state }) => state);

  it('§10.1 sees that an earlier version made a store, leaves it so, and brings it forward when asked to', async () => {
    mkdirSync(dirname(path));
    const db = new DatabaseSync(path);
    const before = MIGRATIONS.length - 1;
    db.exec(`
      PRAGMA application_id = ${0x4752534b};
      CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
      INSERT INTO meta VALUES ('schemaVersion', '${before}');
    `);
    for (const step of MIGRATIONS.slice(0, before)) db.exec(step);
    db.close();
    expect(await statesOf()).to.deep.equal(['there', 'old']);
    expect(readSqliteStatus(path).schemaVersion).to.equal(before);
    expect(await statesOf()).to.deep.equal(['there', 'old']);
    await createSqliteSetup(path).make();
    expect(await statesOf()).to.deep.equal(['there', 'there']);
  });

  it('finds a store whole though a worker holds it', async () => {
    const worker = createSqliteStore({ path, mode: 'write', waitMs: 0 });
    await createSqliteSetup(path).make();
    expect(await statesOf()).to.deep.equal(['there', 'there']);
    await worker.close();
  });

  it('§6.2 §6.5 counts findings by class, and none on a site that is protected by now', async () => {
    const worker = createSqliteStore({ path, mode: 'write', waitMs: 0 });
    const findings = [
      aFinding({ id: idOf(1), offset: 1 }),
      aFinding({ id: idOf(2), offset: 2 }),
      aFinding({ id: idOf(3), offset: 3, class: 'forbidden' }),
    ];
    const retry = aStream({ id: 'b'.repeat(64), source: '' });
    const streams = [aStream(), retry].map(state => ({ state, marks: [] }));
    await worker.write(aBatch({ findings, streams }));
    const desk = createSqliteDesk({ path });
    const gone = aRevision({ findingId: idOf(2), verdict: 'protected', exemptions: [], otherExemptions: [] });
    expect((await desk.revise(aRejudged({ revisions: [gone] }))).revised).to.equal(1);
    const status = readSqliteStatus(path);
    expect(status.findings).to.deep.equal({ questionable: 1, forbidden: 1 });
    expect(status.streams.map(({ source }) => source)).to.deep.equal(['default']);
    await Promise.all([desk.close(), worker.close()]);
  });
});
