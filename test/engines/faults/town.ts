// The municipality whose log the fault tests read, and changes of its configuration that alter no verdict: so what comes
// of the log must be the same whichever version judged which window.
import { appendFileSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Files of the configuration that all workers share. */
const FILES: Readonly<Record<string, string>> = {
  'policy.yaml': `version: 1
reviewed: [staff]
categories:
  gambling: { lists: [casino], announcedFrom: 2020-01-01 }
  weapons: { lists: [weapons], announcedFrom: 2020-01-01 }
  drugs: { lists: [drugs, spare], announcedFrom: 2026-01-01 }
protected: { lists: [protected] }
roles:
  counsellor: { sv: Behandlare, en: Counsellor }
  nobody: { sv: Ingen, en: Nobody }
exemptions:
  - id: E-1
    categories: [gambling]
    roles: [counsellor]
    reason: debts of clients
    caseNumber: SN 2025/1
    approvers: [head]
    validFrom: 2025-01-01
    validThrough: 2025-12-31
`,
  'taxonomy.yaml': `version: 1
categories:
  gambling: { sv: Spel, en: Gambling, class: questionable }
  drugs: { sv: Droger, en: Drugs, class: questionable }
  weapons:
    sv: Vapen
    en: Weapons
    class: forbidden
    statutes:
      - { statute: made up, act: { sv: inneha, en: to possess }, visitIsCrime: false, source: made up }
`,
  'directory.csv': `user,roles,department,population,validFrom,validThrough
${['bo', 'eva', 'fredrik', 'greta', 'hans', 'ida'].map(user => `${user},,Bygg,staff,2020-01-01,\n`).join('')}\
cecilia,counsellor,Social,staff,2020-01-01,
${['head', 'jan', 'karin', 'lars', 'maria', 'nils'].map(user => `${user},,Social,staff,2020-01-01,\n`).join('')}\
olle,,Arkiv,staff,2020-01-01,
disa,,Nämnden,elected,2020-01-01,
`,
  'networks.csv': `cidr,tenant,population,department,shared,persons,validFrom,validThrough
10.20.0.0/16,Provby,staff,Bygg,no,,,
10.30.0.0/16,Provby,pupil,Skolan,yes,,,
`,
  'departments.csv': `department,parent,tenant
Bygg,,Provby
Social,,Provby
Arkiv,Bygg,Provby
Nämnden,,Provby
Skolan,,Provby
`,
  'lists/casino/domains': 'casino.example\narmoury.example\n',
  'lists/casino/urls': 'kiosk.example/odds\n',
  'lists/weapons/domains': 'weapons.example\narmoury.example\n',
  'lists/drugs/domains': 'drugs.example\n',
  'lists/spare/domains': 'spare.example\n',
  'lists/protected/domains': 'halsa.example\nräddning.example\n',
};

/** What can be changed while workers run. */
export const CHANGES = ['lists', 'policy', 'directory'] as const;
export type Change = (typeof CHANGES)[number];

/** Writes the shared files into a folder. */
export function writeTown(folder: string): void {
  for (const [name, content] of Object.entries(FILES)) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  }
}

/** Changes the configuration to a version that nobody had before, with the same verdicts for the log. */
export function changeTown(folder: string, { what, number }: { what: Change; number: number }): void {
  switch (what) {
    case 'lists':
      append(join(folder, 'lists', 'spare', 'domains'), `spare${number}.example\n`);
      break;
    case 'policy':
      append(join(folder, 'policy.yaml'), exemptionOf(number));
      break;
    case 'directory':
      append(join(folder, 'directory.csv'), `new${number},,Social,staff,2020-01-01,\n`);
      break;
    default:
      what satisfies never;
  }
}

/** Nobody of the log has the role. */
function exemptionOf(number: number): string {
  return `  - id: N-${number}
    categories: [gambling]
    roles: [nobody]
    reason: none
    caseNumber: SN 2025/${number}
    approvers: [head]
    validFrom: 2025-01-01
    validThrough: 2026-12-31
`;
}

/** Replaces the file as a whole, as people's tools do: no worker reads half of it. */
function append(path: string, text: string): void {
  writeFileSync(`${path}.new`, readFileSync(path));
  appendFileSync(`${path}.new`, text);
  renameSync(`${path}.new`, path);
}
