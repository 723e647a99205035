// `granska cases open | grant | refuse`: one person asks to open a case, another one answers; both sign (§8.4).
// What is signed is a line of the ledger. The name itself is shown by `granska cases name` only.
import { type AccessRequest, answerBody, requestBody, standingOf } from '../../case/access.ts';
import { EXIT, type ExitCode, GranskaError } from '../../errors.ts';
import type { Case } from '../../model/case.ts';
import type { Duty } from '../../model/person.ts';
import type { Statement } from '../../model/statement.ts';
import type { DeskStore } from '../../ports/desk-store.ts';
import {
  type AccessDeps,
  notingRefusals,
  type OpenableCase,
  readOpenable,
  refuseOwn,
} from '../case-access.ts';
import { reasonRemarks, requireReason } from '../decider.ts';
import { type Io, write } from '../io.ts';
import { localMinute } from '../local-time.ts';

/** Asks to open a case. Throws REFUSED, USAGE for the reason or the id, NOT_FOUND, OVERTAKEN. */
export async function runCasesOpen(
  options: { id: string; reason: string },
  deps: AccessDeps,
  io: Io,
): Promise<ExitCode> {
  const reason = requireReason(options.reason, deps);
  const step = { action: 'cases open', id: options.id, duty: 'analyst' } as const;
  return onCase(step, deps, async ({ desk, opened, person }) => {
    const own = opened.requests.filter(request => request.asker === person.id);
    if (own.some(request => standingOf(request, deps.nowMs()).state !== 'ended')) {
      throw new GranskaError('REFUSED', 'you have asked to open this case already', {
        hint: '"granska cases requests" tells how it stands',
      });
    }
    const number = opened.next;
    const statement = await deps.signing.sign('case-request', requestBody(opened.found, { number, reason }));
    await keep({ statement, found: opened.found, number, action: step.action }, desk, deps);
    const { id } = opened.found;
    const lines = [
      `case ${id}: asked as request ${number}; nothing is opened yet`,
      ...reasonRemarks(deps),
      `another person, with the duty granter, answers: granska cases grant ${id}`,
    ];
    await write(io.stdout, `${lines.join('\n')}\n`);
    return EXIT.done;
  });
}

export interface AnswerOptions {
  id: string;
  kind: 'case-grant' | 'case-refusal';
  /** Null for none, which a grant can do without. */
  reason: string | null;
  /** Number of the request; null where only one waits. */
  request: number | null;
}

/** Grants or refuses a request. Throws REFUSED, USAGE for the reason, the id or the request, NOT_FOUND, OVERTAKEN. */
export async function runCasesAnswer(options: AnswerOptions, deps: AccessDeps, io: Io): Promise<ExitCode> {
  const { kind } = options;
  const reason = options.reason === null ? '' : requireReason(options.reason, deps);
  const action = kind === 'case-grant' ? 'cases grant' : 'cases refuse';
  return onCase({ action, id: options.id, duty: 'granter' }, deps, async ({ desk, opened, person }) => {
    const request = requestToAnswer(opened, options, deps);
    if (request.asker === person.id) {
      throw new GranskaError('REFUSED', 'whoever asked cannot answer, under any account', {
        hint: 'another person with the duty granter does',
      });
    }
    const { found, next: number } = opened;
    const statement = await deps.signing.sign(kind, answerBody(request, { number, reason }));
    await keep({ statement, found, number, action }, desk, deps);
    const lines = [tellAnswer(request, { found, statement, deps })];
    if (reason !== '') lines.push(...reasonRemarks(deps));
    await write(io.stdout, `${lines.join('\n')}\n`);
    return EXIT.done;
  });
}

function tellAnswer(
  request: AccessRequest,
  { found, statement, deps }: { found: Case; statement: Statement; deps: AccessDeps },
): string {
  if (statement.kind === 'case-refusal') return `case ${found.id}: request ${request.number} is refused`;
  const { kind, atMs } = { kind: 'case-grant' as const, atMs: statement.atMs };
  const answer = { kind, atMs, number: 0, person: statement.person, reason: '' };
  const standing = standingOf({ ...request, answer }, deps.nowMs());
  const until = 'untilMs' in standing ? localMinute(deps.zone, standing.untilMs) : '';
  return `case ${found.id}: request ${request.number} is granted; until ${until} both of you can run: granska cases name ${found.id}`;
}

/** Finds the request that is answered. */
function requestToAnswer(
  { requests, access }: OpenableCase,
  { request: number }: AnswerOptions,
  deps: AccessDeps,
): AccessRequest {
  const nowMs = deps.nowMs();
  const pending = requests.filter(request => standingOf(request, nowMs).state === 'pending');
  const asked = number === null ? pending : pending.filter(request => request.number === number);
  const [first] = asked;
  if (first !== undefined && asked.length === 1) return first;
  if (asked.length > 1) {
    throw new GranskaError('USAGE', 'several requests on this case wait', {
      hint: `name one with --request: ${asked.map(request => request.number).join(', ')}`,
    });
  }
  const isVoid = access.voids.length > 0;
  throw new GranskaError('REFUSED', 'no request that can be answered waits on this case', {
    hint: isVoid
      ? 'there are lines that count for nothing, since nobody signed them as they stand: "granska cases requests"'
      : '"granska cases requests" tells what was asked and how it stands',
  });
}

interface OnCase {
  desk: DeskStore;
  opened: OpenableCase;
  person: ReturnType<AccessDeps['signing']['acting']>;
}

/** Does something as the person who acts, on a case that is not their own. */
async function onCase(
  { action, id, duty }: { action: string; id: string; duty: Duty },
  deps: AccessDeps,
  run: (given: OnCase) => Promise<ExitCode>,
): Promise<ExitCode> {
  return notingRefusals({ action, id }, deps, async () => {
    const person = deps.signing.acting(duty);
    const desk = await deps.openDesk();
    try {
      const opened = await readOpenable(id, desk, deps);
      refuseOwn(person, opened.found, deps);
      return await run({ desk, opened, person });
    } finally {
      await desk.close();
    }
  });
}

/** Notes what was signed, and appends it. Throws OVERTAKEN where somebody else was first. */
async function keep(
  { statement, found, number, action }: { statement: Statement; found: Case; number: number; action: string },
  desk: DeskStore,
  deps: AccessDeps,
): Promise<void> {
  const audit = await deps.openAudit();
  await audit.append({ action, shown: 1, details: { case: found.id, line: number } });
  const isFirst = await desk.append({
    ...{ kind: 'access', key: found.id, seq: number },
    ...{ atMs: statement.atMs, by: deps.account, body: { ...statement } },
  });
  if (isFirst) return;
  throw new GranskaError('OVERTAKEN', 'somebody else asked or answered meanwhile, and nothing was written', {
    hint: 'look with "granska cases requests"',
  });
}
