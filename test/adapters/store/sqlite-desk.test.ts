import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Worker } from 'node:worker_threads';
import { expect } from 'chai';
import { storePath } from '../../../src/adapters/store/sqlite/open-database.ts';
import { createSqliteDesk } from '../../../src/adapters/store/sqlite/sqlite-desk.ts';
import { createSqliteStore } from '../../../src/adapters/store/sqlite/sqlite-store.ts';
import { GranskaError } from '../../../src/errors.ts';
import type { DeskStore } from '../../../src/ports/desk-store.ts';
import { aLine, aRejudged, aRevision, describeDeskStore } from '../../contract/desk.ts';
import { aBatch, EVERYTHING, gather } from '../../contract/store.ts';
import { aFinding, idOf } from '../../finding/arbitrary.ts';

const folders: string[] = [];

function newPath(): string {
  const folder = mkdtempSync(join(tmpdir(), 'granska-desk-'));
  folders.push(folder);
  return storePath(join(folder, 'data'));
}

const openWorker = (path: string) => createSqliteStore({ path, mode: 'write', waitMs: 0 });

describeDeskStore('the SQLite store', async () => {
  const path = newPath();
  const worker = openWorker(path);
  const desks: DeskStore[] = [createSqliteDesk({ path })];
  return {
    worker,
    desk: desks[0]!,
    async another() {
      desks.push(createSqliteDesk({ path }));
      return desks.at(-1)!;
    },
    async close() {
      await Promise.all([worker, ...desks].map(store => store.close()));
    },
  };
});

describe('the desk of the SQLite store', () => {
  after(() => {
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  });

  it('needs a store that is there, and makes none', () => {
    const path = newPath();
    let thrown: unknown;
    try {
      createSqliteDesk({ path });
    } catch (error) {
      thrown = error;
    }
    expect(thrown).to.be.instanceOf(GranskaError);
    expect((thrown as GranskaError).code).to.equal('STORE');
    expect((thrown as GranskaError).hint).to.contain('granska scan');
    expect(() => statSync(path)).to.throw();
  });

  it('writes while a worker holds its lock, and the worker goes on', async () => {
    const path = newPath();
    const worker = openWorker(path);
    await worker.write(aBatch({ findings: [aFinding({ id: idOf(1) })] }));
    const desk = createSqliteDesk({ path });
    for (let n = 2; n < 60; n++) {
      await worker.write(aBatch({ findings: [aFinding({ id: idOf(n), userAgent: `agent ${n}` })] }));
      const version = String(n).repeat(32).slice(0, 64);
      const versions = { lists: version, policy: version, directory: null };
      const revisions = [aRevision({ findingId: idOf(n - 1), versions })];
      expect((await desk.revise(aRejudged({ revisions }))).revised).to.equal(1);
      await desk.append(aLine({ seq: n - 1 }));
    }
    expect(await desk.totals()).to.include({ findings: 58 + 1, exempt: 58 });
    const found = await gather(desk.search(EVERYTHING));
    expect(found.every(({ id, userAgent }) => id === idOf(1) || userAgent?.startsWith('agent '))).to.equal(
      true,
    );
    expect(await worker.count(EVERYTHING)).to.equal(59);
    await Promise.all([worker.close(), desk.close()]);
    // The lock was the worker's alone.
    await openWorker(path).close();
  });

  it('waits for the transaction of another process, and loses nothing of either', async () => {
    const path = newPath();
    const setup = openWorker(path);
    const findings = Array.from({ length: 120 }, (_, n) => aFinding({ id: idOf(n), offset: n }));
    await setup.write(aBatch({ findings }));
    await setup.close();
    const thread = new Worker(new URL('./write-beside.ts', import.meta.url), {
      workerData: { path, batches: 25 },
    });
    const ended = new Promise<void>((resolve, reject) => {
      thread.once('error', reject);
      thread.once('exit', code => (code === 0 ? resolve() : reject(new Error(`ended with ${code}`))));
    });
    await new Promise(resolve => thread.once('message', resolve));
    const desk = createSqliteDesk({ path });
    for (const { id } of findings) {
      const outcome = await desk.revise(aRejudged({ revisions: [aRevision({ findingId: id })] }));
      expect(outcome.revised).to.equal(1);
    }
    await ended;
    expect(await desk.totals()).to.include({ findings: 120 + 25 * 50, exempt: 120 });
    await desk.close();
  });

  it('§5.8 lets nobody change, remove or replace a line, by whatever statement', async () => {
    const path = newPath();
    const worker = openWorker(path);
    await worker.write(aBatch({ findings: [aFinding({ id: idOf(1) })] }));
    const desk = createSqliteDesk({ path });
    await desk.revise(aRejudged({ revisions: [aRevision()] }));
    await desk.append(aLine());
    const before = [await desk.revisions(idOf(1)), await desk.entries('case', aLine().key)];
    const db = new DatabaseSync(path);
    for (const statement of [
      "UPDATE ledger SET written_by = 'bo'",
      'DELETE FROM ledger',
      "UPDATE judgement SET verdict = 'examine'",
      'DELETE FROM judgement',
    ]) {
      expect(() => db.exec(statement), statement).to.throw(/never (changed|removed)/);
    }
    for (const table of ['ledger', 'judgement']) {
      const column = table === 'ledger' ? 'written_by' : 'reason';
      db.exec(`CREATE TEMP TABLE copy_of_${table} AS SELECT * FROM ${table};
        UPDATE copy_of_${table} SET ${column} = 'bo';
        INSERT OR REPLACE INTO ${table} SELECT * FROM copy_of_${table};`);
    }
    db.close();
    expect([await desk.revisions(idOf(1)), await desk.entries('case', aLine().key)]).to.deep.equal(before);
    await Promise.all([worker.close(), desk.close()]);
  });

  it('§5.8 never tells later content as the first judgement, even where its line is lost', async () => {
    const path = newPath();
    const worker = openWorker(path);
    await worker.write(aBatch({ findings: [aFinding({ id: idOf(1) })] }));
    const desk = createSqliteDesk({ path });
    await desk.revise(aRejudged({ revisions: [aRevision()] }));
    const db = new DatabaseSync(path);
    db.exec('DROP TRIGGER judgement_kept; DELETE FROM judgement WHERE revision = 0;');
    db.close();
    expect(await desk.revisions(idOf(1))).to.deep.equal([aRevision()]);
    await Promise.all([worker.close(), desk.close()]);
  });

  it('writes all of a batch or nothing', async () => {
    const path = newPath();
    const worker = openWorker(path);
    await worker.write(aBatch({ findings: [aFinding({ id: idOf(1) }), aFinding({ id: idOf(2) })] }));
    const desk = createSqliteDesk({ path });
    const bad = aRevision({
      findingId: idOf(2),
      reason: 7n as unknown as string,
      atMs: 'x' as unknown as number,
    });
    const failed = await desk.revise(aRejudged({ revisions: [aRevision(), bad] })).then(
      () => 'written',
      () => 'failed',
    );
    expect(failed).to.equal('failed');
    expect(await desk.revisions(idOf(1))).to.have.length(1);
    expect((await desk.finding(idOf(1)))?.revision).to.equal(0);
    const good = aRevision({ findingId: idOf(2) });
    expect((await desk.revise(aRejudged({ revisions: [aRevision(), good] }))).revised).to.equal(2);
    await Promise.all([worker.close(), desk.close()]);
  });
});
