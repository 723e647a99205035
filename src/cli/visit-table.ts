// Visits → lines of a table: when, who, where, what, how strong the evidence is, and on demand why, in words.
import type { Zone } from '../calendar/zone.ts';
import type { Visit } from '../model/visit.ts';
import type { Lang } from '../text/lang.ts';
import { factWords } from '../text/visits.ts';
import { defang } from '../url/defang.ts';
import { localMinute } from './local-time.ts';
import { formatCount } from './numbers.ts';
import { shortSubject } from './short-subject.ts';
import { createStreamedTable, type TableRow } from './streamed-table.ts';

export interface VisitTableOptions {
  zone: Zone;
  /** Columns of the terminal; null where nothing bounds it. */
  width: number | null;
  /** Language of the facts under each visit; null for none. */
  facts: Lang | null;
}

export interface VisitTable {
  /** Gives the lines of visits, each with its line feed; the first ones come with the header. */
  lines(visits: readonly Visit[]): string;
}

const COLUMNS = [
  { title: 'local time', most: 16, least: 16 },
  { title: 'subject', most: 16, least: 12 },
  { title: 'department', most: 28, least: 6 },
  { title: 'category', most: 20, least: 5 },
  { title: 'records', most: 9, least: 7 },
  { title: 'grade', most: 5, least: 5 },
  { title: 'verdict', most: 32, least: 17 },
] as const;

/** Creates the table. */
export function createVisitTable(options: VisitTableOptions): VisitTable {
  const table = createStreamedTable({ columns: COLUMNS, rest: 'site', width: options.width });
  return { lines: visits => table.lines(visits.map(visit => rowOf(visit, options))) };
}

function rowOf(visit: Visit, { zone, facts }: VisitTableOptions): TableRow {
  const cells = [
    localMinute(zone, visit.startMs),
    shortSubject(visit.subjectId),
    visit.department === '' ? '-' : visit.department,
    visit.category,
    formatCount(visit.records).padStart(7),
    visit.grade,
    verdictCell(visit),
  ];
  const below = facts === null ? [] : visit.facts.map(fact => factWords(fact, facts));
  return { cells, rest: defang(visit.site), below };
}

function verdictCell({ verdict, exempt, exemptions }: Visit): string {
  if (verdict === 'exempt') return `exempt ${exemptions.join(' ')}`.trimEnd();
  return exempt === 0 ? 'examine' : `examine (${formatCount(exempt)} exempt)`;
}
