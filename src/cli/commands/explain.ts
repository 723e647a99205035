// `granska explain`: the whole chain in words, for a visit that is described or for a finding that is stored.
// A described visit is judged as a scan would judge it now; a stored finding is told from what was stored, with
// whether today's lists, policy and directory are still the ones that judged it.
import type { Zone } from '../../calendar/zone.ts';
import { GranskaError } from '../../errors.ts';
import type { Finding, Versions } from '../../model/finding.ts';
import type { Match } from '../../model/match.ts';
import { blankRecord, type LogRecord } from '../../model/record.ts';
import type { Subject } from '../../model/subject.ts';
import { blankTarget, type Target } from '../../model/target.ts';
import type { Judged } from '../../pipeline/judge.ts';
import { explainDecision } from '../../policy/explain.ts';
import type { Policy } from '../../policy/policy.ts';
import type { Audit } from '../../ports/audit.ts';
import type { ReadStore } from '../../ports/store.ts';
import { defang } from '../../url/defang.ts';
import { defangedAddress } from '../finding-address.ts';
import { type Io, write } from '../io.ts';
import { localMinute } from '../local-time.ts';

export interface ExplainVisit {
  url: string;
  user: string;
  client: string;
  atMs: number;
  method: string;
}

export interface ExplainDeps {
  policy: Policy;
  zone: Zone;
  judge(record: LogRecord): Judged;
  versions: Versions;
}

/** Explains what a visit would be judged as. */
export async function runExplainVisit(visit: ExplainVisit, deps: ExplainDeps, io: Io): Promise<void> {
  const record = recordOf(visit);
  const judged = deps.judge(record);
  const lines = [
    `${localMinute(deps.zone, visit.atMs)} ${record.method}`,
    ...targetLines(judged),
    ...matchLines(judged),
    ...subjectLines(judged.subject),
    ...decisionLines(judged, deps, record),
  ];
  await write(io.stdout, `${lines.join('\n')}\n`);
}

function recordOf(visit: ExplainVisit): LogRecord {
  const record = blankRecord();
  const isAuthority = !/^[a-z][a-z0-9+.-]*:\/\//i.test(visit.url);
  const method = visit.method !== '' ? visit.method : isAuthority ? 'CONNECT' : 'GET';
  return Object.assign(record, {
    stampMs: visit.atMs,
    startMs: visit.atMs,
    endMs: visit.atMs,
    client: visit.client,
    user: visit.user,
    method,
    url: isAuthority && !/:\d+$/.test(visit.url) ? `${visit.url}:443` : visit.url,
    status: 200,
    outcome: 'success' as const,
    isTunnel: method === 'CONNECT',
  });
}

function targetLines(judged: Judged): string[] {
  const { target } = judged;
  if (judged.kind === 'protected') return ['target     a protected site'];
  if (target.host === '') return ['target     none that a list could name'];
  const lines = [`target     ${show(target)}`];
  for (const inner of judged.wrapped)
    lines.push(`           which wraps ${show(inner.target)} (${inner.via})`);
  return lines;
}

function matchLines(judged: Judged): string[] {
  if (judged.kind === 'protected') return ['matches    a protected list; which entry is not told'];
  if (judged.matches.length === 0) return ['matches    none'];
  return judged.matches.map(
    (match, index) => `${index === 0 ? 'matches    ' : '           '}${describeMatch(match)}`,
  );
}

function describeMatch(match: Match): string {
  const where = `${match.list}/${match.file} line ${match.line}`;
  const via = match.via === null ? '' : `, through ${match.via}`;
  return `${defang(match.entry)} in ${where} (by ${match.matchedBy}${via}; list ${match.version.slice(0, 12)})`;
}

function subjectLines(subject: Subject): string[] {
  const roles = subject.roles.length === 0 ? 'no role' : subject.roles.join(', ');
  const known =
    subject.kind === 'user'
      ? 'a user whom the proxy authenticated'
      : subject.kind === 'client'
        ? 'only an address'
        : 'nobody that can be told';
  return [
    `subject    ${known}: ${subject.population}, department ${subject.department || 'none'}, ${roles} then`,
  ];
}

function decisionLines(judged: Judged, deps: ExplainDeps, record: LogRecord): string[] {
  switch (judged.kind) {
    case 'tooOld':
      return ['verdict    none: older than the retention, or its epoch is closed; only counted (§1.4, §3.5)'];
    case 'authChallenge':
      return ['verdict    none: a proxy-authentication challenge; only counted (§2.3)'];
    case 'protected':
      return ['verdict    none: protected sites win over every category; only counted per day (§6.2)'];
    case 'clear':
      return ['verdict    none: no list that the policy maps covers it; only counted (§6.1)'];
    case 'unreviewed':
    case 'flagged':
      return policyLines(judged, deps, record);
    default:
      return judged.kind satisfies never;
  }
}

function policyLines(judged: Judged, deps: ExplainDeps, record: LogRecord): string[] {
  const explanation = explainDecision(deps.policy, {
    startMs: record.startMs,
    access: record.access,
    subject: judged.subject,
    categories: [...judged.categories].map(([category, matches]) => ({
      category,
      targets: matches.map(match => match.target),
    })),
  });
  return explanation.lines.map((line, index) => `${index === 0 ? 'policy     ' : '           '}${line}`);
}

/** What a stored finding is told from. */
export interface ExplainFindingDeps {
  store: ReadStore;
  openAudit(): Promise<Audit>;
  zone: Zone;
  policy: Policy;
  versions: Versions;
  userId(tenant: string, name: string, startMs: number): string | null;
}

/** Explains a stored finding from what was stored. The view is noted before it is shown (§8.5). */
export async function runExplainFinding(id: string, deps: ExplainFindingDeps, io: Io): Promise<void> {
  const finding = await deps.store.finding(id);
  if (finding === null) {
    throw new GranskaError('NOT_FOUND', 'no finding has that id', {
      hint: 'ids are event.id in "granska search --format ndjson", and the first column of its CSV',
    });
  }
  const audit = await deps.openAudit();
  await audit.append({ action: 'explain', shown: 1, details: { finding: finding.id } });
  const lines = [
    `finding    ${finding.id} (record ${finding.recordId})`,
    `time       ${localMinute(deps.zone, finding.startMs)} (${deps.zone.name})`,
    `organization ${finding.tenant}`,
    `target     ${defangedAddress(finding)}${finding.via === null ? '' : ` (unwrapped: ${finding.via})`}`,
    `match      ${defang(finding.entry)} in ${finding.list}/${finding.entryFile} line ${finding.entryLine} (by ${finding.facts.matchedBy}; list ${finding.listVersion.slice(0, 12)})`,
    `request    ${finding.method} ${finding.access}, status ${finding.status === 0 ? 'none' : finding.status}, outcome ${finding.outcome}, referrer ${finding.referrer}`,
    ...(finding.observerName === null ? [] : [`proxy      ${finding.observerName}`]),
    `subject    ${finding.subjectId ?? 'nobody that can be told'}: known by ${finding.subjectKind} (${finding.confidence}), ${finding.population}, department ${finding.department || 'none'}, ${finding.roles.length === 0 ? 'no role' : finding.roles.join(', ')} then`,
    `category   ${finding.category} (${finding.class})${finding.statutes.length === 0 ? '' : `, ${finding.statutes.join(', ')}`}`,
    verdictLine(finding),
    ...exemptionLines(finding, deps.policy),
    ...consideredLines(finding, deps),
    ...versionLines(finding.versions, deps.versions),
  ];
  await write(io.stdout, `${lines.join('\n')}\n`);
}

/**
 * Tells of each exemption that names the category why it did not apply. Only where the policy is still the one that
 * judged, and only if what is stored leads to the same exemptions: else nothing is told rather than something wrong.
 */
function consideredLines(finding: Finding, deps: ExplainFindingDeps): string[] {
  if (finding.verdict === null) return [];
  if (finding.versions.policy !== deps.versions.policy)
    return ['           which exemptions it considered is not told: the policy is another one today'];
  const { categories } = explainDecision(deps.policy, {
    startMs: finding.startMs,
    access: finding.access,
    subject: subjectOf(finding, deps),
    categories: [{ category: finding.category, targets: [targetOf(finding)] }],
  });
  const answers = categories[0]?.exemptions ?? [];
  const applied = answers.filter(item => item.applied).map(item => item.id);
  if (applied.join() !== finding.exemptions.join())
    return ['           why other exemptions did not apply cannot be told from what is stored'];
  return answers.filter(item => !item.applied).map(item => `           ${item.text}`);
}

/** Makes the subject that was judged, as far as it is stored; a user whom an exemption names is known by the pseudonym. */
function subjectOf(finding: Finding, { policy, userId }: ExplainFindingDeps): Subject {
  const named = policy.content.rules.exemptions.flatMap(rule => rule.users);
  const name =
    finding.subjectKind === 'user'
      ? named.find(user => userId(finding.tenant, user, finding.startMs) === finding.subjectId)
      : undefined;
  return {
    tenant: finding.tenant,
    kind: finding.subjectKind,
    confidence: finding.confidence,
    name: name ?? '',
    client: '',
    population: finding.population,
    department: finding.department,
    countedIn: finding.department,
    roles: finding.roles,
  };
}

function targetOf(finding: Finding): Target {
  return Object.assign(blankTarget(), {
    scheme: finding.scheme,
    host: finding.domain,
    port: finding.port,
    path: finding.urlPath,
  });
}

function verdictLine(finding: Finding): string {
  if (finding.verdict === null) return 'verdict    none: the proxy stopped it; an attempt (§2.4)';
  if (finding.verdict === 'exempt') return `verdict    exempt under ${finding.exemptions[0]}`;
  return 'verdict    examine: no exemption fitted at that time';
}

function exemptionLines(finding: Finding, policy: Policy): string[] {
  const describe = (id: string) => {
    const exemption = policy.exemptions.get(id);
    if (exemption === undefined) return id;
    return `${id} (case ${exemption.caseNumber}, valid from ${exemption.validFrom} through ${exemption.validThrough}: ${exemption.reason})`;
  };
  const lines: string[] = [];
  for (const id of finding.exemptions) lines.push(`           fits: ${describe(id)}`);
  for (const id of finding.otherExemptions) {
    lines.push(`           covers another category of the same record only: ${describe(id)}`);
  }
  return lines;
}

function versionLines(stored: Versions, today: Versions): string[] {
  return (['lists', 'policy', 'directory'] as const).map((kind, index) => {
    const label = index === 0 ? 'judged by  ' : '           ';
    const hash = stored[kind];
    if (hash === null) return `${label}${kind}: none`;
    const still = today[kind] === hash ? ', today the same' : ', today another one';
    return `${label}${kind} ${hash.slice(0, 12)}${still}`;
  });
}

function show({ scheme, host, port, path }: Target): string {
  return defangedAddress({ scheme, domain: host, port, urlPath: path });
}
