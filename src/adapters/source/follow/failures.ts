// What could not be read by the end of a run that waits for nothing. In: the files as they were last looked at, and which
// archives were damaged. Out: failures as a scan of the same files tells them (§10.2). A run that goes on has none: it tells
// of what it meets, and tries again.
// Example: paths `access.log` and `old/*.gz`, none of which is there → two failures, `missing`
import { basename } from 'node:path';
import type { OriginFailure } from '../byte-reader.ts';
import { noneFits } from '../expand-files.ts';
import { isPattern } from '../kafka/topics.ts';
import { openFailure } from '../open-origin.ts';
import { type FollowTable, NO_FILE } from './table.ts';

export interface Followed {
  /** As they were named. */
  paths: readonly string[];
  /** By path: `damaged`, or why what was left of it could not be read. */
  damaged: ReadonlyMap<string, string>;
}

/** Gives what was not read, or not to its end. */
export function failuresOf(
  table: Pick<FollowTable, 'files' | 'missing' | 'troubles'>,
  { paths, damaged }: Followed,
): OriginFailure[] {
  const failures = table
    .missing()
    .map(name => (isPattern(basename(name)) ? noneFits(name) : openFailure(name, 'ENOENT')));
  for (const [path, reason] of table.troubles()) {
    if (reason !== NO_FILE) failures.push(openFailure(path, reason));
    // A folder that fits a pattern is passed over, as in a scan.
    else if (paths.includes(path)) failures.push({ code: 'unreadable', message: `"${path}" is no log file` });
  }
  for (const { path, trouble } of table.files())
    if (trouble !== null) failures.push(openFailure(path, trouble));
  for (const [path, reason] of damaged) {
    failures.push(
      reason === 'damaged'
        ? { code: 'damaged', message: `"${path}": the archive is damaged or cut short` }
        : { code: 'unreadable', message: `"${path}" cannot be read to its end` },
    );
  }
  return failures;
}
