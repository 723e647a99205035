// Statistics of a month: what the board, the unions and the data protection officer are given, and what every other report
// of that month is cut from. It holds no person, no address and no department that is too small (§8.2).
import type { ReportCoverage, ShownFigures } from './figures.ts';
import type { CategoryClass } from './verdict.ts';

/** A category as the policy of the day named it. */
export interface StatisticsCategory {
  name: string;
  sv: string;
  en: string;
  class: CategoryClass;
}

/** The content of statistics: what is frozen. */
export interface Statistics {
  schema: 'granska.statistics/1';
  month: string;
  timezone: string;
  /** `trial`, `coming` or `live`, as the policy stood on the first day of the month. */
  standing: 'trial' | 'coming' | 'live';
  /** First day of the policy; null on trial. */
  policyFrom: string | null;
  categories: readonly StatisticsCategory[];
  figures: ShownFigures;
  coverage: ReportCoverage;
  /** Content hashes of what judged the findings. */
  versions: { policy: readonly string[]; lists: readonly string[]; directory: readonly string[] };
}
