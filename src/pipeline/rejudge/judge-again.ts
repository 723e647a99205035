// The findings of one record × a version of lists, policy and directory → what that version says of them (§5.7, §5.8).
// In: what is stored, and a version that knows people by their ids; out: the judgements, or why there are none.
// Invariant: the questions and their order are those of a scan (`judge.ts`, §2.0), and the same code answers them. What a
// scan would know and the store does not (address, query, name) is never guessed: what follows from it stays as it was.
// Example: a category that a new image no longer lists is in no judgement: its finding is to be taken back.
import type { StandingFinding } from '../../model/finding.ts';
import type { Match } from '../../model/match.ts';
import type { Subject } from '../../model/subject.ts';
import type { Target } from '../../model/target.ts';
import { type Decision, isReviewed } from '../../policy/decide.ts';
import type { Policy } from '../../policy/policy.ts';
import { type RosterEntry, UNASSIGNED } from '../../subject/roster.ts';
import { byCategory, decideRecord } from '../judge.ts';
import { matchesAsStored, matchesOf, type StoredMatch } from './stored-matches.ts';

/** A version of what judges, as records of one tenant and epoch are judged by it. */
export interface JudgingVersion {
  /** Its exemptions name users by the ids of the epoch. */
  policy: Policy;
  people: JudgingPeople;
  /** Null where its list image is not there any more: then what matched is taken as it was stored. */
  match: ((target: Target) => readonly Match[]) | null;
}

/** Who is who by a version's directory. */
export interface JudgingPeople {
  /** Gives the rows of a user by id; null where the version has no directory. */
  entries: ((id: string) => readonly RosterEntry[]) | null;
  /** False where the version has no networks: then nothing else can place anybody. */
  hasNetworks: boolean;
}

/** What a version says of a stored record. */
export type JudgedAgain =
  | { kind: 'protected' }
  | { kind: 'unreviewed'; subject: Subject }
  | {
      kind: 'judged';
      subject: Subject;
      decision: Decision;
      /** Category → its matches, the closest first. */
      categories: ReadonlyMap<string, readonly StoredMatch[]>;
    };

/** Judges a record again; its findings share tenant, time and subject. */
export function judgeAgain(findings: readonly StandingFinding[], version: JudgingVersion): JudgedAgain {
  const { policy } = version;
  const record = findings[0]!;
  const matches = version.match === null ? matchesAsStored(findings) : matchesOf(findings, version.match);
  if (matches.some(match => policy.protectedLists.includes(match.list))) return { kind: 'protected' };
  const subject = subjectOf(record, version.people);
  const categories = byCategory(policy, matches);
  if (categories.size > 0 && !isReviewed(policy, subject)) return { kind: 'unreviewed', subject };
  const decision = decideRecord(policy, { record, subject, categories });
  return { kind: 'judged', subject, decision, categories };
}

/** Makes the subject as the version has it: known by id, in the department and roles of that time. */
function subjectOf(finding: StandingFinding, people: JudgingPeople): Subject {
  const isUser = finding.subjectKind === 'user' && finding.subjectId !== null;
  const place = isUser ? placeOfUser(finding, people) : asStored(finding);
  return {
    tenant: finding.tenant,
    kind: finding.subjectKind,
    confidence: finding.confidence,
    name: isUser ? finding.subjectId! : '',
    client: '',
    countedIn: place.department,
    ...place,
  };
}

type Place = Pick<Subject, 'population' | 'department' | 'roles'>;

function placeOfUser(finding: StandingFinding, { entries, hasNetworks }: JudgingPeople): Place {
  if (entries === null) {
    return hasNetworks
      ? { ...asStored(finding), roles: [] }
      : { population: 'staff', department: UNASSIGNED, roles: [] };
  }
  const entry = entries(finding.subjectId!).find(
    row => row.fromMs <= finding.startMs && finding.startMs < row.toMs,
  );
  if (entry !== undefined) {
    return { population: entry.population, department: entry.department, roles: entry.roles };
  }
  // Whose address it was is not stored: the department that its network gave may be the stored one.
  const department = hasNetworks ? finding.department : UNASSIGNED;
  return { population: 'unknown', department, roles: [] };
}

function asStored({ population, department, roles }: StandingFinding): Place {
  return { population, department, roles };
}
