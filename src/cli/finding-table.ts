// Findings → lines of a table that fits its terminal. Widths follow from the first findings, so that any number of
// them can be streamed; addresses are defanged and get the room that is left.
import type { Zone } from '../calendar/zone.ts';
import type { Finding } from '../model/finding.ts';
import { cutToWidth, displayWidth, padToWidth, withoutControls } from './display-width.ts';
import { defangedAddress } from './finding-address.ts';
import { localSecond } from './local-second.ts';

export interface FindingTable {
  /** Gives the lines of findings, each with its line feed; the first ones come with the header. */
  lines(findings: readonly Finding[]): string;
}

/** Titles, with the most and least columns that each may take; the last one takes what is left. */
const COLUMNS = [
  { title: 'local time', most: 19, least: 19 },
  { title: 'category', most: 20, least: 8 },
  { title: 'verdict', most: 30, least: 7 },
  { title: 'department', most: 28, least: 10 },
  { title: 'subject', most: 14, least: 14 },
  { title: 'type', most: 7, least: 7 },
  { title: 'address', most: Number.POSITIVE_INFINITY, least: 20 },
] as const;

const GAP = 2;
/** Signs of a pseudonym that are shown: enough to tell people apart, and to search by (`subject:u26-k3j4mn`). */
const SUBJECT_SIGNS = 8;

/** Creates the table; `columns` is null where nothing bounds it (a file, a pipe). */
export function createFindingTable(zone: Zone, columns: number | null): FindingTable {
  let widths: number[] | null = null;
  return {
    lines(findings) {
      const rows = findings.map(finding => cellsOf(finding, zone));
      if (widths !== null) return render(rows, widths);
      const titles = COLUMNS.map(column => column.title as string);
      widths = widthsOf([titles, ...rows], columns);
      return render([titles, ...rows], widths);
    },
  };
}

function cellsOf(finding: Finding, zone: Zone): string[] {
  return [
    localSecond(zone, finding.startMs),
    finding.category,
    verdictCell(finding),
    finding.department === '' ? '-' : finding.department,
    subjectCell(finding),
    finding.access,
    defangedAddress(finding),
  ].map(withoutControls);
}

function verdictCell(finding: Finding): string {
  if (finding.verdict === null) return 'attempt';
  if (finding.verdict === 'examine') return 'examine';
  return `exempt ${finding.exemptions[0] ?? ''}`.trimEnd();
}

function subjectCell(finding: Finding): string {
  if (finding.subjectId === null) return '-';
  const dash = finding.subjectId.indexOf('-');
  return finding.subjectId.slice(0, dash + 1 + SUBJECT_SIGNS);
}

function widthsOf(rows: readonly (readonly string[])[], columns: number | null): number[] {
  const widths = COLUMNS.map(({ most }, index) =>
    Math.min(most, Math.max(...rows.map(row => displayWidth(row[index]!)))),
  );
  if (columns === null) return widths.with(-1, Number.POSITIVE_INFINITY);
  // Where the address would get too little, the others give, the widest first.
  const last = COLUMNS.length - 1;
  const left = () => columns - widths.slice(0, last).reduce((sum, width) => sum + width + GAP, 0);
  while (left() < COLUMNS[last]!.least) {
    const spare = widths.slice(0, last).map((width, index) => width - COLUMNS[index]!.least);
    const widest = spare.indexOf(Math.max(...spare));
    if (spare[widest]! <= 0) break;
    widths[widest]!--;
  }
  return widths.with(-1, Math.max(left(), 1));
}

function render(rows: readonly (readonly string[])[], widths: readonly number[]): string {
  return rows.map(row => `${renderRow(row, widths)}\n`).join('');
}

function renderRow(row: readonly string[], widths: readonly number[]): string {
  const last = row.length - 1;
  const cells = row.map((cell, index) => {
    const cut = cutToWidth(cell, widths[index]!);
    return index === last ? cut : padToWidth(cut, widths[index]!);
  });
  return cells.join(' '.repeat(GAP)).trimEnd();
}
