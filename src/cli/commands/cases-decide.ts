// `granska cases decide`: a person's decision on a case, appended to the ledger. Whoever decides says what was seen: a
// decision that somebody else has made meanwhile, or evidence that has changed, stops it. A false match proposes corrections
// of the lists, for another person to approve.
import { isSameCase } from '../../case/cases-of.ts';
import { correctionOf, overrideIdOf } from '../../case/false-match.ts';
import { decisionBody, readDecision, readStep, stepBody } from '../../case/ledger-body.ts';
import { EXIT, type ExitCode, GranskaError } from '../../errors.ts';
import type { Case, CaseDecision, CaseFacts, CaseOutcome } from '../../model/case.ts';
import type { OverrideProposal } from '../../model/override.ts';
import { findingQuery, readCase } from '../../pipeline/read-cases.ts';
import { requireLive } from '../../policy/require-live.ts';
import type { DeskStore } from '../../ports/desk-store.ts';
import { CASES_TEXT } from '../../text/cases.ts';
import { caseSource, hashText } from '../case-source.ts';
import { type Decider, reasonRemarks, requireReason } from '../decider.ts';
import { type Io, write } from '../io.ts';
import { localMinute } from '../local-time.ts';
import { describeOverride } from '../override-words.ts';
import type { CaseDeps } from './cases.ts';

export interface CasesDecideOptions {
  id: string;
  outcome: CaseOutcome;
  reason: string;
  /** Beginning of the digest that was seen; null for that of now. */
  seen: string | null;
  /** Number of the last decision that was seen, to decide a decided case anew; null where none stands. */
  after: number | null;
}

export type DecideDeps = CaseDeps & Decider;

/** A false match proposes at most so many corrections. */
const MAX_PROPOSALS = 50;

/** Decides a case. Throws CONFIG unless the policy is in force, USAGE for the reason, OVERTAKEN for what has changed. */
export async function runCasesDecide(
  options: CasesDecideOptions,
  deps: DecideDeps,
  io: Io,
): Promise<ExitCode> {
  requireLive(deps.policy, deps.nowMs());
  const reason = requireReason(options.reason, deps);
  const desk = await deps.openDesk();
  try {
    const { source, rules } = caseSource(desk, deps);
    const found = await readCase(options.id, source, rules);
    // Before anything is told of the case, a refusal included.
    const audit = await deps.openAudit();
    await audit.append({
      action: 'cases decide',
      shown: 1,
      details: { case: found.id, outcome: options.outcome },
    });
    requireSeen(found, options, deps);
    const decision: CaseDecision = {
      seq: await nextNumber(found, desk),
      atMs: deps.nowMs(),
      by: deps.account,
      outcome: options.outcome,
      reason,
      digest: found.digest ?? '',
      facts: factsOf(found),
    };
    const { outcome, seq } = decision;
    const isFirst = await desk.append({
      ...{ kind: 'case', key: found.id, seq },
      ...{ atMs: decision.atMs, by: decision.by, body: decisionBody(decision) },
    });
    if (!isFirst) throw overtaken(DECIDED_MEANWHILE);
    const words = CASES_TEXT.en.outcomes[outcome];
    const lines = [`case ${found.id}: ${words} (decision ${seq})`, ...reasonRemarks(deps)];
    if (outcome === 'falseMatch') lines.push(...(await propose({ found, reason }, desk, deps)));
    await write(io.stdout, `${lines.join('\n')}\n`);
    return EXIT.done;
  } finally {
    await desk.close();
  }
}

/** Refuses a decision on what the person cannot have seen. */
function requireSeen(found: Case, { seen, after, outcome }: CasesDecideOptions, deps: DecideDeps): void {
  if (found.digest === null || found.startMs === null) {
    throw new GranskaError('USAGE', 'nothing of this case is left to decide', {
      hint: 'later judgements or the policy of today took it back; its decisions stay as they are',
    });
  }
  // What was done before the policy was in force cannot be held against anybody, whenever it is read.
  if (outcome === 'confirmed') requireLive(deps.policy, found.startMs);
  if (seen !== null && !found.digest.startsWith(seen.toLowerCase())) {
    throw overtaken('what was found is not what --seen names any more');
  }
  const last = found.decisions.at(-1);
  const isDecided = last !== undefined && found.status !== 'reopened';
  if (after === null ? isDecided : after !== (last?.seq ?? 0)) {
    const what =
      last === undefined
        ? 'nobody has decided this case yet'
        : `decision ${last.seq} stands: ${CASES_TEXT.en.statuses[last.outcome]}, ${localMinute(deps.zone, last.atMs)}`;
    throw overtaken(what, last === undefined ? '' : `; to decide anew, add --after ${last.seq}`);
  }
}

function overtaken(what: string, then = ''): GranskaError {
  return new GranskaError('OVERTAKEN', what, { hint: `look with "granska cases show"${then}` });
}

/** Gives the number of the next line; throws OVERTAKEN where another decision on the case has come since it was read. */
async function nextNumber(found: Case, desk: DeskStore): Promise<number> {
  const lines = (await desk.entries('case', found.id)).map(readDecision);
  const own = lines.filter(({ facts }) => isSameCase(facts, found));
  if ((own.at(-1)?.seq ?? 0) !== (found.decisions.at(-1)?.seq ?? 0)) throw overtaken(DECIDED_MEANWHILE);
  return (lines.at(-1)?.seq ?? 0) + 1;
}

const DECIDED_MEANWHILE = 'somebody else decided this case meanwhile';

function factsOf(found: Case): CaseFacts {
  const { tenant, subjectId, category, day, subjectKind, confidence, population, statutes, departments } =
    found;
  return {
    ...{ tenant, subjectId, category, day, subjectKind, confidence, population },
    class: found.class,
    ...{ statutes, departments, roles: found.roles, sites: found.sites },
    ...{ visits: found.visits, records: found.records },
  };
}

/** Proposes the corrections that would have prevented the matches of a case; gives what to say of it. */
async function propose(
  { found, reason }: { found: Case; reason: string },
  desk: DeskStore,
  deps: DecideDeps,
): Promise<string[]> {
  const proposals = new Map<string, OverrideProposal>();
  let isAll = true;
  for await (const finding of desk.search(findingQuery(found, deps.zone, 'examine'))) {
    if (finding.subjectId !== found.subjectId) continue;
    const correction = correctionOf(finding);
    const id = overrideIdOf(correction, hashText);
    if (proposals.has(id)) continue;
    isAll = proposals.size < MAX_PROPOSALS;
    if (!isAll) break;
    proposals.set(id, { ...correction, reason, caseId: found.id });
  }
  const lines: string[] = [];
  for (const [id, proposal] of proposals) lines.push(await proposeOne(id, proposal, { desk, deps }));
  if (!isAll) lines.push(`more than ${MAX_PROPOSALS} corrections would be needed: correct the list itself`);
  if (lines.length > 0) lines.push('another person approves it: granska lists approve ID --reason TEXT');
  return lines;
}

async function proposeOne(
  id: string,
  proposal: OverrideProposal,
  { desk, deps }: { desk: DeskStore; deps: DecideDeps },
): Promise<string> {
  const about = `${id}: ${describeOverride(proposal)}`;
  const steps = (await desk.entries('override', id)).map(readStep);
  const last = steps.at(-1);
  if (last !== undefined && last.kind !== 'rejected') return `${last.kind} already  ${about}`;
  const step = {
    seq: (last?.seq ?? 0) + 1,
    atMs: deps.nowMs(),
    by: deps.account,
    kind: 'proposed' as const,
    proposal,
  };
  const { seq, atMs, by } = step;
  // Where somebody else was first, the same is proposed all the same.
  await desk.append({ kind: 'override', key: id, seq, atMs, by, body: stepBody(step) });
  return `proposed  ${about}`;
}
