// locate: where the configuration, the data and the keys are: flag, then environment, then file, then default.
import { statSync } from 'node:fs';
import { isAbsolute, join, relative, resolve } from 'node:path';

/** What was typed on the command line. */
export interface LocateFlags {
  config?: string | undefined;
  dataDir?: string | undefined;
  keysDir?: string | undefined;
}

export interface LocateOptions {
  flags: LocateFlags;
  env: Readonly<Record<string, string | undefined>>;
  cwd: string;
  /** The folder of the program, which ships a neutral `config/`. */
  packageRoot: string;
}

/** Finds the configuration file: what is named may be the file or the folder that holds `granska.yaml`. */
export function locateConfig({ flags, env, cwd, packageRoot }: LocateOptions): string {
  const named = given(flags.config) ?? given(env.GRANSKA_CONFIG);
  const path = named === null ? join(packageRoot, 'config') : resolve(cwd, named);
  const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
  return isFolder ? join(path, 'granska.yaml') : path;
}

/** Finds the data and keys folders. What the file says is relative to the file, all else to the working directory. */
export function locateFolders(
  { flags, env, cwd }: LocateOptions,
  file: { root: string; data: string | undefined; keys: string | undefined },
): { dataDir: string; keysDir: string } {
  const choose = (typed: string | null, written: string | undefined, fallback: string) => {
    if (typed !== null) return resolve(cwd, typed);
    return written === undefined ? join(cwd, fallback) : resolve(file.root, written);
  };
  return {
    dataDir: choose(given(flags.dataDir) ?? given(env.GRANSKA_DATA_DIR), file.data, 'data'),
    keysDir: choose(given(flags.keysDir) ?? given(env.GRANSKA_KEYS_DIR), file.keys, 'keys'),
  };
}

/** Names a file as the user would: relative to the working directory where it lies under it. */
export function shownPath(path: string, cwd: string): string {
  const short = relative(cwd, path);
  return short === '' || short.startsWith('..') || isAbsolute(short) ? path : short;
}

function given(value: string | undefined): string | null {
  return value === undefined || value === '' ? null : value;
}
