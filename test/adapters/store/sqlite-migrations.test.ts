// A store as an earlier Granska left it, brought forward with what lies in it.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect } from 'chai';
import {
  bindFinding,
  FINDING_COLUMNS,
  FINDING_TABLES,
} from '../../../src/adapters/store/sqlite/finding-row.ts';
import { MIGRATIONS } from '../../../src/adapters/store/sqlite/migrations.ts';
import { storePath } from '../../../src/adapters/store/sqlite/open-database.ts';
import { createSqliteDesk } from '../../../src/adapters/store/sqlite/sqlite-desk.ts';
import { createSqliteStore } from '../../../src/adapters/store/sqlite/sqlite-store.ts';
import type { Finding } from '../../../src/model/finding.ts';
import { aRejudged, aRevision } from '../../contract/desk.ts';
import { aBatch, EVERYTHING, gather } from '../../contract/store.ts';
import { aFinding, idOf } from '../../finding/arbitrary.ts';

/** What marks the file as a store (`GRSK`). */
const APPLICATION_ID = 0x4752534b;
/** Columns that came with a later step. */
const LATER = ['observer'];

describe('the steps of the SQLite store', () => {
  const folder = mkdtempSync(join(tmpdir(), 'granska-steps-'));
  after(() => rmSync(folder, { recursive: true, force: true }));

  const old = [
    aFinding({ id: idOf(1), observerName: null }),
    aFinding({ id: idOf(2), observerName: null, class: 'forbidden' }),
  ];

  for (const mode of ['read', 'write'] as const) {
    it(`§10.1 bring a store of the first step forward when it is opened to ${mode}, and lose nothing`, async () => {
      const path = storePath(join(folder, mode));
      makeFirst(path, old);
      const store = createSqliteStore({ path, mode, waitMs: 0 });
      try {
        expect(await store.schemaVersion()).to.equal(MIGRATIONS.length);
        expect(await gather(store.search(EVERYTHING))).to.deep.equal(old);
      } finally {
        await store.close();
      }
    });
  }

  it('§5.8 keep later judgements, and take the first one beside them from then on', async () => {
    const path = storePath(join(folder, 'judged'));
    makeFirst(path, old);
    const db = new DatabaseSync(path);
    db.prepare('INSERT INTO judgement VALUES (?, 1, NULL, ?, NULL, ?, ?, ?, ?, ?)').run(
      Buffer.from(idOf(1), 'hex'),
      ...['p', 'exempt', '["U-1"]', 'it was granted late', 'anna', 7],
    );
    db.close();
    const desk = createSqliteDesk({ path });
    try {
      const history = await desk.revisions(idOf(1));
      expect(history.map(({ revision, reason }) => [revision, reason])).to.deep.equal([
        [0, 'first judgement'],
        [1, 'it was granted late'],
      ]);
      expect(history[1]).to.include({ verdict: 'exempt', by: 'anna', atMs: 7 });
      expect(history[1]!.otherExemptions).to.deep.equal([]);
      const revisions = [aRevision({ findingId: idOf(2) })];
      expect((await desk.revise(aRejudged({ revisions }))).revised).to.equal(1);
      expect(await desk.revisions(idOf(2))).to.have.length(2);
    } finally {
      await desk.close();
    }
  });

  it('let the name of the proxy be stored and searched in both tables beside older findings', async () => {
    const path = storePath(join(folder, 'both'));
    makeFirst(path, old);
    const store = createSqliteStore({ path, mode: 'write', waitMs: 0 });
    try {
      const newer = [
        aFinding({ id: idOf(3), observerName: 'proxy-1' }),
        aFinding({ id: idOf(4), observerName: 'proxy-1', class: 'forbidden' }),
        aFinding({ id: idOf(5), observerName: 'proxy-2' }),
      ];
      await store.write({ ...aBatch({ findings: newer }), settled: [] });
      const found = (value: string, negated: boolean) =>
        gather(
          store.search({
            ...EVERYTHING,
            terms: [{ kind: 'field', field: 'observer', values: [value], negated }],
          }),
        );
      expect(await found('proxy-1', false)).to.have.deep.members(newer.slice(0, 2));
      expect(await found('*', true)).to.have.deep.members(old);
    } finally {
      await store.close();
    }
  });
});

/** Makes a store by the first step alone, with findings as it held them. */
function makeFirst(path: string, findings: readonly Finding[]): void {
  mkdirSync(dirname(path), { recursive: true });
  const db = new DatabaseSync(path);
  db.exec(`
    PRAGMA application_id = ${APPLICATION_ID};
    CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
    INSERT INTO meta (key, value) VALUES ('schemaVersion', '1');
    ${MIGRATIONS[0]}`);
  const numberOf = (text: string): number => {
    db.prepare('INSERT OR IGNORE INTO text (value) VALUES (?)').run(text);
    return Number(db.prepare('SELECT no FROM text WHERE value = ?').get(text)!.no);
  };
  for (const finding of findings) {
    const values = bindFinding(finding, numberOf);
    const cells = FINDING_COLUMNS.map((column, index) => ({ column, value: values[index]! })).filter(
      ({ column }) => !LATER.includes(column),
    );
    db.prepare(
      `INSERT INTO ${FINDING_TABLES[finding.class]} (${cells.map(({ column }) => column).join(', ')})
       VALUES (${cells.map(() => '?').join(', ')})`,
    ).run(...cells.map(({ value }) => value));
  }
  db.close();
}
