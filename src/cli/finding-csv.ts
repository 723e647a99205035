// Findings → CSV for people's spreadsheets. Addresses are defanged, and no cell can be a formula: one that begins with
// a sign that a spreadsheet would obey gets an apostrophe before it.
import { writeToString } from 'fast-csv';
import type { Zone } from '../calendar/zone.ts';
import type { Finding } from '../model/finding.ts';
import { defang } from '../url/defang.ts';
import { defangedAddress } from './finding-address.ts';
import { localSecond } from './local-time.ts';

type Column = [title: string, read: (finding: Finding, zone: Zone) => string | number | null];

/** The columns: ECS names, and two for people (`local_time`, `address`). */
const COLUMNS: readonly Column[] = [
  ['event.id', finding => finding.id],
  ['local_time', (finding, zone) => localSecond(zone, finding.startMs)],
  ['event.start', finding => new Date(finding.startMs).toISOString()],
  ['organization.name', finding => finding.tenant],
  ['granska.category', finding => finding.category],
  ['granska.class', finding => finding.class],
  ['granska.verdict', finding => finding.verdict ?? 'attempt'],
  ['granska.exemptions', finding => finding.exemptions.join(' ')],
  ['granska.other_exemptions', finding => finding.otherExemptions.join(' ')],
  ['granska.statutes', finding => finding.statutes.join('; ')],
  ['granska.department', finding => finding.department],
  ['granska.population', finding => finding.population],
  ['user.roles', finding => finding.roles.join('; ')],
  ['granska.subject_kind', finding => finding.subjectKind],
  ['granska.subject.id', finding => finding.subjectId],
  ['granska.confidence', finding => finding.confidence],
  ['granska.client.id', finding => finding.clientId],
  ['address', finding => defangedAddress(finding)],
  ['url.domain', finding => defang(finding.domain)],
  ['url.registered_domain', finding => defang(finding.registeredDomain)],
  ['granska.via', finding => finding.via],
  ['event.type', finding => finding.access],
  ['event.outcome', finding => finding.outcome],
  ['http.request.method', finding => finding.method],
  ['http.response.status_code', finding => (finding.status === 0 ? null : finding.status)],
  ['http.response.bytes', finding => finding.bytes],
  ['http.response.mime_type', finding => finding.mime],
  ['granska.referrer', finding => finding.referrer],
  ['rule.ruleset', finding => finding.list],
  ['rule.name', finding => defang(finding.entry)],
  ['granska.rule.file', finding => finding.entryFile],
  ['granska.rule.line', finding => finding.entryLine],
  ['granska.record.id', finding => finding.recordId],
  ['observer.name', finding => finding.observerName],
  ['log.file.path', finding => finding.path],
  ['log.offset', finding => finding.offset],
];

/** Writes the line of titles. */
export function csvHeader(): Promise<string> {
  return writeRows([COLUMNS.map(([title]) => title)]);
}

/** Writes the lines of findings. */
export function csvRows(findings: readonly Finding[], zone: Zone): Promise<string> {
  return writeRows(findings.map(finding => COLUMNS.map(([, read]) => harmless(read(finding, zone)))));
}

function writeRows(rows: string[][]): Promise<string> {
  return writeToString(rows, { headers: false, includeEndRowDelimiter: true });
}

/** What a spreadsheet takes as the beginning of a formula, spaces before it included. */
const FORMULA = /^[\s\u00a0\ufeff]*[=+\-@\uff1d\uff0b\uff0d\uff20]|^[\t\r\n]/;

function harmless(value: string | number | null): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  return FORMULA.test(value) ? `'${value}` : value;
}
