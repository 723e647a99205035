// rejudge: stored findings × a version of lists, policy and directory → a diff of verdicts, and later judgements (§5.8).
// In: a query with a range of time, and what judges; out: what is new, gone and changed. Invariant: without `apply` nothing
// is written. Only stored records are judged: what no list flagged was never stored, and a scan alone can find it.
// Example: the same range twice with `apply` changes nothing the second time.
import type { FindingIds } from '../../finding/identity.ts';
import type { Finding, StandingFinding, Versions } from '../../model/finding.ts';
import type { Query } from '../../model/query.ts';
import type { DeskStore, RejudgeResult } from '../../ports/desk-store.ts';
import type { KeptVersion, ReadStore, Revision } from '../../ports/store.ts';
import { isShown } from '../../search/is-shown.ts';
import { matches } from '../../search/matches.ts';
import { type Change, changesOf, type RecordChanges } from './changes.ts';
import { type JudgingVersion, judgeAgain } from './judge-again.ts';
import { readRecords, type StoredRecord } from './read-records.ts';
import { createTally, type Diff } from './tally.ts';

/** Why a version cannot judge a record. */
export type Unjudgeable = 'keyDestroyed' | 'notKept' | 'unknownTenant';

/** A version that judges records of every tenant and epoch. */
export interface Judging {
  versions: Versions;
  /** Gives the version as it judges a finding's record; or why it cannot. */
  versionFor(finding: StandingFinding): Promise<JudgingVersion | Unjudgeable>;
  /** Gives what is to be kept of it for an epoch. */
  keep(epoch: number): readonly KeptVersion[];
}

/** The versions that a store keeps, as they judge one finding's record. */
export interface KeptJudging {
  judge: JudgingVersion | Unjudgeable;
  /** False where the list image of then is not there any more: matches are taken as they were stored. */
  hasImage: boolean;
}

export interface RejudgeOptions {
  store: Pick<ReadStore, 'standing' | 'stream'>;
  query: Query;
  /**
   * Whether what no reading shows (§6.2) may come back: `comesBack` by what is configured, `staysHidden` by what somebody
   * only tries out, which must not tell of it.
   */
  hidden: 'comesBack' | 'staysHidden';
  judging: Judging;
  ids: FindingIds;
  smallGroup: number;
  yearOf(atMs: number): number;
  nowMs(): number;
  /** Null to look only. */
  apply: Apply | null;
  signal: AbortSignal;
  /** Lets the program hear its signals between two batches: a store may answer without ever waiting. */
  nextTurn?(): Promise<unknown>;
}

/** Who changes verdicts, why, and where. */
export interface Apply {
  store: Pick<DeskStore, 'revise'>;
  reason: string;
  by: string;
}

export interface RejudgeOutcome {
  versions: Versions;
  /** What was judged. */
  records: number;
  findings: number;
  /** Findings that could not be judged, by why. */
  unjudged: Readonly<Record<Unjudgeable, number>>;
  diff: Diff;
  /** Null where nothing was to be written. */
  applied: RejudgeResult | null;
  interrupted: boolean;
}

/** Judges stored records again. */
export async function rejudge(options: RejudgeOptions): Promise<RejudgeOutcome> {
  const { judging, apply, signal } = options;
  const tally = createTally(options.smallGroup);
  const unjudged: Record<Unjudgeable, number> = { keyDestroyed: 0, notKept: 0, unknownTenant: 0 };
  const applied = { revised: 0, added: 0, known: 0, overtaken: [] as string[] };
  const isAsked = createIsAsked(options);
  let [records, findings] = [0, 0];

  for await (const batch of readRecords(options.store, options.query)) {
    await options.nextTurn?.();
    if (signal.aborted) break;
    const all: RecordChanges[] = [];
    for (const read of batch) {
      const record = options.hidden === 'comesBack' ? read : { ...read, asked: read.asked.filter(isShown) };
      if (record.asked.length === 0) continue;
      const version = await judging.versionFor(record.findings[0]!);
      if (typeof version === 'string') {
        unjudged[version] += record.asked.filter(isShown).length;
        continue;
      }
      const changes = await changesIn(record, version);
      // What stays out of sight is not among what was judged, or a query would tell of it.
      const seen = record.asked.filter(isShown).length + comingBack(changes);
      if (seen > 0) records++;
      findings += seen;
      all.push(changes);
    }
    for (const changes of all) tally.add(changes);
    if (apply !== null) await write(all, apply);
  }
  return {
    versions: judging.versions,
    ...{ records, findings, unjudged },
    diff: tally.diff(),
    applied: apply === null ? null : applied,
    interrupted: signal.aborted,
  };

  async function changesIn(record: StoredRecord, version: JudgingVersion): Promise<RecordChanges> {
    const { versions } = judging;
    const judged = judgeAgain(record.findings, version);
    const asked = new Set(record.asked.map(({ id }) => id));
    const changes = changesOf(record.findings, judged, { ...options, versions, asked });
    return { ...changes, added: await isAsked(changes.added) };
  }

  async function write(all: readonly RecordChanges[], { store, reason, by }: Apply): Promise<void> {
    const atMs = options.nowMs();
    const asRevisions = (changes: readonly Change[]) =>
      changes.map(change => asRevision(change, { reason, by, atMs }));
    const versionsOf = (findings: readonly StandingFinding[]) =>
      [...new Set(findings.map(({ startMs }) => options.yearOf(startMs)))].flatMap(judging.keep);
    const unsaid = all.flatMap(changes => changes.unsaid);
    if (unsaid.length > 0) {
      const versions = versionsOf(unsaid.map(({ finding }) => finding));
      const result = await store.revise({ revisions: asRevisions(unsaid), findings: [], versions });
      applied.overtaken.push(...result.overtaken);
    }
    const changed = all.flatMap(changes => changes.changed);
    const added = all.flatMap(changes => changes.added);
    if (changed.length + added.length === 0) return;
    const versions = versionsOf([...changed.map(({ finding }) => finding), ...added]);
    const result = await store.revise({ revisions: asRevisions(changed), findings: added, versions });
    applied.revised += result.revised;
    applied.added += result.added;
    applied.known += result.known;
    applied.overtaken.push(...result.overtaken);
  }

  function asRevision(
    { finding, outcome: { verdict, exemptions, otherExemptions } }: Change,
    said: Pick<Revision, 'reason' | 'by' | 'atMs'>,
  ): Revision {
    return {
      findingId: finding.id,
      revision: finding.revision + 1,
      versions: judging.versions,
      ...{ verdict, exemptions, otherExemptions },
      ...said,
    };
  }
}

/** Counts what was out of sight and is to be shown again. */
function comingBack({ changed }: RecordChanges): number {
  return changed.filter(({ finding }) => !isShown(finding)).length;
}

/** Of findings that would be new, those that the query would ask for once they are there. */
function createIsAsked({ store, query }: Pick<RejudgeOptions, 'store' | 'query'>) {
  const sources = new Map<string, string | null>();
  const holds = matches(query, stream => sources.get(stream) ?? null);
  return async (added: readonly Finding[]): Promise<Finding[]> => {
    for (const { stream } of added) {
      if (!sources.has(stream)) sources.set(stream, (await store.stream(stream))?.source ?? null);
    }
    return added.filter(holds);
  };
}
