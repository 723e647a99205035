// The figures of an HR report: what remains to be examined, what decisions exempt, attempts and departments, each as a chart
// with its table. Invariant: a hidden cell is the word for it in every column, so that nothing of its size is told (§8.2).
import type { Measures, Unit } from '../model/figures.ts';
import type { Grade } from '../model/visit.ts';
import { joined } from './count.ts';
import type { HrWriter } from './hr-report-writer.ts';
import type { Block, Section } from './page.ts';
import { VISITS_TEXT } from './visits.ts';

const GRADES: readonly Grade[] = ['A', 'B', 'C', 'D'];

/** Writes the section of sums. */
export function briefSection(own: Unit, { text, cells, partly, count, report }: HrWriter): Section {
  const { brief } = text;
  const rows = [
    { label: brief.examine, value: partly(cells.sum(own, 'examine', cell => cell.visits)) },
    { label: brief.strong, value: partly(cells.sum(own, 'examine', strong)) },
    { label: brief.weak, value: partly(cells.sum(own, 'examine', weak)) },
    { label: brief.exempt, value: partly(cells.sum(own, 'exempt', cell => cell.visits)) },
    { label: brief.attempts, value: partly(cells.sum(own, 'attempts', cell => cell.records)) },
    { label: brief.cases, value: count(report.cases.length) },
  ];
  return { heading: text.headings.brief, blocks: [{ kind: 'facts', rows }] };
}

function strong({ grades }: Measures): number {
  return grades.A + grades.B;
}

function weak({ grades }: Measures): number {
  return grades.C + grades.D;
}

/** Writes the section of what remains to be examined, by category and grade, with what the grades mean. */
export function examineSection(own: Unit, writer: HrWriter): Section {
  const { text, lang, cells, shown, category } = writer;
  const { grades, gradeMeanings } = VISITS_TEXT[lang];
  const intro: Block[] = [
    { kind: 'text', text: text.gradesIntro },
    {
      kind: 'list',
      items: GRADES.map(grade => text.grade({ grade, name: grades[grade], meaning: gradeMeanings[grade] })),
    },
    { kind: 'text', text: text.weakIntro },
  ];
  const names = cells.categories(own, 'examine');
  if (names.length === 0) {
    return { heading: text.headings.examine, blocks: [...intro, { kind: 'text', text: text.nothing }] };
  }
  const bars = names.map(name => ({
    label: category(name),
    parts: GRADES.map(grade => ({
      label: grade,
      value: cells.of(own, name, 'examine')?.grades[grade] ?? null,
    })),
  }));
  const rows = names.map(name => {
    const cell = cells.of(own, name, 'examine');
    return [
      ...[category(name), shown(cell?.visits ?? null), shown(cell?.persons ?? null)],
      shown(cell?.records ?? null),
    ];
  });
  return {
    heading: text.headings.examine,
    blocks: [
      ...intro,
      { kind: 'chart', title: text.chart, bars, unit: text.chartUnit, head: text.category },
      { kind: 'table', caption: text.examineTable, head: text.examineHead, rows },
      { kind: 'text', text: text.personsOnce },
      ...forbidden(names, writer),
    ],
  };
}

/** Says of forbidden classes what the statute is about, which mostly is not a visit. */
function forbidden(names: readonly string[], { text, category, report }: HrWriter): Block[] {
  const found = report.categories.filter(one => one.class === 'forbidden' && names.includes(one.name));
  if (found.length === 0) return [];
  const words = joined(
    found.map(({ name }) => category(name)),
    text.and,
  );
  return [{ kind: 'text', text: text.forbidden(words) }];
}

/** Writes the section of what decisions exempt, apart from what remains to be examined. */
export function exemptSection(own: Unit, writer: HrWriter): Section {
  const { text, cells, count, category, report } = writer;
  const names = cells.categories(own, 'exempt');
  const intro: Block = { kind: 'text', text: text.exemptIntro };
  if (names.length === 0) {
    return { heading: text.headings.exempt, blocks: [intro, { kind: 'text', text: text.exemptNone }] };
  }
  const bars = names.map(name => ({
    label: category(name),
    parts: [{ label: text.visits, value: cells.of(own, name, 'exempt')?.visits ?? null }],
  }));
  const rows = report.decisions.map(({ id, caseNumber, reason, validFrom, validThrough, visits }) => [
    ...[id, caseNumber ?? text.gone],
    reason ?? (caseNumber === null ? text.gone : text.reasonWithheld),
    validFrom === null ? text.gone : text.valid(validFrom, validThrough ?? ''),
    count(visits),
  ]);
  const isPartly = report.cells.some(cell => cell.unit === own.id && cell.decisions === null);
  return {
    heading: text.headings.exempt,
    blocks: [
      intro,
      { kind: 'chart', title: text.exemptChart, bars, unit: text.chartUnit, head: text.category },
      ...(rows.length === 0 ? [] : [{ kind: 'table' as const, head: text.exemptHead, rows }]),
      ...(isPartly ? [{ kind: 'text' as const, text: text.exemptPartly }] : []),
    ],
  };
}

/** Writes the section of attempts: counts, and never a person (§2.4). */
export function attemptsSection(own: Unit, { text, cells, shown, partly, category }: HrWriter): Section {
  const names = cells.categories(own, 'attempts');
  const total = partly(cells.sum(own, 'attempts', cell => cell.records));
  const rows = names.map(name => [category(name), shown(cells.of(own, name, 'attempts')?.records ?? null)]);
  return {
    heading: text.headings.attempts,
    blocks: [
      { kind: 'text', text: text.attempts(total) },
      ...(rows.length === 0 ? [] : [{ kind: 'table' as const, head: text.attemptsHead, rows }]),
    ],
  };
}

/** Writes the section of the departments below. */
export function unitsSection(own: Unit, writer: HrWriter): Section {
  const { text, cells, report, unit: nameOf } = writer;
  const below = report.units.slice(1);
  if (below.length === 0) {
    return { heading: text.headings.units, blocks: [{ kind: 'text', text: text.unitsNone }] };
  }
  const whole = ({ sum, hidden }: { sum: number; hidden: number }) => (hidden > 0 ? null : sum);
  const bars = below
    .filter(({ parent }) => parent === own.id)
    .map(unit => ({
      label: nameOf(unit),
      parts: [
        { label: text.strong, value: whole(cells.sum(unit, 'examine', strong)) },
        { label: text.weak, value: whole(cells.sum(unit, 'examine', weak)) },
      ],
    }));
  const rows = below.flatMap(unit => unitRows(unit, writer));
  return {
    heading: text.headings.units,
    blocks: [
      { kind: 'text', text: text.unitsIntro },
      { kind: 'chart', title: text.unitsChart, bars, unit: text.chartUnit, head: text.unitsHead[0]! },
      ...(rows.length === 0 ? [] : [{ kind: 'table' as const, head: text.unitsHead, rows }]),
    ],
  };
}

function unitRows(unit: Unit, { cells, shown, category, unit: nameOf, report }: HrWriter): string[][] {
  return report.categories.flatMap(({ name }) => {
    const [examine, exempt, attempts] = (['examine', 'exempt', 'attempts'] as const).map(kind =>
      cells.of(unit, name, kind),
    ) as [Measures | null, Measures | null, Measures | null];
    const isEmpty = [examine, exempt, attempts].every(
      cell => cell !== null && cell.visits + cell.records === 0,
    );
    if (isEmpty) return [];
    return [
      [
        ...[nameOf(unit), category(name)],
        shown(examine === null ? null : strong(examine)),
        shown(examine === null ? null : weak(examine)),
        shown(examine?.persons ?? null),
        ...[shown(exempt?.visits ?? null), shown(attempts?.records ?? null)],
      ],
    ];
  });
}
