// `granska lists overrides | approve | reject`: corrections that a false match has proposed. What one person proposed another
// approves; only then a line comes into the overrides, which win over every feed (§4.3).
import { readStep, stepBody } from '../../case/ledger-body.ts';
import { type ProposedOverride, proposedOf, stateOf } from '../../case/override-state.ts';
import { EXIT, type ExitCode, GranskaError } from '../../errors.ts';
import type { ListOverride, OverrideState, OverrideStep } from '../../model/override.ts';
import type { Audit } from '../../ports/audit.ts';
import type { DeskStore } from '../../ports/desk-store.ts';
import type { People } from '../../ports/people.ts';
import { defangText } from '../../url/defang-text.ts';
import { type Decider, reasonRemarks, requireReason } from '../decider.ts';
import { type Io, write } from '../io.ts';
import { counted } from '../numbers.ts';
import { describeOverride } from '../override-words.ts';

/** Where approved overrides lie. */
export interface OverridesPlace {
  has(override: ListOverride): boolean;
  /** Adds an override; `remark` stands behind it. */
  add(override: ListOverride, remark: string): void;
}

export interface OverridesDeps {
  /** The store is closed again by the command. */
  openDesk(): Promise<DeskStore>;
  openAudit(): Promise<Audit>;
  /** Null where the configuration names no folder for them. */
  place: OverridesPlace | null;
  /** People who act: two accounts of one of them are one person (§8.4). */
  people?: Pick<People, 'byAccount'>;
}

export type OverrideDecision = 'approved' | 'rejected';

/** Prints the proposals and how each stands. */
export async function runListsOverrides(
  options: { json: boolean },
  deps: OverridesDeps,
  io: Io,
): Promise<ExitCode> {
  const desk = await deps.openDesk();
  try {
    const proposals: ProposedOverride[] = [];
    for await (const proposed of proposalsOf(desk)) proposals.push(proposed);
    const audit = await deps.openAudit();
    await audit.append({ action: 'lists overrides', shown: proposals.length, details: {} });
    const isApplied = ({ proposal }: ProposedOverride) => deps.place?.has(proposal) ?? false;
    const lines = proposals.map(proposed => {
      const state = stateOf(proposed, isApplied(proposed));
      return options.json ? JSON.stringify(overrideJson(proposed, state)) : overrideText(proposed, state);
    });
    if (lines.length > 0) await write(io.stdout, `${lines.join('\n')}\n`);
    await write(
      io.stderr,
      `${proposals.length === 0 ? 'no proposals' : counted(proposals.length, 'proposal')}\n`,
    );
    return EXIT.done;
  } finally {
    await desk.close();
  }
}

/** Streams the proposals of the ledger, each with its steps. */
async function* proposalsOf(desk: DeskStore): AsyncGenerator<ProposedOverride> {
  let key = '';
  let steps: OverrideStep[] = [];
  for await (const line of desk.allEntries('override')) {
    if (line.key !== key) {
      const proposed = proposedOf(key, steps);
      if (proposed !== null) yield proposed;
      key = line.key;
      steps = [];
    }
    steps.push(readStep(line));
  }
  const proposed = proposedOf(key, steps);
  if (proposed !== null) yield proposed;
}

function overrideText({ id, proposal, proposedBy, last }: ProposedOverride, state: OverrideState): string {
  const by = last.kind === 'proposed' ? `by ${proposedBy}` : `by ${last.by}, proposed by ${proposedBy}`;
  const lines = [
    `${id}  ${state} ${by}: ${describeOverride(proposal)}`,
    `              case ${proposal.caseId}: “${defangText(proposal.reason)}”`,
    ...(state === 'approved'
      ? ['              approved, but not in the overrides: approve it again to put it there']
      : []),
  ];
  return lines.join('\n');
}

function overrideJson(
  { id, proposal, steps }: ProposedOverride,
  state: OverrideState,
): Record<string, unknown> {
  return {
    schema: 'granska.override/1',
    id,
    state,
    action: proposal.action,
    list: proposal.list,
    what: proposal.what,
    entry: proposal.entry,
    site: proposal.site,
    case: proposal.caseId,
    steps: steps.map(step => ({
      number: step.seq,
      kind: step.kind,
      at: new Date(step.atMs).toISOString(),
      by: step.by,
      reason: step.kind === 'proposed' ? step.proposal.reason : step.reason,
    })),
  };
}

/** Approves or rejects a proposal. Throws REFUSED where its proposer would approve it, OVERTAKEN where it was decided. */
export async function runListsDecide(
  options: { id: string; decision: OverrideDecision; reason: string },
  deps: OverridesDeps & Decider,
  io: Io,
): Promise<ExitCode> {
  const reason = requireReason(options.reason, deps);
  const desk = await deps.openDesk();
  try {
    const proposed = await findProposed(options.id, desk);
    const isAgain = options.decision === 'approved' && proposed.last.kind === 'approved';
    requireOpen(proposed, { isAgain });
    const place = options.decision === 'approved' ? requirePlace(proposed, deps) : null;
    const audit = await deps.openAudit();
    await audit.append({ action: `lists ${options.decision}`, shown: 1, details: { override: proposed.id } });
    if (!isAgain) await decideOn(proposed, { kind: options.decision, reason }, { desk, deps });
    place?.add(proposed.proposal, `override ${proposed.id}, case ${proposed.proposal.caseId}`);
    await write(io.stdout, `${told(proposed, options.decision, deps).join('\n')}\n`);
    return EXIT.done;
  } finally {
    await desk.close();
  }
}

async function findProposed(typed: string, desk: DeskStore): Promise<ProposedOverride> {
  const id = typed.trim().toLowerCase();
  const isId = /^[0-9a-f]{12}$/.test(id);
  const found = isId ? proposedOf(id, (await desk.entries('override', id)).map(readStep)) : null;
  if (found !== null) return found;
  throw new GranskaError('NOT_FOUND', 'no proposal has that id', {
    hint: '"granska lists overrides" shows them, with their ids of twelve signs',
  });
}

function requireOpen({ last }: ProposedOverride, { isAgain }: { isAgain: boolean }): void {
  if (last.kind === 'proposed' || isAgain) return;
  throw new GranskaError('OVERTAKEN', `this proposal is ${last.kind} already`, {
    hint: 'look with "granska lists overrides"; a case that is decided as a false match again proposes it anew',
  });
}

/** Approval takes another person than the one who proposed, and a place for what is approved. */
function requirePlace(
  { proposedBy }: ProposedOverride,
  { account, place, people }: OverridesDeps & Decider,
): OverridesPlace {
  const proposer = people?.byAccount(proposedBy) ?? null;
  const isSame = proposer !== null && people?.byAccount(account)?.id === proposer.id;
  if (account === proposedBy || isSame) {
    throw new GranskaError('REFUSED', 'who proposed a correction does not approve it', {
      hint: 'another person approves it, with an account of their own; the proposer may reject it',
    });
  }
  if (place !== null) return place;
  throw new GranskaError('CONFIG', 'the configuration names no folder for overrides', {
    hint: 'add `overrides: overrides` to granska.yaml; the folder is made with the first line',
  });
}

async function decideOn(
  { id, last }: ProposedOverride,
  { kind, reason }: { kind: OverrideDecision; reason: string },
  { desk, deps }: { desk: DeskStore; deps: Decider },
): Promise<void> {
  const step: OverrideStep = { seq: last.seq + 1, atMs: deps.nowMs(), by: deps.account, kind, reason };
  const { seq, atMs, by } = step;
  if (await desk.append({ kind: 'override', key: id, seq, atMs, by, body: stepBody(step) })) return;
  throw new GranskaError('OVERTAKEN', 'somebody else decided this proposal meanwhile', {
    hint: 'look with "granska lists overrides"',
  });
}

function told({ proposal }: ProposedOverride, decision: OverrideDecision, deps: Decider): string[] {
  const what = describeOverride(proposal);
  switch (decision) {
    case 'rejected':
      return [`rejected: ${what}`, ...reasonRemarks(deps)];
    case 'approved':
      return [
        `approved: ${what}`,
        ...reasonRemarks(deps),
        'lines that are read from now on are judged by the corrected list; the feed itself is unchanged',
        'findings that are stored stay as they are: "granska rejudge --from DAY --to DAY" shows what would be withdrawn',
      ];
    default:
      return decision satisfies never;
  }
}
