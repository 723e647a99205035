import { PassThrough, Writable } from 'node:stream';
import { expect } from 'chai';
import { parseString } from 'fast-csv';
import { createMemoryStore } from '../../../src/adapters/store/memory-store.ts';
import { runVisits, type VisitsDeps, type VisitsOptions } from '../../../src/cli/commands/visits.ts';
import type { Io } from '../../../src/cli/io.ts';
import { GranskaError } from '../../../src/errors.ts';
import type { Finding } from '../../../src/model/finding.ts';
import type { AuditEntry } from '../../../src/ports/audit.ts';
import { aBatch } from '../../contract/store.ts';
import { aFinding, idOf } from '../../finding/arbitrary.ts';
import { at, MINUTE_MS, RULES } from '../../visit/support.ts';

const START_MS = at('2026-10-05', 8 * 60);

interface Ran {
  exit: number;
  out: string;
  err: string;
  audited: AuditEntry[];
}

interface Setting {
  columns?: number;
  /** What is done instead of noting the view. */
  append?(entry: AuditEntry): Promise<void>;
  stdout?: ReturnType<typeof collect>;
  /** Is told how often the store was read from. */
  onSearch?(): void;
}

async function visits(
  findings: readonly Finding[],
  options: Partial<VisitsOptions> = {},
  setting: Setting = {},
): Promise<Ran> {
  const store = createMemoryStore();
  await store.write(aBatch({ findings }));
  const audited: AuditEntry[] = [];
  const [out, err] = [setting.stdout ?? collect(), collect()];
  const io: Io = {
    ...{ stdin: new PassThrough(), stdout: out.stream, stderr: err.stream, isErrorTerminal: false },
    isTerminal: setting.columns !== undefined,
    columns: setting.columns ?? 80,
  };
  const deps: VisitsDeps = {
    openStore: async () => ({
      ...store,
      search(query) {
        setting.onSearch?.();
        return store.search(query);
      },
    }),
    openAudit: async () => ({
      append: setting.append ?? (async entry => void audited.push(entry)),
      verify: async () => ({ lines: 0, isIntact: true, brokenLine: null, message: '' }),
    }),
    rules: RULES,
    hide: () => 'hidden',
  };
  const exit = await runVisits({ query: '', lang: 'en', facts: 'hidden', ...options }, deps, io);
  return { exit, out: out.text(), err: err.text(), audited };
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

/** Three visits of the same day, and an attempt. */
const FINDINGS: readonly Finding[] = [
  { startMs: START_MS },
  { startMs: START_MS + MINUTE_MS, verdict: 'exempt' as const, exemptions: ['U-1'] },
  { startMs: START_MS + 60 * MINUTE_MS, verdict: 'exempt' as const, exemptions: ['U-1', 'U-2'] },
  { startMs: START_MS + 120 * MINUTE_MS, referrer: 'foreign' as const, department: '' },
  { startMs: START_MS + 121 * MINUTE_MS, verdict: null, access: 'denied' as const },
].map((changes, n) => aFinding({ ...changes, id: idOf(n), recordId: idOf(n) }));

describe('granska visits', () => {
  it('§7.3 prints a table on a terminal: when, who, where, how strong the evidence is, and the totals', async () => {
    const ran = await visits(FINDINGS, {}, { columns: 140 });
    expect(ran.out).to.equal(
      [
        'local time        subject       department           category  records  grade  verdict             site',
        '2026-10-05 08:00  u26-abcdefgh  Barn och utbildning  gambling        2  A      examine (1 exempt)  casino[.]example',
        '2026-10-05 09:00  u26-abcdefgh  Barn och utbildning  gambling        1  A      exempt U-1 U-2      casino[.]example',
        '2026-10-05 10:00  u26-abcdefgh  -                    gambling        1  D      examine             casino[.]example',
        '',
      ].join('\n'),
    );
    expect(ran.err).to.equal(
      '3 visits: to examine A 1, B 0, C 0, D 1; exempt 1\nfindings in no visit: 1 attempt\n',
    );
    expect(ran.exit).to.equal(0);
  });

  it('§7.3 says on demand, in either language, what each grade rests on', async () => {
    const facts = async (lang: 'sv' | 'en') =>
      (await visits(FINDINGS, { facts: 'shown', lang, format: 'table', limit: 1 })).out
        .split('\n')
        .slice(2, -1);
    expect(await facts('en')).to.deep.equal([
      '  a page was shown: 1 HTML document came without a foreign referrer',
      '  an exemption covers 1 of 2 requests; the grade is of the others',
    ]);
    expect(await facts('sv')).to.deep.equal([
      '  en sida visades: 1 HTML-dokument kom utan hänvisning från en annan webbplats',
      '  ett undantag omfattar 1 av 2 anrop; styrkan gäller de övriga',
    ]);
  });

  it('§10.1 prints NDJSON where nobody looks, each line with its schema, facts with codes and words', async () => {
    const lines = (await visits(FINDINGS)).out
      .trimEnd()
      .split('\n')
      .map(line => JSON.parse(line));
    expect(lines.map(line => line.schema)).to.deep.equal(Array(3).fill('granska.visit/1'));
    expect(lines[2]).to.deep.include({
      site: 'casino.example',
      grade: 'D',
      day: '2026-10-05',
      verdict: 'examine',
    });
    expect(lines[2].facts).to.deep.equal([
      {
        code: 'foreign',
        values: { records: 1 },
        text: 'another site led here, or has this one in its pages: 1 request',
      },
    ]);
  });

  it('prints CSV that is read back, defanged, without a formula in any cell', async () => {
    const odd = aFinding({ id: idOf(9), startMs: START_MS, department: '=1+1', roles: ['@sum'] });
    const { out } = await visits([odd], { format: 'csv' });
    const rows = await new Promise<Record<string, string>[]>((done, failed) => {
      const read: Record<string, string>[] = [];
      parseString(out, { headers: true })
        .on('error', failed)
        .on('data', row => read.push(row))
        .on('end', () => done(read));
    });
    expect(rows).to.have.length(1);
    expect(rows[0]).to.include({ site: 'casino[.]example', department: "'=1+1", roles: "'@sum", grade: 'A' });
    expect(rows[0]!.facts).to.contain('a page was shown');
  });

  it('counts all where it shows the earliest so many', async () => {
    const ran = await visits(FINDINGS, { limit: 1, format: 'ndjson' });
    expect(ran.out.trimEnd().split('\n')).to.have.length(1);
    expect(ran.err).to.contain('1 of 3 visits: to examine A 1, B 0, C 0, D 1; exempt 1\n');
    expect(ran.audited[0]).to.deep.include({ shown: 2 });
  });

  it('says that there are none', async () => {
    const ran = await visits([], { format: 'csv' });
    expect([ran.exit, ran.err]).to.deep.equal([0, 'no visits\n']);
    expect(ran.out.trimEnd().split('\n')).to.have.length(1);
  });

  it('§8.5 notes the view before it shows the first visit, and shows none where that fails', async () => {
    const noted = await visits(FINDINGS, {
      query: 'category:gambling -grade:B role:unheard-of,lärare site:casino.example',
      from: '2026-10-05',
      format: 'csv',
    });
    expect(noted.audited).to.deep.equal([
      {
        action: 'visits',
        shown: 4,
        details: {
          terms: ['category:gambling', 'role:hidden,lärare', 'site:hidden'],
          ...{ from: '2026-10-04T22:00:00.000Z', to: null, sort: 'start', limit: null },
          ...{ grades: ['-B'], visits: 3, format: 'csv' },
        },
      },
    ]);
    const out = collect();
    const failed = visits(
      FINDINGS,
      { format: 'csv' },
      { stdout: out, append: () => Promise.reject(new GranskaError('STORE', 'the chain cannot be written')) },
    );
    await failed.then(
      () => expect.fail('it was shown'),
      error => expect(error).to.be.instanceOf(GranskaError),
    );
    expect(out.text()).to.equal('');
  });

  it('holds few visits, and gathers many twice rather than hold them', async () => {
    const many = Array.from({ length: 5_001 }, (_, n) =>
      aFinding({ id: idOf(n), recordId: idOf(n), subjectId: `u26-${n}`, startMs: START_MS + n }),
    );
    let searches = 0;
    const onSearch = () => searches++;
    const ran = await visits(many, { format: 'ndjson' }, { onSearch });
    expect(ran.out.trimEnd().split('\n')).to.have.length(5_001);
    expect(searches).to.equal(2);
    searches = 0;
    await visits(many, { format: 'ndjson', limit: 5_000 }, { onSearch });
    expect(searches).to.equal(1);
  });

  it('refuses what would cut visits before it opens or notes anything', async () => {
    let searches = 0;
    const refused = visits(FINDINGS, { query: 'status:200' }, { onSearch: () => searches++ });
    await refused.then(
      () => expect.fail('it was answered'),
      error => expect((error as GranskaError).code).to.equal('QUERY'),
    );
    expect(searches).to.equal(0);
  });
});
