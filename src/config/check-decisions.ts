// check-decisions: the file of decisions → exemptions, held to the same rules as those of `policy.yaml` (§5.3).
// In: its lines, as an adapter read them, and what they can speak of; out: exemptions with the line of their grant, and
// problems with the line of the decision that wrote what is wrong. A line that cannot be read makes nothing else unread.
import type { Decision, WrittenExemption } from '../policy/decisions.ts';
import {
  type DecidedExemption,
  type DecisionRefusal,
  type Folded,
  foldDecisions,
  isVoid,
} from '../policy/fold-decisions.ts';
import { forbiddenOf, WITHOUT_DIRECTORY } from './check-approvers.ts';
import { checkExemption } from './check-exemption.ts';
import { toDecision } from './decision-schema.ts';
import type { ExemptionContext } from './exemption-parts.ts';
import type { Problem } from './problem.ts';
import { keyText, type Path, type ReportOptions } from './yaml-file.ts';

/** What whoever opens the file of decisions has to tell. */
export interface OpenedDecisions {
  /** The file as the user would name it. */
  file: string;
  /** Lines that fit the ones before them, as data. */
  lines: readonly unknown[];
  /** Null where all lines fit. */
  damage: { line: number; message: string } | null;
  /** True where half a line follows, which was never confirmed. */
  isTorn: boolean;
  /** The last line is being made now, and is held to the installation of today; those before it were made. */
  isMaking?: boolean;
}

/** The decisions of an installation, and what they make. */
export interface CheckedDecisions {
  file: string;
  decisions: readonly Decision[];
  folded: Folded;
  problems: readonly Problem[];
}

interface Checking {
  file: string;
  problems: Problem[];
}

const REFUSALS: Readonly<Record<DecisionRefusal, { key: string; message: string; hint: string }>> = {
  idTaken: {
    key: 'id',
    message: 'another exemption has this id',
    hint: 'ids are shown to people: give each its own',
  },
  decidedOtherwise: {
    key: 'decided',
    message: 'is not the day on which it is granted',
    hint: 'leave it out; to cover visits before that day, make it retroactive',
  },
  unknownId: {
    key: 'id',
    message: 'no exemption of this id was granted here',
    hint: 'one that stands in policy.yaml is changed and ended there',
  },
  nothingChanged: { key: '', message: 'changes nothing', hint: 'say what is to be another' },
  pastDay: {
    key: 'validThrough',
    message: 'lies before the day of the decision',
    hint: 'what was covered stays covered: the earliest last day is today',
  },
  hasEnded: { key: 'validThrough', message: 'the exemption was ended', hint: 'grant a new one' },
  hasRunOut: {
    key: 'validThrough',
    message: 'the exemption has run out: visits since then would be covered afterwards',
    hint: 'grant a new one',
  },
  notShorter: {
    key: 'validThrough',
    message: 'lies after the last day that it has',
    hint: 'to make it last longer, change it',
  },
  notApproved: {
    key: 'approvers',
    message: 'somebody must approve that it lasts longer',
    hint: 'name who did',
  },
};

/** Reads and checks the lines of a file of decisions. */
export function checkDecisions(
  { file, lines, damage, isTorn, isMaking = false }: OpenedDecisions,
  { context, policyIds }: { context: ExemptionContext; policyIds: ReadonlySet<string> },
): CheckedDecisions {
  const checking: Checking = { file, problems: [] };
  if (damage !== null) {
    report(checking, damage.line, {
      message: `the file of decisions is broken: ${damage.message}`,
      hint: 'restore it and its .head from a copy, and keep this one as evidence',
    });
  }
  if (isTorn) {
    report(checking, lines.length + 1, {
      message: 'half a line, of a decision that was never confirmed: it counts for nothing',
      hint: 'the next decision cuts it off',
      severity: 'warning',
    });
  }
  const decisions = readLines(lines, checking);
  const folded = foldDecisions(decisions, context.canonicalName);
  for (const { decision, refusal } of folded.refused) report(checking, decision.seq, REFUSALS[refusal]);
  for (const { decision, exemption } of folded.lengthened) {
    checkLengthening(checking, { decision, exemption, context });
  }
  const last = isMaking ? decisions.at(-1) : undefined;
  const making = last === undefined ? null : aboutOf(last);
  for (const item of folded.exemptions) {
    const isDecided = item.exemption.id !== making;
    checkDecided(item, { checking, context: { ...context, isDecided }, policyIds });
  }
  if (folded.exemptions.length > 0 && policyIds.size === 0 && context.directory === null) {
    report(checking, folded.exemptions[0]!.granted, WITHOUT_DIRECTORY);
  }
  return { file, decisions, folded, problems: checking.problems };
}

function readLines(lines: readonly unknown[], checking: Checking): Decision[] {
  const decisions: Decision[] = [];
  for (const [index, line] of lines.entries()) {
    const read = toDecision(line);
    if ('decision' in read) {
      decisions.push(read.decision);
      continue;
    }
    report(checking, index + 1, {
      key: keyText(read.key as Path),
      message: 'the decision cannot be read',
      hint: 'a newer program may have written it: use that one',
    });
  }
  return decisions;
}

/** Gives the id of the exemption that a decision is about. */
function aboutOf(decision: Decision): string {
  return decision.kind === 'grant' ? decision.exemption.id : decision.id;
}

/** What makes an exemption last longer is approved as a grant is: by two for class forbidden. */
function checkLengthening(
  checking: Checking,
  change: { decision: Decision; exemption: WrittenExemption; context: ExemptionContext },
): void {
  const { decision, exemption, context } = change;
  const names = decision.kind === 'change' ? (decision.approvers ?? []) : [];
  const forbidden = forbiddenOf(exemption.categories, context);
  if (forbidden === null || new Set(names.map(context.canonicalName)).size >= 2) return;
  report(checking, decision.seq, {
    key: 'approvers',
    message: `the category ${forbidden} is of class forbidden: two different approvers are needed to make it last longer`,
  });
}

function checkDecided(
  item: DecidedExemption,
  rest: { checking: Checking; context: ExemptionContext; policyIds: ReadonlySet<string> },
): void {
  const { checking, context, policyIds } = rest;
  const { exemption, granted, writtenBy } = item;
  if (policyIds.has(exemption.id)) report(checking, granted, REFUSALS.idTaken);
  if (isVoid(item)) return;
  checkExemption(
    {
      report(path, message, options) {
        const line = writtenBy.get(String(path[0])) ?? granted;
        report(checking, line, { ...options, key: keyText(path), message });
      },
    },
    { at: [], rule: exemption, context, isGiven: key => key in exemption },
  );
}

function report(
  { file, problems }: Checking,
  line: number,
  { key = '', message, hint = '', severity = 'error' }: Told,
): void {
  problems.push({ file, line, column: 1, key, message, hint, severity });
}

type Told = Pick<ReportOptions, 'hint' | 'severity'> & { key?: string; message: string };
