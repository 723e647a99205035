// One record → what it counts as (§2.0) and, where it is flagged, the judgements. This is the exact path: every
// line that the fast scan does not let go comes through here, and so do `explain` and the policy tests, so that
// there is one answer to "what would happen to this visit".
import type { Match } from '../model/match.ts';
import type { LogRecord } from '../model/record.ts';
import type { Subject } from '../model/subject.ts';
import { blankTarget, type Target, type WrappedTarget } from '../model/target.ts';
import { type Decision, decide, isReviewed } from '../policy/decide.ts';
import type { Policy } from '../policy/policy.ts';
import { parseTarget } from '../url/parse-target.ts';
import { unwrap } from '../url/unwrap.ts';

/** What a record counts as, in the order in which it is asked (§2.0). */
export type RecordKind = 'tooOld' | 'authChallenge' | 'protected' | 'unreviewed' | 'clear' | 'flagged';

export interface Judged {
  kind: RecordKind;
  subject: Subject;
  target: Target;
  wrapped: readonly WrappedTarget[];
  /** All matches on the target and on what it wraps; empty where the record is protected or clear. */
  matches: readonly Match[];
  /** The match that each category's finding names: the closest one. */
  categories: ReadonlyMap<string, readonly Match[]>;
  /** Null unless `flagged`. */
  decision: Decision | null;
}

export interface JudgeOptions {
  policy: Policy;
  match(target: Target): readonly Match[];
  resolve(user: string, client: string, startMs: number): Subject;
  /** Says whether the epoch that an instant belongs to can still be pseudonymised (§3.5). */
  isEpochOpen(startMs: number): boolean;
  nowMs(): number;
}

export interface Judge {
  judge(record: LogRecord): Judged;
  /** Says whether a target, or anything wrapped in it, is a protected site. */
  isProtected(target: Target): boolean;
}

/** Creates the judge of records under one policy, one list image and one directory. */
export function createJudge(options: JudgeOptions): Judge {
  const { policy } = options;
  const protectedLists = new Set(policy.protectedLists);

  const isProtectedMatch = (match: Match) => protectedLists.has(match.list);

  function matchAll(target: Target, wrapped: readonly WrappedTarget[]): readonly Match[] {
    const direct = options.match(target);
    if (wrapped.length === 0) return direct;
    const all = [...direct];
    for (const inner of wrapped) {
      for (const match of options.match(inner.target)) all.push({ ...match, via: inner.via });
    }
    return all;
  }

  function isProtected(target: Target): boolean {
    return matchAll(target, unwrap(target)).some(isProtectedMatch);
  }

  /** A challenged name was not proven, and a challenge names nobody, not even by a lease: it is its client's (§2.3). */
  function subjectOf(record: LogRecord): Subject {
    const { client, startMs } = record;
    if (!record.isAuthChallenge) return options.resolve(record.user, client, startMs);
    const subject = options.resolve('', client, startMs);
    if (subject.kind !== 'user') return subject;
    return { ...subject, kind: 'client', confidence: 'none', name: subject.client, roles: [] };
  }

  function judge(record: LogRecord): Judged {
    const subject = subjectOf(record);
    const target = blankTarget();
    parseTarget(record.url, record.method, target);
    const result = (kind: RecordKind, rest: Partial<Judged> = {}): Judged => ({
      kind,
      subject,
      target,
      wrapped: [],
      matches: [],
      categories: new Map(),
      decision: null,
      ...rest,
    });

    const oldestMs = policy.oldestMs(options.nowMs());
    if (oldestMs !== null && record.startMs < oldestMs) return result('tooOld');
    if (!options.isEpochOpen(record.startMs)) return result('tooOld');
    if (record.isAuthChallenge) return result('authChallenge');
    const wrapped = unwrap(target);
    const matches = matchAll(target, wrapped);
    if (matches.length === 0) return result('clear', { wrapped });
    if (matches.some(isProtectedMatch)) return result('protected');
    const categories = byCategory(policy, matches);
    if (categories.size === 0) return result('clear', { wrapped });
    if (!isReviewed(policy, subject)) return result('unreviewed', { wrapped, matches, categories });
    const decision = decideRecord(policy, { record, subject, categories });
    return result('flagged', { wrapped, matches, categories, decision });
  }

  return { judge, isProtected };
}

/** Decides a record in the categories that its targets matched. */
export function decideRecord(
  policy: Policy,
  about: {
    record: Pick<LogRecord, 'startMs' | 'access'>;
    subject: Subject;
    categories: ReadonlyMap<string, readonly Match[]>;
  },
): Decision {
  const { record, subject, categories } = about;
  return decide(policy, {
    startMs: record.startMs,
    access: record.access,
    subject,
    categories: [...categories].map(([category, found]) => ({
      category,
      targets: found.map(match => match.target),
    })),
  });
}

/** Groups matches by the categories that their lists feed; in each the closest match comes first. */
export function byCategory<M extends Match>(policy: Policy, matches: readonly M[]): Map<string, M[]> {
  const categories = new Map<string, M[]>();
  for (const match of matches) {
    for (const category of policy.categoriesOf(match.list)) {
      const found = categories.get(category);
      if (found === undefined) categories.set(category, [match]);
      else found.push(match);
    }
  }
  for (const found of categories.values()) found.sort(closestFirst);
  return categories;
}

/** Orders matches: the asked target before a wrapped one, a longer entry before a shorter, then by list name. */
function closestFirst(a: Match, b: Match): number {
  const wrapped = Number(a.via !== null) - Number(b.via !== null);
  if (wrapped !== 0) return wrapped;
  const length = b.entry.length - a.entry.length;
  if (length !== 0) return length;
  return a.list < b.list ? -1 : a.list > b.list ? 1 : 0;
}
