// Lines as Squid writes them, made from what a test cares about.

/** A moment in the past of any machine: Monday 3 March 2025, 09:00 in Sweden. */
export const MONDAY_MS = Date.UTC(2025, 2, 3, 8);

/** The first address of `http://casino.example/`, which the shipped lists hold as gambling. */
export const CASINO = 'http://casino.example/';

export interface LineParts {
  /** When the request ended. */
  atMs: number;
  elapsedMs: number;
  client: string;
  tag: string;
  bytes: number | string;
  method: string;
  url: string;
  user: string;
  hierarchy: string;
  mime: string;
  referrer: string;
  agent: string;
}

const PLAIN: LineParts = {
  atMs: MONDAY_MS,
  elapsedMs: 120,
  client: '192.0.2.7',
  tag: 'TCP_MISS/200',
  bytes: 5120,
  method: 'GET',
  url: 'http://www.example.com/',
  user: '-',
  hierarchy: 'HIER_DIRECT/198.51.100.4',
  mime: 'text/html',
  referrer: '-',
  agent: 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
};

/** Writes a native line, without line feed. */
export function squidLine(parts: Partial<LineParts> = {}): string {
  const { atMs, elapsedMs, client, tag, bytes, method, url, user, hierarchy, mime } = { ...PLAIN, ...parts };
  const stamp = (atMs / 1000).toFixed(3);
  const elapsed = String(elapsedMs).padStart(6);
  return `${stamp} ${elapsed} ${client} ${tag} ${bytes} ${method} ${url} ${user} ${hierarchy} ${mime}`;
}

/** Writes a native line with the quoted columns that show referrer and user agent. */
export function squidLongLine(parts: Partial<LineParts> = {}): string {
  const { referrer, agent } = { ...PLAIN, ...parts };
  return `${squidLine(parts)} "${referrer}" "${agent}"`;
}

/** Writes a line of `logformat combined`, without line feed. */
export function combinedLine(parts: Partial<LineParts> = {}): string {
  const { referrer, agent } = { ...PLAIN, ...parts };
  return commonLine(parts).replace(/ (TCP_\S+|NONE\S*)$/, ` "${referrer}" "${agent}" $1`);
}

/** Writes a line of `logformat common`, without line feed. */
export function commonLine(parts: Partial<LineParts> = {}): string {
  const { atMs, client, tag, bytes, method, url, user } = { ...PLAIN, ...parts };
  const [result, status] = tag.split('/');
  return `${client} - ${user} [${clfStamp(atMs)}] "${method} ${url} HTTP/1.1" ${status} ${bytes} ${result}:HIER_DIRECT`;
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

function clfStamp(atMs: number): string {
  const [, year, month, day, clock] = /^(\d+)-(\d+)-(\d+)T(\S+)\.\d+Z$/.exec(new Date(atMs).toISOString())!;
  return `${day}/${MONTHS[Number(month) - 1]}/${year}:${clock} +0000`;
}

/** Ends each line with a line feed. */
export function logOf(...lines: readonly string[]): string {
  return lines.map(line => `${line}\n`).join('');
}

/** Makes so many lines, one a second, each from its number. */
export function manyLines(count: number, partsOf: (index: number) => Partial<LineParts>): string {
  return logOf(
    ...Array.from({ length: count }, (_, index) =>
      squidLine({ atMs: MONDAY_MS + index * 1000, ...partsOf(index) }),
    ),
  );
}

/** Gives numbers in [0, 1), the same for the same seed. */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
