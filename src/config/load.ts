// load: the configuration files → Config, compiled Policy, policy tests, and every mistake in them.
// In: flags, environment and folders; out: what could be read, and problems with file, line, column and key (§10.1).
// Invariant: a mistake never stops the search for others; what is null had an error. `requireConfig` is for who cannot go on.
// Example: `loadConfig({ flags: {}, env: {}, cwd, packageRoot })` reads the neutral configuration that is shipped.
import { statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { createZone, type Zone } from '../calendar/zone.ts';
import { GranskaError } from '../errors.ts';
import { FORMATS } from '../format/formats.ts';
import type { Person } from '../model/person.ts';
import type { Plans } from '../model/review-plan.ts';
import type { Policy } from '../policy/policy.ts';
import type { PolicyTest } from '../policy/policy-test.ts';
import type { Taxonomy } from '../policy/rules.ts';
import type { Clock } from '../ports/clock.ts';
import type { OpenedDecisions } from './check-decisions.ts';
import { checkSources } from './check-sources.ts';
import { checkStore } from './check-store.ts';
import { checkTests, type KnownNames } from './check-tests.ts';
import type { Config } from './config.ts';
import { type LocateOptions, locateConfig, locateFolders, shownPath } from './locate.ts';
import type { Exemptions } from './placed-exemptions.ts';
import { formatProblems, hasErrors, type Problem, sortProblems } from './problem.ts';
import { readPeople } from './read-people.ts';
import { type KnownPeople, readPolicy } from './read-policy.ts';
import { readReviews } from './read-reviews.ts';
import { openFile, type Reading } from './reading.ts';
import { toRun } from './run-schema.ts';
import { type GranskaFile, granskaSchema } from './schema.ts';
import { toSources } from './sources-schema.ts';
import { toStore } from './store-schema.ts';
import { taxonomySchema, toTaxonomy } from './taxonomy-schema.ts';
import { testsSchema } from './tests-schema.ts';
import { toTests } from './to-tests.ts';
import { validate, validParts } from './validate.ts';
import type { YamlFile } from './yaml-file.ts';

/** What whoever opens the directory files has to tell. */
export interface OpenedDirectory extends KnownPeople {
  problems: readonly Problem[];
}

export interface LoadOptions<T extends OpenedDirectory> extends LocateOptions {
  /** Says which day it is; without it nothing is said of days that lie ahead. */
  clock?: Clock;
  /** Opens directory, networks and departments; without it, policy and approvers are checked without a directory. */
  openDirectory?(config: Config): Promise<T> | T;
  /** Opens the file of decisions; null, or without it, there are none. */
  openDecisions?(config: Config): OpenedDecisions | null;
  instead?: Instead | undefined;
}

/** Files to be read in place of those that the configuration names; policy tests belong to its own policy. */
export interface Instead {
  policyFile?: string;
  directoryFile?: string;
}

const NOTHING = {
  config: null,
  policy: null,
  tests: null,
  opened: null,
  exemptions: null,
  persons: null,
  plans: null,
};

/** Holds all that was read. A part is null where it had errors, or where it needs one that had. */
export interface LoadedConfig<T extends OpenedDirectory> {
  config: Config | null;
  policy: Policy | null;
  tests: readonly PolicyTest[] | null;
  opened: T | null;
  exemptions: Exemptions | null;
  /** People who act. */
  persons: readonly Person[] | null;
  plans: Plans | null;
  problems: readonly Problem[];
}

/** What is left of a configuration once it is known to have no errors. */
export interface ReadyConfig<T extends OpenedDirectory> {
  config: Config;
  policy: Policy;
  tests: readonly PolicyTest[];
  opened: T | null;
  exemptions: Exemptions;
  /** People who act. */
  persons: readonly Person[];
  plans: Plans;
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
  const main = openFile(path, { shown, problems });
  if (main === null) return { ...NOTHING, problems };
  validate(granskaSchema, main);
  // What is wrong in the main file has its default from here on, so that the files it names are read all the same.
  const config = withInstead(readMain(main, path, options), options.instead);
  const isValid = !hasErrors(main.problems);
  problems.push(...main.problems);
  const reading = { shown, problems, isNamed: (key: string) => !main.problems.some(isAbout(key)) };

  const opened = isValid ? ((await options.openDirectory?.(config)) ?? null) : null;
  problems.push(...(opened?.problems ?? []));
  const taxonomy = readTaxonomy(config, reading);
  const decided = isValid ? (options.openDecisions?.(config) ?? null) : null;
  const { policy, known, exemptions } = readPolicy(config, {
    ...{ ...reading, taxonomy, opened, decided, clock: options.clock },
  });
  const tests = readTests(config, { ...reading, known });
  const persons = readPeople(config, { ...reading, opened });
  const plans = readReviews(config, { ...reading, opened, persons, categories: known?.categories ?? null });
  return {
    config: isValid ? config : null,
    policy: isValid ? policy : null,
    tests: isValid ? tests : null,
    opened,
    exemptions,
    persons,
    plans,
    problems: sortProblems(problems),
  };
}

/** Gives the configuration where it has no errors; throws CONFIG with all of them where it has. */
export function requireConfig<T extends OpenedDirectory>(loaded: LoadedConfig<T>): ReadyConfig<T> {
  const { config, policy, tests, opened, exemptions, persons, plans, problems } = loaded;
  const errors = problems.filter(problem => problem.severity === 'error');
  const isWhole =
    policy !== null &&
    exemptions !== null &&
    tests !== null &&
    persons !== null &&
    plans !== null &&
    errors.length === 0;
  if (config !== null && isWhole) {
    return { config, policy, tests, opened, exemptions, persons, plans, problems };
  }
  throw new GranskaError('CONFIG', `the configuration has mistakes:\n${formatProblems(errors)}`, {
    hint: 'correct them, then run `granska check`',
  });
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
    peopleFile: at(data.people),
    reviewsFile: at(data.reviews),
    reportsFolder: resolve(root, data.reports),
    intervalFiles: data.intervals.map(name => resolve(root, name)),
    delivery: data.delivery,
    listDirs: data.lists.map(dir => resolve(root, dir)),
    overridesDir: at(data.overrides),
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

function withInstead(config: Config, instead: Instead = {}): Config {
  return { ...config, ...instead, ...(instead.policyFile === undefined ? {} : { policyTestsFile: null }) };
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
  for (const [index, name] of data.intervals.entries()) {
    if (kindOf(resolve(root, name)) !== 'file') {
      main.report(['intervals', index], 'there is no such file', { hint: 'paths are relative to this file' });
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

function readTaxonomy(config: Config, reading: Reading): Taxonomy | null {
  if (!reading.isNamed('taxonomy')) return null;
  const file = openFile(config.taxonomyFile, reading);
  if (file === null) return null;
  const data = validate(taxonomySchema, file);
  reading.problems.push(...file.problems);
  return data === null || hasErrors(file.problems) ? null : toTaxonomy(data);
}

function readTests(config: Config, input: Reading & { known: KnownNames | null }): PolicyTest[] | null {
  const { problems, known } = input;
  if (config.policyTestsFile === null) return [];
  if (!input.isNamed('policyTests')) return null;
  const file = openFile(config.policyTestsFile, input);
  if (file === null) return null;
  const data = validate(testsSchema, file);
  checkTests(file, config.zone, known);
  problems.push(...file.problems);
  if (data === null || hasErrors(file.problems)) return null;
  return toTests(data, config.zone, path => file.placeOf(path).line);
}
