// access: the lines of a case's requests in the ledger → who asked to open it, who answered, and how each request stands.
// In: lines, people and how their signatures are verified; out: requests with their answers, and the lines that count for
// nothing, with why. Invariant: nothing is believed of a line but what its person signed: its case, its number, its time, and
// of an answer the whole request that it answers. An answer is another person's than the asker's, the first one stands, and
// both have their duty by the file of people as it is now (§8.4). Times beside the signed ones decide nothing.
// Example: a request of 10:00 that another person granted at 11:00 is open until 11:00 of the next day.

import type { CaseIdentity } from '../model/case.ts';
import type { Duty } from '../model/person.ts';
import type { Statement } from '../model/statement.ts';
import { canonicalJson } from '../policy/canonical-json.ts';
import { readStatement } from '../sign/statement.ts';

/** How long a granted request opens a case. */
export const OPEN_MS = 24 * 3_600_000;
/** How long a request waits for an answer. */
export const WAIT_MS = 7 * 24 * 3_600_000;
/** How far the clocks of two machines may lie apart. */
const SKEW_MS = 10 * 60_000;

/** Kinds of statements on a case, and the duty that each takes. */
export const ACCESS_DUTIES = {
  'case-request': 'analyst',
  'case-grant': 'granter',
  'case-refusal': 'granter',
} as const satisfies Record<string, Duty>;

type AnswerKind = 'case-grant' | 'case-refusal';

/** A line of the ledger, as the port has it. */
export interface AccessLine {
  key: string;
  seq: number;
  atMs: number;
  body: Readonly<Record<string, unknown>>;
}

/** People as they are asked for here. */
export interface Trusted {
  find(id: string): { duties: readonly Duty[] } | null;
  verify(statement: Statement): boolean;
}

/** What an asker signs. */
export interface RequestBody extends CaseIdentity {
  case: string;
  /** Number of the line in the ledger of the case. */
  number: number;
  reason: string;
}

/** A request, as it was signed, and its answer. */
export interface AccessRequest extends RequestBody {
  asker: string;
  askedMs: number;
  statement: Statement;
  answer: AccessAnswer | null;
}

export interface AccessAnswer {
  kind: AnswerKind;
  number: number;
  person: string;
  atMs: number;
  reason: string;
}

/** Why a line counts for nothing. */
export type VoidBecause =
  | 'unreadable'
  | 'not-signed-so'
  | 'no-duty'
  | 'moved'
  | 'no-such-request'
  | 'same-person'
  | 'answered'
  | 'too-late';

/** All that the lines of one case come to. */
export interface CaseAccess {
  requests: readonly AccessRequest[];
  voids: readonly { number: number; because: VoidBecause }[];
}

/** How a request stands at an instant. */
export type AccessStanding =
  | { state: 'pending'; untilMs: number }
  | { state: 'granted'; untilMs: number }
  | { state: 'ended'; because: 'refused' | 'unanswered' | 'over' | 'ahead' };

/** Gives the body of a request. */
export function requestBody(
  { id, tenant, subjectId, category, day }: CaseIdentity & { id: string },
  { number, reason }: { number: number; reason: string },
): Record<string, unknown> {
  return { case: id, number, tenant, subjectId, category, day, reason };
}

/** Gives the body of an answer: with all of what it answers, so that nothing else can be put in its place. */
export function answerBody(
  request: AccessRequest,
  { number, reason }: { number: number; reason: string },
): Record<string, unknown> {
  return { case: request.case, number, request: request.statement, reason };
}

/** Reads the lines of one case, in order of their numbers. */
export function readAccess(lines: readonly AccessLine[], people: Trusted): CaseAccess {
  const requests: AccessRequest[] = [];
  const voids: { number: number; because: VoidBecause }[] = [];
  for (const line of lines) {
    const because = take(line, { requests, people });
    if (because !== null) voids.push({ number: line.seq, because });
  }
  return { requests, voids };
}

/** Takes a line to what it adds to; gives why it adds nothing. */
function take(
  line: AccessLine,
  { requests, people }: { requests: AccessRequest[]; people: Trusted },
): VoidBecause | null {
  const statement = readStatement(line.body);
  if (statement === null || !isAccessKind(statement.kind)) return 'unreadable';
  if (!people.verify(statement)) return 'not-signed-so';
  const { kind, body, person, atMs } = statement;
  if (people.find(person)?.duties.includes(ACCESS_DUTIES[kind]) !== true) return 'no-duty';
  if (body.case !== line.key || body.number !== line.seq || atMs !== line.atMs) return 'moved';
  if (kind === 'case-request') {
    if (!isRequestBody(body)) return 'unreadable';
    requests.push({ ...body, asker: person, askedMs: atMs, statement, answer: null });
    return null;
  }
  if (typeof body.reason !== 'string') return 'unreadable';
  const asked = canonicalJson(body.request);
  const request = requests.find(one => canonicalJson(one.statement) === asked);
  if (request === undefined) return 'no-such-request';
  if (request.asker === person) return 'same-person';
  if (request.answer !== null) return 'answered';
  if (atMs < request.askedMs - SKEW_MS || atMs >= request.askedMs + WAIT_MS) return 'too-late';
  request.answer = { kind, number: line.seq, person, atMs, reason: body.reason };
  return null;
}

function isAccessKind(kind: string): kind is keyof typeof ACCESS_DUTIES {
  return Object.hasOwn(ACCESS_DUTIES, kind);
}

function isRequestBody(
  body: Readonly<Record<string, unknown>>,
): body is Readonly<Record<string, unknown>> & RequestBody {
  return [body.tenant, body.subjectId, body.category, body.day, body.reason].every(
    item => typeof item === 'string',
  );
}

/** Tells how a request stands at an instant. */
export function standingOf({ askedMs, answer }: AccessRequest, nowMs: number): AccessStanding {
  if (Math.max(askedMs, answer?.atMs ?? askedMs) > nowMs + SKEW_MS)
    return { state: 'ended', because: 'ahead' };
  if (answer === null) {
    const untilMs = askedMs + WAIT_MS;
    return nowMs < untilMs ? { state: 'pending', untilMs } : { state: 'ended', because: 'unanswered' };
  }
  switch (answer.kind) {
    case 'case-refusal':
      return { state: 'ended', because: 'refused' };
    case 'case-grant': {
      const untilMs = answer.atMs + OPEN_MS;
      return nowMs < untilMs ? { state: 'granted', untilMs } : { state: 'ended', because: 'over' };
    }
    default:
      return answer.kind satisfies never;
  }
}
