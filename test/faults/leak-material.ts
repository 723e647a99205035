// What must leak nowhere, fed by every way there is: names, client addresses, protected hosts and passwords, as lines of
// two formats, whole and broken, with a configuration that knows the people and the hosts. Out: logs, and the words to
// look for. Example: `makePlace({ ...CONFIG, 'native.log': nativeLog() }, 'config')`, then `findBytes(dataDir, MARKERS)`.
import { combinedLine, logOf, MONDAY_MS, squidLine, squidLongLine } from '../cli/squid-log.ts';
import { TOWN } from '../cli/town.ts';

/** A person whom the directory names. */
export const NAME = 'zebulonmarker';
const CHIEF = 'chiefmarker';
const UNKNOWN = 'strangermarker';
/** Address of a client. */
export const V4 = '203.0.113.77';
/** And of another. */
export const V6 = '2001:db8:dead:beef::77';
/** A host of the protected list. */
export const PROTECTED = 'skyddadmarker.example';
/** Another, with letters beyond ASCII. */
export const IDN = 'räddmarker.example';
const IDN_ASCII = 'xn--rddmarker-v2a.example';
/** A password that stands in lines. */
export const PASSWORD = 'Pa55wordMarker';
const PLAIN_SITE = 'plainmarker.example';
const QUERY = 'querymarker';

/** Protected hosts, in every spelling: not even a sealed text holds them (§6.4). */
export const HOST_MARKERS = [PROTECTED, 'skyddadmarker', IDN, 'räddmarker', IDN_ASCII];

/** All that must be found nowhere. */
export const MARKERS = [
  ...[NAME, CHIEF, UNKNOWN, V4, V6, ...HOST_MARKERS],
  ...[PASSWORD, 'cookiemarker', PLAIN_SITE, QUERY],
];

/** The small municipality with these people and hosts. */
export const CONFIG = {
  ...TOWN,
  'config/lists/protected/domains': `${PROTECTED}\n${IDN}\n`,
  'config/directory.csv': `user,roles,department,population,validFrom,validThrough
${NAME},,Bygg,staff,2020-01-01,
${CHIEF},,Social,staff,2020-01-01,
`,
  'config/policy.yaml': TOWN['config/policy.yaml']!.replace(
    'roles: [counsellor]',
    `users: [${NAME}]`,
  ).replace('approvers: [head]', `approvers: [${CHIEF}]`),
  'config/policy.tests.yaml': `version: 1
tests:
  - { user: ${NAME}, url: "http://casino.example/", at: 2025-03-05T12:00, expect: { verdict: exempt } }
`,
};

/** Every spelling of a name, as proxies log it. */
const NAMES = [NAME, NAME.toUpperCase(), `PROVBY\\\\${NAME}`, `OTHER\\${NAME}`, `${NAME}@provby.example`];
NAMES.push(`CN=${NAME},OU=Bygg`, `%7aebulonmarker`, CHIEF, UNKNOWN);

const CLIENTS = [V4, V6, `::ffff:${V4}`, V6.toUpperCase(), V4];

/** Every way to write a protected host. */
const HOSTS = [
  PROTECTED,
  PROTECTED.toUpperCase(),
  `www.${PROTECTED}`,
  `${PROTECTED}.`,
  '%73kyddadmarker.example',
];
HOSTS.push(
  IDN,
  IDN_ASCII,
  encodeURIComponent('räddmarker').concat('.example'),
  'skyddadmarker%E3%80%82example',
);

/** Addresses that are flagged and hold a marker, or that are or wrap a protected site. */
function addresses(name: string): string[] {
  const flagged = [
    `http://${name.replace(/[^\w.-]/g, '.')}.casino.example/`,
    `http://${name}:${PASSWORD}@casino.example/`,
    `http://casino.example/users/${name}/inbox?q=${QUERY}&user=${name}`,
    `http://casino.example/from/${V4}/to/${V6}`,
    `http://casino.example/?back=http://${PLAIN_SITE}/${QUERY}#${QUERY}`,
    `http://casino.example/login;user=${name}?password=${PASSWORD}`,
    `http://casino.example/%${hex(name.charCodeAt(0))}${name.slice(1)}`,
  ];
  const hidden = HOSTS.flatMap(host => [
    `http://${host}/${QUERY}`,
    `http://casino.example/redirect?to=http%3A%2F%2F${encodeURIComponent(host)}%2F`,
    `http://casino.example/go/http://${host}/x`,
    `http://casino.example/about/${host}.html`,
    `http://${host.replace(/\.$/, '')}.casino.example/`,
    `http://web.archive.org/web/2020/http://${host}/`,
    `http://translate.google.com/translate?u=http://${host}/`,
  ]);
  const translated = `http://${PROTECTED.replaceAll('.', '-')}.translate.goog/`;
  return [...flagged, ...hidden, translated, `http://${PLAIN_SITE}/${QUERY}`];
}

function hex(code: number): string {
  return code.toString(16).toUpperCase();
}

/** A log of native lines into which every marker goes by every column. */
export function nativeLog(): string {
  const lines: string[] = [];
  let atMs = MONDAY_MS;
  for (const name of NAMES) {
    for (const url of addresses(name.replaceAll('\\', '%5C').replaceAll('@', '%40'))) {
      const client = CLIENTS[lines.length % CLIENTS.length]!;
      atMs += 997;
      const parts = { atMs, client, user: name.replaceAll(' ', '%20'), url };
      lines.push(squidLine(parts));
      lines.push(squidLine({ ...parts, tag: 'TCP_DENIED/403', hierarchy: 'HIER_NONE/-' }));
      lines.push(squidLine({ ...parts, tag: 'TCP_DENIED/407', hierarchy: 'HIER_NONE/-' }));
      lines.push(
        squidLongLine({ ...parts, referrer: `http://${PROTECTED}/${name}`, agent: `App/1 (${name})` }),
      );
    }
    const plain = { atMs, client: V4, user: name, url: 'http://casino.example/' };
    for (const host of HOSTS) {
      lines.push(squidLine({ ...plain, method: 'CONNECT', url: `${host}:443`, tag: 'TCP_TUNNEL/200' }));
      lines.push(
        squidLongLine({ ...plain, agent: `Bot/1 (+http://${host}/bot)`, referrer: `http://${host}/` }),
      );
      lines.push(squidLine({ ...plain, mime: `text/${host}` }));
    }
    lines.push(squidLine({ ...plain, method: name.replace(/[^a-z]/gi, '') }));
    lines.push(squidLine({ ...plain, mime: `text/${name}` }));
    lines.push(squidLine({ ...plain, tag: `TCP_${NAME.toUpperCase()}/200` }));
    lines.push(squidLine({ ...plain, hierarchy: `HIER_DIRECT/${PROTECTED}` }));
  }
  return logOf(...lines);
}

/** Lines that are rejected, for every reason that there is, with markers in them. */
export function brokenLog(): string {
  const about = [NAME, V4, PROTECTED, IDN_ASCII].map(marker => `http://casino.example/${marker}`);
  const lines = about.flatMap(url => {
    const whole = squidLine({ user: NAME, client: V4, url });
    return [
      whole.slice(0, -40),
      whole.replace(/^\d+/, '99999999999'),
      whole.replace(/^\d{3}/, '9'.repeat(12)),
      whole.replace('TCP_MISS/200', 'TCP_MISS'),
      whole.replace('/200', '/20000'),
      whole.replace(' 5120 ', ' many '),
      whole.replace('   120', '  soon'),
      whole.replace(V4, `<${V4}>`),
      whole.replace('casino', 'cas\0ino'),
      whole.replace(url, `${url}/${'x'.repeat(70_000)}`),
      `srcip=${V4} user=${NAME} url=${url} host=${PROTECTED} password=${PASSWORD}`,
      `${whole} [Authorization: Basic ${PASSWORD}\\r\\nCookie: sid=cookiemarker`,
      `2025-03-03 09:00:00 [7] Request(default/gambling/-) ${PROTECTED}:443 ${V4}/${V4} ${NAME} CONNECT -`,
      `# ${NAME} ${V4} ${PROTECTED}`,
    ];
  });
  return logOf(...lines, 'r\xe4ddmarker.example \xff\xfe', `${NAME}%2eexample`);
}

/** Lines of the other format, whole and broken. */
export function combinedLog(): string {
  const lines = NAMES.flatMap(name =>
    addresses(name.replaceAll('\\', '%5C')).map(url =>
      combinedLine({
        client: V6,
        user: name,
        url,
        referrer: `http://${PROTECTED}/${QUERY}`,
        agent: `${name} from ${V4} at ${PROTECTED}`,
      }),
    ),
  );
  return logOf(...lines, ...lines.slice(0, 20).map(line => line.slice(0, -30)));
}
