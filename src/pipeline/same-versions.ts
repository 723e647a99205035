import type { Versions } from '../model/finding.ts';

/** Tells whether the same lists, policy and directory judge. */
export function areSameVersions(a: Versions, b: Versions): boolean {
  return a.lists === b.lists && a.policy === b.policy && a.directory === b.directory;
}
