// Configuration, people, lists and keys read from their files: what every command and every thread begins with.
import { readDecisions } from '../adapters/decisions/read-decisions.ts';
import { openCachedImage } from '../adapters/lists/cached-image.ts';
import { createFileVault, type FileVault } from '../adapters/vault/file-vault.ts';
import type { Image } from '../category/image.ts';
import type { OpenedDecisions } from '../config/check-decisions.ts';
import type { Config } from '../config/config.ts';
import { type Instead, type LoadedConfig, loadConfig, requireConfig } from '../config/load.ts';
import { type LocateFlags, shownPath } from '../config/locate.ts';
import { GranskaError } from '../errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { OpenedPeople, Parts } from './installation.ts';
import { openPeople } from './open-people.ts';

export interface LoaderOptions {
  flags: LocateFlags;
  env: Readonly<Record<string, string | undefined>>;
  cwd: string;
  packageRoot: string;
  clock: Clock;
  /** Says something to the user, on stderr. */
  tell(text: string): void;
  instead?: Instead | undefined;
}

export interface PartsLoader {
  /** Reads the configuration with all its mistakes; with other decisions than those of its file where they are given. */
  load(decisions?: OpenedDecisions): Promise<LoadedConfig<OpenedPeople>>;
  openVault(config: Config): FileVault;
  /** Reads everything; throws CONFIG where it has mistakes. `keep` stores the compiled lists. */
  makeParts(lists: 'keep' | 'look'): Promise<Parts>;
}

/** Creates the loader of one installation. */
export function createPartsLoader(options: LoaderOptions): PartsLoader {
  const { clock, tell } = options;

  async function load(decisions?: OpenedDecisions): Promise<LoadedConfig<OpenedPeople>> {
    return loadConfig<OpenedPeople>({
      ...options,
      openDirectory: config => openPeople(config, { clock, shown: path => shownPath(path, options.cwd) }),
      openDecisions: ({ exemptionsFile: file }) =>
        decisions ?? (file === null ? null : readDecisions(file, shownPath(file, options.cwd))),
    });
  }

  function openVault(config: Config): FileVault {
    return createFileVault({
      keysDir: config.keysDir,
      dataDir: config.dataDir,
      nowMs: () => clock.nowMs(),
      onMade: (path, advice) => {
        if (advice !== '') tell(`made ${shownPath(path, options.cwd)}: ${advice}`);
      },
    });
  }

  async function makeParts(lists: 'keep' | 'look'): Promise<Parts> {
    const { config, policy, opened } = requireConfig(await load());
    const image = openLists(config, lists);
    return { config, policy, opened: opened!, image, vault: openVault(config), clock };
  }

  return { load, openVault, makeParts };
}

function openLists(config: Config, mode: 'keep' | 'look'): Image {
  try {
    const { listDirs, overridesDir, dataDir } = config;
    return openCachedImage({ listDirs, overridesDir, dataDir, mode });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (error instanceof GranskaError || code === undefined) throw error;
    throw new GranskaError('STORE', `the data folder ${config.dataDir} cannot be used (${code})`, {
      hint: 'check that it is a folder that you may write to, or name another one with --data-dir',
      cause: error,
    });
  }
}
