import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import {
  type OpenIntervalsOptions,
  openIntervals,
} from '../../../../src/adapters/directory/intervals/open-intervals.ts';
import { splitCells } from '../../../../src/adapters/directory/intervals/split-cells.ts';
import { readTable } from '../../../../src/adapters/directory/read-table.ts';
import { createZone } from '../../../../src/calendar/zone.ts';
import { formatProblems } from '../../../../src/config/problem.ts';
import { DEFAULT_IDENTITY_RULES } from '../../../../src/subject/identity.ts';

const zone = createZone('Europe/Stockholm');
const HEADER = 'user,client,start,end\n';

describe('files of leases', () => {
  let folder = '';
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'granska-leases-'));
  });
  after(() => rmSync(folder, { recursive: true }));

  async function open(files: Record<string, string | Uint8Array>, over: Partial<OpenIntervalsOptions> = {}) {
    for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
    const opened = await openIntervals({
      ...{ files: Object.keys(files).map(name => join(folder, name)), tenant: 'kommun', zone },
      identity: { ...DEFAULT_IDENTITY_RULES, stripDomains: ['KOMMUN'] },
      shown: path => path.slice(folder.length + 1),
      ...over,
    });
    return opened!;
  }

  const holder = async (content: string | Uint8Array, at: string, name = 'leases.csv') => {
    const { intervals, problems } = await open({ [name]: content });
    expect(formatProblems(problems)).to.equal('');
    return intervals.find('kommun', '10.1.2.3', Date.parse(at));
  };

  const SAVED: Record<string, [string, string | Uint8Array]> = {
    'CSV with local times': ['a.csv', `${HEADER}KOMMUN\\Bo,10.1.2.3,2026-11-25T08:00,2026-11-25T16:00\n`],
    'CSV with an offset': ['a.csv', `${HEADER}bo,10.1.2.3,2026-11-25T07:00Z,2026-11-25T17:00+02:00\n`],
    'semicolons, quotes, CRLF and a byte order mark': [
      'a.csv',
      '\ufeffClient;User;End;Start;tenant\r\n::ffff:10.1.2.3;"bo";"2026-11-25 16:00";2026-11-25 08:00;\r\n',
    ],
    'comments and empty lines': [
      'a.csv',
      `# leases\n\n${HEADER}# of bo\n\nbo,10.1.2.3,2026-11-25T08:00,2026-11-25T16:00\n`,
    ],
    'Windows-1252': [
      'a.csv',
      Buffer.from(
        `${HEADER}bo,10.1.2.3,2026-11-25T08:00,2026-11-25T16:00\nåsa,10.1.2.4,2026-11-25T08:00,2026-11-25T16:00\n`,
        'latin1',
      ),
    ],
    'JSON lines': [
      'a.jsonl',
      '{"user":"bo","client":"10.1.2.3","start":"2026-11-25T08:00","end":"2026-11-25T16:00"}\n',
    ],
    'JSON lines by the names of ECS, nested': [
      'a.ndjson',
      '{"@timestamp":"x","user":{"name":"bo"},"source":{"ip":"10.1.2.3"},"event":{"start":"2026-11-25T07:00:00.000000Z","end":"2026-11-25T15:00:00.000999999Z"}}\n',
    ],
    'JSON lines by the names of ECS, dotted': [
      'a.ndjson',
      '{"user.name":"bo","client.ip":"10.1.2.3","event.start":"2026-11-25T07:00:00Z","event.end":"2026-11-25T15:00:00Z","x":1}\n',
    ],
  };
  for (const [title, [name, content]] of Object.entries(SAVED)) {
    it(`are read as ${title}`, async () => {
      const at = (time: string) => holder(content, time, name);
      expect(await at('2026-11-25T06:59:59.999Z')).to.equal('');
      expect(await at('2026-11-25T07:00Z')).to.equal('bo');
      expect(await at('2026-11-25T14:59:59.999Z')).to.equal('bo');
      expect(await at('2026-11-25T15:00Z')).to.equal('');
    });
  }

  for (const [title, start, end, from, to] of [
    ['in the night that the clock skips an hour', '2026-03-29T01:30', '2026-03-29T03:30', '00:30Z', '01:30Z'],
    ['in the night that it shows one twice', '2026-10-25T01:30', '2026-10-25T03:30', '23:30Z', '02:30Z'],
  ] as const) {
    it(`§1.2 follow the local clock ${title}`, async () => {
      const row = `${HEADER}bo,10.1.2.3,${start},${end}\n`;
      const day = start.slice(0, 10);
      const fromMs = Date.parse(`${from === '23:30Z' ? '2026-10-24' : day}T${from}`);
      const toMs = Date.parse(`${day}T${to}`);
      const { intervals } = await open({ 'a.csv': row });
      expect(intervals.validity('kommun', '10.1.2.3', fromMs)).to.deep.equal({ fromMs, toMs });
      expect(intervals.find('kommun', '10.1.2.3', fromMs)).to.equal('bo');
    });
  }

  it('§3.2 take the shorter interval where a local time is one of two', async () => {
    const start = `${HEADER}bo,10.1.2.3,2026-10-25T02:30,2026-10-25T08:00\n`;
    expect(await holder(start, '2026-10-25T01:29:59Z')).to.equal('');
    expect(await holder(start, '2026-10-25T01:30Z')).to.equal('bo');
    const end = `${HEADER}bo,10.1.2.3,2026-10-25T01:00,2026-10-25T02:30\n`;
    expect(await holder(end, '2026-10-25T00:29:59Z')).to.equal('bo');
    expect(await holder(end, '2026-10-25T00:30Z')).to.equal('');
    const both = `${HEADER}bo,10.1.2.3,2026-10-25T02:10,2026-10-25T02:50\n`;
    for (const time of ['00:20', '00:55', '01:20', '01:55'])
      expect(await holder(both, `2026-10-25T${time}Z`), time).to.equal('');
  });

  it('§3.2 begin no earlier, and end no later, than nine decimals say', async () => {
    const row =
      '{"user":"bo","client":"10.1.2.3","start":"2026-11-25T07:00:00.000000001Z","end":"2026-11-25T15:00:00.001999999Z"}\n';
    const { intervals } = await open({ 'a.jsonl': row });
    expect(intervals.validity('kommun', '10.1.2.3', Date.parse('2026-11-25T08:00Z'))).to.deep.equal({
      fromMs: Date.parse('2026-11-25T07:00:00.001Z'),
      toMs: Date.parse('2026-11-25T15:00:00.001Z'),
    });
  });

  const GOOD = '2026-11-25T08:00';
  const LATER = '2026-11-25T16:00';
  const MISTAKES: readonly [string, string, string, string][] = [
    [
      'nobody',
      'a.csv',
      `${HEADER}-,10.1.2.3,${GOOD},${LATER}\n`,
      'a.csv:2:1: error: user: names nobody (write the name as it is in the log)',
    ],
    [
      'no address',
      'a.csv',
      `${HEADER}bo,10.1.2.300,${GOOD},${LATER}\n`,
      'a.csv:2:4: error: client: is no address and no name of a machine (write it as 10.2.3.4 or 2001:db8::1)',
    ],
    [
      'a network',
      'a.csv',
      `${HEADER}bo,10.1.2.0/24,${GOOD},${LATER}\n`,
      'a.csv:2:4: error: client: is no address and no name of a machine (write it as 10.2.3.4 or 2001:db8::1)',
    ],
    [
      'a day for an instant',
      'a.csv',
      `${HEADER}bo,10.1.2.3,${GOOD},2026-11-25\n`,
      'a.csv:2:30: error: end: is no instant (write it as 2026-11-25T08:00, with an offset where it is not local: 2026-11-25T07:00Z)',
    ],
    [
      'a time that the clock skipped',
      'a.csv',
      `${HEADER}bo,10.1.2.3,2026-03-29T02:30,2026-03-29T08:00\n`,
      'a.csv:2:13: error: start: is no time that the clock shows (write it as 2026-11-25T08:00, with an offset where it is not local: 2026-11-25T07:00Z)',
    ],
    [
      'an end before the start',
      'a.csv',
      `${HEADER}bo,10.1.2.3,${LATER},${GOOD}\n`,
      'a.csv:2:30: error: end: is not after the start (the end is the first instant that is not covered any more)',
    ],
    [
      'a quote that is not closed',
      'a.csv',
      `${HEADER}"bo,10.1.2.3,${GOOD},${LATER}\n`,
      'a.csv:2:1: error: a quoted cell is not closed, or goes on behind its closing quote (a lease is one line; put quotes around a cell that holds the separator)',
    ],
    [
      'a cell too many',
      'a.csv',
      `${HEADER}bo,10.1.2.3,${GOOD},${LATER},x\n`,
      'a.csv:2:47: error: the line has more cells than the header names (a lease is one line; put quotes around a cell that holds the separator)',
    ],
    [
      '§1.3 a column named to',
      'a.csv',
      `user,client,start,to\nbo,10.1.2.3,${GOOD},${LATER}\n`,
      'a.csv:1:1: error: end: the column is missing (add it to the first line)\na.csv:1:19: error: to: is refused: it does not say whether that day counts (write end: the first instant that is not covered any more)',
    ],
    [
      'no header',
      'a.csv',
      `bo,10.1.2.3,${GOOD},${LATER}\n`,
      'a.csv:1:1: error: the first line does not name the columns (begin with a line such as user,client,start,end,tenant)',
    ],
    [
      'what is no JSON',
      'a.jsonl',
      'bo\n[1]\n',
      'a.jsonl:1:1: error: is no JSON object (write one object a line)\na.jsonl:2:1: error: is no JSON object (write one object a line)',
    ],
    [
      'a log-on without an end',
      'a.jsonl',
      `{"user":"bo","client":"10.1.2.3","start":"${GOOD}"}\n`,
      'a.jsonl:1:1: error: end: is no instant (write it as 2026-11-25T08:00, with an offset where it is not local: 2026-11-25T07:00Z)',
    ],
    [
      'a last line that may be half written',
      'a.csv',
      `${HEADER}bo,10.1.2.3,${GOOD},${LATER}\neva.lun`,
      'a.csv:3:0: warning: has no line feed and is not taken, as it may be half written (end the last line with a line feed)',
    ],
  ];
  for (const [title, name, content, expected] of MISTAKES) {
    it(`point at ${title}, and repeat no name and no address`, async () => {
      expect(formatProblems((await open({ [name]: content })).problems)).to.equal(expected);
    });
  }

  it('§3.2 do not take half a line, whose name may be another person’s', async () => {
    const { intervals } = await open({ 'a.csv': `start,end,client,user\n${GOOD},${LATER},10.1.2.3,bo` });
    expect(intervals.users).to.deep.equal([]);
  });

  it('leave out a row with a mistake, and keep the others', async () => {
    const { intervals, problems } = await open({
      'a.csv': `${HEADER}-,10.1.2.3,${GOOD},${LATER}\nbo,10.1.2.3,${GOOD},${LATER}\n`,
    });
    expect(problems).to.have.length(1);
    expect(intervals.users).to.deep.equal(['bo']);
  });

  it('are read together, each in its own format, up to a number of rows', async () => {
    const files = {
      'a.csv': `${HEADER}bo,10.1.2.3,${GOOD},${LATER}\nbo,10.1.2.4,${GOOD},${LATER}\n`,
      'b.jsonl': `{"user":"eva","client":"10.1.2.5","start":"${GOOD}","end":"${LATER}","tenant":"energi"}\n`,
    };
    const all = await open(files);
    expect(all.problems).to.deep.equal([]);
    expect(all.intervals.rows).to.equal(3);
    expect(all.intervals.find('energi', '10.1.2.5', Date.parse(`${GOOD}Z`))).to.equal('eva');
    const few = await open(files, { maxRows: 2 });
    expect(few.intervals.rows).to.equal(2);
    expect(formatProblems(few.problems)).to.equal(
      'b.jsonl:1:0: error: is one row too many: leases are kept in memory (leave out rows that are older than the logs that are still read)',
    );
  });

  it('tell of a hundred mistakes and stop', async () => {
    const { problems } = await open({ 'a.csv': HEADER + 'x\n'.repeat(5_000) });
    expect(problems.length).to.be.within(100, 104);
    expect(problems.some(problem => problem.message.includes('the rest of the file was not read'))).to.equal(
      true,
    );
  });

  it('have another hash when a file is another one', async () => {
    const text = `${HEADER}bo,10.1.2.3,${GOOD},${LATER}\n`;
    const { hash } = await open({ 'a.csv': text });
    expect((await open({ 'a.csv': text })).hash).to.equal(hash);
    expect((await open({ 'a.csv': text.replace('16:00', '16:01') })).hash).not.to.equal(hash);
  });

  it('report a file that is not there, one of UTF-16 and one of a single long line', async () => {
    const gone = await openIntervals({
      ...{ files: [join(folder, 'gone.csv')], tenant: 'kommun', zone, identity: DEFAULT_IDENTITY_RULES },
      shown: () => 'gone.csv',
    });
    expect(formatProblems(gone!.problems)).to.contain('gone.csv: error: there is no such file');
    const wide = await open({ 'a.csv': Buffer.from(`\ufeff${HEADER}`, 'utf16le') });
    expect(formatProblems(wide.problems)).to.contain('the file is UTF-16 (save it as UTF-8)');
    const long = await open({ 'a.csv': HEADER + 'x'.repeat(1_200_000) });
    expect(formatProblems(long.problems)).to.contain('a line is longer than 65536 bytes');
  });

  it('are read whole over many blocks', async () => {
    let text = HEADER;
    for (let n = 0; n < 60_000; n++) {
      text += `u${n},10.${n % 7}.${n % 251}.${n % 199},2026-11-25T08:00:00,2026-11-25T16:00:00\n`;
    }
    const { intervals, problems } = await open({ 'a.csv': text });
    expect(problems).to.deep.equal([]);
    expect(intervals.rows).to.equal(60_000);
    expect(intervals.users.at(-1)).to.equal('u59999');
  });

  it('cut lines into the cells that the reader of tables finds', async () => {
    const cell = fc.string({ unit: fc.constantFrom('a', 'Å', '"', ',', ';', "'", ' '), maxLength: 5 });
    const written = fc.tuple(cell, fc.boolean()).map(([text, isQuoted]) => {
      const needs = isQuoted || /[",]/.test(text);
      return { text, written: needs ? `"${text.replaceAll('"', '""')}"` : text };
    });
    await fc.assert(
      fc.asyncProperty(fc.array(written, { minLength: 4, maxLength: 4 }), async cells => {
        const line = cells.map(one => one.written).join(',');
        const columns = ['user', 'client', 'start', 'end'];
        const table = await readTable(Buffer.from(`user,client,start,end\n${line}\n`), {
          ...{ file: 'a.csv', columns, required: [], refused: {} },
        });
        const own = splitCells(line, ',')!.map(text => text.trim().normalize('NFC'));
        const [row] = table.rows;
        if (row !== undefined) expect(columns.map(column => row.cell(column))).to.deep.equal(own);
        expect(own).to.deep.equal(cells.map(one => one.text.trim().normalize('NFC')));
      }),
      { numRuns: 300 },
    );
  });
});
