// The byte parser against a naive one (a regular expression over the text), and a round trip.
import { expect } from 'chai';
import fc from 'fast-check';
import { FORMATS } from '../../src/format/formats.ts';
import { readLine } from '../../src/format/read-line.ts';
import { blankRecord, type LogRecord } from '../../src/model/record.ts';
import { bytesOf, LIMITS, read, recordOf } from './support.ts';

const NAIVE =
  /^ *(\d{9,12})\.(\d{3}) +(-?\d{1,11}) +([\w.:%[\]-]+) +([A-Z0-9_]+)\/(\d{1,3}) +(\d{1,15}|-) +([\w!#$%&'*+.^`|~-]+) +(\S+) +(\S+) +([A-Z0-9_]+\/\S*) +(\S+) *$/;

function naive(line: string): Partial<LogRecord> | null {
  const parts = NAIVE.exec(line);
  if (parts === null) return null;
  const [, seconds, ms, elapsed, client, tag, status, bytes, method, url, user, , mime] = parts;
  const stampMs = Number(seconds) * 1000 + Number(ms);
  const durationMs = Math.max(0, Number(elapsed));
  const isDenied = /^TCP_DENIED/.test(tag!) || (/^NONE/.test(tag!) && Number(status) === 403);
  return {
    stampMs,
    startMs: stampMs - durationMs,
    endMs: stampMs,
    durationMs,
    client: undash(client!),
    user: undash(user!),
    method: undash(method!),
    url: undash(url!),
    status: Number(status),
    bytes: bytes === '-' ? null : Number(bytes),
    mime: undash(mime!).split(';')[0]!.toLowerCase(),
    access: isDenied ? 'denied' : 'allowed',
    isTunnel: method!.toUpperCase() === 'CONNECT',
    isAuthChallenge: Number(status) === 407,
  };
}

const undash = (text: string) => (text === '-' ? '' : text);

const spaces = fc.constantFrom(' ', '  ', '      ');
const word = (alphabet: string) =>
  fc.string({ unit: fc.constantFrom(...alphabet), minLength: 1, maxLength: 12 });
const lineParts = fc.record({
  seconds: fc.integer({ min: 631_152_000, max: 4_000_000_000 }),
  ms: fc.integer({ min: 0, max: 999 }),
  elapsed: fc.integer({ min: -10, max: 2_000_000 }),
  client: fc.oneof(fc.ipV4(), fc.ipV6(), fc.domain(), fc.constant('-')),
  tag: fc.constantFrom('TCP_MISS', 'TCP_DENIED', 'NONE_NONE', 'TCP_TUNNEL', 'NONE', 'TCP_MISS_ABORTED'),
  status: fc.constantFrom('000', '200', '304', '403', '407', '503'),
  bytes: fc.oneof(fc.nat().map(String), fc.constant('-')),
  method: fc.constantFrom('GET', 'CONNECT', 'connect', 'POST', '-', 'PROPFIND'),
  url: fc.oneof(
    fc.webUrl({ withQueryParameters: true }),
    word('abc./:?%åö-'),
    fc.domain().map(host => `${host}:443`),
  ),
  user: fc.oneof(word('abcåäö.%\\@-'), fc.constant('-')),
  hierarchy: fc.constantFrom('HIER_DIRECT/192.0.2.1', 'HIER_NONE/-', 'DIRECT/a.example', 'PINNED/::1'),
  mime: fc.constantFrom('text/html', '-', 'image/PNG', 'text/html;charset=utf-8'),
});
type Parts = typeof lineParts extends fc.Arbitrary<infer T> ? T : never;

function render(parts: Parts, gap = ' '): string {
  const stamp = `${parts.seconds}.${String(parts.ms).padStart(3, '0')}`;
  const elapsed = String(parts.elapsed).padStart(6);
  return [
    stamp,
    elapsed,
    parts.client,
    `${parts.tag}/${parts.status}`,
    parts.bytes,
    parts.method,
    parts.url,
    parts.user,
    parts.hierarchy,
    parts.mime,
  ].join(gap);
}

describe('format/squid against a naive reading', () => {
  it('gives the same fields for lines of ten columns, whatever the runs of spaces', () => {
    fc.assert(
      fc.property(lineParts, spaces, (parts, gap) => {
        fc.pre(!parts.url.endsWith('://'));
        const line = render(parts, gap);
        const record = recordOf('squid', line);
        const expected = naive(line)!;
        for (const [name, value] of Object.entries(expected))
          expect(record[name as keyof LogRecord], `${name} of ${line}`).to.deep.equal(value);
      }),
    );
  });

  it('reads back what was written: a record rendered as a line is the same record', () => {
    fc.assert(
      fc.property(lineParts, parts => {
        fc.pre(!parts.url.endsWith('://'));
        const record = recordOf('squid', render(parts));
        const again = recordOf(
          'squid',
          render({
            ...parts,
            seconds: Math.floor(record.stampMs / 1000),
            ms: record.stampMs % 1000,
            elapsed: record.durationMs!,
            client: record.client || '-',
            status: String(record.status).padStart(3, '0'),
            bytes: record.bytes === null ? '-' : String(record.bytes),
            method: record.method || '-',
            url: record.url || '-',
            user: record.user || '-',
            mime: record.mime || '-',
          } as Parts),
        );
        expect(again).to.deep.equal(record);
      }),
    );
  });

  it('never reads another user than the one that was written, spaces and appended columns or not', () => {
    const name = fc.array(word('abcåö'), { minLength: 1, maxLength: 3 }).map(words => words.join(' '));
    const appended = fc.constantFrom(
      '',
      ' "-" "agent"',
      ' [Host: a] [HTTP/1.1 200 OK]',
      ' more text HTTP/1.1',
    );
    fc.assert(
      fc.property(lineParts, name, appended, (parts, user, tail) => {
        fc.pre(!parts.url.endsWith('://'));
        const { outcome, record } = read('squid', render({ ...parts, user } as Parts) + tail);
        if (outcome === 'record') expect(record.user).to.equal(user);
        else expect(outcome).to.equal('reject:fields');
      }),
    );
  });

  it('agrees with the naive reading on lines with one byte changed, wherever that still is a line of ten columns', () => {
    const squid = FORMATS[0]!;
    fc.assert(
      fc.property(lineParts, fc.nat(), fc.constantFrom(...' -/"a7[:\t'), (parts, at, mark) => {
        const line = render(parts);
        const place = at % line.length;
        const changed = line.slice(0, place) + mark + line.slice(place + 1);
        const expected = naive(changed);
        fc.pre(expected !== null && !/:\/\/ /.test(changed));
        const record = blankRecord();
        const bytes = bytesOf(changed);
        const outcome = readLine(squid, bytes, 0, bytes.length, LIMITS, record);
        const isTime =
          Number(NAIVE.exec(changed)![1]) >= 631_152_000 && expected!.stampMs! < 253_402_300_800_000;
        expect(outcome, changed).to.equal(isTime ? 'record' : 'reject:time-invalid');
        if (isTime && record.durationMs !== null) {
          expect(record.startMs).to.equal(expected!.startMs);
          expect(record.url).to.equal(expected!.url);
          expect(record.user).to.equal(expected!.user);
        }
      }),
      { numRuns: 500 },
    );
  });
});
