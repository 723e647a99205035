// The folder that reports are delivered into. In: paths inside it, and bytes; out: files of mode 0640 in folders of 0750.
// Invariant: a file is there whole or not at all, and nothing is put outside the folder, by no link either.
import { chmodSync, lstatSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { GranskaError } from '../../errors.ts';
import type { ReportFolder } from '../../ports/reports.ts';
import { writeSynced } from '../files/write-synced.ts';

const FILE_MODE = 0o640;
const FOLDER_MODE = 0o750;

/** Opens the folder; it is made when the first file comes. */
export function createReportFolder(root: string): ReportFolder {
  function placeOf(path: string): string {
    const parts = path.split('/');
    if (parts.some(part => part === '' || part === '.' || part === '..')) {
      throw new GranskaError('CONFIG', 'a report would lie outside the folder of reports', {
        hint: 'name a folder inside it, in reviews.yaml',
      });
    }
    return join(root, ...parts);
  }

  return {
    async read(path) {
      return readOrNull(placeOf(path));
    },
    async write(path, bytes) {
      const place = placeOf(path);
      if (readOrNull(place)?.equals(bytes) === true) return;
      makeFolders(root, dirname(path));
      const draft = join(dirname(place), `.${basename(place)}.${process.pid}`);
      try {
        writeSynced(draft, bytes, { flags: 'w', mode: FILE_MODE });
        // Whatever the mask of the process is: the reader is in the group.
        chmodSync(draft, FILE_MODE);
        renameSync(draft, place);
      } catch (error) {
        rmSync(draft, { force: true });
        throw error;
      }
    },
  };
}

function makeFolders(root: string, path: string): void {
  mkdirSync(root, { recursive: true, mode: FOLDER_MODE });
  let place = root;
  for (const part of path.split('/')) {
    place = join(place, part);
    const found = lstatSync(place, { throwIfNoEntry: false });
    if (found === undefined) mkdirSync(place, { mode: FOLDER_MODE });
    else if (!found.isDirectory()) {
      throw Object.assign(new Error('not a folder'), { code: 'ENOTDIR' });
    }
  }
}

function readOrNull(place: string): Buffer | null {
  try {
    return readFileSync(place);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
