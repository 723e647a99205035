// A stored finding, judged again (§5.7): by the versions that judged it, and by those of today. In words, for `explain`.
// Invariant: what cannot be recomputed is said to be that, and is never taken for a yes. What is protected is told
// apart, so that nothing else of it is shown (§6.2).
import type { Zone } from '../calendar/zone.ts';
import type { StandingFinding } from '../model/finding.ts';
import type { StandingVerdict } from '../model/verdict.ts';
import {
  isSame,
  type Outcome,
  outcomeOf,
  toldVerdict,
  type WithdrawnFor,
} from '../pipeline/rejudge/changes.ts';
import { judgeAgain } from '../pipeline/rejudge/judge-again.ts';
import type { Unjudgeable } from '../pipeline/rejudge/rejudge.ts';
import { areSameVersions } from '../pipeline/same-versions.ts';
import type { ReadStore, Revision } from '../ports/store.ts';
import type { OpenedJudging } from './app.ts';
import { localMinute } from './local-time.ts';

/** Whether the versions that judged a finding still say what it says. */
export type Holds = 'holds' | 'differs' | 'unknown';

export interface ExplainedAgain {
  lines: readonly string[];
  holds: Holds;
  /** By today's lists, or by those that it was withdrawn by. */
  isProtected: boolean;
}

export interface ExplainAgainDeps {
  store: ReadStore;
  zone: Zone;
  openJudging(store: ReadStore): Promise<OpenedJudging>;
}

/** Judges a finding again, and says what came of it. */
export async function explainAgain(
  finding: StandingFinding,
  deps: ExplainAgainDeps,
): Promise<ExplainedAgain> {
  const judging = await deps.openJudging(deps.store);
  const record = await recordOf(finding, deps.store);
  const kept = await judging.kept(finding, finding.versions);
  const judged = typeof kept.judge === 'string' ? kept.judge : judgeAgain(record, kept.judge);
  const then = typeof judged === 'string' ? judged : outcomeOf(finding, judged);
  const { holds, text } = compare(finding, then, kept.hasImage);
  const today = await judgeToday(finding, record, judging);
  return {
    holds,
    isProtected: today === 'protected' || (typeof judged !== 'string' && judged.kind === 'protected'),
    lines: [
      `recomputed ${text}`,
      ...revisionLines(await deps.store.revisions(finding.id), deps.zone),
      `today      ${todayText(finding, today)}`,
    ],
  };
}

/** Reads all findings of a record: what one category is exempt from is a fact on the others. */
async function recordOf(
  { recordId, startMs }: StandingFinding,
  store: ReadStore,
): Promise<StandingFinding[]> {
  const found: StandingFinding[] = [];
  const record = store.standing({
    terms: [{ kind: 'field', field: 'record', values: [recordId], negated: false }],
    ...{ fromMs: startMs, toMs: startMs + 1, sort: 'start', descending: false, limit: null },
  });
  for await (const finding of record) found.push(finding);
  return found;
}

function compare(
  finding: StandingFinding,
  then: Outcome | Unjudgeable,
  hasImage: boolean,
): { holds: Holds; text: string } {
  if (typeof then === 'string') return { holds: 'unknown', text: `not: ${UNJUDGED[then]}` };
  const how = hasImage ? '' : ' (what matched as it was stored: the list image is not kept here any more)';
  // What went out of sight may have been told as withdrawn before.
  if (isSame(asTold(finding), asTold(then)))
    return { holds: 'holds', text: `the stored versions give the same verdict${how}` };
  // Which lists covered it is the very thing that a withdrawal may rest on.
  if (!hasImage && toldVerdict(finding.verdict) === 'withdrawn') {
    return {
      holds: 'unknown',
      text: 'not: the list image that it was withdrawn by is not kept here any more',
    };
  }
  return {
    holds: 'differs',
    text: `the stored versions do not give that verdict, but ${textOf(then)}${how}`,
  };
}

function asTold<T extends Pick<Outcome, 'verdict'>>(judged: T): T {
  return { ...judged, verdict: toldVerdict(judged.verdict) };
}

const UNJUDGED: Readonly<Record<Unjudgeable, string>> = {
  keyDestroyed: 'the key of its year was destroyed',
  notKept:
    'the store keeps nothing of the policy or the directory that judged it, for its year and organization',
  unknownTenant: 'the directory has nobody of its organization, and knew the subject then',
};

async function judgeToday(
  finding: StandingFinding,
  record: readonly StandingFinding[],
  { today }: OpenedJudging,
): Promise<Outcome | Unjudgeable | 'protected' | 'same'> {
  if (areSameVersions(finding.versions, today.versions)) return 'same';
  const version = await today.versionFor(finding);
  if (typeof version === 'string') return version;
  const judged = judgeAgain(record, version);
  return judged.kind === 'protected' ? 'protected' : outcomeOf(finding, judged);
}

function todayText(finding: StandingFinding, today: Awaited<ReturnType<typeof judgeToday>>): string {
  switch (today) {
    case 'same':
      return 'the same: nothing that judges has changed';
    case 'protected':
      return '';
    case 'keyDestroyed':
      return 'cannot be told: the key of its year was destroyed, so nobody can be looked up';
    case 'unknownTenant':
      return `cannot be told: ${UNJUDGED[today]}`;
    case 'notKept':
      return 'cannot be told: the store does not keep what judged it, so it is not known whose id it holds';
    default:
      return isSame(finding, today) ? `the same: ${textOf(today)}` : textOf(today);
  }
}

function textOf({ verdict, exemptions, why }: Outcome): string {
  return why === null ? verdictText(verdict, exemptions) : `no finding: ${NO_FINDING[why]}`;
}

const NO_FINDING: Readonly<Record<WithdrawnFor, string>> = {
  lists: 'no list of the category covers it',
  announcement: 'the category was not announced then (§5.6)',
  population: 'the policy does not review the population (§3.3)',
};

function verdictText(judged: StandingVerdict | null, exemptions: readonly string[]): string {
  const verdict = toldVerdict(judged);
  switch (verdict) {
    case null:
      return 'an attempt, which has no verdict';
    case 'exempt':
      return `exempt under ${exemptions[0]}`;
    case 'examine':
    case 'withdrawn':
      return verdict;
    default:
      return verdict satisfies never;
  }
}

function revisionLines(revisions: readonly Revision[], zone: Zone): string[] {
  if (revisions.length < 2) return [];
  return revisions.map(({ revision, atMs, verdict, exemptions, by, reason }, index) => {
    const said = `${revision}, ${localMinute(zone, atMs)}, by ${by}: ${verdictText(verdict, exemptions)} (${reason})`;
    return `${index === 0 ? 'judgements ' : '           '}${said}`;
  });
}
