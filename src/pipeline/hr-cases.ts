// hr-cases: cases that two people opened → the rows of an HR report (§8.1).
// In: which they are, where cases are read from, and the units of the report; out: rows in order of day, then of the id.
// Invariant: a case is a row only where all of its departments belong to the report: a row never tells of another
// department. Visits of grade C and D are counted and not shown; of a case that is withdrawn nothing is.
import type { CaseRules } from '../case/cases-of.ts';
import type { Case } from '../model/case.ts';
import type { HrCase, HrCaseVisit } from '../model/hr-report.ts';
import type { OpenedCases } from './opened-cases.ts';
import { type CaseSource, readCases, visitsOfCase } from './read-cases.ts';

export interface HrCasesAsked {
  tenant: string;
  /** `2026-10` */
  month: string;
  opened: OpenedCases;
  /** Gives the unit of the report that a department is counted in; null for one of another report. */
  unitOf(department: string): string | null;
}

/** Reads the rows of a report. */
export async function hrCases(asked: HrCasesAsked, source: CaseSource, rules: CaseRules): Promise<HrCase[]> {
  const rows: HrCase[] = [];
  for (const [day, ids] of byDay(asked)) {
    const found: Case[] = [];
    for await (const one of readCases({ terms: [], days: { from: day, through: day } }, source, rules)) {
      if (ids.has(one.id) && asked.opened.has(one) && isOfReport(one, asked)) found.push(one);
    }
    found.sort((a, b) => (a.id < b.id ? -1 : 1));
    for (const one of found) rows.push(await rowOf(one, { source, rules, asked }));
  }
  return rows;
}

/** Gives the ids of the month by day: an id begins with it. */
function byDay({ opened, month }: HrCasesAsked): [day: string, ids: Set<string>][] {
  const days = new Map<string, Set<string>>();
  for (const id of opened.ids()) {
    const day = `${id.slice(0, 4)}-${id.slice(4, 6)}-${id.slice(6, 8)}`;
    if (!day.startsWith(`${month}-`)) continue;
    const ids = days.get(day) ?? new Set();
    ids.add(id);
    days.set(day, ids);
  }
  return [...days].sort(([a], [b]) => (a < b ? -1 : 1));
}

function isOfReport(found: Case, { tenant, unitOf }: HrCasesAsked): boolean {
  if (found.tenant !== tenant || found.visits === 0) return false;
  return found.departments.every(department => unitOf(department) !== null);
}

async function rowOf(
  found: Case,
  { source, rules, asked }: { source: CaseSource; rules: CaseRules; asked: HrCasesAsked },
): Promise<HrCase> {
  const visits: HrCaseVisit[] = [];
  const weaker = { C: 0, D: 0 };
  for await (const { grade, records, facts } of visitsOfCase(found, source, rules)) {
    if (grade === 'C' || grade === 'D') weaker[grade]++;
    else visits.push({ grade, records, facts });
  }
  const last = found.decisions.at(-1);
  return {
    ...{ id: found.id, subject: found.subjectId, confidence: found.confidence },
    ...{ category: found.category, day: found.day },
    departments: [...new Set(found.departments.map(name => asked.unitOf(name) ?? ''))].sort(),
    ...{ visits, weaker },
    decision: last === undefined ? null : { outcome: last.outcome, day: source.zone.dayOf(last.atMs) },
  };
}
