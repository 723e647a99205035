// hr-report: figures of the whole organisation that may be shown → the report of one unit (§8.1, §8.2).
// In: the issued figures and coverage of the month, the policy, and rows of cases that two people opened; out: content that
// can be frozen. Invariant: nothing is hidden or shown here: every report of a month is cut from one set of figures, so
// that no report minus others tells what the set does not. What belongs to other departments is left out.
// Example: hrReport({ figures, …, department: 'IT' }).units[0] → { id: 'd:IT', kind: 'department', … }
import { GranskaError } from '../errors.ts';
import type { ReportCoverage, ShownCell, ShownFigures, Unit } from '../model/figures.ts';
import type { HrCase, HrCategory, HrDecision, HrReport, HrVersions } from '../model/hr-report.ts';
import type { Exemption, Policy, PolicyCategory } from '../policy/policy.ts';
import { nearest } from '../words/nearest.ts';

export interface HrReportParts {
  figures: ShownFigures;
  versions: HrVersions;
  coverage: ReportCoverage;
  /** Null for the whole organisation. */
  department: string | null;
  cases: readonly HrCase[];
  policy: Pick<Policy, 'live' | 'minimumConfidence' | 'reviewed' | 'categories' | 'exemptions' | 'zone'>;
  /** Tells whether a text names somebody of the directory; null where nobody can tell. */
  namesSomebody(text: string): boolean | null;
}

/** Makes the content of a report. Throws USAGE for a department that the figures do not have. */
export function hrReport(parts: HrReportParts): HrReport {
  const { figures, policy, department, coverage } = parts;
  const { live } = policy;
  if (live === null) throw new TypeError('a report needs a policy in force');
  const units = unitsOf(figures, department);
  const ids = new Set(units.map(unit => unit.id));
  const names = new Set(units.map(unit => unit.name));
  const cells = figures.cells.filter(cell => ids.has(cell.unit));
  return {
    schema: 'granska.hr-report/1',
    organization: figures.tenant,
    department,
    month: figures.from.slice(0, 7),
    timezone: policy.zone.name,
    smallGroup: figures.smallGroup,
    policy: {
      from: live.from,
      notice: { date: live.notice.date, reference: live.notice.reference },
      negotiation: { date: live.negotiation.date, reference: live.negotiation.reference },
      minimumConfidence: policy.minimumConfidence,
      reviewed: [...policy.reviewed].sort(),
    },
    versions: parts.versions,
    categories: [...policy.categories.values()].map(categoryOf).sort(byName),
    ...{ units, cells },
    decisions: decisionsOf(cells, units[0]!, parts),
    cases: parts.cases,
    coverage:
      department === null
        ? coverage
        : {
            ...coverage,
            departmentsWithoutLines: coverage.departmentsWithoutLines.filter(name => names.has(name)),
          },
  };
}

/** Gives the unit that a report is about and all below it. Throws USAGE where there is none of that name. */
export function unitsOf({ units }: Pick<ShownFigures, 'units'>, department: string | null): Unit[] {
  const own = units.find(({ kind, name }) =>
    department === null ? kind === 'tenant' : isDepartment(kind) && name === department,
  );
  if (own === undefined) throw unknownDepartment(units, department ?? '');
  const below = new Set([own.id]);
  // Units come parent first.
  return units.filter(({ id, parent }) => {
    if (id === own.id) return true;
    if (parent === null || !below.has(parent)) return false;
    below.add(id);
    return true;
  });
}

function isDepartment(kind: Unit['kind']): boolean {
  return kind === 'administration' || kind === 'department';
}

function unknownDepartment(units: readonly Unit[], typed: string): GranskaError {
  const names = units.filter(unit => isDepartment(unit.kind)).map(unit => unit.name);
  const near = nearest(typed, names);
  return new GranskaError('USAGE', '--department names none that the figures of this month have', {
    hint: `${near === null ? '' : `did you mean ${near}? `}A department that is smaller than the policy's smallGroup is counted in the one above it`,
  });
}

function categoryOf({ name, names, class: kind, statutes }: PolicyCategory): HrCategory {
  return {
    ...{ name, sv: names.sv, en: names.en, class: kind },
    statutes: [...new Set(statutes.map(({ statute }) => statute))],
    visitIsCrime: statutes.some(({ visitIsCrime }) => visitIsCrime),
  };
}

function byName(a: HrCategory, b: HrCategory): number {
  return a.name < b.name ? -1 : 1;
}

/** What each decision covered, over the cells that tell: of the others not even the decisions are told. */
function decisionsOf(cells: readonly ShownCell[], own: Unit, parts: HrReportParts): HrDecision[] {
  const visits = new Map<string, number>();
  for (const { unit, decisions } of cells) {
    if (unit !== own.id || decisions === null) continue;
    for (const decision of decisions) {
      for (const id of decision.exemptions) visits.set(id, (visits.get(id) ?? 0) + decision.visits);
    }
  }
  return [...visits]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([id, count]) => ({ id, ...toldOf(parts.policy.exemptions.get(id), parts), visits: count }));
}

function toldOf(
  exemption: Exemption | undefined,
  { namesSomebody }: HrReportParts,
): Omit<HrDecision, 'id' | 'visits'> {
  if (exemption === undefined) return { caseNumber: null, reason: null, validFrom: null, validThrough: null };
  const { caseNumber, reason, validFrom, validThrough } = exemption;
  // A reason that somebody wrote a name into is not handed out (§8.1).
  return { caseNumber, reason: namesSomebody(reason) === true ? null : reason, validFrom, validThrough };
}
