// chart: the figures of a chart → its series, its table and the lengths of its bars. Invariant: the table says what the
// bars show, and no length, sum or order tells the size of what is hidden.
// Example: bars A (3, hidden) and B (1, 2) → rows [A, 3, dold] and [B, 1, 2].
import { countText } from './count.ts';
import type { Lang } from './lang.ts';
import type { Chart, ChartBar } from './page.ts';
import { PAGE_TEXT } from './page-words.ts';

/** A stretch of a bar that is drawn. */
export interface Stretch {
  /** Which of the chart's parts it is. */
  series: number;
  /** Where it begins and how long it is, as shares of the longest bar. */
  from: number;
  length: number;
}

/** A bar as it is drawn. */
export interface DrawnBar {
  label: string;
  stretches: readonly Stretch[];
  /** Where it ends, as a share of the longest. */
  end: number;
  /** How many of its parts are hidden: each is marked, all alike. */
  hidden: number;
  /** Its values in the order of the parts, as the table has them: `37 · 13 · dold`. */
  values: string;
  /** What it shows, in words: `Skola: A 37, B 13, C dold`. */
  words: string;
}

/** A sign of the legend: a part, or what is hidden. */
export type LegendEntry = { series: number | null; label: string };

/** A table as pages have it. */
export interface FigureTable {
  head: readonly string[];
  rows: readonly (readonly string[])[];
}

/** Gives the table that stands with a chart: a row for each bar, a column for each part. */
export function chartTable(chart: Chart, lang: Lang): FigureTable {
  const series = seriesOf(chart);
  return {
    head: [chart.head ?? '', ...series],
    rows: chart.bars.map(bar => [bar.label, ...series.map(label => valueText(bar, label, { chart, lang }))]),
  };
}

/** Lays the bars out: parts one after the other, as shares of the longest bar. */
export function drawnBars(chart: Chart, lang: Lang): readonly DrawnBar[] {
  const series = seriesOf(chart);
  const longest = Math.max(1, ...chart.bars.map(sumOf));
  return chart.bars.map(bar => {
    const stretches: Stretch[] = [];
    let from = 0;
    for (const { label, value } of bar.parts) {
      if (value === null || value <= 0) continue;
      const length = value / longest;
      stretches.push({ series: series.indexOf(label), from, length });
      from += length;
    }
    const values = series.map(label => valueText(bar, label, { chart, lang }));
    // A bar of which nothing is shown says so once.
    const isHidden = bar.parts.length > 0 && bar.parts.every(({ value }) => value === null);
    return {
      ...{ label: bar.label, stretches, end: from },
      hidden: isHidden ? 1 : bar.parts.filter(({ value }) => value === null).length,
      values: isHidden ? hiddenWord(chart, lang) : values.join(' · '),
      words: `${bar.label}: ${series.map((label, index) => `${label} ${values[index]}`).join(', ')}`,
    };
  });
}

/** Says which sign is which part: nothing where there is one part, and nothing hidden. */
export function legendOf(chart: Chart, lang: Lang): readonly LegendEntry[] {
  const labels = seriesOf(chart);
  const isHidden = chart.bars.some(({ parts }) => parts.some(({ value }) => value === null));
  return [
    ...(labels.length < 2 ? [] : labels.map((label, series) => ({ series, label }))),
    ...(isHidden ? [{ series: null, label: hiddenWord(chart, lang) }] : []),
  ];
}

/** Gives the labels of the parts, in the order in which they first stand. */
function seriesOf({ bars }: Chart): readonly string[] {
  return [...new Set(bars.flatMap(({ parts }) => parts.map(({ label }) => label)))];
}

function valueText(
  { parts }: ChartBar,
  label: string,
  { chart, lang }: { chart: Chart; lang: Lang },
): string {
  const part = parts.find(one => one.label === label);
  if (part === undefined) return PAGE_TEXT[lang].notTold;
  return part.value === null ? hiddenWord(chart, lang) : countText(lang, part.value);
}

function hiddenWord({ hidden }: Chart, lang: Lang): string {
  return hidden ?? PAGE_TEXT[lang].hidden;
}

function sumOf({ parts }: ChartBar): number {
  return parts.reduce((sum, { value }) => sum + Math.max(0, value ?? 0), 0);
}
