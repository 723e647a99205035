import { globSync, lstatSync, realpathSync, statSync } from 'node:fs';
import type { OriginFailure } from './byte-reader.ts';
import { rotationOrder } from './rotation-order.ts';

/** One file to read, or why there is none. */
export type NamedOrigin =
  | { kind: 'file'; path: string }
  | { kind: 'stdin' }
  | { kind: 'nothing'; path: string; failure: OriginFailure };

/**
 * Turns what was named (paths, patterns, `-`) into the files to read, in the order named. A name that exists as it is
 * stands for itself, whatever signs it holds. What is named twice, under whatever name, is read once.
 */
export function expandFiles(names: readonly string[]): NamedOrigin[] {
  const seen = new Set<string>();
  return names.flatMap(expandName).filter(origin => {
    const key = keyOf(origin);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

const STDIN = '-';
const PATTERN_SIGNS = /[*?[{]/u;

function expandName(name: string): NamedOrigin[] {
  if (name === STDIN) return [{ kind: 'stdin' }];
  if (!PATTERN_SIGNS.test(name) || exists(name)) return [{ kind: 'file', path: name }];
  const files = globSync(name).filter(isNoFolder);
  if (files.length > 0) return rotationOrder(files).map(path => ({ kind: 'file', path }));
  return [{ kind: 'nothing', path: name, failure: noneFits(name) }];
}

/** Says that no file fits a pattern. */
export function noneFits(pattern: string): OriginFailure {
  const message = `no file fits the pattern "${pattern}": check the folder and the pattern`;
  return { code: 'missing', message };
}

function exists(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

/** A link into nowhere counts as a file: opening it says what is wrong. */
function isNoFolder(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true;
  } catch {
    return true;
  }
}

function keyOf(origin: NamedOrigin): string {
  if (origin.kind === 'stdin') return STDIN;
  try {
    return realpathSync(origin.path);
  } catch {
    return `./${origin.path}`;
  }
}
