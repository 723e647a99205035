// The file of decisions on a real disk: what is confirmed stays, and whatever does not fit is named by its line.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { createDecisionFile } from '../../../src/adapters/decisions/decision-file.ts';
import { readDecisions, requireWhole } from '../../../src/adapters/decisions/read-decisions.ts';
import { takeLock } from '../../../src/adapters/lock/exclusive-lock.ts';
import { GranskaError } from '../../../src/errors.ts';
import type { DecisionBody } from '../../../src/policy/decisions.ts';

describe('adapters/decisions', () => {
  let dir: string;
  let path: string;
  let head: string;

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'granska-decisions-'));
    path = join(dir, 'exemptions.ndjson');
    head = `${path}.head`;
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  const end = (id: string): DecisionBody => ({ kind: 'end', id, validThrough: '2026-03-31', reason: 'över' });
  const fileOf = (waitMs = 1000) =>
    createDecisionFile({
      ...{ path, shown: 'e.ndjson', by: 'anna', nowMs: () => Date.parse('2026-03-01T23:30:00Z'), waitMs },
      dayOf: () => '2026-03-02',
    });
  const decide = (...ids: string[]) =>
    ids.reduce<Promise<unknown>>(
      (before, id) =>
        before.then(() =>
          fileOf().append(
            () => end(id),
            async () => {},
          ),
        ),
      Promise.resolve(),
    );
  const refusalOf = (made: Promise<unknown>): Promise<GranskaError> =>
    made.then(
      () => expect.fail('it was decided'),
      error => error,
    );
  const lines = () => readFileSync(path, 'utf8').split('\n').slice(0, -1);
  const damage = () => readDecisions(path, 'e.ndjson').damage;
  const ids = () => readDecisions(path, 'e.ndjson').lines.map(line => (line as { id: string }).id);

  it('has no decisions where there is no file', () => {
    expect(readDecisions(path, 'e.ndjson')).to.include({ damage: null, isTorn: false, wholeBytes: 0 });
  });

  it('keeps who decided what, when and on which local day, line by line', async () => {
    await decide('E-1', 'E-2');
    const [first, second] = lines().map(line => JSON.parse(line));
    expect(first).to.include({
      ...{ schema: 'granska.decision/1', seq: 1, kind: 'end', id: 'E-1', by: 'anna', day: '2026-03-02' },
      ...{ at: '2026-03-01T23:30:00.000Z', prev: '0'.repeat(64), reason: 'över' },
    });
    expect([second.seq, second.prev]).to.deep.equal([2, first.hash]);
    expect(JSON.parse(readFileSync(head, 'utf8'))).to.deep.equal({ seq: 2, hash: second.hash });
    expect([damage(), ids()]).to.deep.equal([null, ['E-1', 'E-2']]);
  });

  it('lets nobody outside the group read it', async () => {
    await decide('E-1');
    for (const file of [path, head]) expect(statSync(file).mode & 0o007, file).to.equal(0);
  });

  it('writes nothing of what is refused', async () => {
    await decide('E-1');
    const before = readFileSync(path, 'utf8');
    const refusal = fileOf().append(
      () => end('E-2'),
      async () => {
        throw new GranskaError('REFUSED', 'no');
      },
    );
    expect(await refusal.catch(error => error.code)).to.equal('REFUSED');
    expect(readFileSync(path, 'utf8')).to.equal(before);
    await decide('E-3');
    expect(ids()).to.deep.equal(['E-1', 'E-3']);
  });

  it('§5.3 decides nothing by a clock that went back behind the last decision: what was covered stays covered', async () => {
    await decide('E-1');
    const earlier = createDecisionFile({
      ...{ path, shown: 'e.ndjson', by: 'anna', nowMs: () => Date.parse('2026-02-28T10:00:00Z') },
      dayOf: () => '2026-02-28',
    });
    const refusal = await refusalOf(
      earlier.append(
        () => end('E-2'),
        async () => {},
      ),
    );
    expect([refusal.code, refusal.message]).to.deep.equal([
      'USAGE',
      'the last decision is of 2026-03-02, and by the clock it is 2026-02-28',
    ]);
    expect(ids()).to.deep.equal(['E-1']);
  });

  it('shows its check the line as it will stand, behind what the file holds', async () => {
    await decide('E-1');
    let seen: unknown;
    await fileOf().append(
      () => end('E-2'),
      async (line, { lines: before }) => {
        seen = [before.length, line.seq];
      },
    );
    expect(seen).to.deep.equal([1, 2]);
    expect(readDecisions(path, 'e.ndjson').lines.at(-1)).to.include({ id: 'E-2' });
  });

  it('names the line of any byte that was changed', async () => {
    await decide('E-1', 'E-2', 'E-3');
    const whole = readFileSync(path);
    for (let at = 0; at < whole.length; at += 7) {
      const bytes = Buffer.from(whole);
      bytes[at] = bytes[at]! ^ 1;
      writeFileSync(path, bytes);
      const line = whole.subarray(0, at).filter(byte => byte === 10).length + 1;
      expect(damage()?.line, `byte ${at}`).to.equal(line);
    }
  });

  it('names the line whose end was changed', async () => {
    await decide('E-1', 'E-2');
    truncateSync(path, statSync(path).size - 1);
    expect(damage()).to.deep.equal({ line: 2, message: 'the line has no end' });
  });

  const edits: [string, (all: string[]) => string[], number][] = [
    ['the first was taken out', all => all.slice(1), 1],
    ['one in the middle was taken out', all => [all[0]!, all[2]!], 2],
    ['the last was taken out', all => all.slice(0, 2), 3],
    ['two were swapped', all => [all[1]!, all[0]!, all[2]!], 1],
    ['one stands twice', all => [all[0]!, ...all], 2],
    ['all were taken out', () => [], 1],
    ['one says the same with other signs', all => [all[0]!.replace('{', '{ '), ...all.slice(1)], 1],
  ];
  for (const [name, edit, line] of edits) {
    it(`names the line at which ${name}, and decides nothing more`, async () => {
      await decide('E-1', 'E-2', 'E-3');
      const text = edit(lines())
        .map(each => `${each}\n`)
        .join('');
      writeFileSync(path, text);
      expect(damage()?.line).to.equal(line);
      const error = await refusalOf(decide('E-4'));
      expect([error.code, error.exit]).to.deep.equal(['DAMAGED', 4]);
      expect(error.message).to.contain(`e.ndjson:${line}:`);
      expect(readFileSync(path, 'utf8')).to.equal(text);
    });
  }

  it('misses the file, its head, and a head that is no head', async () => {
    await decide('E-1', 'E-2');
    const kept = readFileSync(head);
    writeFileSync(head, '{');
    expect(damage()?.message).to.contain('its head is damaged');
    rmSync(head);
    expect(damage()?.message).to.contain('its head is missing');
    writeFileSync(head, kept);
    rmSync(path);
    expect(damage()?.line).to.equal(1);
    expect(() => requireWhole(readDecisions(path, 'e.ndjson'))).to.throw(/e\.ndjson:1:/);
  });

  it('takes what was written before a crash, where only the head was not', async () => {
    await decide('E-1');
    const before = readFileSync(head);
    await decide('E-2');
    writeFileSync(head, before);
    expect([damage(), ids()]).to.deep.equal([null, ['E-1', 'E-2']]);
    await decide('E-3');
    expect([damage(), ids()]).to.deep.equal([null, ['E-1', 'E-2', 'E-3']]);
  });

  for (const torn of ['{"at":"2026', 'x']) {
    it(`passes over half a line that was never confirmed (${torn.length} bytes), and cuts it off`, async () => {
      await decide('E-1');
      appendFileSync(path, torn);
      expect(readDecisions(path, 'e.ndjson')).to.include({ isTorn: true, damage: null });
      await decide('E-2');
      expect([damage(), ids(), lines().length]).to.deep.equal([null, ['E-1', 'E-2'], 2]);
    });
  }

  it('§10.2 cannot decide while another does, nor where the file cannot be used', async () => {
    const release = takeLock(`${path}.lock`, 1000)!;
    const held = await fileOf(1)
      .append(
        () => end('E-1'),
        async () => {},
      )
      .catch(error => error);
    release();
    expect([held.code, held.message]).to.deep.equal([
      'STORE',
      'another process holds the file of decisions e.ndjson',
    ]);
    mkdirSync(path);
    const error = await refusalOf(decide('E-1'));
    expect([error.code, error.exit]).to.deep.equal(['STORE', 3]);
  });

  it('is not forked by several processes at once, and read whole meanwhile', async () => {
    const script = join(import.meta.dirname, 'decide-some.ts');
    const children = Array.from({ length: 3 }, () =>
      spawn(process.execPath, [script, path, '8'], { stdio: ['ignore', 'ignore', 'ignore'] }),
    );
    const exits = children.map(child => once(child, 'exit'));
    let isDone = false;
    const all = Promise.all(exits).finally(() => {
      isDone = true;
    });
    while (!isDone) {
      expect(damage()).to.equal(null);
      await new Promise(setImmediate);
    }
    expect((await all).map(([code]) => code)).to.deep.equal([0, 0, 0]);
    expect([damage(), ids().length, new Set(ids()).size]).to.deep.equal([null, 24, 24]);
  }).timeout(120_000);
});
