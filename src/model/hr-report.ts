// The HR report (§8.1–8.3): what a head of administration is given for one month, as counts of visits that no subtraction
// opens, and rows only for cases that two people opened. It holds no name and no address, and belongs to no language.
import type { CaseOutcome } from './case.ts';
import type { ReportCoverage, ShownCell, Unit } from './figures.ts';
import type { Confidence, Population } from './subject.ts';
import type { CategoryClass } from './verdict.ts';
import type { Grade, GradeFact } from './visit.ts';

/** What one decision covered in the unit that the report is about, as far as it may be shown. */
export interface HrDecision {
  id: string;
  /** Null where the policy of today no longer has it. */
  caseNumber: string | null;
  reason: string | null;
  validFrom: string | null;
  validThrough: string | null;
  /** Visits; one that two decisions cover is counted for both. */
  visits: number;
}

/** A visit of a case that two people opened. */
export interface HrCaseVisit {
  grade: Grade;
  records: number;
  facts: readonly GradeFact[];
}

/** A case that two people opened (§8.1). */
export interface HrCase {
  id: string;
  subject: string;
  confidence: Confidence;
  category: string;
  day: string;
  departments: readonly string[];
  /** Those of grade A and B. */
  visits: readonly HrCaseVisit[];
  /** How many are of grade C and D. */
  weaker: { C: number; D: number };
  /** The latest decision on it; null where nobody has decided. */
  decision: { outcome: CaseOutcome; day: string } | null;
}

export interface HrCategory {
  name: string;
  sv: string;
  en: string;
  class: CategoryClass;
  statutes: readonly string[];
  /** Whether by the taxonomy a visit alone can be punishable. */
  visitIsCrime: boolean;
}

/** Content hashes of what judged. */
export interface HrVersions {
  policy: readonly string[];
  lists: readonly string[];
  directory: readonly string[];
}

/** The content of a report: what is frozen, hashed and signed for. */
export interface HrReport {
  schema: 'granska.hr-report/1';
  organization: string;
  /** Null for the whole organisation. */
  department: string | null;
  month: string;
  timezone: string;
  smallGroup: number;
  policy: {
    from: string;
    notice: { date: string; reference: string };
    negotiation: { date: string; reference: string };
    minimumConfidence: Confidence;
    reviewed: readonly Population[];
  };
  /** Content hashes of what judged the findings of the month. */
  versions: HrVersions;
  categories: readonly HrCategory[];
  /** The unit of the report first, then those below it. */
  units: readonly Unit[];
  /** Of these units, as the figures of the whole organisation have them; absent ones are zero (§8.2). */
  cells: readonly ShownCell[];
  decisions: readonly HrDecision[];
  /** Cases of the month in this unit, that two people opened. */
  cases: readonly HrCase[];
  coverage: ReportCoverage;
}
