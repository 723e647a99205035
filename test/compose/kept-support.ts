// An installation that is made up anew for each run: files of people, a policy and records over two epochs, from which both
// chains come: the one that the files give, and the one that is left when only kept versions are there.
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type OpenedCsv, openDirectory } from '../../src/adapters/directory/csv.ts';
import { createFileVault, type FileVault } from '../../src/adapters/vault/file-vault.ts';
import { createZone } from '../../src/calendar/zone.ts';
import { type ChainParts, composeChain, composePseudonyms } from '../../src/compose/installation.ts';
import { composeKeptChain, type KeptChain, type KeptChainOptions } from '../../src/compose/kept-chain.ts';
import type { Versions } from '../../src/model/finding.ts';
import { blankRecord, type LogRecord } from '../../src/model/record.ts';
import { compilePolicy } from '../../src/policy/compile.ts';
import type { Policy } from '../../src/policy/policy.ts';
import type { PolicyRules } from '../../src/policy/rules.ts';
import { createIdentity, DEFAULT_IDENTITY_RULES } from '../../src/subject/identity.ts';
import { keepDirectory, keepPolicy } from '../../src/subject/keep.ts';
import { compile } from '../category/support.ts';
import { rules, taxonomy } from '../policy/support.ts';

export const ZONE = createZone('Europe/Stockholm');
export const CONFIG = {
  organization: 'kommun',
  zone: ZONE,
  identity: { ...DEFAULT_IDENTITY_RULES, stripDomains: ['KOMMUN'] },
};
export const CLOCK = { nowMs: () => Date.parse('2026-11-25T12:00:00Z') };
export const IMAGE = compile({
  casino: { domains: 'casino.example\n', urls: 'kiosk.example/odds\n' },
  betting: { domains: 'live.casino.example\n' },
  drugs: { domains: 'drugs.example\n' },
  mixed: { domains: 'mixed.example\n' },
  weapons: { domains: 'weapons.example\n' },
  protected: { domains: 'halsa.example\n' },
});

/** The texts of the files of people; a file that is absent is not configured. */
export interface Files {
  directory?: string;
  networks?: string;
  departments?: string;
}

export interface Town {
  parts: ChainParts;
  opened: OpenedCsv;
  policy: Policy;
}

/** Folders for files and keys, for the tests of one `describe`. */
export interface Workshop {
  folder: string;
  vault: FileVault;
  open(files: Files, policy: Partial<PolicyRules>): Promise<Town>;
  close(): void;
}

export function createWorkshop(): Workshop {
  const folder = mkdtempSync(join(tmpdir(), 'granska-kept-'));
  const vault = aVault(folder, 'keys');
  return {
    folder,
    vault,
    async open(files, over) {
      const write = (name: keyof Files) => {
        const text = files[name];
        if (text === undefined) return null;
        const path = join(folder, `${name}.csv`);
        writeFileSync(path, text);
        return path;
      };
      const opened = await openDirectory({
        directoryFile: write('directory'),
        networksFile: write('networks'),
        departmentsFile: write('departments'),
        tenant: CONFIG.organization,
        zone: ZONE,
        identity: CONFIG.identity,
      });
      const policy = compilePolicy({
        rules: rules({ smallGroup: 3, ...over }),
        taxonomy,
        zone: ZONE,
        canonicalName: createIdentity(CONFIG.identity),
        sha256: text => createHash('sha256').update(text).digest('hex'),
      });
      return { opened, policy, parts: { config: CONFIG, policy, opened, image: IMAGE, vault, clock: CLOCK } };
    },
    close: () => rmSync(folder, { recursive: true }),
  };
}

export function aVault(folder: string, name: string): FileVault {
  return createFileVault({
    keysDir: join(folder, name),
    dataDir: join(folder, 'data'),
    nowMs: CLOCK.nowMs,
  });
}

export function versionsOf({ opened, policy }: Town): Versions {
  return { lists: IMAGE.version, policy: policy.hash, directory: opened.hash };
}

/** Keeps a town for epochs, as a worker does; `tenants` are those that were known when the policy was kept. */
export function keep(
  town: Town,
  { vault, epochs, tenants }: { vault: FileVault; epochs: readonly number[]; tenants: readonly string[] },
): KeptChainOptions['store'] {
  const bodies = new Map<string, string>();
  const { userIn } = composePseudonyms(vault, ZONE);
  for (const epoch of epochs) {
    const base = { epoch, zone: ZONE, userIn };
    const { content, hash } = town.opened;
    const kept = [
      keepPolicy(town.policy.content, { ...base, hash: town.policy.hash, tenants }),
      content === null || hash === null ? null : keepDirectory(content, { ...base, hash }),
    ];
    for (const version of kept) {
      if (version !== null) bodies.set(`${version.kind} ${version.hash} ${epoch}`, version.body);
    }
  }
  return { keptVersion: async (kind, hash, epoch) => bodies.get(`${kind} ${hash} ${epoch}`) ?? null };
}

/** Both chains of a town: what the files give, and what is left of them. */
export async function bothChains(
  town: Town,
  epochs: readonly number[] = [2025, 2026],
): Promise<{ original: ReturnType<typeof composeChain>; kept: KeptChain }> {
  const { vault } = town.parts;
  const store = keep(town, { vault, epochs, tenants: ['kommun'] });
  const kept = await composeKeptChain({
    ...{ config: CONFIG, versions: versionsOf(town), epochs: [2024, 2025, 2026] },
    ...{ store, vault, clock: CLOCK, image: IMAGE },
  });
  if (kept === null) throw new Error('nothing was kept');
  return { original: composeChain(town.parts), kept };
}

export function record(over: Partial<LogRecord>): LogRecord {
  const made = { ...blankRecord(), method: 'GET', status: 200, outcome: 'success' as const, ...over };
  return { ...made, stampMs: made.startMs, endMs: made.startMs };
}
