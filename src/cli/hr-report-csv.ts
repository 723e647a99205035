// An issued HR report → CSV for people's spreadsheets: one table in long form, a figure a line. What is hidden is the word
// `hidden`, never an empty cell or 0; no cell can be a formula.
import type { Unit } from '../model/figures.ts';
import type { HrReport } from '../model/hr-report.ts';
import type { IssuedHrReport } from '../text/hr-report-page.ts';
import { createHrWriter } from '../text/hr-report-writer.ts';
import type { Lang } from '../text/lang.ts';
import { PAGE_TEXT } from '../text/page-words.ts';
import { factWords } from '../text/visits.ts';
import { type CsvCell, csvLines } from './csv.ts';

const HEAD = ['section', 'unit', 'category', 'measure', 'value'] as const;

type Row = readonly [section: string, unit: string, category: string, measure: string, value: CsvCell];

/** Writes an issued report as CSV. */
export function hrReportCsv(issued: IssuedHrReport, lang: Lang): Promise<string> {
  const { report } = issued;
  const rows: Row[] = [
    ...reportRows(issued),
    ...report.units.flatMap(unit => unitRows(unit, report, lang)),
    ...decisionRows(report),
    ...caseRows(report, lang),
  ];
  return csvLines([HEAD, ...rows]);
}

function reportRows({ report, number, hash, day, corrects }: IssuedHrReport): Row[] {
  const unit = report.department ?? report.organization;
  const row = (measure: string, value: CsvCell): Row => ['report', unit, '', measure, value];
  return [
    ...[row('organization', report.organization), row('month', report.month), row('issue', number)],
    ...[row('content sha-256', hash), row('issued', day), row('small group', report.smallGroup)],
    ...(corrects === null
      ? []
      : [row('corrects issue', corrects.number), row('reason of correction', corrects.reason)]),
  ];
}

function unitRows(unit: Unit, report: HrReport, lang: Lang): Row[] {
  const { cells, unit: nameOf } = createHrWriter(report, lang);
  const hidden = PAGE_TEXT[lang].hidden;
  return report.categories.flatMap(({ name }) => {
    const [examine, exempt, attempts] = [
      cells.of(unit, name, 'examine'),
      cells.of(unit, name, 'exempt'),
      cells.of(unit, name, 'attempts'),
    ];
    const row = (section: string, measure: string, value: number | undefined): Row => [
      ...([section, nameOf(unit), categoryName(report, name, lang), measure] as const),
      value ?? hidden,
    ];
    return [
      ...(['A', 'B', 'C', 'D'] as const).map(grade =>
        row('examine', `visits ${grade}`, examine?.grades[grade]),
      ),
      ...[row('examine', 'visits', examine?.visits), row('examine', 'people', examine?.persons)],
      ...[row('exempt', 'visits', exempt?.visits), row('exempt', 'people', exempt?.persons)],
      row('attempts', 'requests', attempts?.records),
    ];
  });
}

function categoryName(report: HrReport, category: string, lang: Lang): string {
  return report.categories.find(({ name }) => name === category)?.[lang] ?? category;
}

function decisionRows(report: HrReport): Row[] {
  const unit = report.department ?? report.organization;
  return report.decisions.flatMap(({ id, caseNumber, reason, visits }) => {
    const row = (measure: string, value: CsvCell): Row => ['decision', unit, '', `${id}: ${measure}`, value];
    return [row('case number', caseNumber ?? ''), row('reason', reason ?? ''), row('visits', visits)];
  });
}

function caseRows(report: HrReport, lang: Lang): Row[] {
  return report.cases.flatMap(found => {
    const category = categoryName(report, found.category, lang);
    const row = (measure: string, value: CsvCell): Row => [
      ...(['case', found.departments.join(', '), category] as const),
      ...([`${found.id}: ${measure}`, value] as const),
    ];
    return [
      ...[row('subject', found.subject), row('day', found.day)],
      ...found.visits.map((visit, index) =>
        row(
          `visit ${index + 1}, grade ${visit.grade}`,
          visit.facts.map(fact => factWords(fact, lang)).join('; '),
        ),
      ),
      ...[row('visits C', found.weaker.C), row('visits D', found.weaker.D)],
      row('decision', found.decision?.outcome ?? ''),
    ];
  });
}
