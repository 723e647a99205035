// What is held of a visit while its findings come in: sums and short lists, nothing that grows with their number.
// Invariant: whatever order findings of one instant come in, the same visit comes out (§7.1); so what is taken from
// "the first" finding is decided by content where several are first, never by which came first or by an id.
import type { Finding } from '../model/finding.ts';
import type { Confidence, Population } from '../model/subject.ts';
import type { CategoryClass } from '../model/verdict.ts';
import type { GradeFact, Visit } from '../model/visit.ts';
import { compareTexts } from '../search/matches.ts';
import { addToDigest, createDigest, type Digest, writeDigest } from './digest.ts';
import { fact, gradeOf } from './grade.ts';
import { countRecord, createRecordCount, type RecordCount } from './record-count.ts';
import { addToTally, createTally, type Tally } from './tally.ts';
import type { VisitRules } from './visit-rules.ts';

/** A finding that has a subject and a verdict: part of some visit. */
export type VisitFinding = Finding & { subjectKind: 'user' | 'client'; subjectId: string };

/** A local day: its name and the first instant of the next one. */
export interface Day {
  day: string;
  endMs: number;
}

export interface OpenVisit {
  readonly id: string;
  readonly of: Pick<Visit, 'tenant' | 'subjectKind' | 'subjectId' | 'category' | 'site' | 'startMs'>;
  readonly day: Day;
  /** As the first finding has them. */
  holder: { department: string; population: Population; roles: readonly string[] };
  /** True once one finding is about somebody whom no file knew: then the visit is (§3.3). */
  isUnknown: boolean;
  lastMs: number;
  confidence: Confidence;
  class: CategoryClass;
  findings: number;
  examine: number;
  bytes: number;
  readonly records: RecordCount;
  readonly digest: Digest;
  readonly statutes: string[];
  readonly exemptions: string[];
  /** Evidence of the findings to examine, and of the exempt ones; null where there is none. */
  examined: Tally | null;
  exempted: Tally | null;
}

/** Opens a visit with its first finding. */
export function openVisit(first: VisitFinding, day: Day, rules: VisitRules): OpenVisit {
  const { tenant, subjectKind, subjectId, category, startMs } = first;
  const site = siteOf(first);
  const visit: OpenVisit = {
    id: rules.hashId(JSON.stringify([tenant, subjectId, category, site, startMs])),
    of: { tenant, subjectKind, subjectId, category, site, startMs },
    day,
    holder: holderOf(first),
    isUnknown: false,
    lastMs: startMs,
    confidence: first.confidence,
    class: first.class,
    ...{ findings: 0, examine: 0, bytes: 0, records: createRecordCount(), digest: createDigest() },
    ...{ statutes: [], exemptions: [], examined: null, exempted: null },
  };
  addToVisit(visit, first, rules);
  return visit;
}

/** Adds a finding that begins with the latest one or later. */
export function addToVisit(visit: OpenVisit, finding: VisitFinding, rules: VisitRules): void {
  visit.findings++;
  visit.lastMs = finding.startMs;
  visit.bytes += finding.bytes ?? 0;
  countRecord(visit.records, finding);
  addToDigest(visit.digest, finding, rules.hashId);
  if (finding.startMs === visit.of.startMs && compareHolders(finding, visit.holder) < 0) {
    visit.holder = holderOf(finding);
  }
  if (finding.population === 'unknown') visit.isUnknown = true;
  if (SURENESS[finding.confidence] < SURENESS[visit.confidence]) visit.confidence = finding.confidence;
  // Should the taxonomy have moved the category meanwhile: guarded as the class that fewer people may see (§6.5).
  if (finding.class === 'forbidden') visit.class = 'forbidden';
  addMissing(visit.statutes, finding.statutes);
  addMissing(visit.exemptions, finding.exemptions);
  if (finding.verdict === 'exempt') {
    visit.exempted ??= createTally();
    addToTally(visit.exempted, finding);
  } else {
    visit.examine++;
    visit.examined ??= createTally();
    addToTally(visit.examined, finding);
  }
}

/** Makes the visit of what was gathered. */
export function closeVisit(open: OpenVisit, { thresholds }: VisitRules): Visit {
  const { findings, examine, holder, of } = open;
  const exempt = findings - examine;
  const { grade, facts } = gradeOf((open.examined ?? open.exempted)!, thresholds);
  return {
    ...{ id: open.id, tenant: of.tenant, subjectKind: of.subjectKind, subjectId: of.subjectId },
    ...{ confidence: open.confidence, population: open.isUnknown ? 'unknown' : holder.population },
    department: holder.department,
    ...{ roles: [...holder.roles], category: of.category, class: open.class },
    ...{ statutes: open.statutes.sort(compareTexts), site: of.site, day: open.day.day },
    ...{ startMs: of.startMs, lastMs: open.lastMs, findings, records: open.records.count, examine, exempt },
    verdict: examine === 0 ? 'exempt' : 'examine',
    exemptions: open.exemptions.sort(compareTexts),
    ...{ bytes: open.bytes, grade, facts: [...facts, ...mixedFact(examine, exempt)] },
    digest: writeDigest(open.digest),
  };
}

/** Gives what a finding's visit is at: the registrable domain, or the host where it has none. */
export function siteOf(finding: Finding): string {
  return finding.registeredDomain === '' ? finding.domain : finding.registeredDomain;
}

const SURENESS: Readonly<Record<Confidence, number>> = { none: 0, lease: 1, authenticated: 2 };

function mixedFact(examine: number, exempt: number): GradeFact[] {
  return examine > 0 && exempt > 0 ? [fact('partlyExempt', { exempt, records: examine + exempt })] : [];
}

/** Short lists: a policy has few statutes and exemptions for one category. */
function addMissing(list: string[], values: readonly string[]): void {
  for (const value of values) if (!list.includes(value)) list.push(value);
}

function holderOf({ department, population, roles }: Finding): OpenVisit['holder'] {
  return { department, population, roles };
}

function compareHolders(a: OpenVisit['holder'], b: OpenVisit['holder']): number {
  return (
    compareTexts(a.department, b.department) ||
    compareTexts(a.population, b.population) ||
    compareTexts(JSON.stringify(a.roles), JSON.stringify(b.roles))
  );
}
