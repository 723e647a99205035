// Findings → CSV for people's spreadsheets. Addresses are defanged.
import type { Zone } from '../calendar/zone.ts';
import type { Finding } from '../model/finding.ts';
import { defang } from '../url/defang.ts';
import { type CsvCell, csvLines } from './csv.ts';
import { defangedAddress } from './finding-address.ts';
import { localSecond } from './local-time.ts';

type Column = [title: string, read: (finding: Finding, zone: Zone) => CsvCell];

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
  return csvLines([COLUMNS.map(([title]) => title)]);
}

/** Writes the lines of findings. */
export function csvRows(findings: readonly Finding[], zone: Zone): Promise<string> {
  return csvLines(findings.map(finding => COLUMNS.map(([, read]) => read(finding, zone))));
}
