// The sections `store`, `sources`, `run` and `log` of `granska.yaml`: what they give, and where mistakes are pointed at.
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Config } from '../../src/config/config.ts';
import { loadConfig, requireConfig } from '../../src/config/load.ts';
import { formatProblems, type Problem } from '../../src/config/problem.ts';
import { load, makeFolder, removeFolders, VALID } from './support.ts';

const MAIN = VALID['granska.yaml']!;
const FIRST_LINE = MAIN.split('\n').length;
const withSection = (text: string) => ({ 'granska.yaml': MAIN + text });

/** Writes a problem as `line:column severity key: message (hint)`, the line counted from the section's first. */
function short({ line, column, severity, key, message, hint }: Problem): string {
  const told = hint === '' ? '' : ` (${hint})`;
  return `${line - FIRST_LINE + 1}:${column} ${severity} ${key}: ${message}${told}`;
}

async function configOf(text: string): Promise<Config> {
  const loaded = await load(withSection(text));
  expect(formatProblems(loaded.problems.filter(({ severity }) => severity === 'error'))).to.equal('');
  return requireConfig(loaded).config;
}

const FILES = '{ name: a, kind: files, paths: [a.log] }';
const KAFKA = 'name: k, kind: kafka, brokers: ["k:9092"], topics: [t]';

const mistakes: [string, string, string[]][] = [
  [
    'a store of a kind that there is not',
    'store: { kind: elastic }\n',
    ['1:16 error store.kind: is not one of the known values (did you mean elasticsearch?)'],
  ],
  [
    'keys of a cluster under the embedded store',
    'store:\n  kind: sqlite\n  url: https://search.example:9200\n',
    ['3:3 error store.url: is not a key of this kind (it goes with kind: elasticsearch)'],
  ],
  [
    'keys of a cluster where no kind is given',
    'store:\n  prefix: granska\n',
    ['2:3 error store.prefix: is not a key of this kind (it goes with kind: elasticsearch)'],
  ],
  [
    'a mistyped key of the right kind',
    'store: { kind: elasticsearch, url: https://a, prefx: x }\n',
    ['1:47 error store.prefx: is not a known key (did you mean prefix?)'],
  ],
  [
    'a cluster without an address',
    'store:\n  kind: elasticsearch\n',
    ['1:1 error store.url: is missing (address of a node, or of several: `https://search.example:9200`)'],
  ],
  [
    'secrets that stand in the file',
    'store: { kind: elasticsearch, url: https://a, username: x, password: s3cret }\n',
    [
      '1:1 error store.passwordFile: is missing (a username needs a passwordFile)',
      '1:60 error store.password: is not a known key (write passwordFile: the path of a file that holds it; no secret stands in this file)',
    ],
  ],
  [
    'a user name and password in an address, alone and in a list',
    'store: { kind: elasticsearch, url: "https://s3cret:s3cret@a" }\nrun: {}\n',
    [
      '1:36 error store.url: must be an http:// or https:// address that holds no user name, password or query',
    ],
  ],
  [
    'an address in a list that is none, and one that names a user',
    'store: { kind: elasticsearch, url: [https://a, "ftp://b", "https://s3cret@b"] }\n',
    [
      '1:48 error store.url[1]: must be an http:// or https:// address that holds no user name, password or query',
      '1:59 error store.url[2]: must be an http:// or https:// address that holds no user name, password or query',
    ],
  ],
  [
    'two ways to log in',
    'store: { kind: elasticsearch, url: https://a, username: x, passwordFile: p, apiKeyFile: p }\n',
    [
      '1:74 warning store.passwordFile: there is no such file here (paths are relative to this file; it is needed where the program runs)',
      '1:77 error store.apiKeyFile: cannot stand beside username and passwordFile (keep one of the two ways to log in)',
      '1:89 warning store.apiKeyFile: there is no such file here (paths are relative to this file; it is needed where the program runs)',
    ],
  ],
  [
    'a prefix and a number of shards that cannot be',
    'store: { kind: elasticsearch, url: https://a, prefix: Granska-1, shards: 0 }\n',
    [
      '1:55 error store.prefix: may hold lower-case letters, digits and _ only, and begins with a letter',
      '1:74 error store.shards: must be at least 1',
    ],
  ],
  [
    'a source without a kind, and one of a kind that there is not',
    'sources:\n  - { name: a, paths: [x] }\n  - { name: b, kind: kafak }\n',
    [
      '2:5 error sources[0].kind: is missing (known: files, kafka)',
      '3:22 error sources[1].kind: is not one of the known values (did you mean kafka?)',
    ],
  ],
  [
    'keys of one kind of source under the other',
    `sources:\n  - { name: a, kind: files, paths: [x], topics: [t] }\n  - { ${KAFKA}, format: squid, paths: [x] }\n`,
    [
      '2:41 error sources[0].topics: is not a key of this kind (it goes with kind: kafka)',
      '3:78 error sources[1].paths: is not a key of this kind (it goes with kind: files)',
    ],
  ],
  [
    '§9.2 two sources of one name, even of two kinds',
    `sources:\n  - ${FILES}\n  - { ${KAFKA.replace('name: k', 'name: a')}, format: squid }\n`,
    [
      '3:13 error sources[1].name: another source has this name (the name is part of the ids of its lines: two sources would be taken for one)',
    ],
  ],
  [
    '§9.1 two sources in one group of one Kafka',
    `sources:\n  - { ${KAFKA}, format: squid }\n  - { ${KAFKA.replace('name: k', 'name: l')}, group: granska, format: squid }\n  - { ${KAFKA.replace('name: k', 'name: m')}, group: own, format: squid }\n`,
    [
      '3:70 error sources[1].group: another source has this group (give each source of one Kafka a group of its own: some topics would be read by nobody)',
    ],
  ],
  [
    'a format that there is not',
    `sources:\n  - { name: a, kind: files, paths: [x], format: squit }\n  - { ${KAFKA}, format: combine }\n`,
    [
      '2:49 error sources[0].format: there is no such log format (did you mean squid?)',
      '3:71 error sources[1].format: there is no such log format (did you mean combined?)',
    ],
  ],
  [
    '§9.4 a topic whose format would have to be guessed',
    `sources:\n  - { ${KAFKA} }\n  - { ${KAFKA.replace('name: k', 'name: l')}, group: l, format: auto }\n`,
    [
      '2:5 error sources[0].format: is missing (log format: squid, common, combined)',
      '3:81 error sources[1].format: cannot be auto here (messages have no first lines to go by: name the format, or names.format)',
    ],
  ],
  [
    'brokers, topics, parts of a message and a start that are none',
    'sources:\n  - name: k\n    kind: kafka\n    brokers: ["k"]\n    topics: ["a b", t, t]\n    format: squid\n    start: yesterday\n    names: { tenant: "value", proxy: "header:" }\n',
    [
      '4:15 error sources[0].brokers[0]: must be host:port',
      '5:14 error sources[0].topics[0]: may hold letters, digits and . _ - * only',
      '5:24 error sources[0].topics[2]: stands here twice',
      '7:12 error sources[0].start: is no time of the configured time zone (write earliest, latest, or a time such as 2026-10-05T14:30)',
      '8:22 error sources[0].names.tenant: must be key, or header: with the name of a header',
      '8:38 error sources[0].names.proxy: must be key, or header: with the name of a header',
    ],
  ],
  [
    'a start at a time that the clock skipped',
    `sources: [{ ${KAFKA}, format: squid, start: 2026-03-29T02:30 }]\n`,
    [
      '1:91 error sources[0].start: is no time of the configured time zone (write earliest, latest, or a time such as 2026-10-05T14:30)',
    ],
  ],
  [
    'a certificate without its key, and a secret that stands in the file',
    `sources:\n  - { ${KAFKA}, format: squid, tls: { certFile: granska.yaml }, sasl: { mechanism: scram-sha-1, username: u, password: s3cret } }\n`,
    [
      '2:78 error sources[0].tls.keyFile: is missing (a certificate and its key go together)',
      '2:111 error sources[0].sasl.passwordFile: is missing (file that holds the password of that user, and nothing else)',
      '2:130 error sources[0].sasl.mechanism: is not one of the known values (did you mean scram-sha-512?)',
      '2:156 error sources[0].sasl.password: is not a known key (write passwordFile: the path of a file that holds it; no secret stands in this file)',
    ],
  ],
  [
    'a star in a folder',
    'sources: [{ name: a, kind: files, paths: ["/var/log/*/access.log", "/var/log/squid/*.log"] }]\n',
    [
      '1:43 error sources[0].paths[0]: has a * in a folder (a * may stand in the last part of a path only: name each folder by itself)',
    ],
  ],
  [
    'settings of run and log that cannot be',
    'run:\n  listen: "9464"\n  flushSeconds: 0\n  parseRate: { minimum: 90 }\n  reloadSeconds: -1\nlog: { level: loud, format: xml }\n',
    [
      '2:11 error run.listen: must be host:port such as 127.0.0.1:9464, or off',
      '3:17 error run.flushSeconds: must be at least 1',
      '4:25 error run.parseRate.minimum: must be at most 1',
      '5:18 error run.reloadSeconds: must be at least 0',
      '6:15 error log.level: is not one of the known values (known: error, warn, info, debug)',
      '6:29 error log.format: is not one of the known values (known: json, text)',
    ],
  ],
];

describe('config: store, sources, run and log', () => {
  afterEach(removeFolders);

  it('are the embedded store and no source unless said', async () => {
    const { store, sources, run, log } = await configOf('');
    expect({ store, sources, run, log }).to.deep.equal({
      store: { kind: 'sqlite' },
      sources: [],
      run: {
        listen: { host: '127.0.0.1', port: 9464 },
        flushMs: 5000,
        threads: 1,
        parseRate: { minimum: 0.9, lines: 1000 },
        reloadMs: 5000,
        schedule: 'off',
      },
      log: { level: 'info', format: 'json' },
    });
    expect((await configOf('store: {}\n')).store).to.deep.equal({ kind: 'sqlite' });
  });

  it('are in the shipped configuration what they are without it', async () => {
    const root = join(import.meta.dirname, '../..');
    const shipped = requireConfig(
      await loadConfig({ flags: {}, env: {}, cwd: root, packageRoot: root }),
    ).config;
    const { store, sources, run, log } = await configOf('');
    expect(shipped).to.deep.include({ store, sources, run, log });
  });

  it('give a cluster with its paths from the file’s folder', async () => {
    const one = await configOf(
      'store: { kind: elasticsearch, url: https://a:9200, username: w, passwordFile: s/p, caFile: s/ca.pem }\n',
    );
    expect(one.store).to.deep.equal({
      kind: 'elasticsearch',
      url: ['https://a:9200'],
      prefix: 'granska',
      shards: 1,
      auth: { kind: 'basic', username: 'w', passwordFile: join(one.root, 's/p') },
      caFile: join(one.root, 's/ca.pem'),
    });
    const other = await configOf(
      'store: { kind: elasticsearch, url: [http://a/es, http://b], prefix: g_2, shards: 3, apiKeyFile: /k }\n',
    );
    expect(other.store).to.deep.equal({
      kind: 'elasticsearch',
      url: ['http://a/es', 'http://b'],
      prefix: 'g_2',
      shards: 3,
      auth: { kind: 'apiKey', apiKeyFile: '/k' },
      caFile: null,
    });
  });

  it('give sources of both kinds', async () => {
    const { root, sources } = await configOf(`sources:
  - { name: proxy, kind: files, paths: ["logs/*.log", /var/log/squid/access.log] }
  - { name: other, kind: files, paths: [a], format: combined }
  - { ${KAFKA}, format: squid }
  - name: full
    kind: kafka
    brokers: ["k1:9093", "[::1]:9093"]
    group: g
    topics: ["squid-*"]
    start: 2026-10-05T14:30
    tls: { caFile: ca.pem, certFile: me.pem, keyFile: me.key }
    sasl: { mechanism: scram-sha-512, username: u, passwordFile: p }
    names: { tenant: "header:tenant", format: key }
    sessionSeconds: 45
  - { name: last, kind: kafka, brokers: ["k:1"], topics: [t], format: squid, start: latest, tls: {} }
`);
    expect(sources).to.deep.equal([
      {
        kind: 'files',
        name: 'proxy',
        paths: [join(root, 'logs/*.log'), '/var/log/squid/access.log'],
        format: null,
      },
      { kind: 'files', name: 'other', paths: [join(root, 'a')], format: 'combined' },
      {
        kind: 'kafka',
        name: 'k',
        brokers: ['k:9092'],
        group: 'granska',
        topics: ['t'],
        format: 'squid',
        start: 'earliest',
        tls: null,
        sasl: null,
        names: {},
        sessionMs: 30_000,
      },
      {
        kind: 'kafka',
        name: 'full',
        brokers: ['k1:9093', '[::1]:9093'],
        group: 'g',
        topics: ['squid-*'],
        format: null,
        start: { atMs: Date.parse('2026-10-05T14:30+02:00') },
        tls: {
          caFile: join(root, 'ca.pem'),
          certFile: join(root, 'me.pem'),
          keyFile: join(root, 'me.key'),
        },
        sasl: { mechanism: 'scram-sha-512', username: 'u', passwordFile: join(root, 'p') },
        names: { tenant: 'header:tenant', format: 'key' },
        sessionMs: 45_000,
      },
      {
        kind: 'kafka',
        name: 'last',
        brokers: ['k:1'],
        group: 'granska',
        topics: ['t'],
        format: 'squid',
        start: 'latest',
        tls: { caFile: null, certFile: null, keyFile: null },
        sasl: null,
        names: {},
        sessionMs: 30_000,
      },
    ]);
  });

  const listens: [string, Config['run']['listen']][] = [
    ['off', null],
    ['0.0.0.0:0', { host: '0.0.0.0', port: 0 }],
    ['"[::1]:80"', { host: '::1', port: 80 }],
  ];
  for (const [written, expected] of listens) {
    it(`give ${written} as where to listen`, async () => {
      expect((await configOf(`run: { listen: ${written} }\n`)).run.listen).to.deep.equal(expected);
    });
  }

  it('look for changes on a signal only where reloadSeconds is 0', async () => {
    expect((await configOf('run: { reloadSeconds: 0 }\n')).run.reloadMs).to.equal(null);
  });

  for (const [name, text, expected] of mistakes) {
    it(`§10.1 point at ${name}`, async () => {
      const { problems } = await load(withSection(text));
      expect(problems.map(short)).to.deep.equal(expected);
      expect(formatProblems(problems)).to.not.contain('s3cret');
    });
  }

  it('warn of secrets that are missing or open, and of passwords on the way; none of it refuses', async () => {
    const folder = makeFolder({
      ...VALID,
      ...withSection(`store: { kind: elasticsearch, url: [http://127.0.0.1:9200, http://a:9200], username: w, passwordFile: open }
sources:
  - { ${KAFKA}, format: squid, sasl: { mechanism: plain, username: u, passwordFile: closed } }
  - { ${KAFKA.replace('name: k', 'name: l')}, group: l, format: squid, sasl: { mechanism: plain, username: u, passwordFile: none }, tls: { caFile: none } }
`),
      open: 'x',
      closed: 'x',
    });
    chmodSync(join(folder, 'open'), 0o444);
    chmodSync(join(folder, 'closed'), 0o400);
    const loaded = await loadConfig({ flags: { config: folder }, env: {}, cwd: folder, packageRoot: folder });
    const words = loaded.problems.map(({ severity, key, message }) => `${severity} ${key}: ${message}`);
    expect(words).to.deep.equal([
      'warning store.url: goes without TLS: the password can be read on the way',
      'warning store.passwordFile: can be read or written by others',
      'warning sources[0].sasl.mechanism: goes without TLS: the password can be read on the way',
      'warning sources[1].sasl.passwordFile: there is no such file here',
      'warning sources[1].tls.caFile: there is no such file here',
    ]);
    expect(requireConfig(loaded).config.sources).to.have.length(2);
  });
});
