// Two configurations of one town, made up from a seed, and a log that both can judge: for holding a rejudging to what a
// scan of the same log would have come to. What a store cannot know is left out: an address's network does not change, and
// no target is wrapped in a query.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { PassThrough } from 'node:stream';
import type { App, RejudgeRequest } from '../../src/cli/app.ts';
import { compose } from '../../src/compose.ts';
import type { Finding } from '../../src/model/finding.ts';
import type { Query } from '../../src/model/query.ts';
import { ROOT } from '../cli/run.ts';
import { logOf, randomFrom, squidLine } from '../cli/squid-log.ts';

export const MONTH = { fromMs: Date.UTC(2025, 1, 28, 23), toMs: Date.UTC(2025, 2, 31, 22) };
const DAY_MS = 86_400_000;
const NOW_MS = Date.UTC(2025, 5, 1);

const PEOPLE = ['anna', 'birgit', 'cecil', 'disa', 'egon', 'frida', 'gösta', 'head'];
const SITES = ['alfa', 'beta', 'gamma', 'delta', 'epsilon', 'zeta'].map(name => `${name}.example`);
const ENTRIES = [...SITES, ...SITES.map(site => `www.${site}`)];
const PATHS = ['/', '/odds', '/odds/today', '/shop'];
const LISTS = ['casino', 'betting', 'drugs', 'weapons', 'protected'];
const CATEGORIES = ['gambling', 'narcotics', 'arms'];

/** Makes the files of a town's configuration; `first` is the one that the log is first judged by. */
export function townOf(seed: number, kind: 'first' | 'second'): Record<string, string> {
  const random = randomFrom(seed * 2 + (kind === 'first' ? 0 : 1));
  const some = <T>(items: readonly T[], share: number) => items.filter(() => random() < share);
  const one = <T>(items: readonly T[]) => items[Math.floor(random() * items.length)]!;
  const day = () => `2025-03-${String(1 + Math.floor(random() * 31)).padStart(2, '0')}`;
  const hasNetworks = seed % 2 === 1;

  const files: Record<string, string> = {
    'granska.yaml': [
      'version: 1',
      'organization: Provby',
      'timezone: Europe/Stockholm',
      'policy: policy.yaml',
      'directory: directory.csv',
      ...(hasNetworks ? ['networks: networks.csv'] : []),
      'lists: [lists]',
      'taxonomy: taxonomy.yaml',
      '',
    ].join('\n'),
    'taxonomy.yaml': `version: 1
categories:
  gambling: { sv: Spel, en: Gambling, class: questionable }
  narcotics: { sv: Droger, en: Drugs, class: questionable }
  anonymisers: { sv: Anonym, en: Anonymous, class: questionable }
  arms:
    sv: Vapen
    en: Arms
    class: forbidden
    statutes:
      - { statute: made up, act: { sv: inneha, en: to possess }, visitIsCrime: false, source: made up }
`,
    'networks.csv': `cidr,population,department,shared
10.20.0.0/16,staff,Bygg,no
10.30.0.0/16,pupil,Skolan,yes
`,
    'lists/proxies/domains': 'web.archive.org\n',
  };
  for (const list of LISTS) {
    const share = list === 'protected' ? 0.08 : 0.4;
    files[`lists/${list}/domains`] = `${[...some(ENTRIES, share), `${list}.invalid.example`].join('\n')}\n`;
    files[`lists/${list}/urls`] = `${some(SITES, share / 2)
      .map(site => `${site}/odds`)
      .concat(`${list}.invalid.example/x`)
      .join('\n')}\n`;
  }

  const rows = PEOPLE.filter(name => hasNetworks || name === 'head' || random() < 0.85).flatMap(name => {
    const cells = () => {
      const roles = name === 'head' ? '' : some(['counsellor', 'officer'], 0.4).join(';');
      const population = name === 'head' ? 'staff' : one(['staff', 'staff', 'staff', 'elected']);
      return `${name},${roles},${name === 'head' ? 'Ledning' : one(['Social', 'Bygg', 'Skolan'])},${population}`;
    };
    if (random() < 0.5) return [`${cells()},2020-01-01,`];
    const change = 2 + Math.floor(random() * 28);
    const on = (number: number) => `2025-03-${String(number).padStart(2, '0')}`;
    return [`${cells()},2020-01-01,${on(change - 1)}`, `${cells()},${on(change)},`];
  });
  // Every department is known, whoever of the others is in it.
  for (const department of ['Social', 'Bygg', 'Skolan'])
    rows.push(`chief of ${department},,${department},staff,2020-01-01,`);
  files['directory.csv'] = `user,roles,department,population,validFrom,validThrough\n${rows.join('\n')}\n`;

  const feeds = (index: number) => [...new Set([LISTS[index]!, ...some(LISTS.slice(0, 4), 0.25)])].join(', ');
  const told = () => (random() < 0.5 ? '2020-01-01' : `{ staff: ${day()}, elected: ${day()} }`);
  const exemptions = Array.from({ length: 5 }, (_, index) => {
    const scope = one([
      `users: [${[...new Set([one(PEOPLE.slice(0, 7)), one(PEOPLE.slice(0, 7))])].join(', ')}]`,
      `roles: [${one(['counsellor', 'officer'])}]`,
      `departments: [${one(['unassigned', 'Social', 'Bygg', 'Skolan'])}]`,
    ]);
    const limits = [
      ...(random() < 0.4 ? [`sites: [${[...new Set([...some(SITES, 0.5), SITES[0]!])].join(', ')}]`] : []),
      ...(random() < 0.3 ? ['weekdays: [monday, tuesday, wednesday]'] : []),
      ...(random() < 0.3 ? ['hours: "22:00-14:00"'] : []),
    ];
    const [from, through] = [day(), day()].sort();
    const parts = [
      `id: E-${index}`,
      `categories: [${some(CATEGORIES, 0.6).concat('anonymisers').join(', ')}]`,
      ...[scope, ...limits, `reason: made up, caseNumber: PN ${index}`],
      ...['approvers: [head, other]', `validFrom: ${from}, validThrough: ${through}`],
    ];
    return `  - { ${parts.join(', ')} }`;
  });
  files['policy.yaml'] = `version: 1
live:
  from: 2020-01-01
  notice: { date: 2019-12-02, reference: PS 2019/2 }
  negotiation: { date: 2019-11-04, reference: PS 2019/1 }
reviewed: [${random() < 0.5 ? 'staff' : 'staff, elected'}]
smallGroup: 3
categories:
${CATEGORIES.map((name, index) => `  ${name}: { lists: [${feeds(index)}], announcedFrom: ${told()} }`).join('\n')}
  anonymisers: { lists: [proxies], announcedFrom: 2020-01-01 }
protected: { lists: [protected] }
roles:
  counsellor: { sv: Behandlare, en: Counsellor }
  officer: { sv: Handläggare, en: Officer }
exemptions:
${exemptions.join('\n')}
`;
  return files;
}

/** Makes a month of lines by people of the town, by people whom no directory has, and by addresses. */
export function monthOf(seed: number, lines: number): string {
  const random = randomFrom(1_000 + seed);
  const one = <T>(items: readonly T[]) => items[Math.floor(random() * items.length)]!;
  const atMs = Array.from({ length: lines }, () => MONTH.fromMs + random() * 31 * DAY_MS).sort(
    (a, b) => a - b,
  );
  return logOf(
    ...atMs.map((stampMs, index) => {
      const host = one([
        ...SITES,
        ...SITES.map(site => `www.${site}`),
        ...SITES.map(site => `a.www.${site}`),
      ]);
      const way = random();
      const url =
        way < 0.2
          ? `${host}:443`
          : way < 0.4
            ? `http://web.archive.org/web/2025/http://${host}${one(PATHS)}`
            : `http://${host}${one(PATHS)}?q=1`;
      return squidLine({
        // Some begin at the very same instant.
        atMs: Math.floor(index % 5 === 0 ? stampMs : atMs[index - (index % 5)]!),
        elapsedMs: 0,
        client: one(['10.20.1.1', '10.20.1.2', '10.30.1.1', '192.0.2.9']),
        user: random() < 0.8 ? one([...PEOPLE, 'stranger']) : '-',
        url,
        method: way < 0.2 ? 'CONNECT' : 'GET',
        tag: random() < 0.1 ? 'TCP_DENIED/403' : way < 0.2 ? 'TCP_TUNNEL/200' : 'TCP_MISS/200',
      });
    }),
  );
}

/** Folders for configurations, data and one set of keys. */
export interface Archive {
  dir: string;
  write(name: string, files: Readonly<Record<string, string>>): string;
  /** Opens the program over a configuration and a data folder. */
  app(config: string, data: string): App;
  close(): void;
}

export function createArchive(): Archive {
  const dir = mkdtempSync(join(tmpdir(), 'granska-rejudge-'));
  return {
    dir,
    write(name, files) {
      for (const [file, text] of Object.entries(files)) {
        const path = join(dir, name, file);
        mkdirSync(dirname(path), { recursive: true });
        writeFileSync(path, text);
      }
      return join(dir, name);
    },
    app: (config, data) =>
      compose({
        flags: { config: join(dir, config), dataDir: join(dir, data), keysDir: join(dir, 'keys') },
        env: {},
        cwd: dir,
        packageRoot: ROOT,
        clock: { nowMs: () => NOW_MS },
        tell() {},
        stderr: new PassThrough(),
      }),
    close: () => rmSync(dir, { recursive: true, force: true }),
  };
}

export const EVERYTHING: Query = {
  ...{ terms: [], ...MONTH, sort: 'start', descending: false, limit: null },
};

export async function scan(app: App, file: string): Promise<void> {
  const { signal } = new AbortController();
  const quiet = { onDetect() {}, onProgress() {}, signal };
  await app.scan({
    ...{ files: [file], source: 'default', format: null, mode: 'resume', takeHalfLine: false },
    ...quiet,
  });
}

export function asking(over: Partial<RejudgeRequest> = {}): RejudgeRequest {
  return {
    ...{ query: EVERYTHING, policyFile: null, directoryFile: null, listsImage: null, apply: null },
    beforeJudging: async () => {},
    signal: new AbortController().signal,
    ...over,
  };
}

/** Reads all findings of a store by id. */
export async function findingsOf(app: App): Promise<Map<string, Finding>> {
  const store = await app.openStore();
  try {
    const found = new Map<string, Finding>();
    for await (const finding of store.search({ ...EVERYTHING, fromMs: null, toMs: null })) {
      found.set(finding.id, finding);
    }
    return found;
  } finally {
    await store.close();
  }
}
