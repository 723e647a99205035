// Has a file of the configuration or of the lists changed? Sizes and times are enough to make one look closer.
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../config/config.ts';

/** Gives a text that is another one when one of the files was changed, added or removed. */
export function fingerprintOf(config: Config): string {
  const files = [
    config.file,
    config.policyFile,
    config.policyTestsFile,
    config.directoryFile,
    config.networksFile,
    config.departmentsFile,
    config.exemptionsFile,
    config.taxonomyFile,
    ...config.intervalFiles,
  ];
  const parts: string[] = [];
  for (const file of files) if (file !== null) parts.push(describe(file));
  for (const folder of config.listDirs) addFolder(parts, folder, MAX_DEPTH);
  if (config.overridesDir !== null) addFolder(parts, config.overridesDir, 0);
  return parts.join('\n');
}

/** A folder of lists holds a folder for each list, which may hold folders in turn. */
const MAX_DEPTH = 4;

function addFolder(parts: string[], folder: string, depth: number): void {
  let entries: { name: string; isDirectory(): boolean }[];
  try {
    entries = readdirSync(folder, { withFileTypes: true });
  } catch {
    parts.push(`${folder} gone`);
    return;
  }
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (!entry.isDirectory()) parts.push(describe(path));
    else if (depth > 0) addFolder(parts, path, depth - 1);
  }
}

function describe(path: string): string {
  try {
    const { size, mtimeMs, ino } = statSync(path);
    return `${path} ${size} ${mtimeMs} ${ino}`;
  } catch {
    return `${path} gone`;
  }
}
