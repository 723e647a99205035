import { expect } from 'chai';
import { createZone } from '../../../src/calendar/zone.ts';
import { runDoctor } from '../../../src/cli/commands/doctor.ts';
import type { Diagnosis } from '../../../src/cli/doctor/diagnosis.ts';
import { type Format, formatNamed } from '../../../src/format/formats.ts';
import type { SourceEvent } from '../../../src/ports/source.ts';
import { memoryIo, origin, overlong, sourceOf } from './log-support.ts';

const SECRET_USER = 'hemlig.person';
const PAGE = `1795563829.595      3 192.0.2.7 TCP_MISS/200 275 GET http://secret.example/ok?q=1 ${SECRET_USER} HIER_DIRECT/192.0.2.80 text/html\n`;
const TUNNEL =
  '1795570000.682      6 192.0.2.8 TCP_TUNNEL/200 90 CONNECT a.example:443 - HIER_DIRECT/192.0.2.80 -\n';
const DENIED =
  '1795570001.682      6 192.0.2.8 TCP_DENIED/403 90 GET http://b.example/ - HIER_NONE/- text/html\n';
const QUOTED = PAGE.replace('\n', ' "http://ref.example/" "Mozilla/5.0"\n');

async function doctor(
  events: SourceEvent[],
  options: { format?: Format | null; json?: boolean; nowMs?: number } = {},
) {
  const { io, out, err } = memoryIo();
  const deps = {
    source: sourceOf(events),
    io,
    clock: { nowMs: () => options.nowMs ?? 1_795_600_000_000 },
    zone: createZone('Europe/Stockholm'),
    signal: new AbortController().signal,
  };
  const exit = await runDoctor({ format: options.format ?? null, json: options.json ?? true }, deps);
  return { exit, out: out(), err: err() };
}

async function diagnose(
  events: SourceEvent[],
  options: { format?: Format | null; nowMs?: number } = {},
): Promise<Diagnosis[]> {
  const { out } = await doctor(events, options);
  const answer = JSON.parse(out);
  expect(answer.schema).to.equal('granska.doctor/1');
  return answer.logs;
}

const adviceIds = (diagnosis: Diagnosis) => diagnosis.advice.map(advice => advice.id);

describe('granska doctor', () => {
  it('counts shares, hours and the time range of a log', async () => {
    const [log] = await diagnose(origin('a.log', [PAGE + TUNNEL, `${DENIED}\n`]));
    expect(log).to.include({
      path: 'a.log',
      format: 'squid',
      confidence: 1,
      sure: true,
      lines: 4,
      records: 3,
      rejected: 0,
      skipped: 1,
      parsed: 1,
      timezone: 'Europe/Stockholm',
      first: '2026-11-24T23:43:49.592Z',
      last: '2026-11-25T01:26:41.676Z',
    });
    expect(log!.bytes).to.equal((PAGE + TUNNEL + DENIED).length + 1);
    expect(log!.skips).to.deep.equal({ empty: 1 });
    expect(log!.shares!.users).to.be.closeTo(1 / 3, 1e-9);
    expect(log!.shares!.tunnels).to.be.closeTo(1 / 3, 1e-9);
    expect(log!.shares!.mimeTypes).to.be.closeTo(2 / 3, 1e-9);
    expect(log!.shares!.denied).to.be.closeTo(1 / 3, 1e-9);
    expect([log!.hours[0], log!.hours[2], log!.hours.reduce((a, b) => a + b)]).to.deep.equal([1, 2, 3]);
  });

  it('gives the three commonest reasons, each with the position of its first line', async () => {
    const lines = [
      'x\n',
      PAGE,
      'y\n',
      PAGE.replace(' 275 ', ' 2x5 '),
      PAGE.replace('/200', '/2x0'),
      PAGE.replace('/200', '/2y0'),
      PAGE.replace('     3 ', '     x '),
    ];
    const [log] = await diagnose(origin('a.log', [lines.slice(0, 2).join(''), lines.slice(2).join('')]));
    const offset = (index: number) => lines.slice(0, index).join('').length;
    expect(log!.rejects).to.deep.equal([
      { code: 'unknown-format', count: 2, example: { offset: 0, line: 1 } },
      { code: 'status', count: 2, example: { offset: offset(4), line: 5 } },
      { code: 'bytes', count: 1, example: { offset: offset(3), line: 4 } },
    ]);
    expect(log!.parsed).to.be.closeTo(1 / 7, 1e-9);
    expect(log!.sure).to.equal(false);
  });

  it('shows no name, address or line, whatever it prints', async () => {
    const events = () =>
      origin('a.log', [PAGE, PAGE.replace(' 275 ', ' 2x5 '), `${SECRET_USER} http://secret.example/\n`]);
    for (const json of [true, false]) {
      const { out, err } = await doctor(events(), { json });
      for (const secret of [SECRET_USER, 'secret.example', '192.0.2.7'])
        expect(out + err).not.to.include(secret);
    }
  });

  it('treats each file by itself', async () => {
    const clf =
      '192.0.2.7 - - [24/Nov/2026:23:43:49 +0000] "GET http://a.example/ HTTP/1.1" 200 275 "-" "curl"\n';
    const logs = await diagnose([...origin('a.log', [PAGE]), ...origin('b.log', [clf]), ...origin(null, [])]);
    expect(logs.map(log => [log.path, log.format, log.lines])).to.deep.equal([
      ['a.log', 'squid', 1],
      ['b.log', 'combined', 1],
      [null, null, 0],
    ]);
    expect(logs[1]!.shares).to.include({ referrers: 0, referrersLogged: 1, userAgents: 1 });
    expect(logs[2]).to.include({ confidence: null, parsed: null, shares: null, first: null, last: null });
  });

  it('counts a pending half line and lines too long', async () => {
    const [log] = await diagnose([overlong('a.log', 'xxx', 0), ...origin('a.log', [PAGE], { pending: 1 })]);
    expect(log).to.include({ lines: 2, records: 1, rejected: 1, pending: 1 });
    expect(log!.rejects[0]!.code).to.equal('too-long');
  });

  it('answers 3 for a missing file and 4 for a damaged one, and reports the others', async () => {
    const missing = origin('gone.log', [], { failure: { code: 'missing', message: 'gone.log is missing' } });
    const damaged = origin('bad.gz', [PAGE], { failure: { code: 'damaged', message: 'bad.gz is damaged' } });
    expect((await doctor([...missing, ...origin('a.log', [PAGE])])).exit).to.equal(3);
    expect((await doctor([...missing, ...damaged])).exit).to.equal(4);
    expect((await doctor(missing, { json: false })).out).to.include('gone.log is missing');
  });

  it('advises to log referrers and agents where they are not logged, and not where they are', async () => {
    expect(adviceIds((await diagnose(origin('a.log', [PAGE])))[0]!)).to.deep.equal(['referrers']);
    expect(adviceIds((await diagnose(origin('a.log', [QUOTED])))[0]!)).to.deep.equal([]);
  });

  it('advises on names, queries and tunnels by their shares', async () => {
    expect(adviceIds((await diagnose(origin('a.log', [TUNNEL])))[0]!)).to.deep.equal([
      'users',
      'referrers',
      'tunnels',
    ]);
    expect(adviceIds((await diagnose(origin('a.log', [DENIED])))[0]!)).to.deep.equal([
      'users',
      'referrers',
      'query',
    ]);
  });

  it('warns of request headers, cut lines, a wrong clock and an unknown format', async () => {
    const headers = PAGE.replace('\n', ' [Host: a\\r\\nCookie: b\\r\\n] [HTTP/1.1 200 OK\\r\\n]\n');
    const [log] = await diagnose(origin('a.log', [`${headers + PAGE.slice(0, 60)}\n`]));
    expect(adviceIds(log!)).to.include.members(['passwords', 'truncated']);
    expect(log!.shares!.headers).to.equal(0.5);
    const [late] = await diagnose(origin('a.log', [PAGE]), { nowMs: 1_795_563_829_595 - 600_001 });
    expect(late!.rejects[0]!.code).to.equal('time-future');
    expect(adviceIds(late!)).to.include('clock');
    const [other] = await diagnose(origin('a.log', ['hello\n']));
    expect(adviceIds(other!)).to.deep.equal(['format']);
  });

  it('is sure of a format that was asked for only in so far as it reads the lines', async () => {
    const [log] = await diagnose(origin('a.log', [PAGE]), { format: formatNamed('combined') });
    expect(log).to.include({ format: 'combined', confidence: null, records: 0 });
    expect(adviceIds(log!)).to.include('format');
  });

  it('says it in words', async () => {
    const { out } = await doctor(origin('a.log', [`${PAGE + TUNNEL}x\n`]), { json: false });
    expect(out).to.include(
      'a.log\n  format    squid: Squid native (logformat squid), not sure (66.6 % of its first lines fit)',
    );
    expect(out).to.include('parsed    66.6 % (3 lines, 2 records, 1 rejected, 0 skipped)');
    expect(out).to.include('unknown-format: a line of another format (first: line 3, byte');
    expect(out).to.include('user names 50 %, referrers 0 %');
    expect(out).to.include('00:00–03:00 Europe/Stockholm');
    expect(out).to.include('logformat granska');
  });

  it('says that an empty log is empty', async () => {
    const { out, exit } = await doctor(origin('a.log', []), { json: false });
    expect([out, exit]).to.deep.equal(['a.log\n  empty     it holds no whole line\n', 0]);
  });
});
