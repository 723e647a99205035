import { expect } from 'chai';
import fc from 'fast-check';
import { FORMATS } from '../../src/format/formats.ts';
import { readLine } from '../../src/format/read-line.ts';
import { lineEnd } from '../../src/frame/newline.ts';
import { blankRecord } from '../../src/model/record.ts';
import { bytesOf, LIMITS, read } from './support.ts';

const PLAIN =
  '1795563829.595      3 192.0.2.7 TCP_MISS/200 275 GET http://example.com/ok anna HIER_DIRECT/192.0.2.80 text/html';

const OUTCOME =
  /^(record|reject:(too-long|nul-bytes|truncated|fields|time-invalid|time-future|status|bytes|elapsed|client|quotes|unknown-format|tenant-unknown|format-unknown|continued)|skip:(empty|comment|squidguard))$/;

describe('format/read-line', () => {
  it('takes one carriage return off', () => {
    expect(read('squid', `${PLAIN}\r`).record.mime).to.equal('text/html');
  });

  it('passes over a byte order mark before the first line', () => {
    expect(read('squid', `\ufeff${PLAIN}`).outcome).to.equal('record');
    expect(read('squid', '\ufeff# comment').outcome).to.equal('skip:comment');
  });

  it('skips empty lines and comments, in every format', () => {
    for (const { name } of FORMATS) {
      for (const line of ['', '\r', '   ']) expect(read(name, line).outcome).to.equal('skip:empty');
      expect(read(name, '#Software: a proxy').outcome).to.equal('skip:comment');
    }
  });

  it('skips the lines of squidGuard, whatever they say', () => {
    const stamp = '2026-02-14 00:00:24 [26] ';
    for (const text of [
      'Request(default/gambling/-) a.example:443 192.0.2.1/192.0.2.1 - CONNECT REDIRECT',
      'squidGuard 1.6.0 started',
    ])
      expect(read('squid', stamp + text).outcome).to.equal('skip:squidguard');
    expect(read('squid', '2026-02-14 00:00:24 [] Request(').outcome).to.equal('reject:unknown-format');
    expect(read('squid', '2026-02-14 00:00:24 26 Request(').outcome).to.equal('reject:unknown-format');
  });

  it('rejects NUL bytes wherever they stand', () => {
    for (const at of [0, 20, 60, PLAIN.length]) {
      const line = `${PLAIN.slice(0, at)}\0${PLAIN.slice(at)}`;
      expect(read('squid', line).outcome).to.equal('reject:nul-bytes');
    }
  });

  it('calls two records truncated that Squid glued together with a NUL byte, cutting the first at 8,191 bytes', () => {
    const gluedAt = (length: number) =>
      `${PLAIN.replace('/ok ', `/${'k'.repeat(length)} `).slice(0, length)}\0`;
    for (const { name } of FORMATS) {
      expect(read(name, `${gluedAt(8191)}${PLAIN}`).outcome).to.equal('reject:truncated');
      expect(read(name, gluedAt(8191)).outcome).to.equal('reject:nul-bytes');
      expect(read(name, `${gluedAt(8190)}${PLAIN}`).outcome).to.equal('reject:nul-bytes');
    }
  });

  it('rejects a line longer than the limit and reads one as long as it', () => {
    const limits = { ...LIMITS, maxLineBytes: PLAIN.length };
    expect(read('squid', PLAIN, limits).outcome).to.equal('record');
    expect(read('squid', `${PLAIN}\r`, limits).outcome).to.equal('record');
    expect(read('squid', `${PLAIN}l`, limits).outcome).to.equal('reject:too-long');
  });

  it('§1.4 rejects a stamp beyond the latest one that is believed', () => {
    expect(read('squid', PLAIN, { ...LIMITS, latestStampMs: 1795563829595 }).outcome).to.equal('record');
    expect(read('squid', PLAIN, { ...LIMITS, latestStampMs: 1795563829594 }).outcome).to.equal(
      'reject:time-future',
    );
  });

  it('never throws and gives one known outcome, whatever the bytes', () => {
    const fragment = fc.oneof(
      fc.uint8Array({ maxLength: 30 }),
      fc
        .constantFrom(
          PLAIN,
          ' ',
          '"',
          '" "',
          '[',
          ']',
          '\\',
          '1795563829.595',
          'TCP_MISS/200',
          'HIER_NONE/-',
          'http:// a',
          ' [24/Nov/2026:23:43:49 +0000] "',
          ' - ',
        )
        .map(bytesOf),
      fc.tuple(fc.nat(PLAIN.length), fc.nat(PLAIN.length)).map(([a, b]) => bytesOf(PLAIN.slice(a, b))),
    );
    fc.assert(
      fc.property(fc.array(fragment, { maxLength: 8 }), fc.constantFrom(...FORMATS), (fragments, format) => {
        const line = Uint8Array.from(fragments.flatMap(part => [...part]));
        const { outcome, record } = read(format.name, line);
        expect(outcome).to.match(OUTCOME);
        if (outcome !== 'record') return;
        expect(record.startMs).to.be.at.most(record.endMs);
        expect(record.endMs).to.equal(record.stampMs);
        expect(record.status).to.be.within(0, 999);
        expect(record.stampMs).to.be.at.least(Date.UTC(1990, 0, 1) - 15 * 3_600_000);
      }),
      { numRuns: 2_000 },
    );
  });

  it('reads nothing outside the line: bytes around it change nothing', () => {
    fc.assert(
      fc.property(
        fc.nat(PLAIN.length),
        fc.uint8Array({ maxLength: 40 }),
        fc.constantFrom(...FORMATS),
        (cut, tail, format) => {
          const line = bytesOf(PLAIN.slice(0, cut));
          const around = new Uint8Array(line.length + tail.length);
          around.set(line);
          around.set(tail, line.length);
          const alone = blankRecord();
          const amid = blankRecord();
          const outcome = readLine(format, line, 0, line.length, LIMITS, alone);
          expect(readLine(format, around, 0, line.length, LIMITS, amid)).to.equal(outcome);
          expect(amid).to.deep.equal(alone);
        },
      ),
    );
  });

  it('§2.1 accounts for every line: lines = records + rejected + skipped', () => {
    const line = fc.constantFrom(
      PLAIN,
      '',
      '#c',
      'x',
      PLAIN.slice(0, 40),
      '2026-02-14 00:00:24 [26] Request(a/b/-)',
      `${PLAIN}\r`,
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 20 }), fc.constantFrom(...FORMATS), (lines, format) => {
        const bytes = bytesOf(lines.map(text => `${text}\n`).join(''));
        const counts = { record: 0, reject: 0, skip: 0 };
        for (let at = 0; at < bytes.length; ) {
          const stop = lineEnd(bytes, at, bytes.length);
          const outcome = readLine(format, bytes, at, stop, LIMITS, blankRecord());
          counts[outcome.split(':')[0] as keyof typeof counts] += 1;
          at = stop + 1;
        }
        expect(counts.record + counts.reject + counts.skip).to.equal(lines.length);
      }),
    );
  });
});
