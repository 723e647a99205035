// Finding ⇄ the nested ECS document that NDJSON, Elasticsearch and any SIEM read.
// Invariant: `fromEcs(toEcs(finding))` is the finding. What a finding does not have is not in the document: no
// nulls, no empty arrays. A subject's pseudonym stands in `granska.subject.id` whatever its kind, and in `user.id`
// where it is a user. Example: `{"@timestamp":"2026-10-05T08:00:00.000Z","event":{"id":"…"},"rule":{"name":"example.com"}}`.
import type { AgentClass, ReferrerRelation, StandingFinding } from '../model/finding.ts';
import type { MatchedBy } from '../model/match.ts';
import type { Access, Outcome } from '../model/record.ts';
import type { Confidence, Population, SubjectKind } from '../model/subject.ts';
import type { Via } from '../model/target.ts';
import type { CategoryClass, StandingVerdict } from '../model/verdict.ts';

/** A finding as a nested ECS document. Times are ISO 8601 in UTC, durations nanoseconds. */
export interface EcsFinding {
  '@timestamp': string;
  event: {
    id: string;
    kind: 'event';
    category: readonly ['web'];
    start: string;
    end: string;
    duration?: number;
    type: Access;
    outcome: Outcome;
    ingested: string;
  };
  organization: { name: string };
  user?: { id?: string; roles?: readonly string[] };
  url: { scheme?: string; domain: string; registered_domain?: string; port?: number; path?: string };
  http?: {
    request?: { method: string };
    response?: { status_code?: number; bytes?: number; mime_type?: string };
  };
  user_agent?: { original: string };
  observer?: { name?: string; vendor?: string; product?: string };
  log: { file?: { path: string }; offset: number };
  rule: { name: string; ruleset: string; version: string };
  granska: {
    record: { id: string };
    stream: { id: string };
    subject_kind: SubjectKind;
    subject?: { id: string };
    client?: { id: string };
    confidence: Confidence;
    population: Population;
    department?: string;
    category: string;
    class: CategoryClass;
    statutes?: readonly string[];
    /** Absent for an attempt: what the proxy denied is not judged. `protected` only where it is stored, never shown. */
    verdict?: StandingVerdict;
    exemptions?: readonly string[];
    other_exemptions?: readonly string[];
    referrer: ReferrerRelation;
    facts: { document?: boolean; tunnel: boolean; matched_by: MatchedBy; agent: AgentClass };
    versions: { lists?: string; policy?: string; directory?: string };
    revision: number;
    via?: Via;
    rule: { file: string; line: number };
  };
}

/** Writes a finding as its ECS document. */
export function toEcs(finding: StandingFinding): EcsFinding {
  const user = compact({
    id: finding.subjectKind === 'user' ? finding.subjectId : null,
    roles: some(finding.roles),
  });
  const response = compact({
    status_code: finding.status === 0 ? null : finding.status,
    bytes: finding.bytes,
    mime_type: finding.mime,
  });
  const request = finding.method === '' ? null : { method: finding.method };
  const observer = compact({
    name: finding.observerName,
    vendor: text(finding.vendor),
    product: text(finding.product),
  });
  return compact({
    '@timestamp': isoTime(finding.stampMs),
    event: compact({
      id: finding.id,
      kind: 'event' as const,
      category: ['web'] as const,
      start: isoTime(finding.startMs),
      end: isoTime(finding.endMs),
      duration: finding.durationMs === null ? null : finding.durationMs * NS_PER_MS,
      type: finding.access,
      outcome: finding.outcome,
      ingested: isoTime(finding.ingestedMs),
    }),
    organization: { name: finding.tenant },
    user: filled(user),
    url: compact({
      scheme: text(finding.scheme),
      domain: finding.domain,
      registered_domain: text(finding.registeredDomain),
      port: finding.port,
      path: text(finding.urlPath),
    }),
    http: filled(compact({ request, response: filled(response) })),
    user_agent: finding.userAgent === null ? null : { original: finding.userAgent },
    observer: filled(observer),
    log: compact({ file: finding.path === null ? null : { path: finding.path }, offset: finding.offset }),
    rule: { name: finding.entry, ruleset: finding.list, version: finding.listVersion },
    granska: granskaOf(finding),
  });
}

/** Reads a finding back from its ECS document. */
export function fromEcs(document: EcsFinding): StandingFinding {
  const { event, url, http, log, rule, granska } = document;
  const { facts, versions } = granska;
  return {
    id: event.id,
    recordId: granska.record.id,
    tenant: document.organization.name,
    stream: granska.stream.id,
    offset: log.offset,
    path: log.file?.path ?? null,
    stampMs: Date.parse(document['@timestamp']),
    startMs: Date.parse(event.start),
    endMs: Date.parse(event.end),
    durationMs: event.duration === undefined ? null : Math.round(event.duration / NS_PER_MS),
    ingestedMs: Date.parse(event.ingested),
    access: event.type,
    outcome: event.outcome,
    subjectKind: granska.subject_kind,
    subjectId: granska.subject?.id ?? null,
    clientId: granska.client?.id ?? null,
    confidence: granska.confidence,
    population: granska.population,
    department: granska.department ?? '',
    roles: document.user?.roles ?? [],
    scheme: url.scheme ?? '',
    domain: url.domain,
    registeredDomain: url.registered_domain ?? '',
    port: url.port ?? null,
    urlPath: url.path ?? '',
    method: http?.request?.method ?? '',
    status: http?.response?.status_code ?? 0,
    bytes: http?.response?.bytes ?? null,
    mime: http?.response?.mime_type ?? null,
    userAgent: document.user_agent?.original ?? null,
    vendor: document.observer?.vendor ?? '',
    product: document.observer?.product ?? '',
    observerName: document.observer?.name ?? null,
    list: rule.ruleset,
    listVersion: rule.version,
    entry: rule.name,
    entryFile: granska.rule.file,
    entryLine: granska.rule.line,
    via: granska.via ?? null,
    category: granska.category,
    class: granska.class,
    statutes: granska.statutes ?? [],
    verdict: granska.verdict ?? null,
    exemptions: granska.exemptions ?? [],
    otherExemptions: granska.other_exemptions ?? [],
    referrer: granska.referrer,
    facts: {
      document: facts.document ?? null,
      tunnel: facts.tunnel,
      matchedBy: facts.matched_by,
      agent: facts.agent,
    },
    versions: {
      lists: versions.lists ?? null,
      policy: versions.policy ?? null,
      directory: versions.directory ?? null,
    },
    revision: granska.revision,
  };
}

const NS_PER_MS = 1_000_000;
const MAX_TIME_MS = 8.64e15;

function granskaOf(finding: StandingFinding): EcsFinding['granska'] {
  const { facts, versions } = finding;
  return compact({
    record: { id: finding.recordId },
    stream: { id: finding.stream },
    subject_kind: finding.subjectKind,
    subject: finding.subjectId === null ? null : { id: finding.subjectId },
    client: finding.clientId === null ? null : { id: finding.clientId },
    confidence: finding.confidence,
    population: finding.population,
    department: text(finding.department),
    category: finding.category,
    class: finding.class,
    statutes: some(finding.statutes),
    verdict: finding.verdict,
    exemptions: some(finding.exemptions),
    other_exemptions: some(finding.otherExemptions),
    referrer: finding.referrer,
    facts: compact({
      document: facts.document,
      tunnel: facts.tunnel,
      matched_by: facts.matchedBy,
      agent: facts.agent,
    }),
    versions: compact({ ...versions }),
    revision: finding.revision,
    via: finding.via,
    rule: { file: finding.entryFile, line: finding.entryLine },
  });
}

/** The same object type with every key that may be null made optional instead. */
type Compact<T> = { [K in keyof T as null extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as null extends T[K] ? K : never]?: NonNullable<T[K]>;
};

function compact<T extends object>(object: T): Compact<T> {
  const kept: Record<string, unknown> = {};
  // A loop: an export makes ten of these a finding, and with lists of entries they took half of its time.
  for (const key in object) {
    if (object[key] !== null) kept[key] = object[key];
  }
  return kept as Compact<T>;
}

function filled<T extends object>(object: T): T | null {
  return Object.keys(object).length === 0 ? null : object;
}

function some<T>(values: readonly T[]): readonly T[] | null {
  return values.length === 0 ? null : values;
}

function text(value: string): string | null {
  return value === '' ? null : value;
}

function isoTime(timeMs: number): string {
  return new Date(Math.max(-MAX_TIME_MS, Math.min(MAX_TIME_MS, timeMs))).toISOString();
}
