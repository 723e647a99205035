// statistics-page: issued statistics → the page that is filed. In: content, its issue and a language; out: charts, tables
// and sentences. Invariant: a hidden figure is a word in every column, and both languages have the same parts.
// Example: statisticsPage(issued, 'sv').sections[0].heading → `Hela organisationen`
import type { Measures, ShownCell, Unit } from '../model/figures.ts';
import type { Statistics } from '../model/statistics.ts';
import type { Grade } from '../model/visit.ts';
import { countText, joined } from './count.ts';
import { monthText } from './hr-report.ts';
import type { Lang } from './lang.ts';
import type { Block, Chart, Page, Section } from './page.ts';
import { coverageBlocks } from './report-coverage.ts';
import { STATISTICS_TEXT } from './statistics.ts';

/** Statistics with what makes them an issue. */
export interface PrintedStatistics {
  statistics: Statistics;
  number: number;
  /** SHA-256 of the content. */
  hash: string;
  /** Local day on which it was issued. */
  day: string;
  /** Why it corrects the issue before it; null for the first. */
  reason: string | null;
}

const GRADES: readonly Grade[] = ['A', 'B', 'C', 'D'];

/** Writes issued statistics as a page. */
export function statisticsPage(printed: PrintedStatistics, lang: Lang): Page {
  const { statistics, number, hash, day } = printed;
  const { figures, month, coverage } = statistics;
  const text = STATISTICS_TEXT[lang];
  const k = countText(lang, figures.smallGroup);
  return {
    lang,
    title: text.title,
    lead: [
      text.lead({ organization: figures.tenant, month: monthText(month, lang) }),
      text.issue({ number, hash, day }),
    ],
    banners: banners(printed, lang),
    marks: null,
    sections: [
      wholeSection(statistics, lang),
      { heading: text.headings.departments, blocks: departmentBlocks(statistics, lang) },
      { heading: text.headings.exempt, blocks: decisionBlocks(statistics, lang) },
      { heading: text.headings.reading, blocks: [{ kind: 'list', items: text.reading(k) }] },
      { heading: text.headings.coverage, blocks: coverageBlocks(coverage, lang) },
    ],
    foot: text.foot(day),
    hash,
    headings: 'numbered',
  };
}

function banners({ statistics, number, reason }: PrintedStatistics, lang: Lang): string[] {
  const { banner } = STATISTICS_TEXT[lang];
  const { coverage, standing, policyFrom } = statistics;
  const shown: string[] = [];
  if (reason !== null) shown.push(banner.correction({ number, before: number - 1, reason }));
  if (!coverage.isComplete) {
    const { completeThrough } = coverage;
    shown.push(completeThrough === null ? banner.nothingRead : banner.incomplete(completeThrough));
  }
  if (standing === 'trial') shown.push(banner.trial);
  if (standing === 'coming') shown.push(banner.coming(policyFrom ?? ''));
  return shown;
}

/** Names of the categories that have anything, in the order of the language. */
function countedIn({ figures, categories }: Statistics, lang: Lang): { name: string; label: string }[] {
  const used = new Set(figures.cells.map(({ category }) => category));
  return categories
    .filter(({ name }) => used.has(name))
    .map(category => ({ name: category.name, label: category[lang] }))
    .sort((a, b) => a.label.localeCompare(b.label, lang));
}

function wholeSection(statistics: Statistics, lang: Lang): Section {
  const text = STATISTICS_TEXT[lang];
  const whole = statistics.figures.units[0]!;
  const used = countedIn(statistics, lang);
  const cellOf = cellsBy(statistics);
  const heading = text.headings.whole;
  const others = statistics.categories.filter(({ name }) => !used.some(one => one.name === name));
  const without: Block[] =
    others.length === 0
      ? []
      : [
          {
            kind: 'text',
            text: text.without(
              joined(
                others.map(one => one[lang]).sort((a, b) => a.localeCompare(b, lang)),
                lang === 'sv' ? 'och' : 'and',
              ),
            ),
          },
        ];
  if (used.length === 0) return { heading, blocks: [{ kind: 'text', text: text.nothing }] };
  const chart: Chart = {
    kind: 'chart',
    title: text.chart,
    unit: text.visits,
    head: text.category,
    bars: used.map(({ name, label }) => ({
      label,
      parts: GRADES.map(grade => ({ label: grade, value: gradeOf(cellOf(whole.id, name), grade) })),
    })),
  };
  const rows = used.map(({ name, label }) => [label, ...measureTexts(cellOf(whole.id, name), lang)]);
  return { heading, blocks: [chart, { kind: 'table', head: text.headCategory, rows }, ...without] };
}

/** A table for each category, with a row for each unit, zeros too. */
function departmentBlocks(statistics: Statistics, lang: Lang): Block[] {
  const text = STATISTICS_TEXT[lang];
  const { units } = statistics.figures;
  const cellOf = cellsBy(statistics);
  const used = countedIn(statistics, lang);
  if (used.length === 0) return [{ kind: 'text', text: text.nothing }];
  return used.flatMap(({ name, label }): Block[] => [
    {
      kind: 'table',
      caption: label,
      head: text.head,
      rows: units.map(unit => [unitLabel(unit, lang), ...measureTexts(cellOf(unit.id, name), lang)]),
    },
  ]);
}

function decisionBlocks(statistics: Statistics, lang: Lang): Block[] {
  const text = STATISTICS_TEXT[lang];
  const whole = statistics.figures.units[0]!.id;
  const cellOf = cellsBy(statistics);
  const rows = countedIn(statistics, lang).flatMap(({ name, label }) => {
    const { decisions } = cellOf(whole, name);
    if (decisions === null) return [[label, text.hidden, text.hidden]];
    return decisions.map(({ exemptions, visits }) => [
      label,
      exemptions.join(' + '),
      countText(lang, visits),
    ]);
  });
  if (rows.length === 0) return [{ kind: 'text', text: text.noDecisions }];
  return [{ kind: 'table', head: text.decisionHead, rows }];
}

/** Names a unit. */
export function unitLabel({ kind, name }: Unit, lang: Lang): string {
  const text = STATISTICS_TEXT[lang];
  switch (kind) {
    case 'tenant':
      return text.wholeName;
    case 'own':
      return text.ownName(name);
    case 'administration':
    case 'department':
      return name;
    default:
      return kind satisfies never;
  }
}

type Parts = Pick<ShownCell, 'examine' | 'exempt' | 'attempts' | 'decisions'>;

const ZERO: Measures = { persons: 0, visits: 0, records: 0, grades: { A: 0, B: 0, C: 0, D: 0 } };
const NOTHING: Parts = { examine: ZERO, exempt: ZERO, attempts: ZERO, decisions: [] };

/** What is not there is zero. */
function cellsBy({ figures }: Statistics): (unit: string, category: string) => Parts {
  const cells = new Map(figures.cells.map(cell => [JSON.stringify([cell.unit, cell.category]), cell]));
  return (unit, category) => cells.get(JSON.stringify([unit, category])) ?? NOTHING;
}

function gradeOf({ examine }: Parts, grade: Grade): number | null {
  return examine === null ? null : examine.grades[grade];
}

function measureTexts({ examine, exempt, attempts }: Parts, lang: Lang): string[] {
  const { hidden } = STATISTICS_TEXT[lang];
  const shown = (value: number | undefined) => (value === undefined ? hidden : countText(lang, value));
  return [
    shown(examine?.persons),
    shown(examine?.visits),
    ...GRADES.map(grade => shown(examine?.grades[grade])),
    shown(exempt?.visits),
    shown(attempts?.records),
  ];
}
