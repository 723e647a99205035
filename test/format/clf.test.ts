import { expect } from 'chai';
import fc from 'fast-check';
import type { LogRecord } from '../../src/model/record.ts';
import { read, recordOf } from './support.ts';

const COMMON =
  '192.0.2.7 - anna [24/Nov/2026:23:43:49 +0100] "GET http://example.com/ok HTTP/1.1" 200 275 TCP_MISS:HIER_DIRECT';
const COMBINED =
  '192.0.2.7 - anna [24/Nov/2026:23:43:49 +0100] "GET http://example.com/ok HTTP/1.1" 200 275 "http://ref.example/" "Mozilla/5.0 (X11)" TCP_MISS:HIER_DIRECT';
const APACHE =
  '192.0.2.7 - anna [24/Nov/2026:23:43:49 +0000] "GET http://example.com/s%C3%B6k?\\xc3\\xb6=1 HTTP/1.1" 400 149 "-" "Q\\"u\\\\o \\xc3\\xa5"';

describe('format/clf', () => {
  it('reads a common line of Squid', () => {
    expect(recordOf('common', COMMON)).to.deep.equal({
      stampMs: Date.UTC(2026, 10, 24, 22, 43, 49),
      startMs: Date.UTC(2026, 10, 24, 22, 43, 49),
      endMs: Date.UTC(2026, 10, 24, 22, 43, 49),
      durationMs: null,
      client: '192.0.2.7',
      user: 'anna',
      method: 'GET',
      url: 'http://example.com/ok',
      status: 200,
      bytes: 275,
      mime: null,
      referrer: null,
      userAgent: null,
      access: 'allowed',
      outcome: 'success',
      isAuthChallenge: false,
      isTunnel: false,
      vendor: 'Squid',
      product: 'Squid',
    });
  });

  it('reads a combined line of Squid', () => {
    const record = recordOf('combined', COMBINED);
    expect(record.referrer).to.equal('http://ref.example/');
    expect(record.userAgent).to.equal('Mozilla/5.0 (X11)');
    expect(record.user).to.equal('anna');
  });

  it('reads a combined line of Apache with its escapes undone, and no vendor', () => {
    const record = recordOf('combined', APACHE);
    expect(record.url).to.equal('http://example.com/s%C3%B6k?ö=1');
    expect(record.userAgent).to.equal('Q"u\\o å');
    expect(record.referrer).to.equal('');
    expect(record.vendor).to.equal('');
    expect(record.access).to.equal('allowed');
  });

  it('passes over columns that a site put after the agent', () => {
    const record = recordOf('combined', `${APACHE} host=example.com rt=0.001`);
    expect(record.userAgent).to.equal('Q"u\\o å');
  });

  it('keeps the two formats apart: neither reads a line of the other', () => {
    expect(read('common', COMBINED).outcome).to.equal('reject:fields');
    expect(read('combined', COMMON).outcome).to.equal('reject:fields');
  });

  it('splits raw quotes of a visitor where the middle is plain', () => {
    const line = COMBINED.replace('http://ref.example/', 'http://ref.example/a b?"x"').replace(
      'Mozilla/',
      'Moz"illa \\ ',
    );
    const record = recordOf('combined', line);
    expect(record.referrer).to.equal('http://ref.example/a b?"x"');
    expect(record.userAgent).to.equal('Moz"illa \\ 5.0 (X11)');
  });

  it('believes neither text where a visitor wrote a second middle, and keeps the record', () => {
    const record = recordOf('combined', COMBINED.replace('Mozilla', 'a" "b" "c'));
    expect([record.referrer, record.userAgent]).to.deep.equal([null, null]);
    expect(record.user).to.equal('anna');
  });

  it('takes the tag at the end, not one that a visitor wrote', () => {
    const forged = COMBINED.replace('Mozilla/5.0 (X11)', 'x" TCP_DENIED:HIER_NONE');
    expect(recordOf('combined', forged).access).to.equal('allowed');
    const denied = COMBINED.replace('Mozilla/5.0 (X11)', 'x" TCP_MISS:HIER_NONE').replace(
      /TCP_MISS:HIER_DIRECT$/,
      'TCP_DENIED:HIER_NONE',
    );
    expect(recordOf('combined', denied).access).to.equal('denied');
  });

  it('passes over request headers in brackets', () => {
    const headers = ' [Host: a\\r\\nProxy-Authorization: Basic c2VjcmV0\\r\\n] [HTTP/1.1 200 OK\\r\\n]';
    expect(recordOf('common', COMMON + headers).vendor).to.equal('Squid');
    const record = recordOf('combined', COMBINED + headers);
    expect(record.userAgent).to.equal('Mozilla/5.0 (X11)');
    expect(JSON.stringify(record)).not.to.include('c2VjcmV0');
  });

  it('calls headers that were cut, and a record glued behind them, truncated', () => {
    expect(read('common', `${COMMON} [Host: a\\r\\nCookie: b`).outcome).to.equal('reject:truncated');
    expect(read('combined', `${COMBINED} [Host: a\\r\\nCookie: b`).outcome).to.equal('reject:truncated');
    expect(read('common', `${COMMON} [Host: a\\r\\nCookie: b${COMMON}`).outcome).to.equal('reject:truncated');
  });

  it('reads a user name with spaces and one of a directory', () => {
    expect(recordOf('common', COMMON.replace('anna', 'per o')).user).to.equal('per o');
    expect(recordOf('common', COMMON.replace('anna', 'CN=Agent Smith,OU=fr')).user).to.equal(
      'CN=Agent Smith,OU=fr',
    );
  });

  it('undoes the escapes of names that are not ASCII, where no tag of Squid follows, and no others', () => {
    const userOf = (user: string, tail = '') =>
      read(
        'common',
        `192.0.2.7 - ${user} [25/Nov/2026:00:03:49 +0100] "GET http://a.example/ HTTP/1.1" 200 5${tail}`,
      ).record.user;
    expect(userOf('\\xc3\\xa5sa \\xC3\\x96berg')).to.equal('åsa Öberg');
    expect(userOf('KOMMUN\\x5Cbo')).to.equal('KOMMUN\\bo');
    expect(userOf('KOMMUN\\\\\\xc3\\xa5sa')).to.equal('KOMMUN\\\\åsa');
    for (const user of ['KOMMUN\\nils', 'KOMMUN\\tore', 'KOMMUN\\xab12', 'KOMMUN\\xander'])
      expect(userOf(user)).to.equal(user);
    expect(userOf('\\xc3\\xa5sa', ' TCP_MISS:HIER_DIRECT')).to.equal('\\xc3\\xa5sa');
  });

  it('rejects lines with columns in front, where the user would be another', () => {
    expect(read('common', `p.example:80 ${COMMON}`).outcome).to.equal('reject:fields');
    expect(
      read('combined', `p.example 192.0.2.9, 192.0.2.1 - - ${APACHE.slice(APACHE.indexOf('['))}`).outcome,
    ).to.equal('reject:fields');
  });

  it('reads a tunnel, a 407 and a refusal', () => {
    const tunnel = recordOf('common', COMMON.replace('GET http://example.com/ok', 'CONNECT example.com:443'));
    expect([tunnel.isTunnel, tunnel.url, tunnel.outcome]).to.deep.equal([true, 'example.com:443', 'success']);
    const challenge = recordOf('common', COMMON.replace('200 275 TCP_MISS', '407 275 TCP_DENIED'));
    expect([challenge.isAuthChallenge, challenge.access]).to.deep.equal([true, 'denied']);
    const page = recordOf('common', COMMON.replace('200 275 TCP_MISS', '403 275 NONE_NONE'));
    expect(page.access).to.equal('denied');
    const site = recordOf('common', COMMON.replace('200 275', '403 275'));
    expect([site.access, site.outcome]).to.deep.equal(['allowed', 'failure']);
  });

  it('§2.2 does not take a status alone for a refusal where there is no tag', () => {
    const record = recordOf('common', COMMON.replace('200 275 TCP_MISS:HIER_DIRECT', '403 275'));
    expect([record.access, record.outcome]).to.deep.equal(['allowed', 'failure']);
  });

  const REQUESTS: [request: string, method: string, url: string][] = [
    ['-', '', ''],
    ['', '', ''],
    ['GET /ok HTTP/1.1', 'GET', '/ok'],
    ['GET /a b HTTP/1.1', 'GET', '/a b'],
    ['GET /old', 'GET', '/old'],
    ['- error:transaction-end-before-headers NONE/0.0', '', 'error:transaction-end-before-headers'],
    ['GARBAGE error:invalid-request HTTP/1.1', 'GARBAGE', 'error:invalid-request'],
    ['hello', '', 'hello'],
    ['GET http://a.example/?q="x" HTTP/1.1', 'GET', 'http://a.example/?q="x"'],
  ];
  for (const [request, method, url] of REQUESTS) {
    it(`reads the request ${JSON.stringify(request)}`, () => {
      const record = recordOf(
        'common',
        COMMON.replace('GET http://example.com/ok HTTP/1.1', () => request),
      );
      expect([record.method, record.url]).to.deep.equal([method, url]);
    });
  }

  it('reads a TLS greeting on a plain port as an address that names no method', () => {
    const record = recordOf(
      'common',
      COMMON.replace('GET http://example.com/ok HTTP/1.1', '\\x16\\x03\\x01'),
    );
    expect(record.method).to.equal('');
  });

  it('reads a dash as no bytes', () => {
    expect(recordOf('common', COMMON.replace('200 275', '304 -')).bytes).to.equal(0);
  });

  const STAMPS: [stamp: string, expected: number | string][] = [
    ['24/Nov/2026:23:43:49 -0000', Date.UTC(2026, 10, 24, 23, 43, 49)],
    ['01/Jan/2027:00:30:00 +0530', Date.UTC(2026, 11, 31, 19, 0, 0)],
    ['31/Dec/2026:23:30:00 -0800', Date.UTC(2027, 0, 1, 7, 30, 0)],
    ['29/Feb/2024:12:00:00 +0000', Date.UTC(2024, 1, 29, 12, 0, 0)],
    ['31/Dec/2016:23:59:60 +0000', Date.UTC(2016, 11, 31, 23, 59, 59)],
    ['29/Feb/2026:12:00:00 +0000', 'reject:time-invalid'],
    ['00/Nov/2026:12:00:00 +0000', 'reject:time-invalid'],
    ['31/Nov/2026:12:00:00 +0000', 'reject:time-invalid'],
    ['24/Nov/2026:24:00:00 +0000', 'reject:time-invalid'],
    ['24/Nov/2026:23:60:00 +0000', 'reject:time-invalid'],
    ['24/Nov/1989:23:00:00 +0000', 'reject:time-invalid'],
    ['24/nov/2026:23:00:00 +0000', 'reject:time-invalid'],
    ['24/anF/2026:23:00:00 +0000', 'reject:time-invalid'],
    ['24/Nov/2026:23:00:00 +1500', 'reject:time-invalid'],
    ['xx/Nov/2026:23:00:00 +0000', 'reject:time-invalid'],
  ];
  for (const [stamp, expected] of STAMPS) {
    it(`§1.1 reads [${stamp}] as ${typeof expected === 'number' ? new Date(expected).toISOString() : expected}`, () => {
      const { outcome, record } = read('common', COMMON.replace('24/Nov/2026:23:43:49 +0100', stamp));
      if (typeof expected === 'string') expect(outcome).to.equal(expected);
      else
        expect([record.stampMs, record.startMs, record.endMs]).to.deep.equal([expected, expected, expected]);
    });
  }

  const REJECTS: [sentence: string, line: string, outcome: string][] = [
    ['a client that is none', COMMON.replace('192.0.2.7', '"x'), 'reject:client'],
    ['bytes that are no number', COMMON.replace('200 275', '200 27x'), 'reject:bytes'],
    ['two records in one line', COMMON + COMMON, 'reject:truncated'],
    ['a line of another kind', 'hello world', 'reject:unknown-format'],
    [
      'a native line',
      '1795563829.595 3 192.0.2.7 TCP_MISS/200 275 GET http://a.example/ - HIER_NONE/- -',
      'reject:unknown-format',
    ],
  ];
  for (const [sentence, line, outcome] of REJECTS) {
    it(`answers ${outcome} to ${sentence}`, () => {
      expect(read('common', line).outcome).to.equal(outcome);
    });
  }

  it('rejects a combined line that was cut at any byte before its agent is whole', () => {
    const agentEnd = APACHE.length - 1;
    for (let length = 8; length <= agentEnd; length += 1) {
      const { outcome } = read('combined', APACHE.slice(0, length));
      expect(outcome, `cut at ${length}`).to.match(/^reject:/);
    }
  });

  it('rejects a line that was cut in its tag: it may have been a refusal', () => {
    for (const line of [COMMON, COMBINED]) {
      const name = line === COMMON ? 'common' : 'combined';
      const tagAt = line.indexOf('TCP_MISS');
      for (let length = tagAt + 1; length <= tagAt + 9; length += 1)
        expect(read(name, line.slice(0, length)).outcome, line.slice(tagAt, length)).to.equal(
          'reject:truncated',
        );
    }
  });

  it('takes a last column that is no tag for a column of the site', () => {
    expect(recordOf('combined', `${APACHE} MISS`).vendor).to.equal('');
  });

  it('reads back what was written', () => {
    const agent = fc.string({ unit: fc.constantFrom(...'abc /"\\;(åö)\t'), maxLength: 12 });
    const url = fc.webUrl({ withQueryParameters: true });
    const escaped = (text: string) => text.replace(/[\\"]/g, '\\$&').replace(/\t/g, '\\t');
    fc.assert(
      fc.property(
        agent,
        url,
        fc.constantFrom('anna', 'per o', '-'),
        fc.boolean(),
        (userAgent, address, user, isSquid) => {
          fc.pre(userAgent !== '-');
          const tag = isSquid ? ' TCP_MISS:HIER_DIRECT' : '';
          const line = `192.0.2.7 - ${user} [24/Nov/2026:23:43:49 +0000] "GET ${address} HTTP/1.1" 200 5 "${address}" "${escaped(userAgent)}"${tag}`;
          const record = recordOf('combined', line);
          const expected: Partial<LogRecord> = {
            userAgent,
            referrer: address,
            url: address,
            user: user === '-' ? '' : user,
          };
          for (const [name, value] of Object.entries(expected))
            expect(record[name as keyof LogRecord]).to.equal(value);
        },
      ),
    );
  });
});
