// What the parts of an HR report's page are written with: the report, one language, and how counts and names are said in it.
import type { Unit } from '../model/figures.ts';
import type { HrReport } from '../model/hr-report.ts';
import { countText } from './count.ts';
import { HR_REPORT_TEXT, type HrReportWords } from './hr-report.ts';
import { type HrCells, hrCells, type PartlyShown } from './hr-report-cells.ts';
import type { Lang } from './lang.ts';
import { PAGE_TEXT } from './page-words.ts';

export interface HrWriter {
  report: HrReport;
  cells: HrCells;
  lang: Lang;
  text: HrReportWords;
  count(count: number): string;
  /** Gives a count, or the word for one that is hidden. */
  shown(count: number | null): string;
  /** Gives a sum, and says what is hidden of it. */
  partly(total: PartlyShown): string;
  category(name: string): string;
  unit(unit: Unit): string;
}

/** Gives what the parts of a report's page are written with. */
export function createHrWriter(report: HrReport, lang: Lang): HrWriter {
  const text = HR_REPORT_TEXT[lang];
  const names = new Map(report.categories.map(category => [category.name, category[lang]]));
  const count = (value: number) => countText(lang, value);
  const { hidden } = PAGE_TEXT[lang];
  return {
    ...{ report, cells: hrCells(report), lang, text, count },
    shown: value => (value === null ? hidden : count(value)),
    partly(total) {
      if (total.hidden === 0) return count(total.sum);
      return total.sum === 0 ? hidden : text.partly(count(total.sum));
    },
    category: name => names.get(name) ?? name,
    unit: ({ kind, name }) => {
      const whole = name === '' ? text.whole : name;
      return kind === 'own' ? text.ownPart(whole) : whole;
    },
  };
}
