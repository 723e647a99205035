// Finding ⇄ one row of `finding` or `finding_forbidden`: the columns in order, what is bound to them and how they
// are read back. The class is the table's, so it has no column.
import type { SQLInputValue, SQLOutputValue } from 'node:sqlite';
import type { AgentClass, ReferrerRelation, StandingFinding } from '../../../model/finding.ts';
import type { MatchedBy } from '../../../model/match.ts';
import type { Access, Outcome } from '../../../model/record.ts';
import type { Confidence, Population, SubjectKind } from '../../../model/subject.ts';
import type { Via } from '../../../model/target.ts';
import type { CategoryClass, StandingVerdict } from '../../../model/verdict.ts';
import { departmentKey, domainKey } from '../../../search/matches.ts';
import { bytesOfId, hexOfBytes } from './hex.ts';

/** The columns of a finding, in the order in which `bindFinding` gives values and `readFinding` takes them. */
export const FINDING_COLUMNS = [
  'id',
  'record',
  'start_ms',
  'stamp_ms',
  'end_ms',
  'duration_ms',
  'ingested_ms',
  'tenant',
  'stream',
  'offset',
  'file',
  'category',
  'verdict',
  'access',
  'outcome',
  'subject_kind',
  'subject',
  'client',
  'confidence',
  'population',
  'department',
  'department_key',
  'roles',
  'scheme',
  'domain',
  'domain_key',
  'site',
  'port',
  'path',
  'method',
  'status',
  'bytes',
  'mime',
  'user_agent',
  'vendor',
  'product',
  'observer',
  'list',
  'list_version',
  'entry',
  'entry_file',
  'entry_line',
  'via',
  'statutes',
  'exemptions',
  'other_exemptions',
  'referrer',
  'document',
  'tunnel',
  'matched_by',
  'agent',
  'lists',
  'policy',
  'directory',
  'revision',
] as const;

/** The table of each class. */
export const FINDING_TABLES: Readonly<Record<CategoryClass, string>> = {
  questionable: 'finding',
  forbidden: 'finding_forbidden',
};

/** Gives the values of a finding's row. */
export function bindFinding(finding: StandingFinding, numberOf: (text: string) => number): SQLInputValue[] {
  const { facts, versions } = finding;
  const numbered = (text: string | null) => (text === null ? null : numberOf(text));
  return [
    bytesOfId(finding.id),
    bytesOfId(finding.recordId),
    finding.startMs,
    finding.stampMs,
    finding.endMs,
    finding.durationMs,
    finding.ingestedMs,
    finding.tenant,
    numberOf(finding.stream),
    finding.offset,
    numbered(finding.path),
    finding.category,
    finding.verdict,
    finding.access,
    finding.outcome,
    finding.subjectKind,
    finding.subjectId,
    finding.clientId,
    finding.confidence,
    finding.population,
    finding.department,
    departmentKey(finding.department),
    listText(finding.roles),
    finding.scheme,
    finding.domain,
    domainKey(finding.domain),
    finding.registeredDomain,
    finding.port,
    finding.urlPath,
    finding.method,
    finding.status,
    finding.bytes,
    finding.mime,
    numbered(finding.userAgent),
    finding.vendor,
    finding.product,
    finding.observerName,
    finding.list,
    numberOf(finding.listVersion),
    finding.entry,
    finding.entryFile,
    finding.entryLine,
    finding.via,
    listText(finding.statutes),
    listText(finding.exemptions),
    listText(finding.otherExemptions),
    finding.referrer,
    facts.document === null ? null : Number(facts.document),
    Number(facts.tunnel),
    facts.matchedBy,
    facts.agent,
    numbered(versions.lists),
    numbered(versions.policy),
    numbered(versions.directory),
    finding.revision,
  ];
}

/** Reads a finding from its class and its row's values. */
export function readFinding(
  category: CategoryClass,
  row: readonly SQLOutputValue[],
  textOf: (no: number) => string,
): StandingFinding {
  let next = 0;
  // The reads below stand in the order of the columns; only the object's keys are in another one.
  const text = () => row[next++] as string;
  const maybe = () => row[next++] as string | null;
  const number = () => row[next++] as number;
  const maybeNumber = () => row[next++] as number | null;
  const hex = () => hexOfBytes(row[next++] as Uint8Array);
  const numbered = () => textOf(number());
  const maybeNumbered = () => {
    const no = maybeNumber();
    return no === null ? null : textOf(no);
  };
  const texts = () => listOf(text());
  const skip = () => void next++;

  const id = hex();
  const recordId = hex();
  const startMs = number();
  const stampMs = number();
  const endMs = number();
  const durationMs = maybeNumber();
  const ingestedMs = number();
  const tenant = text();
  const stream = numbered();
  const offset = number();
  const path = maybeNumbered();
  const categoryName = text();
  const verdict = maybe() as StandingVerdict | null;
  const access = text() as Access;
  const outcome = text() as Outcome;
  const subjectKind = text() as SubjectKind;
  const subjectId = maybe();
  const clientId = maybe();
  const confidence = text() as Confidence;
  const population = text() as Population;
  const department = text();
  skip();
  const roles = texts();
  const scheme = text();
  const domain = text();
  skip();
  return {
    id,
    recordId,
    tenant,
    stream,
    offset,
    path,
    stampMs,
    startMs,
    endMs,
    durationMs,
    ingestedMs,
    access,
    outcome,
    subjectKind,
    subjectId,
    clientId,
    confidence,
    population,
    department,
    roles,
    scheme,
    domain,
    registeredDomain: text(),
    port: maybeNumber(),
    urlPath: text(),
    method: text(),
    status: number(),
    bytes: maybeNumber(),
    mime: maybe(),
    userAgent: maybeNumbered(),
    vendor: text(),
    product: text(),
    observerName: maybe(),
    list: text(),
    listVersion: numbered(),
    entry: text(),
    entryFile: text(),
    entryLine: number(),
    via: maybe() as Via | null,
    category: categoryName,
    class: category,
    statutes: texts(),
    verdict,
    exemptions: texts(),
    otherExemptions: texts(),
    referrer: text() as ReferrerRelation,
    facts: {
      document: truthOf(maybeNumber()),
      tunnel: number() === 1,
      matchedBy: text() as MatchedBy,
      agent: text() as AgentClass,
    },
    versions: { lists: maybeNumbered(), policy: maybeNumbered(), directory: maybeNumbered() },
    revision: number(),
  };
}

// Most findings have no roles, statutes or exemptions.
function listText(values: readonly string[]): string {
  return values.length === 0 ? '[]' : JSON.stringify(values);
}

function listOf(text: string): string[] {
  return text === '[]' ? [] : JSON.parse(text);
}

function truthOf(value: number | null): boolean | null {
  return value === null ? null : value === 1;
}
