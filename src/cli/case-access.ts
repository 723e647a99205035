// What the commands that open a case share: who acts, the case, its requests, and that every refusal is noted before it is
// told (§8.5). In: an id as typed and what acts; out: what is known of the case's requests, or REFUSED.
// Invariant: nobody asks, answers or sees a name in a case of their own; where that cannot be told, it is refused.
import { type AccessRequest, type CaseAccess, readAccess } from '../case/access.ts';
import { readCaseId } from '../case/case-id.ts';
import { isSameCase } from '../case/cases-of.ts';
import { GranskaError } from '../errors.ts';
import type { Case } from '../model/case.ts';
import type { Person } from '../model/person.ts';
import { readCase } from '../pipeline/read-cases.ts';
import { requireLive } from '../policy/require-live.ts';
import type { DeskStore } from '../ports/desk-store.ts';
import type { People, Signing } from '../ports/people.ts';
import type { AboutSubject, Ownership } from './app.ts';
import { caseSource } from './case-source.ts';
import type { CaseDeps } from './commands/cases.ts';
import type { Decider } from './decider.ts';

export interface AccessDeps extends CaseDeps, Decider {
  people: People;
  signing: Signing;
  ownership: Ownership;
}

/** Runs what may be refused; a refusal is a line in the audit chain before anybody reads it. Throws USAGE for what is no id. */
export async function notingRefusals<T>(
  { action, id }: { action: string; id: string },
  deps: Pick<AccessDeps, 'openAudit'>,
  run: () => Promise<T>,
): Promise<T> {
  const read = readCaseId(id);
  if (read === null) {
    throw new GranskaError('USAGE', 'this is no id of a case', {
      hint: 'ids are as "granska cases list" shows them: the day, a dash, and four or more signs, such as 20261005-3f9a',
    });
  }
  try {
    return await run();
  } catch (error) {
    if (error instanceof GranskaError && (error.code === 'REFUSED' || error.code === 'DAMAGED')) {
      const audit = await deps.openAudit();
      await audit.append({ action, shown: 0, details: { case: read.prefix, refused: error.message } });
    }
    throw error;
  }
}

/** A case that can be opened, and what was asked of it. */
export interface OpenableCase {
  found: Case;
  access: CaseAccess;
  /** Requests on this very case, not on one of equal digits. */
  requests: readonly AccessRequest[];
  /** Number of the next line. */
  next: number;
}

/** Reads a case that may be opened; throws REFUSED unless the policy is in force, now and then, and something is left. */
export async function readOpenable(id: string, desk: DeskStore, deps: AccessDeps): Promise<OpenableCase> {
  requireInForce(deps, deps.nowMs());
  const { source, rules } = caseSource(desk, deps);
  const found = await readCase(id, source, rules);
  if (found.digest === null || found.startMs === null) {
    throw new GranskaError('REFUSED', 'nothing of this case is left, so it is not opened', {
      hint: 'later judgements or the policy of today took it back',
    });
  }
  requireInForce(deps, found.startMs);
  const lines = await desk.entries('access', found.id);
  const access = readAccess(lines, deps.people);
  const requests = access.requests.filter(request => isSameCase(request, found));
  return { found, access, requests, next: (lines.at(-1)?.seq ?? 0) + 1 };
}

/** A policy that is not in force opens nothing. */
function requireInForce({ policy }: AccessDeps, atMs: number): void {
  try {
    requireLive(policy, atMs);
  } catch (cause) {
    if (!(cause instanceof GranskaError)) throw cause;
    throw new GranskaError('REFUSED', cause.message, { hint: cause.hint, cause });
  }
}

/** Throws REFUSED where a person is the subject of a case, or where that cannot be told. */
export function refuseOwn(person: Person, found: Case, { ownership, zone }: AccessDeps): void {
  const whose = ownership.of(person, aboutSubject(found, zone));
  switch (whose) {
    case 'other':
      return;
    case 'own':
      throw new GranskaError('REFUSED', 'nobody opens, answers or sees a case of their own', {
        hint: 'another person does it',
      });
    case 'unknown':
      throw new GranskaError('REFUSED', 'whether the case is of one of those who act cannot be told', {
        hint: `the key of the year ${found.day.slice(0, 4)} is not in the keys folder: it needs a copy of epochs/ of the worker's keys`,
      });
    default:
      whose satisfies never;
  }
}

/** Gives whom a case is about. */
export function aboutSubject(
  { tenant, subjectId, subjectKind, day }: Pick<Case, 'tenant' | 'subjectId' | 'subjectKind' | 'day'>,
  zone: AccessDeps['zone'],
): AboutSubject {
  return { tenant, subjectId, subjectKind, startMs: zone.startOfDayMs(day) };
}
