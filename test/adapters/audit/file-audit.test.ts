import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { createFileAudit } from '../../../src/adapters/audit/file-audit.ts';
import { createTextHider } from '../../../src/adapters/audit/hide-text.ts';
import { osAccount } from '../../../src/adapters/audit/os-account.ts';
import { GranskaError } from '../../../src/errors.ts';
import type { Audit } from '../../../src/ports/audit.ts';

describe('the audit chain on disk', () => {
  let dataDir: string;
  let audit: Audit;
  const path = (name: string) => join(dataDir, 'audit', name);
  const lines = () => readFileSync(path('chain.ndjson'), 'utf8').split('\n').slice(0, -1);
  const view = (n: number) => audit.append({ action: 'search', shown: n, details: { terms: [] } });
  const views = async (count: number) => {
    for (let n = 0; n < count; n++) await view(n);
  };
  const refusal = async (promise: Promise<unknown>) => {
    const error = await promise.then(
      () => null,
      caught => caught,
    );
    expect(error).to.be.instanceOf(GranskaError);
    return error as GranskaError;
  };

  beforeEach(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'granska-audit-'));
    audit = createFileAudit({ dataDir, actor: 'anna', nowMs: () => Date.UTC(2026, 9, 5), waitMs: 0 });
  });
  afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

  it('is whole before anything was viewed, and verifying makes nothing', async () => {
    expect(await audit.verify()).to.include({ lines: 0, isIntact: true, brokenLine: null });
    expect(existsSync(path(''))).to.equal(false);
  });

  it('§8.5 notes who, when and what, each line holding the hash of the one before', async () => {
    await views(3);
    const [first, second] = lines().map(line => JSON.parse(line));
    expect(first).to.include({
      seq: 1,
      actor: 'anna',
      at: '2026-10-05T00:00:00.000Z',
      action: 'search',
      shown: 0,
    });
    expect(second.prev).to.equal(first.hash);
    const report = await audit.verify();
    expect(report).to.include({ lines: 3, isIntact: true, brokenLine: null });
    expect(report.message).to.contain(JSON.parse(lines()[2]!).hash);
  });

  it('is readable by its owner only', async () => {
    await view(1);
    for (const name of ['', ...readdirSync(path(''))]) {
      expect(statSync(path(name)).mode & 0o077, name).to.equal(0);
    }
  });

  it('§8.5 names the line that was changed', async () => {
    await views(5);
    const text = readFileSync(path('chain.ndjson'), 'utf8');
    writeFileSync(path('chain.ndjson'), text.replace('"shown":2', '"shown":0'));
    expect(await audit.verify()).to.include({ lines: 2, isIntact: false, brokenLine: 3 });
  });

  it('§8.5 misses whole lines cut off the end, and appends nothing over the gap', async () => {
    await views(5);
    writeFileSync(
      path('chain.ndjson'),
      lines()
        .slice(0, 3)
        .map(line => `${line}\n`)
        .join(''),
    );
    expect(await audit.verify()).to.include({ lines: 3, isIntact: false, brokenLine: 4 });
    const error = await refusal(view(9));
    expect([error.code, error.exit]).to.deep.equal(['DAMAGED', 4]);
    expect(lines()).to.have.length(3);
  });

  it('§8.5 misses the whole chain, an emptied one and its head', async () => {
    await views(5);
    const head = readFileSync(path('chain.head'));
    rmSync(path('chain.head'));
    expect((await audit.verify()).isIntact).to.equal(false);
    expect((await refusal(view(9))).code).to.equal('DAMAGED');
    writeFileSync(path('chain.head'), 'scribble');
    expect((await audit.verify()).isIntact).to.equal(false);
    expect((await refusal(view(9))).code).to.equal('DAMAGED');
    writeFileSync(path('chain.head'), head);
    expect((await audit.verify()).isIntact).to.equal(true);
    truncateSync(path('chain.ndjson'));
    expect(await audit.verify()).to.include({ lines: 0, isIntact: false, brokenLine: 1 });
    expect((await refusal(view(9))).code).to.equal('DAMAGED');
    rmSync(path('chain.ndjson'));
    expect((await audit.verify()).isIntact).to.equal(false);
  });

  it('§8.5 sees that the last line was written anew', async () => {
    await views(2);
    const old = lines();
    await view(7);
    const newer = readFileSync(path('chain.head'));
    writeFileSync(path('chain.ndjson'), `${old.join('\n')}\n`);
    writeFileSync(path('chain.head'), JSON.stringify({ seq: 2, hash: JSON.parse(old[1]!).hash }));
    await view(8);
    writeFileSync(path('chain.head'), newer);
    expect(await audit.verify()).to.include({ isIntact: false, brokenLine: 3 });
  });

  for (const bytes of [1, 60]) {
    it(`reports half a line after a crash (${bytes} bytes), and the next view cuts it off and says so`, async () => {
      await views(2);
      appendFileSync(path('chain.ndjson'), lines()[1]!.slice(0, bytes));
      const report = await audit.verify();
      expect(report).to.include({ lines: 2, isIntact: true });
      expect(report.message).to.contain(`half a line follows (${bytes} bytes)`);
      await view(3);
      const [recovered, viewed] = lines()
        .slice(2)
        .map(line => JSON.parse(line));
      expect(recovered).to.deep.include({ seq: 3, action: 'recovered', details: { tornBytes: bytes } });
      expect(viewed).to.include({ seq: 4, shown: 3 });
      expect(await audit.verify()).to.include({ lines: 4, isIntact: true });
    });
  }

  it('goes on where a crash came between a line and the head', async () => {
    await views(2);
    const head = readFileSync(path('chain.head'));
    await view(2);
    writeFileSync(path('chain.head'), head);
    expect(await audit.verify()).to.include({ lines: 3, isIntact: true });
    await view(3);
    expect(await audit.verify()).to.include({ lines: 4, isIntact: true });
  });

  it('goes on where the very first line was torn', async () => {
    await view(1);
    rmSync(path('chain.head'));
    truncateSync(path('chain.ndjson'), 20);
    expect(await audit.verify()).to.include({ lines: 0, isIntact: true });
    await view(2);
    expect(await audit.verify()).to.include({ lines: 2, isIntact: true });
  });

  it('reads back a line that is longer than any buffer', async () => {
    await view(1);
    await audit.append({ action: 'search', shown: 1, details: { terms: ['å'.repeat(200_000)] } });
    await view(2);
    expect(await audit.verify()).to.include({ lines: 3, isIntact: true });
  });

  it('refuses to go on where the view cannot be noted', async () => {
    writeFileSync(path('').replace(/\/$/, ''), '');
    const error = await refusal(view(1));
    expect([error.code, error.exit]).to.deep.equal(['STORE', 3]);
    expect(error.message).to.contain('nothing is shown');
  });

  it('is not forked by several processes at once', async () => {
    const script = join(import.meta.dirname, 'append-once.ts');
    const children = Array.from({ length: 4 }, () =>
      spawn(process.execPath, [script, dataDir, '10'], { stdio: ['ignore', 'ignore', 'ignore'] }),
    );
    const exits = await Promise.all(children.map(child => once(child, 'exit')));
    expect(exits.map(([code]) => code)).to.deep.equal([0, 0, 0, 0]);
    expect(await audit.verify()).to.include({ lines: 40, isIntact: true });
    expect(new Set(lines().map(line => JSON.parse(line).actor)).size).to.equal(4);
  }).timeout(120_000);
});

describe('what surrounds the audit chain', () => {
  it('hides a text by the key alone, the same way each time', () => {
    const key = new Uint8Array(32).fill(7);
    const hide = createTextHider(key);
    expect(hide('anna')).to.equal(createTextHider(key)('anna'));
    expect(hide('anna')).to.match(/^hidden-[0-9a-f]{24}$/);
    expect(hide('anna')).to.not.equal(hide('Anna'));
    expect(hide('anna')).to.not.equal(createTextHider(new Uint8Array(32))('anna'));
  });

  it('names the account that is at work', () => {
    expect(osAccount()).to.match(/./);
  });
});
