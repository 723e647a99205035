// One judged record × one category → the finding that is stored (§5.1). What must not be stored is left out
// here and nowhere else: user, query, referrer and fragment never enter a finding.
import type { Finding, ReferrerRelation, Versions } from '../model/finding.ts';
import type { Match } from '../model/match.ts';
import type { LogRecord } from '../model/record.ts';
import type { Subject } from '../model/subject.ts';
import type { Judgement } from '../model/verdict.ts';
import { factsOf } from './facts.ts';
import { type MinimiseOptions, minimise } from './minimise.ts';
import { observerName } from './observer-name.ts';
import { secretsOf } from './secrets.ts';

export interface FindingInput {
  id: string;
  recordId: string;
  stream: string;
  offset: number;
  path: string | null;
  /** Which proxy it was, as the source of the lines names it; null where it names none. */
  observer: string | null;
  ingestedMs: number;
  record: LogRecord;
  subject: Subject;
  /** Pseudonyms of subject and client; null where there is none. */
  subjectId: string | null;
  clientId: string | null;
  match: Match;
  judgement: Judgement;
  referrer: ReferrerRelation;
  versions: Versions;
  siteOf(host: string): string;
  holdsProtected(text: string): boolean;
}

/** Builds the finding of one record in one category. */
export function buildFinding(input: FindingInput): Finding {
  const { record, subject, match, judgement } = input;
  const rules = {
    holdsProtected: input.holdsProtected,
    secrets: secretsOf([record.user, subject.name], [record.client, subject.client]),
  };
  const { target } = match;
  const domain = domainOf(match, rules);
  return {
    id: input.id,
    recordId: input.recordId,
    tenant: subject.tenant,
    stream: input.stream,
    offset: input.offset,
    path: minimise(input.path, rules),
    stampMs: record.stampMs,
    startMs: record.startMs,
    endMs: record.endMs,
    durationMs: record.durationMs,
    ingestedMs: input.ingestedMs,
    access: record.access,
    outcome: record.outcome,
    subjectKind: subject.kind,
    subjectId: input.subjectId,
    clientId: input.clientId,
    confidence: subject.confidence,
    population: subject.population,
    department: subject.department,
    roles: subject.roles,
    scheme: target.scheme,
    domain,
    registeredDomain: input.siteOf(domain),
    port: target.port,
    urlPath: minimise(target.path, rules) ?? '',
    method: minimise(record.method, rules) ?? '',
    status: record.status,
    bytes: record.bytes,
    mime: minimise(record.mime, rules),
    userAgent: minimise(record.userAgent, rules),
    vendor: record.vendor,
    product: record.product,
    observerName: observerName(input.observer, rules),
    list: match.list,
    listVersion: match.version,
    entry: match.entry,
    entryFile: match.file,
    entryLine: match.line,
    via: match.via,
    category: judgement.category,
    class: judgement.class,
    statutes: judgement.statutes,
    verdict: judgement.verdict,
    exemptions: judgement.exemptions,
    otherExemptions: judgement.otherExemptions,
    referrer: input.referrer,
    facts: factsOf(record, match.matchedBy),
    versions: input.versions,
    revision: 0,
  };
}

/** Gives the host that was asked for; where it names what must not be stored, only as much of it as the list does. */
function domainOf({ target, entry }: Match, rules: MinimiseOptions): string {
  return minimise(target.host, rules) ?? entry.replace(/\/.*$/s, '');
}
