// Configurations in a folder of their own, for tests: a whole and valid one, of which single files are replaced.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type LoadedConfig, loadConfig, type OpenedDirectory } from '../../src/config/load.ts';

export const VALID: Readonly<Record<string, string>> = {
  'granska.yaml': `version: 1
organization: kommun
timezone: Europe/Stockholm
policyTests: policy.tests.yaml
lists: [lists]
taxonomy: taxonomy.yaml
`,
  'policy.yaml': `version: 1
categories:
  gambling: { lists: [casino], announcedFrom: 2026-01-01 }
  weapons: { lists: [weapons], announcedFrom: { staff: 2026-01-01, elected: 2026-03-01 } }
protected: { lists: [protected] }
roles:
  investigator: { sv: Utredare, en: Investigator }
`,
  'policy.tests.yaml': `version: 1
tests:
  - { url: "http://casino.example/", at: 2026-10-05T10:00, expect: { verdict: examine, category: gambling } }
`,
  'taxonomy.yaml': `version: 1
categories:
  gambling: { sv: Spel, en: Gambling, class: questionable }
  weapons:
    sv: Vapen
    en: Weapons
    class: forbidden
    statutes:
      - { statute: made up, act: { sv: inneha, en: to possess }, visitIsCrime: false, source: made up }
`,
  'lists/casino/domains': 'casino.example\n',
  'lists/weapons/domains': 'weapons.example\n',
  'lists/protected/domains': 'halsa.example\n',
};

const made: string[] = [];

/** Makes a folder with these files; `removeFolders` removes it. */
export function makeFolder(files: Readonly<Record<string, string | Uint8Array>>): string {
  const dir = mkdtempSync(join(tmpdir(), 'granska-config-'));
  made.push(dir);
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, name)), { recursive: true });
    writeFileSync(join(dir, name), content);
  }
  return dir;
}

export function removeFolders(): void {
  for (const dir of made.splice(0)) rmSync(dir, { recursive: true, force: true });
}

/** Loads a valid configuration in which some files are replaced. */
export function load(
  files: Readonly<Record<string, string | Uint8Array>> = {},
  opened?: OpenedDirectory,
): Promise<LoadedConfig<OpenedDirectory>> {
  const cwd = makeFolder({ ...VALID, ...files });
  const options = { flags: { config: cwd }, env: {}, cwd, packageRoot: cwd };
  return loadConfig(opened === undefined ? options : { ...options, openDirectory: () => opened });
}

/** Gives a policy with one exemption; its keys are replaced, added or (by `null`) left out. */
export function policyWith(over: Readonly<Record<string, string | null>>): string {
  const keys: Record<string, string | null> = {
    id: 'E-1',
    categories: '[gambling]',
    users: '[anna]',
    reason: 'duties',
    caseNumber: 'KS 1',
    approvers: '[chief]',
    validFrom: '2026-01-01',
    validThrough: '2026-12-31',
    ...over,
  };
  const lines = Object.entries(keys).flatMap(([key, value]) => (value === null ? [] : [`${key}: ${value}`]));
  return `${VALID['policy.yaml']}exemptions:\n  - ${lines.join('\n    ')}\n`;
}
