// The naive twin of `visitsOf`: all findings in memory, one pass per question, nothing shared with what it measures but
// the zone and the hash.
import type { Finding } from '../../src/model/finding.ts';
import type { Grade, GradeFact, Visit } from '../../src/model/visit.ts';
import type { VisitRules } from '../../src/visit/visit-rules.ts';

export function naiveVisits(findings: readonly Finding[], rules: VisitRules): Visit[] {
  const counted = findings.filter(
    f =>
      (f.verdict === 'examine' || f.verdict === 'exempt') && f.subjectKind !== 'none' && f.subjectId !== null,
  );
  const groups = new Map<string, Finding[]>();
  for (const f of counted) {
    const key = [
      f.tenant,
      f.subjectKind,
      f.subjectId,
      f.category,
      siteOf(f),
      rules.zone.dayOf(f.startMs),
    ].join('\n');
    groups.set(key, [...(groups.get(key) ?? []), f]);
  }
  const visits = [...groups.values()].flatMap(group =>
    cutAtGaps(group, rules).map(part => naiveVisit(part, rules)),
  );
  return visits.sort((a, b) => a.startMs - b.startMs || (a.id < b.id ? -1 : 1));
}

function cutAtGaps(group: readonly Finding[], rules: VisitRules): Finding[][] {
  const sorted = [...group].sort((a, b) => a.startMs - b.startMs);
  const parts: Finding[][] = [];
  sorted.forEach((f, n) => {
    const isNew = n === 0 || f.startMs - sorted[n - 1]!.startMs > rules.thresholds.visitGapMinutes * 60_000;
    if (isNew) parts.push([f]);
    else parts.at(-1)!.push(f);
  });
  return parts;
}

function naiveVisit(part: readonly Finding[], rules: VisitRules): Visit {
  const starts = part.map(f => f.startMs);
  const startMs = Math.min(...starts);
  const one = part[0]!;
  const holders = part
    .filter(f => f.startMs === startMs)
    .map(f => [f.department, f.population, JSON.stringify(f.roles)])
    .sort((a, b) => (a.join('\n') < b.join('\n') ? -1 : 1));
  const examine = part.filter(f => f.verdict === 'examine');
  const { grade, facts } = naiveGrade(examine.length > 0 ? examine : part, rules.thresholds);
  const isMixed = examine.length > 0 && examine.length < part.length;
  const exempt = part.length - examine.length;
  const hashes = part.map(f => BigInt(`0x${rules.hashId(JSON.stringify([f.id, f.revision]))}`));
  return {
    id: rules.hashId(JSON.stringify([one.tenant, one.subjectId, one.category, siteOf(one), startMs])),
    tenant: one.tenant,
    subjectKind: one.subjectKind as 'user' | 'client',
    subjectId: one.subjectId!,
    confidence: (['none', 'lease', 'authenticated'] as const).find(c => part.some(f => f.confidence === c))!,
    department: holders[0]![0]!,
    population: part.some(f => f.population === 'unknown')
      ? 'unknown'
      : (holders[0]![1] as Visit['population']),
    roles: JSON.parse(holders[0]![2]!),
    category: one.category,
    class: part.some(f => f.class === 'forbidden') ? 'forbidden' : 'questionable',
    statutes: [...new Set(part.flatMap(f => f.statutes))].sort(),
    site: siteOf(one),
    day: rules.zone.dayOf(startMs),
    startMs,
    lastMs: Math.max(...starts),
    findings: part.length,
    records: new Set(part.map(f => f.recordId)).size,
    examine: examine.length,
    exempt,
    verdict: examine.length === 0 ? 'exempt' : 'examine',
    exemptions: [...new Set(part.flatMap(f => f.exemptions))].sort(),
    bytes: sum(part.map(f => f.bytes ?? 0)),
    grade,
    facts: isMixed ? [...facts, { code: 'partlyExempt', values: { exempt, records: part.length } }] : facts,
    digest: (hashes.reduce((a, b) => a + b, 0n) % 2n ** 128n).toString(16).padStart(32, '0'),
  };
}

function naiveGrade(
  part: readonly Finding[],
  t: VisitRules['thresholds'],
): { grade: Grade; facts: GradeFact[] } {
  const background = part.filter(f => f.facts.agent === 'background');
  const embedded = part.filter(f => !background.includes(f) && isEmbedded(f));
  const foreign = part.filter(
    f => !background.includes(f) && !embedded.includes(f) && /^(foreign|protected)$/.test(f.referrer),
  );
  const own = part.filter(f => ![...background, ...embedded, ...foreign].includes(f));
  const others: GradeFact[] = [
    { code: 'foreign', values: { records: foreign.length } },
    { code: 'embedded', values: { records: embedded.length } },
    { code: 'background', values: { records: background.length } },
  ].filter(({ values }) => values.records > 0);
  if (own.length === 0) return { grade: 'D', facts: others };

  const shown = own.filter(
    f =>
      f.facts.document === true &&
      f.outcome === 'success' &&
      f.status !== 204 &&
      (f.bytes !== 0 || f.status === 304),
  );
  const chosen = shown.filter(f => f.referrer === 'none' || f.referrer === 'same');
  const tunnels = own.filter(f => f.facts.tunnel);
  const requests = own.filter(f => !f.facts.tunnel);
  const isSustained = (some: readonly Finding[]) =>
    some.length >= t.records &&
    spread(some) >= t.minutes * 60_000 &&
    sum(some.map(f => f.bytes ?? 0)) >= t.bytes;
  const measures = (some: readonly Finding[]) => ({
    records: some.length,
    seconds: Math.floor(spread(some) / 1000),
    bytes: sum(some.map(f => f.bytes ?? 0)),
  });
  const isSilent = part.every(f => f.referrer === 'notLogged');
  let grade: Grade = 'C';
  let made: GradeFact = {
    code: 'cannotTell',
    values: measures(tunnels.length > requests.length ? tunnels : requests),
  };
  if (chosen.length > 0) {
    grade = 'A';
    made = { code: 'documents', values: { documents: chosen.length } };
  } else if (isSustained(requests) || isSustained(tunnels)) {
    grade = 'B';
    made = { code: 'sustained', values: measures(isSustained(requests) ? requests : tunnels) };
  } else if (isSilent && shown.length > 1 && spread(shown) >= t.documentGapSeconds * 1000) {
    grade = 'B';
    const seconds = Math.floor(spread(shown) / 1000);
    made = { code: 'documentsApart', values: { documents: shown.length, seconds } };
  }
  const facts = [made];
  const isCapped = (code: string, holds: boolean) => {
    if (holds) facts.push({ code, values: { records: own.length } });
    return holds;
  };
  isCapped('onlyTunnels', requests.length === 0);
  const isByExpression = isCapped(
    'onlyExpressions',
    own.every(f => f.facts.matchedBy === 'expression'),
  );
  const isFailed = isCapped(
    'onlyFailures',
    own.every(f => f.outcome === 'failure'),
  );
  if (isByExpression || isFailed) grade = 'C';
  if (isSilent) facts.push({ code: 'noReferrers', values: { records: part.length } });
  return { grade, facts: [...facts, ...others] };
}

function isEmbedded(f: Finding): boolean {
  return f.status === 204 || (f.facts.document === false && /^(image\/|font\/|text\/css)/.test(f.mime ?? ''));
}

function siteOf(f: Finding): string {
  return f.registeredDomain === '' ? f.domain : f.registeredDomain;
}

function spread(some: readonly Finding[]): number {
  const starts = some.map(f => f.startMs);
  return Math.max(...starts) - Math.min(...starts);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => a + b, 0);
}
