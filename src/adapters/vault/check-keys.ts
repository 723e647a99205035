// check-keys: what `granska check` says of the keys. In: the two folders; out: every problem, nothing made or changed.
// Invariant: the private sealing key is looked at from outside only: its place and its mode, never its content.
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Problem } from '../../config/problem.ts';
import { GranskaError } from '../../errors.ts';
import { PEOPLE_FOLDER } from '../people/person-key.ts';
import { KEY_PLACES, readRecipient } from './file-vault.ts';
import { exists, isOpenToOthers, readKey } from './key-file.ts';
import { describeNesting } from './nesting.ts';

/** Checks the keys folder; an empty or missing one is no problem: keys are made on first use. */
export function checkKeys(keysDir: string, dataDir: string): Problem[] {
  const problems: Problem[] = [];
  const nesting = describeNesting(keysDir, dataDir);
  if (nesting !== null) {
    problems.push(problemAt(keysDir, nesting, 'name two folders apart with --keys-dir and --data-dir'));
  }
  if (!exists(keysDir)) return problems;
  if (!statSync(keysDir).isDirectory()) {
    return [...problems, problemAt(keysDir, 'is no folder', 'name another with --keys-dir')];
  }
  try {
    checkFiles(keysDir, problems);
  } catch (error) {
    problems.push(problemOf(keysDir, error));
  }
  return problems;
}

function checkFiles(keysDir: string, problems: Problem[]): void {
  for (const name of ['', KEY_PLACES.epochs, 'private', PEOPLE_FOLDER]) {
    checkFolder(join(keysDir, name), problems);
  }
  for (const path of secretKeys(keysDir)) checkFile(path, readKey, problems);
  checkFile(join(keysDir, KEY_PLACES.recipient), readRecipient, problems);
  checkPrivate(keysDir, problems);
  for (const path of keysOfPeople(keysDir)) checkOpenness(path, problems);
}

/** A folder that others may write in is one in which they may put keys. */
function checkFolder(path: string, problems: Problem[]): void {
  if (process.platform === 'win32' || !exists(path)) return;
  if ((statSync(path).mode & 0o022) === 0) return;
  problems.push(problemAt(path, 'can be written in by others', `chmod 700 ${path}`));
}

/** Lists the keys that a worker reads. */
function secretKeys(keysDir: string): string[] {
  const epochs = join(keysDir, KEY_PLACES.epochs);
  const names = exists(epochs) ? readdirSync(epochs).sort() : [];
  const keys = names.filter(name => name.endsWith('.key')).map(name => join(epochs, name));
  return [join(keysDir, KEY_PLACES.audit), ...keys];
}

function checkFile(path: string, read: (path: string) => unknown, problems: Problem[]): void {
  if (!exists(path)) return;
  try {
    read(path);
  } catch (error) {
    problems.push(problemOf(path, error));
  }
}

/** Lists the private keys of people: looked at from outside only. */
function keysOfPeople(keysDir: string): string[] {
  const folder = join(keysDir, PEOPLE_FOLDER);
  const names = exists(folder) ? readdirSync(folder).sort() : [];
  return names.filter(name => name.endsWith('.key')).map(name => join(folder, name));
}

function checkOpenness(path: string, problems: Problem[]): void {
  if (!exists(path) || !isOpenToOthers(path)) return;
  problems.push(problemAt(path, 'can be read or written by others', `chmod 600 ${path}`));
}

function checkPrivate(keysDir: string, problems: Problem[]): void {
  checkOpenness(join(keysDir, KEY_PLACES.identity), problems);
  const stray = join(keysDir, 'seal.key');
  if (!exists(stray)) return;
  problems.push(problemAt(stray, 'lies among the keys that a worker reads', 'move it to private/, or away'));
}

/** Tells of an error of the keys, or of a folder that the platform does not let anybody look into. */
function problemOf(path: string, error: unknown): Problem {
  if (error instanceof GranskaError) {
    return problemAt(path, error.message.replace(`${path} `, ''), error.hint);
  }
  const { code } = error as NodeJS.ErrnoException;
  if (code === undefined) throw error;
  return problemAt(path, `cannot be looked into (${code})`, 'see who owns it');
}

function problemAt(file: string, message: string, hint: string): Problem {
  return { file, line: 0, column: 0, key: '', message, hint, severity: 'error' };
}
