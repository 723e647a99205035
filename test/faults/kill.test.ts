import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect } from 'chai';
import { storePath } from '../../src/adapters/store/sqlite/open-database.ts';
import { createSqliteStore } from '../../src/adapters/store/sqlite/sqlite-store.ts';
import { EVERYTHING } from '../contract/store.ts';
import { SIZE } from './writer.ts';

const KILLS = 24;

describe('a store whose writer is killed', () => {
  it('§9.3 holds every finding of its position just once, and nothing of what came after', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'granska-kill-'));
    const path = storePath(folder);
    let before = 0;
    try {
      for (let kill = 0; kill < KILLS; kill++) {
        const said = await writeAndKill(path, kill);
        const position = await check(path);
        // What the writer was told is written, is.
        expect(position).to.be.at.least(Math.max(said, before));
        before = position;
      }
      expect(before).to.be.at.least(KILLS);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }).timeout(180_000);
});

/** Lets a writer write some batches and kills it at another moment each time; gives the last position that it told. */
async function writeAndKill(path: string, kill: number): Promise<number> {
  const child = spawn(process.execPath, ['--no-warnings', join(import.meta.dirname, 'writer.ts'), path], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  const said = await killInMidWrite(child, kill);
  const [, signal] = await exited;
  expect(signal).to.equal('SIGKILL');
  return said;
}

async function killInMidWrite(child: ChildProcess, kill: number): Promise<number> {
  let said = 0;
  let lines = 0;
  let rest = '';
  for await (const chunk of child.stdout!.setEncoding('utf8') as AsyncIterable<string>) {
    const parts = (rest + chunk).split('\n');
    rest = parts.pop()!;
    for (const part of parts) if (part !== 'begun') said = Number(part);
    lines += parts.length;
    if (child.killed || lines <= kill % 9) continue;
    // The answer is on its way while the writer is in its next batch: some steps on, at a place of its own each time.
    for (let step = 0; step < kill * 40_000; step++) Math.sqrt(step);
    child.kill('SIGKILL');
  }
  return said;
}

/** Holds what is stored to the stored position, which it gives. */
async function check(path: string): Promise<number> {
  const store = createSqliteStore({ path, mode: 'write', waitMs: 10_000 });
  try {
    const [stream] = await store.streams('default', 'c'.repeat(64));
    const position = stream?.position ?? 0;
    const batches = position / SIZE;
    expect(Number.isInteger(batches)).to.equal(true);
    let next = 0;
    for await (const finding of store.search(EVERYTHING)) expect(finding.offset).to.equal(next++);
    expect(next).to.equal(position);
    const usage = await store.usage(0, 1);
    expect(usage.map(count => [count.records, count.bytes])).to.deep.equal(
      batches === 0 ? [] : [[position, position * 10]],
    );
    const days = await store.days('2026-10-01', '2026-10-01');
    expect(days.map(day => day.count)).to.deep.equal(batches === 0 ? [] : [position]);
    expect(await store.marks('a'.repeat(64))).to.have.length(batches);
    expect(await store.rejects()).to.have.length(batches);
    const ids = Array.from({ length: batches + 1 }, (_, n) => `u26-${n * SIZE}`);
    expect((await store.knownNames(ids)).size).to.equal(batches);
    expect(soundness(path)).to.equal('ok');
    return position;
  } finally {
    await store.close();
  }
}

function soundness(path: string): unknown {
  const db = new DatabaseSync(path, { readOnly: true });
  try {
    expect(db.prepare('PRAGMA foreign_key_check').all()).to.deep.equal([]);
    return db.prepare('PRAGMA integrity_check').get()?.integrity_check;
  } finally {
    db.close();
  }
}
