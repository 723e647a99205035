import { PassThrough, Writable } from 'node:stream';
import { expect } from 'chai';
import { parseString } from 'fast-csv';
import { createMemoryStore } from '../../../src/adapters/store/memory-store.ts';
import { createZone } from '../../../src/calendar/zone.ts';
import { runSearch, type SearchDeps, type SearchOptions } from '../../../src/cli/commands/search.ts';
import { displayWidth } from '../../../src/cli/display-width.ts';
import type { Io } from '../../../src/cli/io.ts';
import { GranskaError } from '../../../src/errors.ts';
import { fromEcs } from '../../../src/finding/ecs.ts';
import type { Finding } from '../../../src/model/finding.ts';
import type { AuditEntry } from '../../../src/ports/audit.ts';
import type { Store } from '../../../src/ports/store.ts';
import { aBatch } from '../../contract/store.ts';
import { aFinding, idOf } from '../../finding/arbitrary.ts';

const zone = createZone('Europe/Stockholm');

interface Ran {
  exit: number;
  out: string;
  err: string;
  audited: AuditEntry[];
}

async function search(
  findings: readonly Finding[],
  options: Partial<SearchOptions> = {},
  terminal: { columns: number } | null = null,
): Promise<Ran> {
  const store = createMemoryStore();
  await store.write(aBatch({ findings }));
  const audited: AuditEntry[] = [];
  const [out, err] = [collect(), collect()];
  const io = ioOf(out.stream, err.stream, terminal);
  const exit = await runSearch({ query: '', ...options }, depsOf(store, audited), io);
  return { exit, out: out.text(), err: err.text(), audited };
}

function depsOf(store: Store, audited: AuditEntry[]): SearchDeps {
  return {
    openStore: async () => store,
    openAudit: async () => ({
      append: async entry => void audited.push(entry),
      verify: async () => ({ lines: 0, isIntact: true, brokenLine: null, message: '' }),
    }),
    zone,
    hide: () => 'hidden',
  };
}

function ioOf(stdout: Writable, stderr: Writable, terminal: { columns: number } | null): Io {
  return {
    stdin: new PassThrough(),
    stdout,
    stderr,
    isTerminal: terminal !== null,
    isErrorTerminal: false,
    columns: terminal?.columns ?? 80,
  };
}

function collect() {
  const parts: string[] = [];
  const stream = new Writable({
    highWaterMark: 1,
    write(chunk, _encoding, done) {
      parts.push(String(chunk));
      setImmediate(done);
    },
  });
  return { stream, text: () => parts.join('') };
}

const START_MS = Date.parse('2026-10-05T06:00:07Z');

describe('granska search', () => {
  it('prints NDJSON that is no terminal, not defanged, and the count on stderr', async () => {
    const findings = [aFinding({ id: idOf(1), startMs: START_MS }), aFinding({ id: idOf(2) })];
    const ran = await search(findings);
    const rows = ran.out
      .trimEnd()
      .split('\n')
      .map(line => JSON.parse(line));
    expect(rows.map(fromEcs)).to.deep.equal(findings);
    expect(rows[0]).to.not.have.property('schema');
    expect(rows[0].url.domain).to.equal('www.casino.example');
    expect([ran.exit, ran.err]).to.deep.equal([0, '2 findings\n']);
  });

  it('prints a table on a terminal: local time, verdict and decision, defanged address', async () => {
    const findings = [
      aFinding({ id: idOf(1), startMs: START_MS }),
      aFinding({ id: idOf(2), startMs: START_MS + 1, verdict: 'exempt', exemptions: ['U-17', 'U-18'] }),
      aFinding({
        id: idOf(3),
        startMs: START_MS + 2,
        verdict: null,
        access: 'denied',
        subjectId: null,
        department: '',
      }),
      aFinding({ id: idOf(4), startMs: START_MS + 3, domain: '2001:db8::7', port: 8443, urlPath: '' }),
    ];
    const ran = await search(findings, { sort: 'start' }, { columns: 140 });
    expect(ran.out).to.equal(
      [
        'local time           category  verdict      department           subject       type     address',
        '2026-10-05 08:00:07  gambling  examine      Barn och utbildning  u26-abcdefgh  allowed  hxxps://www[.]casino[.]example/lobby',
        '2026-10-05 08:00:07  gambling  exempt U-17  Barn och utbildning  u26-abcdefgh  allowed  hxxps://www[.]casino[.]example/lobby',
        '2026-10-05 08:00:07  gambling  attempt      -                    -             denied   hxxps://www[.]casino[.]example/lobby',
        '2026-10-05 08:00:07  gambling  examine      Barn och utbildning  u26-abcdefgh  allowed  hxxps://[2001:db8::7]:8443',
        '',
      ].join('\n'),
    );
  });

  it('§5.8 says of a finding that was taken back that it was, and finds it by that', async () => {
    const findings = [
      aFinding({ id: idOf(1), startMs: START_MS, verdict: 'withdrawn', exemptions: [], revision: 1 }),
      aFinding({ id: idOf(2), startMs: START_MS }),
    ];
    const query = 'verdict:withdrawn';
    const table = await search(findings, { query }, { columns: 140 });
    expect(table.out).to.match(/gambling {2}withdrawn {2}Barn/);
    expect(table.err).to.equal('1 finding\n');
    const csv = await search(findings, { query, format: 'csv' });
    expect(csv.out).to.contain(',withdrawn,').and.to.not.contain(',examine,');
    const row = JSON.parse((await search(findings, { query })).out);
    expect(fromEcs(row)).to.deep.equal(findings[0]);
    expect(table.audited[0]!.details.terms).to.deep.equal([query]);
  });

  it('fits the table into the terminal, wide signs included', async () => {
    const findings = [
      aFinding({
        id: idOf(1),
        department: '区役所の教育課の長い名前のところ',
        category: 'våld-och-annat-fult-på-nätet',
      }),
      aFinding({ id: idOf(2), urlPath: `/${'a'.repeat(300)}` }),
    ];
    for (const columns of [76, 80, 100, 120, 200]) {
      const { out } = await search(findings, {}, { columns });
      for (const line of out.trimEnd().split('\n')) expect(displayWidth(line)).to.be.at.most(columns);
      expect(out).to.contain('…');
    }
    const { out } = await search(findings, { format: 'table' });
    expect(out).to.contain('a'.repeat(300));
  });

  it('puts the address on a line of its own where the terminal is narrow', async () => {
    const { out } = await search([aFinding({ startMs: START_MS })], {}, { columns: 80 });
    expect(out).to.equal(
      [
        'local time           category  verdict  department         subject       type',
        '  address',
        '2026-10-05 08:00:07  gambling  examine  Barn och utbildn…  u26-abcdefgh  allowed',
        '  hxxps://www[.]casino[.]example/lobby',
        '',
      ].join('\n'),
    );
  });

  it('shows a terminal no sign that it would obey', async () => {
    const hostile = aFinding({ department: 'a\u001b[2Jb\u202ec\u009b31m', urlPath: '/\u0007' });
    const { out } = await search([hostile], {}, { columns: 200 });
    expect(out).to.not.match(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
  });

  it('prints CSV that is read back, defanged, without a formula in any cell', async () => {
    const findings = [
      aFinding({
        id: idOf(1),
        startMs: START_MS,
        department: '=cmd|"/c calc"!A1',
        roles: ['@a', 'b'],
        verdict: null,
      }),
      aFinding({ id: idOf(2), startMs: START_MS + 1, department: 'a;b,"c"\nd', path: '\t-1+2' }),
      aFinding({ id: idOf(3), startMs: START_MS + 2, department: '  +1', path: '＝1', observerName: '@1' }),
    ];
    const ran = await search(findings, { format: 'csv', sort: 'start' });
    const rows: Record<string, string>[] = [];
    await new Promise((resolve, reject) =>
      parseString(ran.out, { headers: true })
        .on('data', row => rows.push(row))
        .on('error', reject)
        .on('end', resolve),
    );
    expect(rows.map(row => row['event.id'])).to.deep.equal([1, 2, 3].map(idOf));
    expect(rows[0]).to.include({
      local_time: '2026-10-05 08:00:07',
      'event.start': '2026-10-05T06:00:07.000Z',
      'granska.verdict': 'attempt',
      'granska.department': '\'=cmd|"/c calc"!A1',
      'user.roles': "'@a; b",
      address: 'hxxps://www[.]casino[.]example/lobby',
      'url.domain': 'www[.]casino[.]example',
      'rule.name': 'casino[.]example',
      'http.response.bytes': '5120',
    });
    expect(rows[1]).to.include({ 'granska.department': 'a;b,"c"\nd', 'log.file.path': "'\t-1+2" });
    expect(rows[2]).to.include({
      'granska.department': "'  +1",
      'observer.name': "'@1",
      'log.file.path': "'＝1",
    });
  });

  it('prints the titles of CSV where nothing was found, and no lines elsewhere', async () => {
    expect((await search([], { format: 'csv' })).out).to.match(/^event\.id,local_time,/);
    const nothing = await search([], {}, { columns: 80 });
    expect([nothing.exit, nothing.out, nothing.err]).to.deep.equal([0, '', 'no findings\n']);
  });

  it('streams any number, at the pace of the reader', async () => {
    const findings = Array.from({ length: 1_203 }, (_, n) => aFinding({ id: idOf(n), startMs: n }));
    for (const format of ['table', 'csv', 'ndjson'] as const) {
      const { out, err } = await search(findings, { format });
      expect(out.trimEnd().split('\n').length).to.equal(1_203 + (format === 'ndjson' ? 0 : 1));
      expect(err).to.equal('1,203 findings\n');
    }
  });

  it('says how many there are where it shows fewer', async () => {
    const findings = Array.from({ length: 30 }, (_, n) => aFinding({ id: idOf(n), startMs: n }));
    const { out, err, audited } = await search(findings, { limit: 4 });
    expect(
      out
        .trimEnd()
        .split('\n')
        .map(line => Number(`0x${JSON.parse(line).event.id}`)),
    ).to.deep.equal([29, 28, 27, 26]);
    expect(err).to.equal('4 of 30 findings\n');
    expect(audited[0]!.shown).to.equal(4);
  });

  it('stops where the reader goes away', async () => {
    const findings = Array.from({ length: 5_000 }, (_, n) => aFinding({ id: idOf(n) }));
    const store = createMemoryStore();
    await store.write(aBatch({ findings }));
    const taken: string[] = [];
    const gone = new Writable({
      highWaterMark: 1,
      write(chunk, _encoding, done) {
        taken.push(String(chunk));
        done(Object.assign(new Error('EPIPE'), { code: 'EPIPE' }));
      },
    });
    gone.on('error', () => {});
    const exit = await runSearch({ query: '' }, depsOf(store, []), ioOf(gone, collect().stream, null));
    expect(exit).to.equal(0);
    expect(taken).to.have.length(1);
  });

  it('§8.5 notes the view before it shows the first finding, and shows none where that fails', async () => {
    const store = createMemoryStore();
    await store.write(aBatch({ findings: [aFinding()] }));
    const out = collect();
    const deps: SearchDeps = {
      ...depsOf(store, []),
      openAudit: async () => ({
        append: async () => {
          throw new GranskaError('STORE', 'no room');
        },
        verify: async () => ({ lines: 0, isIntact: true, brokenLine: null, message: '' }),
      }),
    };
    const code = await runSearch({ query: '' }, deps, ioOf(out.stream, collect().stream, null)).then(
      () => 'shown',
      error => error.code,
    );
    expect([code, out.text()]).to.deep.equal(['STORE', '']);
  });

  it('§8.5 notes what was asked: known values readable, free text hidden', async () => {
    const query =
      'department:"barn och utbildning","Anna Lind" subject:u26-abc -category:anna anna verdict:examine';
    const { audited } = await search([aFinding({ id: idOf(1), startMs: START_MS })], {
      query,
      from: '2026-10-05',
    });
    expect(audited).to.deep.equal([
      {
        action: 'search',
        shown: 0,
        details: {
          terms: [
            'department:"barn och utbildning",hidden',
            'subject:u26-abc',
            '-category:hidden',
            'word:hidden',
            'verdict:examine',
          ],
          from: '2026-10-04T22:00:00.000Z',
          to: null,
          sort: '-start',
          limit: null,
          format: 'ndjson',
        },
      },
    ]);
  });

  it('reads the query before it opens or notes anything', async () => {
    const deps = {
      ...depsOf(createMemoryStore(), []),
      openStore: async () => {
        throw new Error('opened');
      },
    };
    const code = await runSearch(
      { query: 'verdict:guilty' },
      deps,
      ioOf(collect().stream, collect().stream, null),
    ).then(
      () => 'shown',
      error => error.code,
    );
    expect(code).to.equal('QUERY');
  });
});
