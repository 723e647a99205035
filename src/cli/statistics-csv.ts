// Issued statistics → CSV for people's spreadsheets: one table in long form, a figure a line. What is hidden is a word,
// never an empty cell or 0; zeros of whole categories are not listed. No cell can be a formula.
import type { Measures, ShownCell } from '../model/figures.ts';
import type { Lang } from '../text/lang.ts';
import { STATISTICS_TEXT } from '../text/statistics.ts';
import { type PrintedStatistics, unitLabel } from '../text/statistics-page.ts';
import { type CsvCell, csvLines } from './csv.ts';

const HEAD = ['month', 'issue', 'sha256', 'unit_id', 'unit', 'category', 'kind', 'measure', 'value'];

/** Writes issued statistics as CSV. */
export function statisticsCsv({ statistics, number, hash }: PrintedStatistics, lang: Lang): Promise<string> {
  const { figures, month } = statistics;
  const { hidden } = STATISTICS_TEXT[lang];
  const labels = new Map(figures.units.map(unit => [unit.id, unitLabel(unit, lang)]));
  const rows = figures.cells.flatMap(cell =>
    figuresOf(cell).map(([kind, measure, value]): CsvCell[] => [
      ...[month, number, hash, cell.unit, labels.get(cell.unit) ?? '', cell.category, kind, measure],
      value ?? hidden,
    ]),
  );
  return csvLines([HEAD, ...rows]);
}

type Figure = readonly [kind: string, measure: string, value: number | null];

function figuresOf({ examine, exempt, attempts, decisions }: ShownCell): Figure[] {
  const of = (cell: Measures | null, measure: 'persons' | 'visits' | 'records') => cell?.[measure] ?? null;
  return [
    ['examine', 'persons', of(examine, 'persons')],
    ['examine', 'visits', of(examine, 'visits')],
    ...(['A', 'B', 'C', 'D'] as const).map(
      (grade): Figure => ['examine', `grade ${grade}`, examine?.grades[grade] ?? null],
    ),
    ['examine', 'records', of(examine, 'records')],
    ['exempt', 'persons', of(exempt, 'persons')],
    ['exempt', 'visits', of(exempt, 'visits')],
    ...(decisions ?? []).map(
      ({ exemptions, visits }): Figure => ['exempt', `visits by ${exemptions.join(' + ')}`, visits],
    ),
    ['attempts', 'persons', of(attempts, 'persons')],
    ['attempts', 'requests', of(attempts, 'records')],
  ];
}
