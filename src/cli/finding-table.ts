// Findings → lines of a table that fits its terminal. Widths follow from the first findings, so that any number of
// them can be streamed; addresses are defanged and get the room that is left, or on a narrow terminal a line of
// their own.
import type { Zone } from '../calendar/zone.ts';
import type { Finding } from '../model/finding.ts';
import { cutToWidth, displayWidth, padToWidth, withoutControls } from './display-width.ts';
import { defangedAddress } from './finding-address.ts';
import { localSecond } from './local-time.ts';

export interface FindingTable {
  /** Gives the lines of findings, each with its line feed; the first ones come with the header. */
  lines(findings: readonly Finding[]): string;
}

/** Titles, with the most columns that each takes, and how far it gives way. */
const COLUMNS = [
  { title: 'local time', most: 19, least: 19 },
  { title: 'category', most: 20, least: 5 },
  { title: 'verdict', most: 30, least: 17 },
  { title: 'department', most: 28, least: 6 },
  { title: 'subject', most: 16, least: 16 },
  { title: 'type', most: 7, least: 7 },
] as const;
const ADDRESS_TITLE = 'address';

const GAP = 2;
const INDENT = 2;
/** With less room than this beside the other columns, an address stands on a line of its own. */
const LEAST_ADDRESS = 30;
/** Signs of a pseudonym that are shown: enough to tell people apart, and to search by (`subject:u26-k3j4mn`). */
const SUBJECT_SIGNS = 8;

/** Where things stand: widths of the columns, and room for the address, beside them or on its own line. */
interface Layout {
  widths: readonly number[];
  addressWidth: number;
  isOneLine: boolean;
}

interface Row {
  cells: readonly string[];
  address: string;
}

/** Creates the table; `columns` is null where nothing bounds it (a file, a pipe). */
export function createFindingTable(zone: Zone, columns: number | null): FindingTable {
  let layout: Layout | null = null;
  return {
    lines(findings) {
      const rows = findings.map(finding => rowOf(finding, zone));
      if (layout !== null) return render(rows, layout);
      const header = { cells: COLUMNS.map(column => column.title), address: ADDRESS_TITLE };
      layout = layOut([header, ...rows], columns);
      return render([header, ...rows], layout);
    },
  };
}

function rowOf(finding: Finding, zone: Zone): Row {
  const cells = [
    localSecond(zone, finding.startMs),
    finding.category,
    verdictCell(finding),
    finding.department === '' ? '-' : finding.department,
    subjectCell(finding),
    finding.access,
  ];
  return { cells: cells.map(withoutControls), address: withoutControls(defangedAddress(finding)) };
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

function layOut(rows: readonly Row[], columns: number | null): Layout {
  const widths = COLUMNS.map(({ most }, index) =>
    Math.min(most, Math.max(...rows.map(row => displayWidth(row.cells[index]!)))),
  );
  if (columns === null) return { widths, addressWidth: Number.POSITIVE_INFINITY, isOneLine: true };
  const taken = () => widths.reduce((sum, width) => sum + width + GAP, 0);
  const left = columns - taken();
  if (left >= LEAST_ADDRESS) return { widths, addressWidth: left, isOneLine: true };
  while (taken() - GAP > columns) {
    const spare = widths.map((width, index) => width - COLUMNS[index]!.least);
    const widest = spare.indexOf(Math.max(...spare));
    if (spare[widest]! <= 0) break;
    widths[widest]!--;
  }
  return { widths, addressWidth: Math.max(columns - INDENT, 1), isOneLine: false };
}

function render(rows: readonly Row[], layout: Layout): string {
  return rows.map(row => renderRow(row, layout)).join('');
}

function renderRow({ cells, address }: Row, { widths, addressWidth, isOneLine }: Layout): string {
  const columns = cells.map((cell, index) => padToWidth(cutToWidth(cell, widths[index]!), widths[index]!));
  const text = columns.join(' '.repeat(GAP));
  const cut = cutToWidth(address, addressWidth);
  if (isOneLine) return `${text}${' '.repeat(GAP)}${cut}`.trimEnd().concat('\n');
  return `${text.trimEnd()}\n${' '.repeat(INDENT)}${cut}\n`;
}
