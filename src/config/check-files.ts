// check-files: files that stores and sources name, looked at from outside only: never what they hold.
// They are warnings, for a configuration is also checked and read where the secrets of a worker are not; whoever opens
// the store or the source refuses what is missing.
import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Path, valueAt, type YamlFile } from './yaml-file.ts';

/** Warns where a key names a file that is not there. */
export function checkNamedFile(file: YamlFile, path: Path, root: string): void {
  lookAt(file, path, root);
}

/** Warns where a key names a secret that is not there, or that others may read. */
export function checkSecretFile(file: YamlFile, path: Path, root: string): void {
  const mode = lookAt(file, path, root);
  if (mode === null || process.platform === 'win32' || (mode & 0o077) === 0) return;
  file.report(path, 'can be read or written by others', { hint: 'chmod 600', severity: 'warning' });
}

/** Gives the mode of a named file; null where none is named, or none is there. */
function lookAt(file: YamlFile, path: Path, root: string): number | null {
  const name = valueAt(file.data, path);
  if (typeof name !== 'string' || name === '') return null;
  const mode = modeOf(resolve(root, name));
  if (mode === null) {
    const hint = 'paths are relative to this file; it is needed where the program runs';
    file.report(path, 'there is no such file here', { hint, severity: 'warning' });
  }
  return mode;
}

function modeOf(path: string): number | null {
  try {
    const found = statSync(path);
    return found.isFile() ? found.mode : null;
  } catch {
    return null;
  }
}
