// The folder of overrides (§4.3): files `add`, `remove` and `never`, which people may edit too; a file that is not there has
// no line. An approved correction becomes a line at the end of one of them.
import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { EntryRules } from '../../category/list-line.ts';
import {
  OVERRIDE_FILES,
  type OverrideFile,
  type OverrideMistake,
  type Overrides,
  readOverrides,
} from '../../category/overrides.ts';
import { GranskaError } from '../../errors.ts';
import type { ListOverride } from '../../model/override.ts';

/** Reads the overrides of a folder. Throws LISTS for a line that cannot be used, with its place. */
export function loadOverrides(folder: string, lists: readonly string[], rules: EntryRules): Overrides {
  const texts = Object.fromEntries(OVERRIDE_FILES.map(file => [file, readText(join(folder, file))]));
  const { overrides, mistakes } = readOverrides(texts as Record<OverrideFile, string>, lists, rules);
  const [first] = mistakes;
  if (first === undefined) return overrides;
  const place = `${join(folder, first.file)}, line ${first.line}`;
  throw new GranskaError('LISTS', `The override in ${place} cannot be used: ${MISTAKES[first.what]}.`, {
    hint: 'Write LIST,ENTRY with the name of a list and a host or an address, such as gambling,chess.example.',
  });
}

const MISTAKES: Readonly<Record<OverrideMistake['what'], string>> = {
  'no-list': 'it names no list',
  'unknown-list': 'there is no list of that name',
  'no-entry': 'it has no entry that a list could have, or more than one',
  path: 'what is never matched is a host, without a path',
};

/** Gives all that the files hold, to tell whether they have changed; `''` where there are none. */
export function overridesText(folder: string): string {
  const texts = OVERRIDE_FILES.map(file => readText(join(folder, file)));
  return texts.every(text => text === '') ? '' : JSON.stringify(texts);
}

/** Tells whether an override stands in the folder already. */
export function hasOverride(folder: string, { action, list, what }: ListOverride): boolean {
  return readText(join(folder, action))
    .split('\n')
    .some(line => line.replace(/(^|\s)#.*$/, '').trim() === `${list},${what}`);
}

/**
 * Adds an override to its file, with a remark behind it; does nothing where it stands there. It is added at the end, so
 * that two people at once lose nothing. Throws LISTS.
 */
export function addOverride(folder: string, override: ListOverride, remark: string): void {
  const path = join(folder, override.action);
  try {
    mkdirSync(folder, { recursive: true });
    if (hasOverride(folder, override)) return;
    const before = readText(path);
    const start = before === '' || before.endsWith('\n') ? '' : '\n';
    appendSynced(path, `${start}${override.list},${override.what}   # ${remark}\n`);
  } catch (cause) {
    throw new GranskaError('LISTS', `The overrides in ${folder} cannot be written (${codeOf(cause)}).`, {
      hint: 'Check that this account may write there, then approve again: what was decided is kept.',
      cause,
    });
  }
}

function appendSynced(path: string, text: string): void {
  const file = openSync(path, 'a', 0o664);
  try {
    const bytes = new TextEncoder().encode(text);
    for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at, bytes.length - at);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    if (codeOf(cause) === 'ENOENT') return '';
    throw new GranskaError('LISTS', `${path} cannot be read (${codeOf(cause)}).`, {
      hint: 'Check that it is a file and that this account may read it.',
      cause,
    });
  }
}

function codeOf(cause: unknown): string {
  return cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown error';
}
