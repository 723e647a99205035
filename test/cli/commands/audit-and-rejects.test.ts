import { PassThrough } from 'node:stream';
import { expect } from 'chai';
import { createMemoryStore } from '../../../src/adapters/store/memory-store.ts';
import { createZone } from '../../../src/calendar/zone.ts';
import { runAuditVerify } from '../../../src/cli/commands/audit.ts';
import { runRejects } from '../../../src/cli/commands/rejects.ts';
import type { Io } from '../../../src/cli/io.ts';
import type { AuditReport } from '../../../src/ports/audit.ts';
import type { RejectBatch } from '../../../src/ports/store.ts';
import { aBatch } from '../../contract/store.ts';

function newIo(): { io: Io; out: () => string } {
  const stdout = new PassThrough();
  const io = {
    stdin: new PassThrough(),
    stdout,
    stderr: new PassThrough(),
    isTerminal: false,
    isErrorTerminal: false,
    columns: 80,
  };
  return { io, out: () => String(stdout.read() ?? '') };
}

describe('granska audit verify', () => {
  const verify = async (report: AuditReport, json: boolean) => {
    const { io, out } = newIo();
    const audit = { append: async () => {}, verify: async () => report };
    return { exit: await runAuditVerify({ json }, audit, io), text: out() };
  };
  const whole: AuditReport = { lines: 3, isIntact: true, brokenLine: null, message: 'each line fits' };
  const broken: AuditReport = { lines: 1, isIntact: false, brokenLine: 2, message: 'line 2 is broken' };

  it('exits 0 where the chain is whole', async () => {
    const { exit, text } = await verify(whole, false);
    expect([exit, text]).to.deep.equal([0, 'The audit chain is whole: 3 lines.\n  each line fits\n']);
  });

  it('§10.2 exits 4 where it is broken, and names the line', async () => {
    const { exit, text } = await verify(broken, false);
    expect(exit).to.equal(4);
    expect(text).to.contain('BROKEN at line 2');
  });

  it('§10.1 prints JSON with its schema', async () => {
    const { exit, text } = await verify(broken, true);
    expect(exit).to.equal(4);
    expect(JSON.parse(text)).to.deep.equal({
      schema: 'granska.audit/1',
      lines: 1,
      intact: false,
      brokenLine: 2,
      message: 'line 2 is broken',
    });
  });
});

describe('granska rejects', () => {
  const rejectedMs = Date.UTC(2026, 9, 5, 6);
  const batches: RejectBatch[] = [
    { stream: 'a', code: 'fields', count: 3, firstOffset: 10, file: 'one.age', rejectedMs },
    { stream: 'a', code: 'quotes', count: 1, firstOffset: 90, file: 'one.age', rejectedMs },
    { stream: 'a', code: 'fields', count: 2, firstOffset: 50, file: null, rejectedMs },
    { stream: 'b', code: 'quotes', count: 4, firstOffset: 0, file: 'two.age', rejectedMs: rejectedMs + 1000 },
  ];

  const run = async (rejects: RejectBatch[], json: boolean, kind: 'files' | 'index' = 'files') => {
    const store = createMemoryStore();
    await store.write(aBatch({ rejects }));
    const { io, out } = newIo();
    const deps = {
      openStore: async () => store,
      places: { kind, place: 'data/rejects', privateKey: 'keys/private/seal.key' },
      zone: createZone('Europe/Stockholm'),
    };
    return { exit: await runRejects({ json }, deps, io), text: out() };
  };

  it('§6.4 tells reasons with counts, the sealed files, and how their holder opens them', async () => {
    const { exit, text } = await run(batches, false);
    expect(exit).to.equal(0);
    expect(text).to.equal(
      [
        '10 lines could not be read',
        '  fields  5  2 of them without text: a protected site stood there',
        '  quotes  5',
        '',
        'Their texts are sealed in data/rejects',
        '  one.age  2026-10-05 08:00:00  4  fields 3, quotes 1',
        '  two.age  2026-10-05 08:00:01  4  quotes 4',
        'Whoever holds the private key can read them, or have them read again (granska rejects retry):',
        '  age -d -i keys/private/seal.key data/rejects/one.age',
        '',
      ].join('\n'),
    );
  });

  it('§10.1 prints JSON with its schema', async () => {
    const { text } = await run(batches, true);
    expect(JSON.parse(text)).to.deep.equal({
      schema: 'granska.rejects/1',
      lines: 10,
      reasons: { fields: { count: 5, dropped: 2 }, quotes: { count: 5, dropped: 0 } },
      folder: 'data/rejects',
      files: [
        { file: 'one.age', count: 4, codes: { fields: 3, quotes: 1 }, rejected: '2026-10-05T06:00:00.000Z' },
        { file: 'two.age', count: 4, codes: { quotes: 4 }, rejected: '2026-10-05T06:00:01.000Z' },
      ],
      first: batches.map(({ stream, code, firstOffset }) => ({ stream, code, offset: firstOffset })),
    });
  });

  it('tells of sealed texts in an index what can be done with them there', async () => {
    const { text } = await run(batches, false, 'index');
    expect(text).to.match(/can have them read again: granska rejects retry --identity FILE\n$/);
    expect(text).to.not.contain('age -d');
  });

  it('says so where no line was rejected', async () => {
    expect((await run([], false)).text).to.equal('No line that could not be read is kept.\n');
    expect(JSON.parse((await run([], true)).text)).to.include({ lines: 0 });
  });
});
