import { expect } from 'chai';
import fc from 'fast-check';
import { runParse } from '../../../src/cli/commands/parse.ts';
import { FORMATS, type Format, formatNamed } from '../../../src/format/formats.ts';
import type { SourceEvent } from '../../../src/ports/source.ts';
import { closingIo, continued, memoryIo, origin, overlong, sourceOf } from './log-support.ts';

const NOW_MS = 1_795_600_000_000;
const SQUID =
  '1795563829.595      3 192.0.2.7 TCP_MISS/200 275 GET http://user:pw@A.example:8080/a/../ok?q=1#f anna HIER_DIRECT/192.0.2.80 text/html\n';
const TUNNEL =
  '1795563829.682      6 2001:db8::1 TCP_DENIED/407 0 CONNECT Secure.example:443 - HIER_NONE/- -\n';
const COMBINED =
  '192.0.2.7 - - [24/Nov/2026:23:43:49 +0000] "GET http://a.example/ HTTP/1.1" 200 275 "http://ref.example/" "curl" TCP_MISS:HIER_DIRECT\n';

async function parse(events: SourceEvent[], format: Format | null = null) {
  const { io, out, err } = memoryIo();
  const deps = {
    source: sourceOf(events),
    io,
    clock: { nowMs: () => NOW_MS },
    signal: new AbortController().signal,
  };
  const exit = await runParse({ format }, deps);
  const rows =
    out() === ''
      ? []
      : out()
          .trimEnd()
          .split('\n')
          .map(line => JSON.parse(line));
  return { exit, rows, err: err() };
}

describe('granska parse', () => {
  it('prints a record as nested ECS, without the keys that the log has nothing for', async () => {
    const { rows, exit } = await parse(origin('a.log', [SQUID + TUNNEL]));
    expect(exit).to.equal(0);
    expect(rows).to.deep.equal([
      {
        '@timestamp': '2026-11-24T23:43:49.595Z',
        event: {
          start: '2026-11-24T23:43:49.592Z',
          end: '2026-11-24T23:43:49.595Z',
          duration: 3_000_000,
          type: 'allowed',
          outcome: 'success',
        },
        source: { ip: '192.0.2.7' },
        user: { name: 'anna' },
        http: {
          request: { method: 'GET' },
          response: { status_code: 200, bytes: 275, mime_type: 'text/html' },
        },
        url: {
          original: 'http://user:pw@A.example:8080/a/../ok?q=1#f',
          scheme: 'http',
          domain: 'a.example',
          port: 8080,
          path: '/ok',
          query: 'q=1',
        },
        observer: { vendor: 'Squid' },
        log: { offset: 0 },
      },
      {
        '@timestamp': '2026-11-24T23:43:49.682Z',
        event: {
          start: '2026-11-24T23:43:49.676Z',
          end: '2026-11-24T23:43:49.682Z',
          duration: 6_000_000,
          type: 'denied',
          outcome: 'failure',
        },
        source: { ip: '2001:db8::1' },
        http: { request: { method: 'CONNECT' }, response: { status_code: 407, bytes: 0 } },
        url: { original: 'Secure.example:443', domain: 'secure.example', port: 443 },
        observer: { vendor: 'Squid' },
        log: { offset: SQUID.length },
      },
    ]);
  });

  it('prints referrer and user agent of a combined line, and no duration', async () => {
    const { rows } = await parse(origin('a.log', [COMBINED]));
    expect(rows[0].http.request).to.deep.equal({ method: 'GET', referrer: 'http://ref.example/' });
    expect(rows[0].user_agent).to.deep.equal({ original: 'curl' });
    expect(rows[0].event).not.to.have.property('duration');
    expect(rows[0].event.start).to.equal(rows[0]['@timestamp']);
  });

  it('prints why a line was rejected or skipped, where it stands, and its text', async () => {
    const { rows } = await parse(origin('a.log', [SQUID, '\r\n# note\nöh no\n']));
    expect(rows.slice(1)).to.deep.equal([
      { log: { offset: SQUID.length }, granska: { skipped: 'empty' }, event: { original: '' } },
      { log: { offset: SQUID.length + 2 }, granska: { skipped: 'comment' }, event: { original: '# note' } },
      {
        log: { offset: SQUID.length + 9 },
        granska: { rejected: 'unknown-format' },
        event: { original: 'öh no' },
      },
    ]);
  });

  it('prints lines too long and lines continued as rejects', async () => {
    const { rows } = await parse([
      overlong('a.log', 'xxxx', 0),
      continued('a.log', 'rest of it\n', 70_000),
      ...origin('a.log', []),
    ]);
    expect(rows).to.deep.equal([
      { log: { offset: 0 }, granska: { rejected: 'too-long' }, event: { original: 'xxxx' } },
      { log: { offset: 70_000 }, granska: { rejected: 'continued' }, event: { original: 'rest of it' } },
    ]);
  });

  it('never echoes passwords of request headers', async () => {
    const headers = ' [Host: a\\r\\nProxy-Authorization: Basic c2VjcmV0\\r\\n] [HTTP/1.1 200 OK\\r\\n]';
    const cut = ' [Host: a\\r\\nProxy-Authorization: Basic c2VjcmV0';
    const { rows } = await parse(
      origin('a.log', [`${SQUID.trimEnd() + headers}\n${SQUID.trimEnd()}${cut}\n`]),
    );
    expect(rows.map(row => row.granska?.rejected)).to.deep.equal([undefined, 'truncated']);
    expect(JSON.stringify(rows)).not.to.include('c2Vj');
  });

  it('chooses a format for each file and says so on stderr', async () => {
    const { rows, err } = await parse([
      ...origin('a.log', [SQUID]),
      ...origin('b.log', [COMBINED]),
      ...origin(null, ['hello\n']),
    ]);
    expect(rows.map(row => row.observer?.vendor)).to.deep.equal(['Squid', 'Squid', undefined]);
    expect(err.split('\n')).to.deep.equal([
      'a.log: format squid (100 % of the first 1 lines fit)',
      'b.log: format combined (100 % of the first 1 lines fit)',
      'stdin: format squid, not sure: 0 % of the first 1 lines fit',
      '',
    ]);
  });

  it('reads with the format that was asked for, and rejects what is not of it', async () => {
    const { rows, err } = await parse(origin('a.log', [SQUID + COMBINED]), formatNamed('combined'));
    expect(rows.map(row => row.granska?.rejected)).to.deep.equal(['unknown-format', undefined]);
    expect(err).to.equal('');
  });

  it('goes on after a missing file and answers 3, after a damaged one 4', async () => {
    const missing = origin('gone.log', [], { failure: { code: 'missing', message: 'gone.log is missing' } });
    const damaged = origin('bad.gz', [SQUID], { failure: { code: 'damaged', message: 'bad.gz is damaged' } });
    const first = await parse([...missing, ...origin('a.log', [SQUID])]);
    expect([first.exit, first.rows.length]).to.deep.equal([3, 1]);
    expect(first.err).to.include('gone.log is missing');
    const both = await parse([...missing, ...damaged]);
    expect([both.exit, both.rows.length]).to.deep.equal([4, 1]);
  });

  it('stops without an error when its reader has gone', async () => {
    const { io, writes } = closingIo();
    let taken = -1;
    const events = origin('a.log', new Array<string>(20).fill(SQUID));
    const source = sourceOf(events, index => {
      taken = index;
    });
    const deps = { source, io, clock: { nowMs: () => NOW_MS }, signal: new AbortController().signal };
    expect(await runParse({ format: FORMATS[0]! }, deps)).to.equal(0);
    expect(writes()).to.equal(1);
    expect(taken).to.be.lessThan(3);
  });

  it('§2.1 prints one object for every line, in order, however the lines are cut into chunks', async () => {
    const line = fc.constantFrom(SQUID, TUNNEL, COMBINED, '\n', '#c\n', 'x\n', '\0\n');
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(line, { minLength: 1, maxLength: 4 }), { maxLength: 5 }),
        async chunks => {
          const { rows } = await parse(
            origin(
              'a.log',
              chunks.map(lines => lines.join('')),
            ),
          );
          let offset = 0;
          const expected = chunks.flat().map(text => {
            const at = offset;
            offset += text.length;
            return at;
          });
          expect(rows.map(row => row.log.offset)).to.deep.equal(expected);
          for (const row of rows) expect('@timestamp' in row).to.equal(!('granska' in row));
        },
      ),
    );
  });
});
