import { expect } from 'chai';
import type { LogRecord } from '../../src/model/record.ts';
import { read, recordOf } from './support.ts';

const PLAIN =
  '1795563829.595      3 192.0.2.7 TCP_MISS/200 275 GET http://example.com/ok anna HIER_DIRECT/192.0.2.80 text/html';

/** Lines that are records, with the fields that matter in each. */
const RECORDS: [sentence: string, line: string, fields: Partial<LogRecord>][] = [
  [
    'reads the ten columns',
    PLAIN,
    {
      stampMs: 1795563829595,
      startMs: 1795563829592,
      endMs: 1795563829595,
      durationMs: 3,
      client: '192.0.2.7',
      user: 'anna',
      method: 'GET',
      url: 'http://example.com/ok',
      status: 200,
      bytes: 275,
      mime: 'text/html',
      referrer: null,
      userAgent: null,
      access: 'allowed',
      outcome: 'success',
      isAuthChallenge: false,
      isTunnel: false,
      vendor: 'Squid',
      product: 'Squid',
    },
  ],
  [
    'reads dashes as nothing',
    '1795563829.583      0 192.0.2.7 NONE_NONE/000 0 - error:transaction-end-before-headers - HIER_NONE/- -',
    {
      user: '',
      method: '',
      mime: '',
      status: 0,
      outcome: 'unknown',
      url: 'error:transaction-end-before-headers',
    },
  ],
  [
    'reads a tunnel',
    '1795563829.682      6 192.0.2.7 TCP_TUNNEL/200 2207 CONNECT secure.example:18443 anna HIER_DIRECT/192.0.2.80 -',
    { isTunnel: true, outcome: 'success', url: 'secure.example:18443', mime: '' },
  ],
  [
    'reads a tunnel that the client broke off as established',
    '1613260836.625    355 192.0.2.7 TCP_TUNNEL_ABORTED/200 5319 CONNECT a.example:443 - HIER_DIRECT/192.0.2.4 -',
    { isTunnel: true, outcome: 'success', durationMs: 355 },
  ],
  [
    'reads an aborted request without an answer as unknown',
    '1795563831.631    401 192.0.2.7 TCP_MISS_ABORTED/000 0 GET http://example.com/slow anna HIER_DIRECT/192.0.2.80 -',
    { outcome: 'unknown', status: 0 },
  ],
  [
    'reads a method in any case',
    '1795563829.682      6 192.0.2.7 TCP_TUNNEL/200 2207 connect a.example:443 - HIER_DIRECT/192.0.2.80 -',
    { method: 'connect', isTunnel: true },
  ],
  [
    'reads an IPv6 client and an IPv6 address',
    '1795563832.053      0 2001:db8::1 TCP_MISS/200 275 GET http://[::1]:8080/ok? anna HIER_DIRECT/::1 text/html',
    { client: '2001:db8::1', url: 'http://[::1]:8080/ok?' },
  ],
  [
    'reads a client that is a host name',
    '1795563832.053      0 pc-17.office.example TCP_MISS/200 275 GET http://a.example/ - HIER_DIRECT/192.0.2.1 text/html',
    { client: 'pc-17.office.example' },
  ],
  [
    'reads old names of the hierarchy',
    '1157689320.327   2864 192.0.2.199 TCP_MISS/200 10182 GET http://a.example/x badeyek DIRECT/192.0.2.9 image/gif',
    { user: 'badeyek', startMs: 1157689317463 },
  ],
  [
    'reads a hierarchy that names a parent and none',
    '1795563999.289      3 192.0.2.7 TCP_MISS/0 2168 CONNECT https://a.example:18443 - DEFAULT_PARENT/ -',
    { status: 0, isTunnel: true, outcome: 'unknown', mime: '' },
  ],
  [
    'reads a tag that Squid does not write',
    '1795563943.631 46 192.0.2.7 ERR_UNKNOWN/500 606 GET http://a.example/x - NONE/a.example text/html',
    { outcome: 'failure', access: 'allowed' },
  ],
  [
    'reads a question of a neighbour cache',
    '1795563943.631 0 192.0.2.7 UDP_MISS/000 64 ICP_QUERY http://a.example/x - HIER_NONE/- -',
    { method: 'ICP_QUERY', outcome: 'unknown' },
  ],
  [
    'reads a long tag',
    '1606435200.123 382 192.0.2.13 TCP_CLIENT_REFRESH_MISS_SSL/201 4646 GET http://a.example/b conner DEFAULT_PARENT/p.example application/x-javascript',
    { status: 201, mime: 'application/x-javascript' },
  ],
  [
    'keeps the escapes of a user name as logged',
    '1795563832.086      0 192.0.2.7 TCP_MISS/200 275 GET http://a.example/ kommun\\\\bo HIER_DIRECT/192.0.2.80 text/html',
    { user: 'kommun\\\\bo' },
  ],
  [
    'keeps the percent signs of a user name as logged',
    '1795563832.086      0 192.0.2.7 TCP_MISS/200 275 GET http://a.example/ %c3%a5sa HIER_DIRECT/192.0.2.80 text/html',
    { user: '%c3%a5sa' },
  ],
  [
    'reads a user name with a space from both ends',
    '1795563832.091      0 192.0.2.7 TCP_MISS/200 275 GET http://a.example/ok? per o HIER_DIRECT/192.0.2.80 text/html',
    { user: 'per o', url: 'http://a.example/ok?', mime: 'text/html' },
  ],
  [
    'reads a distinguished name with spaces, and passes over an unquoted agent',
    '1157689320.327 12 192.0.2.7 TCP_MISS/200 99 GET http://www.example.com:80/ CN=Agent Smith,OU=fr,O=company DIRECT/www.example.com text/html uncategorized Mozilla/4.76 [en] (X11; U; Linux)',
    {
      user: 'CN=Agent Smith,OU=fr,O=company',
      url: 'http://www.example.com:80/',
      mime: 'text/html',
      userAgent: null,
    },
  ],
  [
    'reads an address with a space inside before a distinguished name',
    '1157689320.327 12 192.0.2.7 TCP_MISS/200 99 GET http:// files.example/es/x.jpg CN=Tom BOMBADIL,OU=fr DIRECT/- -',
    { user: 'CN=Tom BOMBADIL,OU=fr', url: 'http:// files.example/es/x.jpg' },
  ],
  [
    'reads an address with a space after its slashes before a plain name',
    '1157689320.327 12 192.0.2.7 TCP_MISS/200 99 GET http:// files.example/x.jpg tom DIRECT/- -',
    { user: 'tom', url: 'http:// files.example/x.jpg' },
  ],
  [
    'reads a bare word as an address',
    '1157689320.327 12 192.0.2.7 TCP_DENIED/400 1536 GET ahmet - NONE/- text/html',
    { url: 'ahmet', user: '', access: 'denied' },
  ],
  [
    'takes quoted columns after the mime type as referrer and user agent',
    `${PLAIN} "http://ref.example/a" "Mozilla/5.0 \\"quoted\\" \\\\ (X11)"`,
    { referrer: 'http://ref.example/a', userAgent: 'Mozilla/5.0 "quoted" \\ (X11)', user: 'anna' },
  ],
  [
    'takes quoted dashes as an empty referrer and user agent',
    `${PLAIN} "-" "-"`,
    { referrer: '', userAgent: '' },
  ],
  ['does not guess what one quoted column is', `${PLAIN} "Mozilla/5.0"`, { referrer: null, userAgent: null }],
  [
    'does not take two quoted columns for a referrer when the first is none',
    `${PLAIN} "Mozilla/5.0" "sv-SE"`,
    { referrer: null, userAgent: null },
  ],
  [
    'passes over request headers in brackets',
    `${PLAIN} [Host: example.com\\r\\nProxy-Authorization: Basic c2VjcmV0\\r\\n] [HTTP/1.1 200 OK\\r\\n]`,
    { referrer: null, userAgent: null, user: 'anna', mime: 'text/html' },
  ],
  [
    'cuts the parameters of a mime type',
    '1795563829.595      3 192.0.2.7 TCP_MISS/200 275 GET http://a.example/ anna HIER_DIRECT/192.0.2.80 Text/HTML;charset=utf-8',
    { mime: 'text/html' },
  ],
  [
    'counts a negative elapsed time as none',
    '1795563829.595     -5 192.0.2.7 TCP_MISS/200 275 GET http://a.example/ anna HIER_DIRECT/192.0.2.80 -',
    { durationMs: 0, startMs: 1795563829595 },
  ],
  [
    'does not believe an elapsed time of many years',
    '1795563829.595 1795563829595 192.0.2.7 TCP_MISS/200 275 GET http://a.example/ anna HIER_DIRECT/192.0.2.80 -',
    { durationMs: null, startMs: 1795563829595 },
  ],
  [
    'reads a stamp without a fraction',
    '1795563829 3 192.0.2.7 TCP_MISS/200 275 GET http://a.example/ anna HIER_DIRECT/192.0.2.80 -',
    { stampMs: 1795563829000 },
  ],
  [
    'reads microseconds to the millisecond',
    '1795563829.595999 3 192.0.2.7 TCP_MISS/200 275 GET http://a.example/ anna HIER_DIRECT/192.0.2.80 -',
    { stampMs: 1795563829595 },
  ],
  [
    'reads a raw UTF-8 address',
    '1795563832.103      0 192.0.2.7 TCP_MISS/400 254 GET http://a.example/sök? anna HIER_DIRECT/192.0.2.80 -',
    { url: 'http://a.example/sök?', user: 'anna' },
  ],
];

/** Lines that are none, with the reason. */
const REJECTS: [sentence: string, line: string, outcome: string][] = [
  ['a stamp that is no time', PLAIN.replace('1795563829.595', '95.5'), 'reject:time-invalid'],
  ['a stamp of milliseconds', PLAIN.replace('1795563829.595', '1795563829595'), 'reject:time-invalid'],
  ['a stamp with two dots', PLAIN.replace('1795563829.595', '192.0.2.7'), 'reject:unknown-format'],
  ['a stamp with a bare dot', PLAIN.replace('1795563829.595', '1795563829.'), 'reject:time-invalid'],
  ['a line that begins with a word', 'Nov 24 23:43:49 proxy squid[1]: hello', 'reject:unknown-format'],
  ['an elapsed time that is no number', PLAIN.replace('  3 192', '  x 192'), 'reject:elapsed'],
  ['a bare minus as elapsed time', PLAIN.replace('  3 192', '  - 192'), 'reject:elapsed'],
  ['a client that is none', PLAIN.replace('192.0.2.7', 'a/b'), 'reject:client'],
  ['a result without a slash', PLAIN.replace('TCP_MISS/200', 'TCP_MISS'), 'reject:fields'],
  ['a status of four digits', PLAIN.replace('/200', '/2000'), 'reject:status'],
  ['a status that is no number', PLAIN.replace('/200', '/2x0'), 'reject:status'],
  ['bytes that are no number', PLAIN.replace(' 275 ', ' 27a '), 'reject:bytes'],
  ['bytes that are negative', PLAIN.replace(' 275 ', ' -275 '), 'reject:bytes'],
  ['bytes beyond reason', PLAIN.replace(' 275 ', ' 1234567890123456 '), 'reject:bytes'],
  ['a method that is no token', PLAIN.replace('GET', 'G"ET'), 'reject:fields'],
  ['no hierarchy at all', PLAIN.replace('HIER_DIRECT/192.0.2.80', 'nothing'), 'reject:fields'],
  [
    'two hierarchies: the address was made to look like the end of the line',
    PLAIN.replace('/ok anna', '/ok berit HIER_NONE/- text/html anna'),
    'reject:fields',
  ],
  ['a name that may be part of an address', PLAIN.replace('anna', 'my/file.html anna'), 'reject:fields'],
  ['a name behind a dash', PLAIN.replace('anna', '- anna'), 'reject:fields'],
  ['a bare word and two words', PLAIN.replace('http://example.com/ok', 'ok'), 'record'],
  [
    'a bare word and a name of two words',
    PLAIN.replace('http://example.com/ok anna', 'ok per o'),
    'reject:fields',
  ],
  [
    'an address that lost its host, and no name',
    PLAIN.replace('http://example.com/ok anna', 'http:// a.example/x'),
    'reject:fields',
  ],
  ['quoted columns that were cut', `${PLAIN} "http://ref.example/a" "Mozilla/5.0 (X11`, 'reject:truncated'],
  ['headers that were cut', `${PLAIN} [Host: example.com\\r\\nCookie: a=b`, 'reject:truncated'],
];

describe('format/squid', () => {
  for (const [sentence, line, fields] of RECORDS) {
    it(sentence, () => {
      const record = recordOf('squid', line);
      for (const [name, value] of Object.entries(fields))
        expect(record[name as keyof LogRecord], name).to.deep.equal(value);
    });
  }

  for (const [sentence, line, outcome] of REJECTS) {
    it(`answers ${outcome} to ${sentence}`, () => {
      expect(read('squid', line).outcome).to.equal(outcome);
    });
  }

  it('rejects a line that was cut at any byte, up to its mime type', () => {
    const mimeAt = PLAIN.indexOf('text/html');
    for (let length = 1; length <= mimeAt; length += 1) {
      const { outcome } = read('squid', PLAIN.slice(0, length));
      expect(outcome, `cut at ${length}`).to.be.oneOf(['reject:truncated', 'reject:fields']);
    }
  });

  it('rejects two records in one line, wherever the first was cut', () => {
    const second = PLAIN.replace('anna', 'berit');
    // A first record of one byte makes a stamp of the year 2343.
    const limits = { maxLineBytes: 65_536, latestStampMs: 1_800_000_000_000 };
    for (let length = 1; length < PLAIN.length; length += 1) {
      const { outcome } = read('squid', PLAIN.slice(0, length) + second, limits);
      expect(outcome, `cut at ${length}`).to.match(/^reject:/);
    }
  });

  it('calls a record that was cut in its address and glued to the next truncated', () => {
    const long = `${PLAIN.slice(0, 75)}${'x'.repeat(8_000)}`;
    expect(read('squid', long + PLAIN).outcome).to.equal('reject:truncated');
  });

  it('reads a glued first record of request headers as truncated', () => {
    expect(read('squid', `${PLAIN} [Host: a.example\\r\\nX: y${PLAIN}`).outcome).to.equal('reject:truncated');
  });

  it('reads Latin-1 where the bytes are not UTF-8', () => {
    const line = Uint8Array.from(
      [...PLAIN.replace('/ok', '/s#k')].map(c => (c === '#' ? 0xf6 : c.charCodeAt(0))),
    );
    expect(recordOf('squid', line).url).to.equal('http://example.com/sök');
  });

  it('leaves nothing of the line before in a record', () => {
    const first = recordOf('squid', `${PLAIN} "http://ref.example/" "agent"`);
    const again = recordOf('squid', PLAIN);
    expect(first.referrer).to.equal('http://ref.example/');
    expect(again.referrer).to.equal(null);
    expect(again.userAgent).to.equal(null);
  });

  it('§1.1 begins a request its elapsed time before the stamp', () => {
    const record = recordOf('squid', PLAIN.replace('     3 ', ' 86400000 '));
    expect(record.startMs).to.equal(1795563829595 - 86_400_000);
    expect(record.endMs).to.equal(1795563829595);
  });

  const ANSWERS: [result: string, access: string, outcome: string][] = [
    ['TCP_MISS/200', 'allowed', 'success'],
    ['TCP_MISS/206', 'allowed', 'success'],
    ['TCP_IMS_HIT/304', 'allowed', 'success'],
    ['TCP_MISS_ABORTED/200', 'allowed', 'success'],
    ['TCP_MISS/302', 'allowed', 'unknown'],
    ['TCP_MISS/100', 'allowed', 'unknown'],
    ['TCP_MISS/403', 'allowed', 'failure'],
    ['TCP_MISS/503', 'allowed', 'failure'],
    ['TCP_DENIED/403', 'denied', 'failure'],
    ['TCP_DENIED/200', 'denied', 'failure'],
    ['TCP_DENIED/302', 'denied', 'failure'],
    ['TCP_DENIED_REPLY/403', 'denied', 'failure'],
    ['TCP_DENIED_ABORTED/403', 'denied', 'failure'],
    ['UDP_DENIED/000', 'denied', 'failure'],
    ['ERR_PROXY_DENIED/403', 'denied', 'failure'],
    ['NONE/403', 'denied', 'failure'],
    ['NONE_NONE/403', 'denied', 'failure'],
    ['NONE_NONE_ABORTED/403', 'denied', 'failure'],
    ['NONE_NONE/400', 'allowed', 'failure'],
    ['NONE_NONE/200', 'allowed', 'success'],
  ];
  for (const [result, access, outcome] of ANSWERS) {
    it(`§2.2 takes ${result} as ${access}, ${outcome}`, () => {
      const record = recordOf('squid', PLAIN.replace('TCP_MISS/200', result));
      expect([record.access, record.outcome]).to.deep.equal([access, outcome]);
    });
  }

  it('§2.3 takes 407 as a challenge, whoever asked', () => {
    const record = recordOf('squid', PLAIN.replace('TCP_MISS/200', 'TCP_DENIED/407'));
    expect(record.isAuthChallenge).to.equal(true);
    expect(recordOf('squid', PLAIN).isAuthChallenge).to.equal(false);
  });
});
