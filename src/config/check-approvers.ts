// check-approvers: nobody approves an exemption for themselves, and class forbidden takes two (§5.3). The same rules hold
// for who approved that a decision is retroactive. Messages never repeat a name.
import {
  type ExemptionContext,
  type ExemptionParts,
  entriesOf,
  overlaps,
  severityOfMisfit,
} from './exemption-parts.ts';
import type { Problem } from './problem.ts';
import type { Path, ReportOptions } from './yaml-file.ts';

/** One exemption whose approvers are checked. */
interface Approved {
  rule: ExemptionParts;
  context: ExemptionContext;
  report(path: Path, message: string, options?: ReportOptions): void;
}

/** Some of its approvers, and where they stand. */
interface Approvers extends Approved {
  names: readonly string[];
  at: Path;
}

/** Said once where there is no directory to compare approvers with. */
export const WITHOUT_DIRECTORY = {
  message: 'there is no directory: approvers were compared with the named users only',
  hint: 'set directory in granska.yaml, so that roles and departments are compared too',
  severity: 'warning',
} as const;

/** Checks who approved an exemption, and who approved that it is retroactive. */
export function checkApprovers(subject: Approved): void {
  const { approvers, retroactive } = subject.rule;
  if (approvers !== undefined) checkNames({ ...subject, names: approvers, at: ['approvers'] });
  if (retroactive === undefined) return;
  checkNames({ ...subject, names: retroactive.approvers, at: ['retroactive', 'approvers'] });
}

function checkNames(subject: Approvers): void {
  const { rule, context, report, names, at } = subject;
  const approvers = names.map(context.canonicalName);
  const forbidden = forbiddenOf(rule.categories ?? [], context);
  if (forbidden !== null && new Set(approvers).size < 2) {
    report(at, `the category ${forbidden} is of class forbidden: two different approvers are needed`);
  }
  const covered = new Set((rule.users ?? []).map(context.canonicalName));
  for (const [index, approver] of approvers.entries()) {
    const path = [...at, index];
    if (approver === '') report(path, 'stands for nobody by the identity rules');
    else if (approvers.indexOf(approver) < index) report(path, 'is the same person as another approver');
    else if (covered.has(approver)) reportCovered(subject, index, { how: 'by name', severity: 'error' });
    else checkInDirectory(subject, index, approver);
  }
}

/** Names the first of the categories that is of class forbidden; null where none is. */
export function forbiddenOf(
  categories: readonly string[],
  { taxonomy }: Pick<ExemptionContext, 'taxonomy'>,
): string | null {
  return categories.find(name => taxonomy?.categories[name]?.class === 'forbidden') ?? null;
}

function checkInDirectory(subject: Approvers, index: number, approver: string): void {
  const { rule, context, report, at } = subject;
  if (context.directory === null) return;
  const entries = entriesOf(approver, context);
  if (entries.length === 0) {
    report([...at, index], 'is not in the directory: roles and department could not be compared', {
      severity: 'warning',
    });
    return;
  }
  const severity = severityOfMisfit(context);
  const then = entries.filter(entry => overlaps(entry, rule, context));
  if (then.some(entry => entry.roles.some(role => rule.roles?.includes(role)))) {
    reportCovered(subject, index, { how: 'by role', severity });
  } else if (then.some(entry => rule.departments?.includes(entry.department))) {
    reportCovered(subject, index, { how: 'by department', severity });
  }
}

function reportCovered(
  { report, at }: Approvers,
  index: number,
  { how, severity }: { how: string; severity: Problem['severity'] },
): void {
  report([...at, index], `is covered by the exemption ${how} at some time of its validity`, {
    hint: 'nobody approves an exemption for themselves: let another person approve it',
    severity,
  });
}
