// Writes a Squid log like that of a big office: 60 % tunnels, Zipf over 200,000 hosts, 5,000 users, a share of
// flagged lines and a share of lines on sites that have a listed child (`google.com` has some in every real list).
// Run: node bench/generate-log.ts --lines 1000000 --out bench/work/access.log [--flagged 0.01] [--listed-child 0.4]
import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { clientName, HOSTS_PER_SITE, hostName, listedName, userName } from './names.ts';
import { createDraw, createSampler, type Draw, zipfWeights } from './random.ts';

export interface LogShape {
  seed: number;
  lines: number;
  /** Share of lines on listed domains. */
  flagged: number;
  /** Share of lines on sites with a listed child. */
  listedChild: number;
  hosts: number;
  users: number;
  /** Lines a second of log time. */
  rate: number;
  /** Number of listed domains that the flagged lines ask for. */
  flaggedDomains: number;
}

/** The log that the benchmarks are run on. */
export const OFFICE: LogShape = {
  seed: 20_261_125,
  lines: 1_000_000,
  flagged: 0.01,
  listedChild: 0.4,
  hosts: 200_000,
  users: 5_000,
  rate: 200,
  flaggedDomains: 2_000,
};

/** Writes a log to a file. */
export function generateLog(path: string, shape: LogShape): void {
  mkdirSync(dirname(path), { recursive: true });
  const file = openSync(path, 'w');
  try {
    const nextLine = createLines(shape);
    let piece = '';
    for (let i = 0; i < shape.lines; i++) {
      piece += nextLine();
      if (piece.length < PIECE_BYTES && i + 1 < shape.lines) continue;
      writeSync(file, piece, null, 'latin1');
      piece = '';
    }
  } finally {
    closeSync(file);
  }
}

/** Marks the sites that have a listed child, busy and quiet ones alike, so that `share` of the lines ask for them. */
export function sitesWithChild(shape: Pick<LogShape, 'hosts' | 'listedChild' | 'flagged'>): Uint8Array {
  const weights = zipfWeights(shape.hosts, ZIPF_EXPONENT);
  const marks = new Uint8Array(Math.ceil(shape.hosts / HOSTS_PER_SITE));
  const wanted = shape.listedChild / (1 - shape.flagged);
  let seen = 0;
  let marked = 0;
  for (let site = 0; site < marks.length; site++) {
    let weight = 0;
    for (let host = site * HOSTS_PER_SITE; host < (site + 1) * HOSTS_PER_SITE; host++)
      weight += weights[host] ?? 0;
    seen += weight;
    if (marked + weight > wanted * seen) continue;
    marked += weight;
    marks[site] = 1;
  }
  return marks;
}

const PIECE_BYTES = 1 << 20;
const ZIPF_EXPONENT = 1;
const FIRST_SECOND = Date.parse('2026-11-02T06:00:00Z') / 1000;
const FOLDERS =
  'assets static media v2 api content article bilder dist fonts news script build img data'.split(' ');
const FILES: readonly (readonly [string, string])[] = [
  ['.js', 'application/javascript'],
  ['.css', 'text/css'],
  ['.png', 'image/png'],
  ['.jpg', 'image/jpeg'],
  ['.json', 'application/json'],
  ['.html', 'text/html'],
  ['.woff2', 'font/woff2'],
  ['', 'text/html;charset=utf-8'],
  ['?', '-'],
];
const TAGS = ['TCP_MISS/200', 'TCP_MISS/200', 'TCP_MISS/200', 'TCP_HIT/200', 'TCP_MEM_HIT/200'];
const RARE_TAGS = [
  'TCP_MISS/304',
  'TCP_MISS/404',
  'TCP_REFRESH_UNMODIFIED/200',
  'TCP_MISS/302',
  'TCP_MISS/503',
];

function createLines(shape: LogShape): () => string {
  const draw = createDraw(shape.seed);
  const host = createSampler(zipfWeights(shape.hosts, ZIPF_EXPONENT), draw);
  const flagged = createSampler(zipfWeights(shape.flaggedDomains, ZIPF_EXPONENT), draw);
  const hosts = Array.from({ length: shape.hosts }, (_, rank) => hostName(rank));
  const listed = Array.from({ length: shape.flaggedDomains }, (_, number) => listedName(number));
  const users = Array.from({ length: shape.users }, (_, number) => userName(number));
  const clients = Array.from({ length: shape.users }, (_, number) => clientName(number));
  const pick = <T>(from: readonly T[]): T => from[Math.floor(draw() * from.length)]!;
  let atMs = FIRST_SECOND * 1000;
  return () => {
    atMs += Math.floor((draw() * 2000) / shape.rate);
    const name = draw() < shape.flagged ? listed[flagged()]! : hosts[host()]!;
    const user = Math.floor(draw() * draw() * shape.users);
    const stamp = `${Math.floor(atMs / 1000)}.${String(atMs % 1000).padStart(3, '0')}`;
    const peer = `${80 + (name.charCodeAt(0) & 63)}.${name.length}.${name.charCodeAt(2)}.${name.charCodeAt(3)}`;
    const isTunnel = draw() < 0.6;
    if (isTunnel) {
      const isDenied = draw() < 0.005;
      const elapsed = String(Math.floor(draw() ** 4 * 600_000)).padStart(6);
      const result = isDenied ? 'TCP_DENIED/403 4012' : `TCP_TUNNEL/200 ${bytesOf(draw)}`;
      const via = isDenied ? 'HIER_NONE/-' : `HIER_DIRECT/${peer}`;
      const who = `${users[user]} ${via} ${isDenied ? 'text/html' : '-'}`;
      return `${stamp} ${elapsed} ${clients[user]} ${result} CONNECT ${name}:443 ${who}\n`;
    }
    const [end, mime] = pick(FILES);
    const tag = pick(draw() < 0.9 ? TAGS : RARE_TAGS);
    const elapsed = String(Math.floor(draw() ** 4 * 20_000)).padStart(6);
    const method = draw() < 0.94 ? 'GET' : 'POST';
    const via = tag.includes('HIT') ? 'HIER_NONE/-' : `HIER_DIRECT/${peer}`;
    const scheme = draw() < 0.5 ? 'http' : 'https';
    const url = `${scheme}://${name}${pathOf(draw)}${end}`;
    return `${stamp} ${elapsed} ${clients[user]} ${tag} ${bytesOf(draw)} ${method} ${url} ${users[user]} ${via} ${mime}\n`;
  };
}

function bytesOf(draw: Draw): number {
  return 200 + Math.floor(draw() ** 6 * 2_000_000);
}

function pathOf(draw: Draw): string {
  let path = '';
  for (let i = 0; i < 6; i++) path += `/${FOLDERS[Math.floor(draw() * FOLDERS.length)]}`;
  for (let i = 0; i < 5; i++) path += `/${Math.floor(draw() * 2 ** 32).toString(36)}`;
  return `${path}-${Math.floor(draw() * 2 ** 48).toString(16)}`;
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      lines: { type: 'string', default: String(OFFICE.lines) },
      out: { type: 'string' },
      flagged: { type: 'string', default: String(OFFICE.flagged) },
      'listed-child': { type: 'string', default: String(OFFICE.listedChild) },
      rate: { type: 'string', default: String(OFFICE.rate) },
      seed: { type: 'string', default: String(OFFICE.seed) },
    },
  });
  if (values.out === undefined) {
    console.error('Say where the log goes: node bench/generate-log.ts --lines 1000000 --out FILE');
    process.exit(2);
  }
  generateLog(values.out, {
    ...OFFICE,
    lines: Number(values.lines),
    flagged: Number(values.flagged),
    listedChild: Number(values['listed-child']),
    rate: Number(values.rate),
    seed: Number(values.seed),
  });
}
