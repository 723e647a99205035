// Visits → CSV for people's spreadsheets. Sites are defanged; facts stand in words.
import type { Zone } from '../calendar/zone.ts';
import type { Visit } from '../model/visit.ts';
import type { Lang } from '../text/lang.ts';
import { factWords } from '../text/visits.ts';
import { defang } from '../url/defang.ts';
import { type CsvCell, csvLines } from './csv.ts';
import { localSecond } from './local-time.ts';

export interface VisitCsvOptions {
  zone: Zone;
  lang: Lang;
}

type Column = [title: string, read: (visit: Visit, options: VisitCsvOptions) => CsvCell];

const COLUMNS: readonly Column[] = [
  ['id', visit => visit.id],
  ['local_time', (visit, { zone }) => localSecond(zone, visit.startMs)],
  ['local_time_last', (visit, { zone }) => localSecond(zone, visit.lastMs)],
  ['organization', visit => visit.tenant],
  ['subject', visit => visit.subjectId],
  ['subject_kind', visit => visit.subjectKind],
  ['confidence', visit => visit.confidence],
  ['population', visit => visit.population],
  ['department', visit => visit.department],
  ['roles', visit => visit.roles.join('; ')],
  ['category', visit => visit.category],
  ['class', visit => visit.class],
  ['statutes', visit => visit.statutes.join('; ')],
  ['site', visit => defang(visit.site)],
  ['findings', visit => visit.findings],
  ['records', visit => visit.records],
  ['examine', visit => visit.examine],
  ['exempt', visit => visit.exempt],
  ['verdict', visit => visit.verdict],
  ['exemptions', visit => visit.exemptions.join(' ')],
  ['bytes', visit => visit.bytes],
  ['grade', visit => visit.grade],
  ['facts', (visit, { lang }) => visit.facts.map(fact => factWords(fact, lang)).join('; ')],
  ['digest', visit => visit.digest],
];

/** Writes the line of titles. */
export function visitCsvHeader(): Promise<string> {
  return csvLines([COLUMNS.map(([title]) => title)]);
}

/** Writes the lines of visits. */
export function visitCsvRows(visits: readonly Visit[], options: VisitCsvOptions): Promise<string> {
  return csvLines(visits.map(visit => COLUMNS.map(([, read]) => read(visit, options))));
}
