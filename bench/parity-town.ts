// What the parity of the two paths is measured on: the generated log over eleven days, with lines that cannot be read,
// challenges and protected sites among it, and an organization whose policy, people and lists make something of all.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { generateLog, OFFICE } from './generate-log.ts';
import { listedName, userName } from './names.ts';

const ROOT = join(import.meta.dirname, '..');
const DEPARTMENTS = [
  'Bygg',
  'Omsorg',
  'Skola',
  'Kultur',
  'Teknik',
  'Ledning',
  'IT',
  'Vatten',
  'Fritid',
  'Arkiv',
];
/** One line a second: a million are eleven days. */
const RATE = 1;
/** Listed sites by category; those that stand in two are findings of both. */
const LISTED = {
  gambling: [0, 900],
  pornography: [800, 1_500],
  hacking: [1_500, 1_980],
  protected: [1_980, 2_000],
};
/** After every so many bytes one of the odd lines is put in. */
const ODD_EVERY = 64 << 10;
const STAMP = '1793700000.000    100';
const ODD = [
  'this is no line of a proxy',
  `${STAMP} 10.20.0.9 TCP_DENIED/407 3900 GET http://www.example.com/ - HIER_NONE/- text/html`,
  `${STAMP} 10.20.0.9 TCP_MISS/200 12`,
  `${STAMP} 10.20.0.9 TCP_MISS/200 4000 GET http://${listedName(1_999)}/ - HIER_DIRECT/192.0.2.1 text/html`,
  `${STAMP} 10.30.0.9 TCP_MISS/200 4000 GET http://${listedName(3)}/ - HIER_DIRECT/192.0.2.1 text/html`,
  '',
  '# a comment',
];

/** Makes the log; the same for the same number of lines. */
export function makeParityLog(path: string, lines: number): Buffer {
  generateLog(path, { ...OFFICE, lines, rate: RATE });
  const plain = readFileSync(path);
  const pieces: Buffer[] = [];
  let start = 0;
  for (let odd = 0; ; odd++) {
    const end = plain.indexOf(0x0a, start + ODD_EVERY);
    if (end < 0) break;
    pieces.push(plain.subarray(start, end + 1), Buffer.from(`${ODD[odd % ODD.length]}\n`));
    start = end + 1;
  }
  pieces.push(plain.subarray(start));
  return Buffer.concat(pieces);
}

/** Gives the files of its configuration, all but what is added to `granska.yaml`. */
export function parityFiles(): Record<string, string> {
  const files: Record<string, string> = {
    'granska.yaml': `version: 1
organization: bench
policy: policy.yaml
policyTests: policy.tests.yaml
directory: directory.csv
networks: networks.csv
lists: [lists]
taxonomy: ${join(ROOT, 'categories', 'taxonomy.yaml')}
run: { listen: off }
`,
    'policy.yaml': POLICY,
    'policy.tests.yaml': 'version: 1\ntests: []\n',
    'networks.csv': `CIDR,tenant,population,department,shared,persons,validFrom,validThrough
10.30.0.0/16,bench,pupil,Skola,no,,,
`,
    'directory.csv': directory(),
  };
  for (const [name, [from, to]] of Object.entries(LISTED) as [string, [number, number]][]) {
    const names = Array.from({ length: to - from }, (_, at) => listedName(from + at));
    files[`lists/${name}/domains`] = `${names.join('\n')}\n`;
    files[`lists/${name}/licence.txt`] = 'licence: made up\nsource: bench/parity-town.ts\n';
  }
  return files;
}

const POLICY = `version: 1
reviewed: [staff]
categories:
  gambling: { lists: [gambling], announcedFrom: 2020-01-01 }
  pornography: { lists: [pornography], announcedFrom: 2020-01-01 }
  hacking: { lists: [hacking], announcedFrom: 2026-11-06 }
protected: { lists: [protected] }
roles:
  analyst: { sv: Analytiker, en: Analyst }
exemptions:
  - id: E-1
    categories: [gambling]
    roles: [analyst]
    reason: made up
    caseNumber: B 2026/1
    approvers: [head]
    validFrom: 2026-01-01
    validThrough: 2026-11-08
  - id: E-2
    categories: [pornography, hacking]
    departments: [IT]
    weekdays: [monday, tuesday, wednesday, thursday, friday]
    hours: "08:00-18:00"
    reason: made up
    caseNumber: B 2026/2
    approvers: [head]
    validFrom: 2026-01-01
    validThrough: 2026-12-31
`;

function directory(): string {
  const rows = ['user,roles,department,population,validFrom,validThrough', 'head,,Ledning,staff,2020-01-01,'];
  const seen = new Set<string>();
  for (let number = 0; number < OFFICE.users; number++) {
    const name = userName(number);
    // Some are in no directory: unknown people.
    if (seen.has(name) || number % 50 === 49) continue;
    seen.add(name);
    const role = number % 9 === 0 ? 'analyst' : '';
    const population = number % 20 === 0 ? 'elected' : 'staff';
    rows.push(`${name},${role},${DEPARTMENTS[number % DEPARTMENTS.length]},${population},2020-01-01,`);
  }
  return `${rows.join('\n')}\n`;
}
