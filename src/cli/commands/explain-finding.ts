// `granska explain --finding`: a stored finding from what was stored, whether the versions that judged it still give the
// same, and what those of today would say.
import type { Zone } from '../../calendar/zone.ts';
import { GranskaError } from '../../errors.ts';
import type { Finding, Versions } from '../../model/finding.ts';
import type { Subject } from '../../model/subject.ts';
import { blankTarget, type Target } from '../../model/target.ts';
import { findStanding } from '../../pipeline/find-standing.ts';
import { explainDecision } from '../../policy/explain.ts';
import type { Policy } from '../../policy/policy.ts';
import type { Audit } from '../../ports/audit.ts';
import type { ReadStore } from '../../ports/store.ts';
import { isShown } from '../../search/is-shown.ts';
import { defang } from '../../url/defang.ts';
import type { OpenedJudging } from '../app.ts';
import { explainAgain, type Holds } from '../explain-again.ts';
import { defangedAddress } from '../finding-address.ts';
import { type Io, write } from '../io.ts';
import { localMinute } from '../local-time.ts';

/** What a stored finding is told from. */
export interface ExplainFindingDeps {
  store: ReadStore;
  openAudit(): Promise<Audit>;
  zone: Zone;
  policy: Policy;
  versions: Versions;
  userId(tenant: string, name: string, startMs: number): string | null;
  openJudging(store: ReadStore): Promise<OpenedJudging>;
}

/**
 * Explains a stored finding from what was stored, and says whether it holds: whether the versions that judged it say the
 * same when they are asked again (§5.7). The view is noted before it is shown (§8.5).
 */
export async function runExplainFinding(id: string, deps: ExplainFindingDeps, io: Io): Promise<Holds> {
  const finding = await findStanding(deps.store, id);
  if (finding === null) {
    throw new GranskaError('NOT_FOUND', 'no finding has that id', {
      hint: 'ids are event.id in "granska search --format ndjson", and the first column of its CSV',
    });
  }
  const audit = await deps.openAudit();
  await audit.append({ action: 'explain', shown: 1, details: { finding: finding.id } });
  const again = await explainAgain(finding, deps);
  if (again.isProtected || !isShown(finding)) {
    await write(io.stdout, `finding    ${finding.id}\n${PROTECTED}\n`);
    return again.holds;
  }
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
    ...again.lines,
  ];
  await write(io.stdout, `${lines.join('\n')}\n`);
  return again.holds;
}

const PROTECTED = 'target     a protected site, which leaves no trace: nothing more of it is shown (§6.2)';

/**
 * Tells of each exemption that names the category why it did not apply. Only where the policy is still the one that
 * judged, and only if what is stored leads to the same exemptions: else nothing is told rather than something wrong.
 */
function consideredLines(finding: Finding, deps: ExplainFindingDeps): string[] {
  if (finding.verdict === null || finding.verdict === 'withdrawn') return [];
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
  if (finding.verdict === 'withdrawn') return 'verdict    withdrawn: a later judgement took it back (§5.8)';
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
