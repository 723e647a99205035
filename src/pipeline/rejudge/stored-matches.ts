// What is stored of a record → the matches that lists have for it now (§4.1, §5.7).
// In: the findings of one record; out: matches, as a scan has them. Invariant: only what is stored is asked. The query was
// cut, but for what the entry had of it, and of a wrapped target the wrapper may be gone, so an answer can know of fewer
// matches than a scan, never of more.
// Example: a finding on `casino.example/slots` and an image that lists `casino.example/slots` → one match, by url.
import type { StandingFinding } from '../../model/finding.ts';
import type { Match } from '../../model/match.ts';
import { blankTarget, type Target, type Via } from '../../model/target.ts';
import { hostKindOf } from '../../url/host.ts';
import { unwrap } from '../../url/unwrap.ts';

/** A target that a record is known to have asked for, and the finding that tells of it. */
export interface KnownTarget {
  target: Target;
  via: Via | null;
  from: StandingFinding;
}

/** A match, and the finding whose facts it shares. */
export interface StoredMatch extends Match {
  from: StandingFinding;
}

/** Gives the targets that a record's findings tell of, each once, with what their paths wrap. */
export function targetsOf(findings: readonly StandingFinding[]): KnownTarget[] {
  const known = new Map<string, KnownTarget>();
  const add = (item: KnownTarget) => {
    const { scheme, host, port, path } = item.target;
    const key = JSON.stringify([host, path, scheme, port]);
    if (!known.has(key)) known.set(key, item);
  };
  // Those that were stored come first: what is unwrapped again may be one of them.
  for (const from of findings) add({ target: targetOf(from), via: from.via, from });
  for (const { target, from } of [...known.values()]) {
    for (const inner of unwrap(target)) add({ ...inner, from });
  }
  return [...known.values()];
}

/** Matches what is stored of a record against lists. */
export function matchesOf(
  findings: readonly StandingFinding[],
  match: (target: Target) => readonly Match[],
): StoredMatch[] {
  return targetsOf(findings).flatMap(({ target, via, from }) =>
    match(target).map(found => ({ ...found, via, from })),
  );
}

/** Gives the matches as they were stored, where the lists of then cannot be asked any more. */
export function matchesAsStored(findings: readonly StandingFinding[]): StoredMatch[] {
  return findings.map(from => ({
    list: from.list,
    version: from.listVersion,
    entry: from.entry,
    file: from.entryFile,
    line: from.entryLine,
    matchedBy: from.facts.matchedBy,
    target: targetOf(from),
    via: from.via,
    from,
  }));
}

/** Makes the target again that a finding is about. */
function targetOf(finding: StandingFinding): Target {
  return Object.assign(blankTarget(), {
    scheme: finding.scheme,
    host: finding.domain,
    hostKind: hostKindOf(finding.domain),
    port: finding.port,
    path: pathOf(finding),
  });
}

/**
 * What was found by an entry with a path began with it: that much is known of a path that could not be stored, and of a
 * query, which never is.
 */
function pathOf({ urlPath, entry, facts }: StandingFinding): string {
  if (facts.matchedBy !== 'url') return urlPath;
  const slash = entry.indexOf('/');
  const began = slash < 0 ? '' : entry.slice(slash);
  return began.startsWith(urlPath) ? began : urlPath;
}
