// The figures of a month, found the slow way over the raw log and the configuration as text: regular expressions, plain
// YAML, sets of names. It shares no line with the program. What it is for: the sample municipality; it reads what that
// has (Squid's native lines with referrer and agent, two kinds of wrapped addresses, sites of two labels), no more.
// Run by itself it prints what it found: `node test/report/brute-force.ts 2026-10`.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

export type BruteKind = 'examine' | 'exempt' | 'attempts';

/** One count; departments hold what is below them, `` is the whole. */
export interface BruteCell {
  department: string;
  category: string;
  kind: BruteKind;
  visits: number;
  records: number;
  persons: number;
  grades: Record<string, number>;
}

export interface BruteFigures {
  cells: BruteCell[];
  /** Exempt visits by decision. */
  decisions: { department: string; category: string; ids: string; visits: number }[];
}

interface Row {
  user: string;
  roles: string[];
  department: string;
  population: string;
  from: string;
  through: string;
}

// biome-ignore lint/suspicious/noExplicitAny: plain YAML, read as it is.
type Yaml = any;

interface Found {
  category: string;
  who: string;
  /** A person known by name. */
  isNamed: boolean;
  department: string;
  site: string;
  startMs: number;
  day: string;
  isDenied: boolean;
  ids: string[];
  isTunnel: boolean;
  status: number;
  bytes: number;
  mime: string;
  agent: string;
  /** `none`, `same`, `foreign`. */
  referrer: string;
  line: number;
}

/** Counts local days from one through another, by the configuration in a folder. */
export function bruteForce(
  demo: string,
  lists: string,
  { from, through }: { from: string; through: string },
): BruteFigures {
  const read = (name: string) => readFileSync(join(demo, name), 'utf8');
  const policy: Yaml = parse(read('policy.yaml'));
  const people = new Map<string, Row[]>();
  for (const line of read('directory.csv').trim().split('\n').slice(1)) {
    const [user, roles, department, population, start, end] = line.split(',') as string[];
    const row = {
      ...{ user: user!, roles: roles!.split(';').filter(Boolean), department: department! },
      ...{ population: population!, from: start!, through: end || '9999-12-31' },
    };
    people.set(row.user, [...(people.get(row.user) ?? []), row]);
  }
  const parents = new Map(
    read('departments.csv')
      .trim()
      .split('\n')
      .slice(1)
      .map(line => line.split(',').slice(0, 2) as [string, string]),
  );
  const entries = (list: string) =>
    ['domains', 'urls'].flatMap(file => {
      const path = join(lists, list, file);
      if (!existsSync(path)) return [];
      return readFileSync(path, 'utf8')
        .split('\n')
        .filter(line => line !== '' && !line.startsWith('#'));
    });
  const guarded: string[] = policy.protected.lists.flatMap(entries);
  const categories = Object.entries(policy.categories as Record<string, Yaml>).map(([name, rule]) => ({
    name,
    announced: rule.announcedFrom as string,
    entries: rule.lists.flatMap(entries) as string[],
  }));

  const found: Found[] = [];
  read('access.log')
    .split('\n')
    .forEach((text, line) => {
      const match = LINE.exec(text.replace(/\r$/, ''));
      if (match === null || text.includes('\0')) return;
      const [
        ,
        seconds,
        millis,
        elapsed,
        client,
        tag,
        status,
        bytes,
        method,
        url,
        logged,
        mime,
        referrer,
        agent,
      ] = match as unknown as string[];
      const stampMs = Number(seconds) * 1000 + Number(millis);
      const startMs = stampMs - Math.max(0, Number(elapsed));
      const day = dayOf(startMs);
      if (day < from || day > through || status === '407' || stampMs > Date.UTC(2037, 0, 1)) return;
      const targets = targetsOf(method!, url!);
      if (targets.some(target => guarded.some(entry => covers(entry, target)))) return;
      const name = nameOf(logged!);
      const person =
        name === '' ? null : (people.get(name)?.find(row => row.from <= day && day <= row.through) ?? null);
      const population = name === '' ? populationOf(client!) : (person?.population ?? 'unknown');
      if (!['staff', 'unknown'].includes(population)) return;
      const department = person?.department ?? '';
      const isDenied = /^TCP_DENIED/.test(tag!) || (/^NONE/.test(tag!) && status === '403');
      for (const category of categories) {
        if (!targets.some(target => category.entries.some(entry => covers(entry, target)))) continue;
        if (day < category.announced) continue;
        const hit = targets.find(target => category.entries.some(entry => covers(entry, target)))!;
        const local = new Date(startMs + offsetMs(startMs));
        const ids = policy.exemptions
          .filter((one: Yaml) => fits(one, { category: category.name, name, person, day, local, hit }))
          .map((one: Yaml) => one.id as string)
          .sort();
        found.push({
          ...{
            category: category.name,
            who: name || `${client} ${day}`,
            isNamed: name !== '' && population !== 'unknown',
          },
          ...{ department, site: siteOf(hit.host), startMs, day, isDenied, ids, line },
          ...{
            isTunnel: method === 'CONNECT',
            status: Number(status),
            bytes: bytes === '-' ? 0 : Number(bytes),
          },
          ...{ mime: mime!, agent: agent ?? '', referrer: relation(referrer ?? '-', targets[0]!.host) },
        });
      }
    });
  const sizes = new Map<string, number>();
  for (const rows of people.values()) {
    const row = rows.find(
      one => one.from <= `${from.slice(0, 7)}-01` && `${from.slice(0, 7)}-01` <= one.through,
    );
    if (row !== undefined) sizes.set(row.department, (sizes.get(row.department) ?? 0) + 1);
  }
  /** The sample has small departments at the end of its tree only. */
  const big = (department: string): string => {
    if (department === '' || (sizes.get(department) ?? 0) >= policy.smallGroup) return department;
    return big(parents.get(department) ?? '');
  };
  return count(
    found.map(one => ({ ...one, department: big(one.department) })),
    parents,
  );
}

const LINE =
  /^\s*(\d{9,10})\.(\d{3})\s+(-?\d+)\s+([^\s"]+)\s+([A-Z][A-Z_0-9]*)\/(\d{3})\s+(\d+|-)\s+([A-Za-z_-]+)\s+(\S+)\s+(\S+)\s+[A-Z_]+\/\S+\s+(\S+)(?:\s+"([^"]*)"\s+"([^"]*)")?/;

interface Target {
  host: string;
  path: string;
}

function targetsOf(method: string, url: string): Target[] {
  const target = targetOf(method === 'CONNECT' ? `http://${url}` : url);
  if (method === 'CONNECT') target.path = '';
  const archived = target.host === 'web.archive.org' ? /^\/web\/\d+\/(.*)/.exec(target.path) : null;
  if (archived !== null) return [target, targetOf(archived[1]!)];
  const translated = /^([^.]+)\.translate\.goog$/.exec(target.host);
  return translated === null ? [target] : [target, { host: translated[1]!.replaceAll('-', '.'), path: '' }];
}

function targetOf(url: string): Target {
  try {
    const { hostname, pathname } = new URL(url);
    return { host: hostname.replace(/\.$/, ''), path: pathname };
  } catch {
    return { host: '', path: '' };
  }
}

function covers(entry: string, { host, path }: Target): boolean {
  const slash = entry.indexOf('/');
  const of = slash < 0 ? entry : entry.slice(0, slash);
  if (host !== of && !host.endsWith(`.${of}`)) return false;
  if (slash < 0) return true;
  const under = entry.slice(slash).replace(/\/$/, '');
  return path === under || path.startsWith(`${under}/`);
}

function nameOf(logged: string): string {
  if (logged === '-') return '';
  return decodeURIComponent(logged)
    .toLowerCase()
    .replace(/^exempelby\\+/, '')
    .replace(/@exempelby\.example$/, '');
}

function populationOf(client: string): string {
  if (/^10\.20\.40\./.test(client)) return 'server';
  if (/^10\.20\./.test(client)) return 'staff';
  if (/^10\.30\./.test(client)) return 'pupil';
  if (/^10\.40\./.test(client)) return 'public';
  if (/^10\.50\.0\./.test(client)) return 'guest';
  return 'unknown';
}

function fits(
  one: Yaml,
  at: { category: string; name: string; person: Row | null; day: string; local: Date; hit: Target },
): boolean {
  const isWho =
    one.users?.includes(at.name) ||
    one.roles?.some((role: string) => at.person?.roles.includes(role)) ||
    one.departments?.includes(at.person?.department);
  const clock = at.local.toISOString().slice(11, 16);
  const [opens, shuts] = (one.hours ?? '00:00-24:00').split('-');
  return (
    isWho === true &&
    one.categories.includes(at.category) &&
    one.validFrom <= at.day &&
    at.day <= one.validThrough &&
    (one.sites?.some((site: string) => `.${at.hit.host}`.endsWith(`.${site}`)) ?? true) &&
    (one.weekdays?.includes(WEEKDAYS[at.local.getUTCDay()]!) ?? true) &&
    opens <= clock &&
    clock < shuts
  );
}

const WEEKDAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];

const DAY = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Stockholm' });

function dayOf(atMs: number): string {
  return DAY.format(atMs);
}

/** The offset by the last Sundays of March and October, 01:00 UTC. */
function offsetMs(atMs: number): number {
  const year = new Date(atMs).getUTCFullYear();
  const change = (month: number) => {
    const last = new Date(Date.UTC(year, month + 1, 0));
    return Date.UTC(year, month, last.getUTCDate() - last.getUTCDay(), 1);
  };
  return atMs >= change(2) && atMs < change(9) ? 7_200_000 : 3_600_000;
}

function siteOf(host: string): string {
  return /^[\d.]+$/.test(host) || host.includes(':') ? host : host.split('.').slice(-2).join('.');
}

function relation(referrer: string, host: string): string {
  if (referrer === '-' || referrer === '') return 'none';
  return siteOf(targetOf(referrer).host) === siteOf(host) ? 'same' : 'foreign';
}

/** Cuts visits: half an hour of silence, or midnight, ends one. */
function count(found: readonly Found[], parents: ReadonlyMap<string, string>): BruteFigures {
  const runs = new Map<string, Found[][]>();
  for (const one of [...found].sort((a, b) => a.startMs - b.startMs)) {
    if (one.isDenied) continue;
    const key = [one.category, one.who, one.site].join('\n');
    const known = runs.get(key) ?? [];
    runs.set(key, known);
    const last = known.at(-1)?.at(-1);
    if (last !== undefined && last.day === one.day && one.startMs - last.startMs <= 1_800_000)
      known.at(-1)!.push(one);
    else known.push([one]);
  }
  const tables = new Map<string, { cell: BruteCell; names: Set<string> }>();
  const decisions = new Map<string, BruteFigures['decisions'][number]>();
  /** A person counts where they were first seen. */
  const firsts = new Map<string, string>();
  const put = (
    one: Found,
    kind: BruteKind,
    more: { visits: number; records: number; grade: string | null },
  ) => {
    const who = [one.category, kind, one.who].join('\n');
    if (one.isNamed && !firsts.has(who)) firsts.set(who, one.department);
    for (const department of pathOf(one.department, parents)) {
      const key = [department, one.category, kind].join('\n');
      const table = tables.get(key) ?? {
        cell: {
          ...{ department, category: one.category, kind, visits: 0, records: 0, persons: 0 },
          grades: { A: 0, B: 0, C: 0, D: 0 },
        },
        names: new Set<string>(),
      };
      tables.set(key, table);
      table.cell.visits += more.visits;
      table.cell.records += more.records;
      if (more.grade !== null) table.cell.grades[more.grade]!++;
    }
  };
  for (const one of [...found].sort((a, b) => a.startMs - b.startMs)) {
    if (one.isDenied) put(one, 'attempts', { visits: 0, records: 1, grade: null });
  }
  const visits = [...runs.values()].flat().sort((a, b) => a[0]!.startMs - b[0]!.startMs);
  for (const visit of visits) {
    const first = visit[0]!;
    const records = new Set(visit.map(({ line }) => line)).size;
    const examined = visit.filter(({ ids }) => ids.length === 0);
    if (examined.length > 0) {
      put(first, 'examine', { visits: 1, records, grade: gradeOf(examined) });
      continue;
    }
    put(first, 'exempt', { visits: 1, records, grade: null });
    const ids = [...new Set(visit.flatMap(one => one.ids))].sort().join('+');
    for (const department of pathOf(first.department, parents)) {
      const key = [department, first.category, ids].join('\n');
      const known = decisions.get(key) ?? { department, category: first.category, ids, visits: 0 };
      decisions.set(key, { ...known, visits: known.visits + 1 });
    }
  }
  for (const [who, department] of firsts) {
    const [category, kind] = who.split('\n');
    for (const at of pathOf(department, parents)) tables.get([at, category, kind].join('\n'))!.cell.persons++;
  }
  return { cells: [...tables.values()].map(({ cell }) => cell), decisions: [...decisions.values()] };
}

function pathOf(department: string, parents: ReadonlyMap<string, string>): string[] {
  const path: string[] = [];
  for (let at = department; at !== ''; at = parents.get(at) ?? '') path.push(at);
  return [...path, ''];
}

function gradeOf(visit: readonly Found[]): string {
  const own = visit.filter(
    one =>
      !/(windows-update|microsoft-cryptoapi|^curl|^wget|bits\/|update|sync|bot)/i.test(one.agent) &&
      !(one.status === 204 || one.status === 205) &&
      !/^(image|font)\//.test(one.mime) &&
      !/^(text\/css|text\/javascript|application\/(x-)?javascript)$/.test(one.mime) &&
      one.referrer !== 'foreign',
  );
  if (own.length === 0) return 'D';
  const isShown = (one: Found) =>
    one.mime === 'text/html' && ((one.status >= 200 && one.status < 300) || one.status === 304);
  const hasFailed = own.every(one => !(one.status >= 200 && one.status < 300) && one.status !== 304);
  if (hasFailed) return 'C';
  if (own.some(one => isShown(one) && !one.isTunnel)) return 'A';
  const sustained = [own.filter(one => one.isTunnel), own.filter(one => !one.isTunnel)].some(
    part =>
      part.length >= 3 &&
      part.at(-1)!.startMs - part[0]!.startMs >= 120_000 &&
      part.reduce((sum, one) => sum + one.bytes, 0) >= 500_000,
  );
  return sustained ? 'B' : 'C';
}

if (process.argv[1] === import.meta.filename) {
  const month = process.argv[2] ?? '2026-10';
  const root = join(import.meta.dirname, '../..');
  const { cells } = bruteForce(join(root, 'config/demo'), join(root, 'categories'), {
    from: `${month}-01`,
    through: `${month}-31`,
  });
  for (const cell of cells) process.stdout.write(`${JSON.stringify(cell)}\n`);
}
