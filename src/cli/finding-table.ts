// Findings → lines of a table. Addresses are defanged and stand last.
import type { Zone } from '../calendar/zone.ts';
import type { Finding } from '../model/finding.ts';
import { defangedAddress } from './finding-address.ts';
import { localSecond } from './local-time.ts';
import { shortSubject } from './short-subject.ts';
import { createStreamedTable, type TableRow } from './streamed-table.ts';

export interface FindingTable {
  /** Gives the lines of findings, each with its line feed; the first ones come with the header. */
  lines(findings: readonly Finding[]): string;
}

const COLUMNS = [
  { title: 'local time', most: 19, least: 19 },
  { title: 'category', most: 20, least: 5 },
  { title: 'verdict', most: 30, least: 17 },
  { title: 'department', most: 28, least: 6 },
  { title: 'subject', most: 16, least: 16 },
  { title: 'type', most: 7, least: 7 },
] as const;

/** Creates the table; `columns` is null where nothing bounds it (a file, a pipe). */
export function createFindingTable(zone: Zone, columns: number | null): FindingTable {
  const table = createStreamedTable({ columns: COLUMNS, rest: 'address', width: columns });
  return { lines: findings => table.lines(findings.map(finding => rowOf(finding, zone))) };
}

function rowOf(finding: Finding, zone: Zone): TableRow {
  const cells = [
    localSecond(zone, finding.startMs),
    finding.category,
    verdictCell(finding),
    finding.department === '' ? '-' : finding.department,
    shortSubject(finding.subjectId),
    finding.access,
  ];
  return { cells, rest: defangedAddress(finding) };
}

function verdictCell(finding: Finding): string {
  switch (finding.verdict) {
    case null:
      return 'attempt';
    case 'examine':
    case 'withdrawn':
      return finding.verdict;
    case 'exempt':
      return `exempt ${finding.exemptions[0] ?? ''}`.trimEnd();
    default:
      return finding.verdict satisfies never;
  }
}
