// hr-report: the issued figures of a month and the cases that two people opened → the issued HR report of one unit.
// In: a desk, the figures as they were issued, and who asks; out: a numbered issue that stays as it is (§8.2), and whether
// today it would be another. Invariant: the report is cut from figures that were issued, so that every report of a month
// is of one set; asked again, it is shown as it was, and what changed since is only told of.
// Example: issueHrReport({ department: 'IT', correction: null, incomplete: 'refuse' }, source) → number 1, state `new`.
import type { CaseRules } from '../case/cases-of.ts';
import type { ShownFigures, Unit } from '../model/figures.ts';
import type { HrCase, HrReport } from '../model/hr-report.ts';
import { canonicalJson } from '../policy/canonical-json.ts';
import type { DeskStore } from '../ports/desk-store.ts';
import { lastingCoverage, requireCorrectable, requireIssuedComplete } from '../report/coverage.ts';
import { type HrReportParts, hrReport, unitsOf } from '../report/hr-report.ts';
import type { DepartmentSizes } from '../report/lattice.ts';
import { hrCases } from './hr-cases.ts';
import { type Issue, type Issued, issueAgain, issueOnce, issues, type Made } from './issue.ts';
import {
  areFiguresOutdated,
  correctFigures,
  type FigureSet,
  type FigureSource,
  figuresOfToday,
  issueFigures,
  latestFigures,
} from './issued-figures.ts';
import type { OpenedCases } from './opened-cases.ts';
import { type CaseSource, isOutOfSight } from './read-cases.ts';

/** What is asked for. */
export interface HrReportAsked {
  /** Null for the whole organisation. */
  department: string | null;
  /** Why the latest issue is to be corrected; null to see it. */
  correction: string | null;
  /** Whether a month may be reported on of which lines can still come (§8.3). */
  incomplete: 'allow' | 'refuse';
}

/** What a report is made of. */
export interface HrReportSource extends FigureSource, Pick<HrReportParts, 'namesSomebody'> {
  desk: DeskStore;
  policy: FigureSource['policy'] & HrReportParts['policy'];
  cases: CaseSource;
  caseRules: CaseRules;
  opened: OpenedCases;
  /** Account of the operating system. */
  by: string;
  /** SHA-256 of a text, hex. */
  hash(text: string): string;
}

/** An issue with its content read, and the one that it corrects. */
export interface IssuedHr {
  issue: Issue;
  report: HrReport;
  corrected: Issue | null;
  /** `new` it was issued now · `same` it would be the same today · `changed` today it would be another. */
  state: 'new' | 'same' | 'changed';
}

/** Names the line of issues of one report. */
export function hrReportKey(tenant: string, department: string | null, month: string): string {
  return `hr/${tenant}/${department ?? ''}/${month}`;
}

/**
 * Issues a report, or gives it as it was issued. Throws CHECK_FAILED before the month is complete, REFUSED for a correction
 * even where that is allowed, USAGE for a department that there is none of and where there is nothing to correct.
 */
export async function issueHrReport(asked: HrReportAsked, source: HrReportSource): Promise<IssuedHr> {
  const { department, correction } = asked;
  // What is issued is frozen: it holds all that was written before it.
  await source.desk.catchUp();
  const today = await figuresOfToday(source.desk, source);
  // Before anything is issued: a slip of the pen issues nothing.
  unitsOf(today.figures, department);
  return correction === null
    ? await issueFirst(asked, today, source)
    : await issueCorrection({ ...asked, correction }, today, source);
}

async function issueFirst(
  { department, incomplete }: HrReportAsked,
  today: FigureSet,
  source: HrReportSource,
): Promise<IssuedHr> {
  const { desk } = source;
  const known = await latestFigures(today, source);
  const set = known ?? today;
  const key = keyOf(department, source);
  const latest = (await issues(desk, key)).at(-1);
  const shown = latest === undefined ? set : readReport(latest);
  if (incomplete === 'refuse') requireIssuedComplete(shown.coverage, today.coverage);
  // The figures first: what is cut from them must be cut from what was issued.
  if (known === null) await issueFigures(today, source);
  const { issue, state } = await issueOnce(desk, key, await madeOf(department, set, source));
  const ofToday = await madeOf(department, today, source);
  return read({ issue, state: isSame(issue, ofToday) ? state : 'changed' }, source);
}

async function issueCorrection(
  { department, incomplete, correction }: HrReportAsked & { correction: string },
  today: FigureSet,
  source: HrReportSource,
): Promise<IssuedHr> {
  const { desk } = source;
  requireCorrectable(today.coverage, incomplete);
  const key = keyOf(department, source);
  const made = { ...(await madeOf(department, today, source)), reason: correction };
  const latest = (await issues(desk, key)).at(-1);
  // Another report of the month may have issued its figures: this one's first issue then corrects them alone.
  const isFirst = latest === undefined && (await areFiguresOutdated(today, source));
  // The figures first, as ever, unless the correction will be refused.
  if (isFirst || (latest !== undefined && !isSame(latest, made))) {
    await correctFigures(today, source, correction);
  }
  if (isFirst) return read(await issueOnce(desk, key, made), source);
  return read({ issue: await issueAgain(desk, key, made), state: 'new' }, source);
}

async function read({ issue, state }: Issued, source: HrReportSource): Promise<IssuedHr> {
  const all = issue.number === 1 ? [] : await issues(source.desk, issue.key);
  const corrected = all.find(one => one.number === issue.number - 1) ?? null;
  return { issue, report: await inSight(readReport(issue), source), corrected, state };
}

/** Leaves out the rows of cases of which something lies out of sight now (§6.2); what was issued stays as it is. */
async function inSight(report: HrReport, { cases: from, tenant }: HrReportSource): Promise<HrReport> {
  const cases: HrCase[] = [];
  for (const row of report.cases) {
    const { subject: subjectId, category, day } = row;
    if (!(await isOutOfSight({ tenant, subjectId, category, day }, from))) cases.push(row);
  }
  return { ...report, cases };
}

function readReport({ content }: Issue): HrReport {
  return JSON.parse(content) as HrReport;
}

function keyOf(department: string | null, { tenant, month }: HrReportSource): string {
  return hrReportKey(tenant, department, month);
}

function isSame(issue: Issue, { basis, hash }: Made): boolean {
  return issue.basis === hash(canonicalJson(basis));
}

async function madeOf(
  department: string | null,
  { figures, versions, coverage }: FigureSet,
  source: HrReportSource,
): Promise<Made> {
  const { policy, ground, month, tenant, namesSomebody, opened, cases, caseRules } = source;
  const unitOf = unitFinder(figures, unitsOf(figures, department), ground.departments);
  const rows = await hrCases({ tenant, month, opened, unitOf }, cases, caseRules);
  const parts = { figures, versions, coverage, department, policy, namesSomebody, cases: rows };
  const content = hrReport(parts);
  const basis = basisOf(content);
  return { content, basis, by: source.by, atMs: source.nowMs, hash: source.hash };
}

/**
 * What makes it another issue: not what the program forgets in time, and in the report of a department not what others of
 * the organisation add to the counts of its coverage.
 */
function basisOf({ versions, coverage, ...content }: HrReport): unknown {
  if (content.department === null) return { ...content, versions, coverage: lastingCoverage(coverage) };
  const { isComplete, departmentsWithoutLines } = coverage;
  return { ...content, coverage: { isComplete, departmentsWithoutLines } };
}

/** Finds the unit of a report that a department is counted in: a small one's is the one above it. */
function unitFinder(
  { units: all, tenant }: ShownFigures,
  units: readonly Unit[],
  { departments }: DepartmentSizes,
): (department: string) => string | null {
  const parents = new Map(
    departments.filter(one => one.tenant === tenant).map(({ department, parent }) => [department, parent]),
  );
  const counted = new Set(all.filter(isDepartment).map(({ name }) => name));
  const inReport = new Set(units.filter(isDepartment).map(({ name }) => name));
  const isWhole = units[0]?.kind === 'tenant';
  return department => {
    let at: string | null = department;
    for (let steps = 0; at !== null && !counted.has(at) && steps <= parents.size; steps++) {
      at = parents.get(at) ?? null;
    }
    if (at === null || !counted.has(at)) return isWhole ? '' : null;
    return inReport.has(at) ? at : null;
  };
}

function isDepartment({ kind }: Unit): boolean {
  return kind === 'administration' || kind === 'department';
}
