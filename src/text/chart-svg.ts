// chart-svg: a bar of a chart → SVG. In: where its parts begin and end; out: markup. Invariant: parts differ by pattern as
// well as by colour, so that they can be told apart in grey; a hidden part is drawn as a box of one size; words are escaped.
// Example: `barSvg(bar, { width: 'fluid', id: 'c1', words: 'Skola: A 3, B dold' })`.
import type { DrawnBar } from './chart.ts';
import { type Html, html } from './html.ts';

export interface SvgOptions {
  /** In pixels; `fluid` follows the width of the page. */
  width: number | 'fluid';
  /** Begins the ids of this bar, different for each bar of a page. */
  id: string;
  /** What the bar shows, for who cannot see it. */
  words: string;
}

const HEIGHT = 13;
/** Share of the width that the longest bar takes; behind it stand the boxes of hidden parts. */
const LONGEST = 0.86;
const BOX = 10;
const INK = '#1c2430';
const DARK = '#1f4e79';
const LIGHT = '#b9d0e6';

/** Draws a bar. */
export function barSvg(bar: DrawnBar, { width, id, words }: SvgOptions): Html {
  const x = (share: number) =>
    width === 'fluid' ? `${round(share * LONGEST * 100)}%` : `${round(share * LONGEST * width)}`;
  const series = new Set(bar.stretches.map(stretch => stretch.series));
  const stretches = bar.stretches.map(
    stretch =>
      html`<rect x="${x(stretch.from)}" y="0.5" width="${x(stretch.length)}" height="${HEIGHT - 1}" fill="${fill(stretch.series, id)}" stroke="${INK}" stroke-width="0.8"/>`,
  );
  const boxes = Array.from({ length: bar.hidden }, (_, index) => box(4 + index * (BOX + 4)));
  const hidden =
    boxes.length === 0
      ? []
      : [
          html`<svg x="${x(bar.end)}" y="0" width="${4 + boxes.length * (BOX + 4)}" height="${HEIGHT}">${boxes}</svg>`,
        ];
  return html`<svg xmlns="http://www.w3.org/2000/svg" width="${width === 'fluid' ? '100%' : width}" height="${HEIGHT}" role="img" aria-labelledby="${id}-t"><title id="${id}-t">${words}</title>${[...series].flatMap(one => pattern(one, id))}<path d="M0.5 0V${HEIGHT}" stroke="${INK}" stroke-width="0.8" fill="none"/>${stretches}${hidden}</svg>`;
}

/** Draws the sign of a part, for the legend. */
export function swatchSvg(series: number, id: string): Html {
  return html`<svg xmlns="http://www.w3.org/2000/svg" width="18" height="${HEIGHT}" aria-hidden="true">${pattern(series, id)}<rect x="0.5" y="0.5" width="17" height="${HEIGHT - 1}" fill="${fill(series, id)}" stroke="${INK}" stroke-width="0.8"/></svg>`;
}

/** Draws the sign of a hidden part, for the legend. */
export function hiddenSwatchSvg(): Html {
  return html`<svg xmlns="http://www.w3.org/2000/svg" width="18" height="${HEIGHT}" aria-hidden="true">${box(4)}</svg>`;
}

function box(x: number): Html {
  return html`<rect x="${x}" y="1.5" width="${BOX}" height="${BOX}" fill="#ffffff" stroke="${INK}" stroke-width="0.8" stroke-dasharray="2 2"/>`;
}

/** Parts by turns: dark, hatched, light, dotted, and again with another colour. */
function fill(series: number, id: string): string {
  switch (series % 4) {
    case 0:
      return colorOf(series);
    case 2:
      return LIGHT;
    default:
      return `url(#${patternId(series, id)})`;
  }
}

function colorOf(series: number): string {
  return series < 4 ? DARK : INK;
}

function patternId(series: number, id: string): string {
  return `${id}-p${series}`;
}

function pattern(series: number, id: string): readonly Html[] {
  const kind = series % 4;
  if (kind === 0 || kind === 2) return [];
  const drawn =
    kind === 1
      ? html`<path d="M-1 1L1 -1M0 6L6 0M5 7L7 5" stroke="${colorOf(series)}" stroke-width="1.6" fill="none"/>`
      : html`<rect x="1" y="1" width="2" height="2" fill="${INK}"/><rect x="4" y="4" width="2" height="2" fill="${INK}"/>`;
  return [
    html`<pattern id="${patternId(series, id)}" width="6" height="6" patternUnits="userSpaceOnUse"><rect x="0" y="0" width="6" height="6" fill="#ffffff"/>${drawn}</pattern>`,
  ];
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
