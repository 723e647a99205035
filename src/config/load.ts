// load: the configuration files → Config, compiled Policy, policy tests, and every mistake in them.
// In: flags, environment and folders; out: what could be read, and problems with file, line, column and key (§10.1).
// Invariant: a mistake never stops the search for others; what is null had an error. `requireConfig` is for who cannot go on.
// Example: `loadConfig({ flags: {}, env: {}, cwd, packageRoot })` reads the neutral configuration that is shipped.
import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { createZone, type Zone } from '../calendar/zone.ts';
import { GranskaError } from '../errors.ts';
import { FORMATS } from '../format/formats.ts';
import { compilePolicy } from '../policy/compile.ts';
import type { Policy } from '../policy/policy.ts';
import type { Taxonomy } from '../policy/rules.ts';
import type { PolicyTest } from '../policy/tests.ts';
import type { Directory } from '../ports/directory.ts';
import { createIdentity } from '../subject/identity.ts';
import { isPublicSuffix } from '../url/site.ts';
import { checkPolicy } from './check-policy.ts';
import { checkSources } from './check-sources.ts';
import { checkStore } from './check-store.ts';
import { checkTests, type KnownNames } from './check-tests.ts';
import type { Config } from './config.ts';
import { listNames } from './list-names.ts';
import { type LocateOptions, locateConfig, locateFolders, shownPath } from './locate.ts';
import { policySchema, toRules } from './policy-schema.ts';
import { formatProblems, hasErrors, type Problem, sortProblems } from './problem.ts';
import { toRun } from './run-schema.ts';
import { type GranskaFile, granskaSchema } from './schema.ts';
import { toSources } from './sources-schema.ts';
import { toStore } from './store-schema.ts';
import { taxonomySchema, toTaxonomy } from './taxonomy-schema.ts';
import { testsSchema, toTests } from './tests-schema.ts';
import { validate, validParts } from './validate.ts';
import { mapOf, readYaml, type YamlFile } from './yaml-file.ts';

/** What whoever opens the directory files has to tell. */
export interface OpenedDirectory {
  directory: Directory | null;
  /** Departments and organizations that the networks name; the directory's own are asked of it. */
  departments?: readonly string[];
  tenants?: readonly string[];
  problems: readonly Problem[];
}

export interface LoadOptions<T extends OpenedDirectory> extends LocateOptions {
  /** Opens directory, networks and departments; without it, policy and approvers are checked without a directory. */
  openDirectory?(config: Config): Promise<T> | T;
}

/** Holds all that was read. A part is null where it had errors, or where it needs one that had. */
export interface LoadedConfig<T extends OpenedDirectory> {
  config: Config | null;
  policy: Policy | null;
  tests: readonly PolicyTest[] | null;
  opened: T | null;
  problems: readonly Problem[];
}

/** What is left of a configuration once it is known to have no errors. */
export interface ReadyConfig<T extends OpenedDirectory> {
  config: Config;
  policy: Policy;
  tests: readonly PolicyTest[];
  opened: T | null;
  /** Warnings only. */
  problems: readonly Problem[];
}

/** Loads the configuration and all files that it names. */
export async function loadConfig<T extends OpenedDirectory>(
  options: LoadOptions<T>,
): Promise<LoadedConfig<T>> {
  const problems: Problem[] = [];
  const shown = (path: string) => shownPath(path, options.cwd);
  const path = locateConfig(options);
  const main = openFile(path, shown, problems);
  if (main === null) return { config: null, policy: null, tests: null, opened: null, problems };
  validate(granskaSchema, main);
  // What is wrong in the main file has its default from here on, so that the files it names are read all the same.
  const config = readMain(main, path, options);
  const isValid = !hasErrors(main.problems);
  problems.push(...main.problems);
  const reading = { shown, problems, isNamed: (key: string) => !main.problems.some(isAbout(key)) };

  const opened = isValid ? ((await options.openDirectory?.(config)) ?? null) : null;
  problems.push(...(opened?.problems ?? []));
  const taxonomy = readTaxonomy(config, reading);
  const { policy, known } = readPolicy(config, { ...reading, taxonomy, opened });
  const tests = readTests(config, { ...reading, known });
  return {
    config: isValid ? config : null,
    policy: isValid ? policy : null,
    tests: isValid ? tests : null,
    opened,
    problems: sortProblems(problems),
  };
}

/** Gives the configuration where it has no errors; throws CONFIG with all of them where it has. */
export function requireConfig<T extends OpenedDirectory>(loaded: LoadedConfig<T>): ReadyConfig<T> {
  const { config, policy, tests, opened, problems } = loaded;
  const errors = problems.filter(problem => problem.severity === 'error');
  if (config !== null && policy !== null && tests !== null && errors.length === 0) {
    return { config, policy, tests, opened, problems };
  }
  throw new GranskaError('CONFIG', `the configuration has mistakes:\n${formatProblems(errors)}`, {
    hint: 'correct them, then run `granska check`',
  });
}

interface Reading {
  shown(path: string): string;
  problems: Problem[];
  /** Tells whether a key of the main file names something that is there. */
  isNamed(key: string): boolean;
}

function isAbout(key: string): (problem: Problem) => boolean {
  return problem => problem.key === key;
}

function readMain(main: YamlFile, path: string, options: LocateOptions): Config {
  const data = { lists: [], taxonomy: '', ...validParts(granskaSchema, main.data) } as GranskaFile;
  const zone = readZone(main, data.timezone);
  const root = dirname(path);
  const at = (name: string | undefined) => (name === undefined ? null : resolve(root, name));
  checkPaths(main, data, root);
  checkStore(main, root);
  checkSources(main, { root, zone, formats: FORMATS.map(format => format.name) });
  return {
    file: path,
    root,
    organization: data.organization,
    zone,
    policyFile: resolve(root, data.policy),
    policyTestsFile: at(data.policyTests),
    directoryFile: at(data.directory),
    networksFile: at(data.networks),
    departmentsFile: at(data.departments),
    exemptionsFile: at(data.exemptions),
    intervalFiles: data.intervals.map(name => resolve(root, name)),
    delivery: data.delivery,
    listDirs: data.lists.map(dir => resolve(root, dir)),
    taxonomyFile: resolve(root, data.taxonomy),
    identity: data.identity,
    maxLineBytes: data.source.maxLineBytes,
    rejectsKeepDays: data.rejects.keepDays,
    ...locateFolders(options, { root, data: data.data, keys: data.keys }),
    store: toStore(data.store, root),
    sources: toSources(data.sources, { root, zone }),
    run: toRun(data.run),
    log: data.log,
  };
}

function readZone(main: YamlFile, name: string): Zone {
  try {
    return createZone(name);
  } catch (error) {
    if (!(error instanceof GranskaError)) throw error;
    main.report(['timezone'], 'is not a known time zone', { hint: error.hint });
    return createZone('UTC');
  }
}

/** Every file and folder that is named must be there. */
function checkPaths(main: YamlFile, data: GranskaFile, root: string): void {
  for (const key of ['policy', 'policyTests', 'directory', 'networks', 'departments', 'taxonomy'] as const) {
    const name = data[key];
    if (name !== undefined && name !== '' && kindOf(resolve(root, name)) !== 'file') {
      main.report([key], 'there is no such file', { hint: 'paths are relative to this file' });
    }
  }
  for (const [index, dir] of data.lists.entries()) {
    if (kindOf(resolve(root, dir)) !== 'folder') {
      main.report(['lists', index], 'there is no such folder', { hint: 'paths are relative to this file' });
    }
  }
}

function kindOf(path: string): 'file' | 'folder' | 'none' {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return 'none';
  return stat.isDirectory() ? 'folder' : 'file';
}

function readTaxonomy(config: Config, { shown, problems, isNamed }: Reading): Taxonomy | null {
  if (!isNamed('taxonomy')) return null;
  const file = openFile(config.taxonomyFile, shown, problems);
  if (file === null) return null;
  const data = validate(taxonomySchema, file);
  problems.push(...file.problems);
  return data === null || hasErrors(file.problems) ? null : toTaxonomy(data);
}

function readPolicy(
  config: Config,
  input: Reading & { taxonomy: Taxonomy | null; opened: OpenedDirectory | null },
): { policy: Policy | null; known: KnownNames | null } {
  const { shown, problems, taxonomy, opened } = input;
  const file = input.isNamed('policy') ? openFile(config.policyFile, shown, problems) : null;
  if (file === null) return { policy: null, known: null };
  const data = validate(policySchema, file);
  const canonicalName = createIdentity(config.identity);
  checkPolicy(file, {
    taxonomy,
    lists: listNames(config.listDirs),
    zone: config.zone,
    directory: opened?.directory ?? null,
    ...knownPlaces(config, opened),
    canonicalName,
    isPublicSuffix,
  });
  problems.push(...file.problems);
  const known = data === null && file.isBroken ? null : namesOf(file.data);
  if (data === null || taxonomy === null || hasErrors(file.problems)) return { policy: null, known };
  const policy = compilePolicy({
    rules: toRules(data),
    taxonomy,
    zone: config.zone,
    canonicalName,
    sha256: text => createHash('sha256').update(text).digest('hex'),
  });
  return { policy, known };
}

/** Names what the policy has, for its tests; null where it is no map of keys. */
function namesOf(data: unknown): KnownNames | null {
  if (data === null || typeof data !== 'object') return null;
  const { categories, exemptions } = mapOf(data);
  const ids = Array.isArray(exemptions) ? exemptions.map(item => mapOf(item).id) : [];
  return { categories: Object.keys(mapOf(categories)), exemptions: ids.filter(id => typeof id === 'string') };
}

function knownPlaces(
  config: Config,
  opened: OpenedDirectory | null,
): { departments: readonly string[]; tenants: readonly string[] } {
  const listed = opened?.directory?.departments() ?? [];
  const departments = [...listed.map(item => item.department), ...(opened?.departments ?? [])];
  const tenants = [config.organization, ...listed.map(item => item.tenant), ...(opened?.tenants ?? [])];
  return {
    departments: [...new Set(departments)],
    tenants: [...new Set(tenants)].filter(name => name !== ''),
  };
}

function readTests(config: Config, input: Reading & { known: KnownNames | null }): PolicyTest[] | null {
  const { shown, problems, known } = input;
  if (config.policyTestsFile === null) return [];
  if (!input.isNamed('policyTests')) return null;
  const file = openFile(config.policyTestsFile, shown, problems);
  if (file === null) return null;
  const data = validate(testsSchema, file);
  if (known !== null) checkTests(file, config.zone, known);
  problems.push(...file.problems);
  if (data === null || hasErrors(file.problems)) return null;
  return toTests(data, config.zone, index => file.placeOf(['tests', index]).line);
}

/** Reads one YAML file; null, with a problem, where it cannot be read. */
function openFile(path: string, shown: (path: string) => string, problems: Problem[]): YamlFile | null {
  try {
    return readYaml(readFileSync(path), shown(path));
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
    problems.push({
      ...{ file: shown(path), line: 0, column: 0, key: '', severity: 'error' },
      message: code === 'ENOENT' ? 'there is no such file' : `the file cannot be read (${code})`,
      hint: 'name it with --config, or make a configuration with `granska init`',
    });
    return null;
  }
}
