// surroundings: what a proof has to know beside the store. In: the parts of an installation; out: `Surroundings`.
// Invariant: keys are looked at from outside only: whether they are there, and whose they are; nothing is made or opened.
// Example: `composeSurroundings(parts, chain).epochs` → `[{ epoch: 2026, key: 'there' }]`.
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { storePath } from '../adapters/store/sqlite/open-database.ts';
import { KEY_PLACES } from '../adapters/vault/file-vault.ts';
import type { Config } from '../config/config.ts';
import { createStoredText } from '../finding/stored-text.ts';
import type { StandingFinding } from '../model/finding.ts';
import type { ProofPlace } from '../model/proof.ts';
import { blankTarget, type Target } from '../model/target.ts';
import type { Surroundings } from '../proof/surroundings.ts';
import { createCountIn } from '../subject/count-in.ts';
import { personsIn } from '../subject/resolve.ts';
import { UNASSIGNED } from '../subject/roster.ts';
import { parseTarget } from '../url/parse-target.ts';
import type { Chain, Parts } from './installation.ts';
import { SEALED_FOLDER } from './open-store.ts';

/** Finds out what is beside the store. */
export function composeSurroundings(parts: Parts, chain: Chain): Surroundings {
  const { config, opened } = parts;
  const names = opened.directory === null ? null : (opened.content?.users.map(({ user }) => user) ?? []);
  const storedText = names && createStoredText(names);
  return {
    store: config.store.kind,
    places: placesOf(config),
    listen: config.run.listen && `${config.run.listen.host}:${config.run.listen.port}`,
    epochs: epochsIn(join(config.keysDir, KEY_PLACES.epochs)),
    privateKey: existsSync(join(config.keysDir, KEY_PLACES.identity)) ? 'there' : 'not-there',
    directory: names && { users: new Set(names).size, changedMs: changedMs(config.directoryFile) },
    hasLists: hash =>
      hash === chain.versions.lists || existsSync(join(config.dataDir, 'lists', `${hash}.image`)),
    namesSomebody: storedText && (text => storedText(text) === null),
    isProtected: finding => chain.judge.isProtected(targetOf(finding)),
    sizeOf: createSizeOf(parts),
  };
}

/** Makes the target that a finding was of, as far as it is stored. */
function targetOf({ scheme, domain, port, urlPath }: StandingFinding): Target {
  const host = domain.includes(':') ? `[${domain}]` : domain;
  const authority = port === null ? host : `${host}:${port}`;
  const target = blankTarget();
  if (scheme === '') parseTarget(authority, 'CONNECT', target);
  else parseTarget(`${scheme}://${authority}${urlPath}`, 'GET', target);
  return target;
}

/** Creates the answer to how big a department was at the beginning of a month, as whoever counted it asked. */
function createSizeOf({ opened, config, policy }: Parts): Surroundings['sizeOf'] {
  const { directory, networks, departmentTree } = opened;
  const departments = directory?.departments() ?? departmentTree;
  const known = new Set(departments.map(item => `${item.tenant}\u0000${item.department}`));
  const months = new Map<string, ReturnType<typeof createCountIn>>();
  const isSized = directory !== null || (networks?.entries.some(row => row.persons !== null) ?? false);

  function countIn(month: string): ReturnType<typeof createCountIn> {
    const made = months.get(month);
    if (made !== undefined) return made;
    const atMs = config.zone.startOfDayMs(`${month}-01`);
    const size = (tenant: string, department: string) => {
      if (directory !== null) return directory.size(tenant, department, atMs);
      if (networks === null) return 0;
      return personsIn(networks, { tenant, department, atMs, ownTenant: config.organization });
    };
    const count = createCountIn({ departments, smallGroup: policy.smallGroup, size });
    months.set(month, count);
    return count;
  }

  return (tenant, department, atMs) => {
    if (department === UNASSIGNED && !isSized) return 'enough';
    const place = countIn(config.zone.dayOf(atMs).slice(0, 7))(tenant, department);
    if (place === department) return 'enough';
    return department === UNASSIGNED || known.has(`${tenant}\u0000${department}`) ? 'small' : 'unknown';
  };
}

function placesOf({ dataDir, keysDir, store }: Config): ProofPlace[] {
  const own: [ProofPlace['place'], string][] =
    store.kind === 'sqlite'
      ? [
          ['store', storePath(dataDir)],
          ['rejects', join(dataDir, SEALED_FOLDER)],
        ]
      : [];
  const all: [ProofPlace['place'], string][] = [
    ['data', dataDir],
    ...own,
    ['audit', join(dataDir, 'audit')],
    ['keys', keysDir],
    ['epoch-keys', join(keysDir, KEY_PLACES.epochs)],
    ['private-key', join(keysDir, KEY_PLACES.identity)],
  ];
  return all.map(([place, path]) => lookAt(place, path));
}

function lookAt(place: ProofPlace['place'], path: string): ProofPlace {
  const mode = modeOf(path);
  if (mode === null || process.platform === 'win32') {
    return { place, isThere: mode !== null, mode: null, isOpenToOthers: false };
  }
  return {
    place,
    isThere: true,
    mode: (mode & 0o777).toString(8).padStart(3, '0'),
    isOpenToOthers: (mode & 0o077) !== 0,
  };
}

function modeOf(path: string): number | null {
  try {
    return statSync(path).mode;
  } catch {
    return null;
  }
}

function changedMs(path: string | null): number | null {
  if (path === null) return null;
  try {
    return statSync(path).mtimeMs;
  } catch {
    return null;
  }
}

function epochsIn(folder: string): Surroundings['epochs'] {
  const found = new Map<number, 'there' | 'destroyed'>();
  for (const name of existsSync(folder) ? readdirSync(folder).sort() : []) {
    const parts = /^(\d{4})\.(key|destroyed)$/.exec(name);
    // A key beside the mark of its destruction is one that somebody put back: whoever holds it can still use it.
    if (parts === null) continue;
    const epoch = Number(parts[1]);
    if (parts[2] === 'key') found.set(epoch, 'there');
    else if (!found.has(epoch)) found.set(epoch, 'destroyed');
  }
  return [...found].map(([epoch, key]) => ({ epoch, key }));
}
