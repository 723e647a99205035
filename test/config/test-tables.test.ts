// Policy tests as tables: what a row comes to, and every mistake in one told where it was written.
import { expect } from 'chai';
import { load, removeFolders } from './support.ts';

const table = (given: string, columns: string, ...rows: string[]) =>
  `version: 1\ntables:\n  - name: edges\n    given: { ${given} }\n    columns: [${columns}]\n    rows:\n${rows.map(row => `      - [${row}]\n`).join('')}`;

const load1 = (file: string) => load({ 'policy.tests.yaml': file });

const URL = 'url: "http://casino.example/"';

describe('config/test-tables', () => {
  afterEach(removeFolders);

  it('gives each row what its cells say, and what is given where a cell is empty', async () => {
    const file = table(
      `${URL}, user: anna, verdict: examine, at: 2026-10-05T10:00, mime: text/html`,
      'name, user, at, elapsed, mime, repeat, grade',
      'the first, ~, ~, ~, ~, ~, A',
      '~, bo, 2026-10-06, 2.5, "-", 3x60s, ~',
    );
    const { tests, problems } = await load1(file);
    expect(problems).to.deep.equal([]);
    const [first, second] = tests!;
    expect(first).to.include({
      name: 'edges, row 1: the first',
      user: 'anna',
      mime: 'text/html',
      line: 7,
      row: 1,
    });
    expect(first).to.include({
      elapsedMs: null,
      records: 1,
      gapMs: 0,
      referrer: 'notLogged',
      table: 'edges',
    });
    expect(first!.atMs).to.equal(Date.parse('2026-10-05T08:00Z'));
    expect(first!.expect).to.include({ verdict: 'examine', grade: 'A', category: null });
    expect(second).to.include({ name: 'edges, row 2', user: 'bo', mime: null, line: 8, row: 2 });
    expect(second).to.include({ elapsedMs: 2500, records: 3, gapMs: 60_000 });
    expect(second!.atMs).to.equal(Date.parse('2026-10-05T22:00Z'));
    expect(second!.expect.grade).to.equal(null);
  });

  it('§1.1 begins a row that gives its end so many seconds before', async () => {
    const { tests, problems } = await load1(
      table(`${URL}, verdict: examine`, 'endedAt, elapsed', '2026-07-01T00:30, 3600'),
    );
    expect(problems).to.deep.equal([]);
    expect(tests![0]!.atMs).to.equal(Date.parse('2026-06-30T23:30+02:00'));
  });

  it('stands beside tests one by one, which can say the same', async () => {
    const one = `tests:\n  - { ${URL}, at: 2026-10-05T10:00, repeat: 2x10s, referrer: same, expect: { verdict: examine, grade: A, case: "no" } }\n`;
    const rows = table(`${URL}, verdict: examine`, 'at', '2026-10-05');
    const { tests } = await load1(rows.replace('tables:', `${one}tables:`));
    expect(tests!.map(({ name, table }) => [name, table])).to.deep.equal([
      ['test 1', null],
      ['edges, row 1', 'edges'],
    ]);
    expect(tests![0]).to.include({ records: 2, gapMs: 10_000, referrer: 'same' });
    expect(tests![0]!.expect).to.include({ grade: 'A', case: 'no' });
  });

  const given = `${URL}, at: 2026-10-05T10:00, verdict: examine`;
  const MISTAKES: [name: string, file: string, ...problems: string[]][] = [
    [
      'a column that there is none of',
      table(given, 'usr', 'anna'),
      '5:15 tables[0].columns[0]: is not one of the known values (did you mean user?)',
    ],
    [
      'a column that is there twice',
      table(given, 'user, client, user', 'anna, 10.1.2.3, bo'),
      '5:14 tables[0].columns: the same column is there twice',
    ],
    [
      'a row that is too short',
      table(given, 'user, client', 'anna'),
      '7:9 tables[0].rows[0]: has 1 cells, and the table 2 columns (an empty place is written as null, and - takes nothing)',
    ],
    [
      'a category, an exemption and a time that there are none of, in cells',
      table(given, 'category, exemption, verdict, at', 'gambing, E-9, exempt, 2026-02-30'),
      '7:10 tables[0].rows[0][0]: the policy has no such category (did you mean gambling?)',
      '7:19 tables[0].rows[0][1]: the policy has no such exemption',
      '7:32 tables[0].rows[0][3]: is no time of the configured time zone (write it like 2026-10-05T10:00, or with an offset like 2026-10-05T10:00+02:00)',
    ],
    [
      'the same in what is given, once for all rows',
      table(`${given}, category: gambing`, 'user', 'anna', 'bo'),
      '4:95 tables[0].given.category: the policy has no such category (did you mean gambling?)',
    ],
    [
      'values of another kind, and no value is repeated',
      table(given, 'status, repeat, grade, user', 'many, often, E, 7'),
      '7:10 tables[0].rows[0][0]: must be a number',
      '7:16 tables[0].rows[0][1]: must be a number of records and seconds: "3x60s"',
      '7:23 tables[0].rows[0][2]: is not one of the known values (known: A, B, C, D)',
      '7:26 tables[0].rows[0][3]: must be a text (put it in quotes)',
    ],
    [
      'what no row says and nothing gives',
      table('user: anna', 'client', '10.1.2.3'),
      '7:9 tables[0].rows[0].at: is missing (when it begins)',
      '7:9 tables[0].rows[0].url: is missing (make it a column, or give it for the whole table)',
      '7:9 tables[0].rows[0].verdict: is missing (make it a column, or give it for the whole table)',
    ],
    [
      'an end without its seconds, and beside a beginning',
      table(
        `${URL}, verdict: examine`,
        'at, endedAt, elapsed',
        '~, 2026-10-05, ~',
        '2026-10-05, 2026-10-05, 1',
      ),
      '7:13 tables[0].rows[0][1]: says nothing without elapsed (add elapsed, the seconds that it took)',
      '8:22 tables[0].rows[1][1]: stands beside at (it begins at one time: keep one of them)',
    ],
    [
      'an exemption beside another verdict',
      `version: 1\ntests:\n  - { ${URL}, at: 2026-10-05, expect: { verdict: examine, exemption: E-9 } }\n`,
      '3:93 tests[0].expect.exemption: the policy has no such exemption',
      '3:93 tests[0].expect.exemption: goes with the verdict exempt only',
    ],
  ];
  for (const [name, file, ...expected] of MISTAKES) {
    it(`§10.1 tells of ${name}`, async () => {
      const { tests, problems } = await load1(file);
      expect(tests).to.equal(null);
      const told = problems.map(
        ({ line, column, key, message, hint }) =>
          `${line}:${column} ${key}: ${message}${hint === '' ? '' : ` (${hint})`}`,
      );
      expect(told).to.deep.equal(expected);
    });
  }
});
