// Lines for the fast scan: plain ones, odd ones, broken ones.
import fc from 'fast-check';

const from = (...values: string[]) => fc.constantFrom(...values);
/** Mostly the first, now and then the second. */
const mostly = (plain: fc.Arbitrary<string>, odd: fc.Arbitrary<string>, weight = 12) =>
  fc.oneof({ weight, arbitrary: plain }, { weight: 1, arbitrary: odd });

const stamp = mostly(
  fc
    .tuple(fc.integer({ min: 1_795_500_000, max: 1_795_700_000 }), fc.integer({ min: 0, max: 999 }))
    .map(([seconds, ms]) => `${seconds}.${String(ms).padStart(3, '0')}`),
  from(
    ...[
      '1795563829.59',
      '1795563829.5951',
      '1795563829',
      '995563829.595',
      '0631151999.000',
      '0631152000.000',
    ],
    ...[
      '11795563829.595',
      '1795563829,595',
      '1795563829.5x5',
      '179556382a.595',
      '-1795563829.595',
      '9999999999.999',
    ],
    ...['1782900000.000', '1795700000.001', '# comment', '2026-11-25 10:00:00 [1] x', ''],
  ),
);

const elapsed = mostly(
  fc.integer({ min: 0, max: 3_700_000 }).map(ms => String(ms).padStart(6)),
  from(
    '-5',
    '    -1',
    '1',
    '999999999',
    '1000000000',
    '31622400001',
    '12a',
    '',
    '  12   ',
    '1 2',
    '00012',
    '+1',
  ),
);

const client = mostly(
  from('10.1.2.3', '10.1.2.31', '192.0.2.121', '2001:db8::7', 'pc-7.lan'),
  from(
    '-',
    '...',
    '[::1]',
    'fe80::1%eth0',
    'a/b',
    'klient\u00e5',
    `${'a'.repeat(256)}`,
    '',
    '::ffff:10.1.2.3',
    'gone1',
  ),
);

const result = mostly(
  from(
    'TCP_MISS/200',
    'TCP_TUNNEL/200',
    'TCP_HIT/304',
    'TCP_DENIED/403',
    'NONE_NONE/403',
    'TCP_MISS_ABORTED/000',
  ),
  from(
    ...[
      'TCP_DENIED/407',
      'TCP_MISS/407',
      'NONE/403',
      'NONE/400',
      'TCP_DENIED_REPLY/200',
      'TCP_DENIE/403',
      'TCP_/200',
    ],
    ...[
      'UDP_DENIED/000',
      'ERR_PROXY_DENIED/403',
      'TCP_MISS/20',
      'TCP_MISS/2000',
      'TCP_MISS',
      'tcp_miss/200',
      '/200',
    ],
    ...[
      'TCP_MISS/',
      'TCP_MISS/2a0',
      'TCP_REFRESH_UNMODIFIED/200',
      'TAG_NONE/503',
      'TCP_MISS/200/',
      'NONEX/403',
      'NON/403',
    ],
  ),
);

const sentBytes = mostly(
  fc.nat(5_000_000).map(String),
  from('0', '-', '999999999', '1000000000', '123456789012345', '1234567890123456', '-5', '1.5', 'x', ''),
);

/** Hosts around the entries of the test's lists. */
export const host: fc.Arbitrary<string> = fc.oneof(
  {
    weight: 6,
    arbitrary: from(
      ...[
        'www.plain.example',
        'plain.example',
        'a.b.c.plain.example',
        'intranet',
        'x.lan',
        'lan',
        'shop.example.co.uk',
      ],
      ...[
        'cdn.busy.example',
        'busy.example',
        'deep.www.busy.example',
        '198.51.100.7',
        'translate.google.com',
        'bing.com',
      ],
      ...[
        'www.google.se',
        'web.archive.org',
        'archive.ph',
        'www.facebook.com',
        'b-x.translate.goog',
        'notgoogle.com',
      ],
      ...[
        'a--b.translate.goog',
        'casino-example.translate.goog',
        'casino-example.cdn.ampproject.org',
        'abc.corp',
      ],
    ),
  },
  {
    weight: 2,
    arbitrary: from(
      ...[
        'casino.example',
        'www.casino.example',
        'CASINO.Example',
        'mycasino.example',
        'casino.example.org',
        '192.0.2.7',
      ],
      ...[
        'ads.busy.example',
        'x.ads.busy.example',
        'paper.example',
        'www.paper.example',
        'hidden.corp',
        'corp',
        'CORP',
      ],
    ),
  },
  {
    weight: 1,
    arbitrary: from(
      ...[
        'casino.example.',
        '.casino.example',
        'casino..example',
        'casino.example..',
        'cas%69no.example',
        '192.0.2.07',
      ],
      ...[
        '0300.0.2.7',
        '3221225991',
        '192.0.519',
        '0xc0.0.2.7',
        '192.0.2.7.',
        '256.1.1.1',
        '192.0.2.7.1',
        '1.2.3',
        'a.1b',
        '.',
        '',
      ],
      ...[
        'user@casino.example',
        'user:pw@casino.example',
        'xn--csino-0qa.example',
        'xn--.example',
        'c\u00e4sino.example',
      ],
      ...[
        'casino\u3002example',
        '[2001:db8::1]',
        '[::ffff:192.0.2.7]',
        'ca\\sino.example',
        'a#b.example',
        '-',
        '*',
        'a;b.example',
      ],
    ),
  },
  {
    weight: 2,
    arbitrary: fc.stringMatching(/^[A-Za-z0-9._-]{1,24}$/),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(
        fc.stringMatching(/^[a-z0-9_-]{1,9}$/),
        from('casino.example', 'busy.example', 'plain.example', 'corp'),
      )
      .map(([label, parent]) => `${label}.${parent}`),
  },
);

const port = mostly(
  from('', '', ':80', ':443', ':8443'),
  from(':', ':0', ':65536', ':123456', ':8a', ':00080'),
  8,
);

const path = fc.oneof(
  {
    weight: 3,
    arbitrary: from('', '/', '/index.html', '/a/b/c.js?', '/games', '/games/poker', '/gamesome', '?q'),
  },
  {
    weight: 3,
    arbitrary: from(
      ...[
        '/translate?u=http://casino.example/',
        '/translate?u=',
        '/translate',
        '/url?q=casino.example&x',
        '/cache?u=casino.example',
      ],
      ...[
        '/web/2020/http://casino.example/',
        '/web/2020/http:/casino.example',
        '/web/casino%2eexample/',
        '/casino.example',
        '/amp/s/casino.example',
      ],
      ...[
        '/l.php?u=https%3A%2F%2Fcasino.example',
        '/http://casino.example',
        '/ck/a?u=a1aHR0cDovL2Nhc2luby5leGFtcGxlLw',
      ],
      ...[
        '/amp/plain',
        '/save/?url=casino.example',
        '/x%3acasino',
        '/amp/s/casino%2Eexample',
        '/search?q=cache:casino.example',
      ],
    ),
  },
  {
    weight: 1,
    arbitrary: from(
      '/x://',
      '/a//b',
      '/\u00e5',
      '/a b',
      '/a\tb',
      '#f',
      '\\x',
      '/%',
      '/a\u0000b',
      '/\u0001',
      `/${'x'.repeat(300)}`,
    ),
  },
);

const address = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.tuple(host, port).map(([name, at]) => `CONNECT ${name}${at === '' ? ':443' : at}`),
  },
  {
    weight: 4,
    arbitrary: fc
      .tuple(
        mostly(
          from('GET', 'POST', 'HEAD', 'OPTIONS', 'PROPFIND'),
          from('connect', 'Get', '-', 'G@T', '', 'CONNECT', 'NONE', 'ICP_QUERY'),
        ),
        mostly(
          from('http://', 'https://'),
          from('HTTP://', 'ftp://', 'http:/', 'http:///', '', 'error:', 'ws://', 'tunnel://'),
        ),
        fc.tuple(host, port, path),
      )
      .map(([method, scheme, rest]) => `${method} ${scheme}${rest.join('')}`),
  },
);

const user = mostly(
  from('-', '-', 'anna', 'erik.berg', 'KOMMUN\\bo', 'a', 'abcd', 'abcde', 'abcdefgh', 'maria@example.org'),
  from(
    'per o',
    'CN=Agent 007,O=x',
    'j%e5n',
    'j\u00e5n',
    '...',
    'gone1',
    'a\u007f',
    'u'.repeat(300),
    '',
    '\u0001',
  ),
);

const hierarchy = mostly(
  from('HIER_DIRECT/192.0.2.80', 'HIER_NONE/-', 'HIER_DIRECT/2001:db8::1', 'FIRSTUP_PARENT/proxy.example'),
  from(
    'HIER_DIRECT',
    'DIRECT/',
    'NONE/-',
    'hier/x',
    '/x',
    '-',
    'TIMEOUT_HIER_DIRECT/192.0.2.80',
    'HIER_DIRECT/a b',
    '',
  ),
);

const mime = mostly(
  from('-', 'text/html', 'image/png', 'text/html;charset=utf-8'),
  from(
    '',
    ' ',
    'text/html ',
    'text/html extra',
    'text/html "http://a.example/" "Mozilla/5.0"',
    'te\u00e4xt',
    '\u0000',
    '- [Host: a] [b]',
  ),
);

const appended = fc
  .tuple(
    fc.array(
      from(
        ...[
          '"',
          '"',
          '" "',
          '-',
          'http://www.plain.example/',
          'Mozilla/5.0',
          ' (Windows NT 10.0; rv:140.0)',
          ' Gecko/20100101',
        ],
        ...[
          ' 1795563829.603',
          ' 95',
          ' HIER_NONE/-',
          ' OPR/93',
          '\\',
          '\\"',
          '  ',
          ' -5',
          ' 10.123',
          ' 5',
          '\u00e5',
          ' NONE/x',
          '[',
          ']',
        ],
      ),
      { maxLength: 7 },
    ),
    mostly(from(''), from(' ', ' x', '"')),
  )
  .map(([parts, end]) => ` "${parts.join('')}"${end}`);

/** Columns that sites append: two quoted texts, or nearly so. */
const extra = fc.oneof(
  { weight: 8, arbitrary: fc.constant('') },
  {
    weight: 2,
    arbitrary: from(
      ' "-" "Mozilla/5.0 (X11; rv:140.0)"',
      ' "http://www.plain.example/x" "curl/8.1"',
      ' "" ""',
    ),
  },
  { weight: 2, arbitrary: appended },
  { weight: 1, arbitrary: fc.tuple(appended, appended).map(parts => parts.join('')) },
);

const ending = mostly(from('\n'), from('\r\n', '\r\r\n', '\r \n', ' \n'), 6);

/** Makes one line with its line feed. */
export const line: fc.Arbitrary<string> = fc.oneof(
  {
    weight: 20,
    arbitrary: fc
      .tuple(
        fc.tuple(stamp, elapsed, client, result, sentBytes),
        fc.tuple(address, user, hierarchy, mime),
        fc.tuple(
          mostly(from(' '), from('  ', '\t'), 40),
          mostly(from(''), from(' ', '\ufeff'), 40),
          extra,
          ending,
        ),
      )
      .map(
        ([head, tail, [gap, lead, columns, end]]) => `${lead}${[...head, ...tail].join(gap)}${columns}${end}`,
      ),
  },
  {
    weight: 1,
    arbitrary: fc.oneof(
      from(
        '\n',
        '\r\n',
        '# fields\n',
        ' \n',
        '2026-02-14 00:00:24 [26] Request(default/x/-) http://a - - - REDIRECT\n',
      ),
      fc.string({ maxLength: 80 }).map(text => `${text.replace(/\n/g, '')}\n`),
    ),
  },
);

/** Makes bytes of a log, now and then with a byte changed anywhere. */
export const log: fc.Arbitrary<Uint8Array<ArrayBuffer>> = fc
  .tuple(
    fc.array(line, { minLength: 1, maxLength: 90 }),
    fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 3 }),
    fc.boolean(),
  )
  .map(([lines, changes, isLatin]) => {
    const text = lines.join('');
    const bytes = isLatin ? latin1(text) : new TextEncoder().encode(text);
    for (const [at, value] of changes) bytes[at % (bytes.length - 1)] = value;
    return bytes as Uint8Array<ArrayBuffer>;
  });

function latin1(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(text, character => character.charCodeAt(0) & 0xff);
}
