// `granska explain`: the whole chain in words, for a visit that is described. It is judged as a scan would judge it now; a
// finding that is stored is told by explain-finding.ts.
import type { Zone } from '../../calendar/zone.ts';
import type { Versions } from '../../model/finding.ts';
import type { Match } from '../../model/match.ts';
import { blankRecord, type LogRecord } from '../../model/record.ts';
import type { Subject } from '../../model/subject.ts';
import type { Target } from '../../model/target.ts';
import type { Judged } from '../../pipeline/judge.ts';
import { explainDecision } from '../../policy/explain.ts';
import type { Policy } from '../../policy/policy.ts';
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
  return [
    `subject    ${knownAs(subject)}: ${subject.population}, department ${subject.department || 'none'}, ${roles} then`,
  ];
}

function knownAs({ kind, confidence }: Subject): string {
  switch (kind) {
    case 'user':
      return confidence === 'lease' ? 'a user by a lease or log-on' : 'a user whom the proxy authenticated';
    case 'client':
      return 'only an address';
    case 'none':
      return 'nobody that can be told';
    default:
      return kind satisfies never;
  }
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

function show({ scheme, host, port, path }: Target): string {
  return defangedAddress({ scheme, domain: host, port, urlPath: path });
}
