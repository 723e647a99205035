// make-proof: store and surroundings → a proof. In: a store that is read once from end to end, and what was found beside
// it; out: numbers, days and names of categories, nothing about anybody. Invariant: it needs the memory of the versions
// that there are, not of the findings; a check that fails says how often, never where or what.
// Example: `(await makeProof(input)).checks.find(check => check.failed > 0)` → undefined where all is as it should be.
import type { Zone } from '../calendar/zone.ts';
import type { StandingFinding, Versions } from '../model/finding.ts';
import { PROOF_CHECKS, type Proof, type ProofCheck, type ProofCheckName } from '../model/proof.ts';
import type { Query } from '../model/query.ts';
import type { Policy } from '../policy/policy.ts';
import type { AuditReport } from '../ports/audit.ts';
import type { ReadStore } from '../ports/store.ts';
import { categoryFacts } from './category-facts.ts';
import { type CheckAnswer, FINDING_CHECKS, type FindingContext } from './check-finding.ts';
import { createKnownVersions, type KnownVersions } from './known-versions.ts';
import { policyFacts } from './policy-facts.ts';
import type { Surroundings } from './surroundings.ts';

export interface ProofInput {
  organization: string;
  zone: Zone;
  policy: Policy;
  /** The versions of today. */
  versions: Versions;
  sealedDays: number;
  store: ReadStore;
  /** What a verification of the audit chain found. */
  audit: AuditReport;
  surroundings: Surroundings;
  nowMs: number;
}

const EVERYTHING: Query = {
  terms: [],
  fromMs: null,
  toMs: null,
  sort: 'start',
  descending: false,
  limit: null,
};
const DAY_MS = 86_400_000;
const FIRST_YEAR = 2000;

/** Reads the store and makes the proof. */
export async function makeProof(input: ProofInput): Promise<Proof> {
  const { policy, zone, store, surroundings, nowMs } = input;
  const tally = createTally();
  const findings = await readFindings(input, tally);
  const usage = await readUsage(input, tally);
  tally.add('audit-intact', {
    examined: input.audit.lines,
    failed: input.audit.isIntact ? 0 : 1,
    unclear: 0,
  });
  const totals = await store.totals();
  const dayOf = (atMs: number | null) => (atMs === null ? null : zone.dayOf(atMs));
  return {
    schema: 'granska.proof/1',
    made: new Date(nowMs).toISOString(),
    day: zone.dayOf(nowMs),
    timezone: zone.name,
    organization: input.organization,
    policy: { hash: policy.hash, ...policyFacts(policy, nowMs) },
    stored: {
      tenants: totals.tenants,
      findings: totals.findings,
      examine: totals.examine,
      exempt: totals.exempt,
      attempts: totals.attempts,
      withdrawn: totals.withdrawn,
      forbidden: findings.forbidden,
      firstDay: dayOf(totals.firstMs),
      lastDay: dayOf(totals.lastMs),
      usageRows: usage.rows,
      requests: usage.requests,
      versions: findings.versions,
      auditLines: input.audit.lines,
    },
    checks: tally.checks(),
    retention: {
      findings: policy.retention?.findings ?? null,
      counts: policy.retention?.counts ?? null,
      audit: policy.retention?.audit ?? null,
      sealedDays: input.sealedDays,
      overdueFindings: findings.overdue,
    },
    access: { store: surroundings.store, places: surroundings.places, listen: surroundings.listen },
    dropped: await droppedPart(store),
    reidentify: reidentifyPart(input, findings.byEpoch),
    categories: [...policy.categories.values()].map(category => categoryFacts(category, policy)),
  };
}

interface FindingCounts {
  forbidden: number;
  overdue: number;
  byEpoch: ReadonlyMap<number, number>;
  versions: Proof['stored']['versions'];
}

async function readFindings(input: ProofInput, tally: Tally): Promise<FindingCounts> {
  const { store, policy, zone, nowMs, surroundings } = input;
  const known = createKnownVersions(store);
  const oldestMs = policy.oldestMs(nowMs);
  const byEpoch = new Map<number, number>();
  const lists = new Set<string>();
  let [forbidden, overdue] = [0, 0];
  // What no reading shows is held to the rules like all that lies there.
  for await (const finding of store.standing(EVERYTHING)) {
    const epoch = zone.yearOf(finding.startMs);
    byEpoch.set(epoch, (byEpoch.get(epoch) ?? 0) + 1);
    if (finding.class === 'forbidden') forbidden++;
    if (oldestMs !== null && finding.startMs < oldestMs) overdue++;
    if (finding.versions.lists !== null) lists.add(finding.versions.lists);
    checkFinding(finding, {
      context: await contextOf(finding, input, { known, epoch }),
      tally,
      surroundings,
    });
  }
  tally.add('kept-without-names', { ...known.bodies(), unclear: 0 });
  return { forbidden, overdue, byEpoch, versions: { ...known.counts(), lists: lists.size } };
}

async function contextOf(
  finding: StandingFinding,
  { versions, surroundings }: ProofInput,
  { known, epoch }: { known: KnownVersions; epoch: number },
): Promise<FindingContext> {
  const judged = finding.versions;
  return {
    policy: await known.policy(judged.policy, epoch),
    isDirectoryKept: await known.hasDirectory(judged.directory, epoch),
    isCurrent: judged.policy === versions.policy && judged.lists === versions.lists,
    namesSomebody: surroundings.namesSomebody,
    isProtected: surroundings.isProtected,
  };
}

function checkFinding(
  finding: StandingFinding,
  { context, tally, surroundings }: { context: FindingContext; tally: Tally; surroundings: Surroundings },
): void {
  for (const [name, check] of Object.entries(FINDING_CHECKS)) {
    let answer = check(finding, context);
    // An image of lists lies in the data folder of the worker that judged by it, which may be another one.
    const { lists } = finding.versions;
    if (name === 'versions-known' && answer === 'holds' && lists !== null && !surroundings.hasLists(lists)) {
      answer = 'unclear';
    }
    tally.take(name as ProofCheckName, answer);
  }
}

/** Reads the counts a year at a time: all of them may be many. */
async function readUsage(
  { store, zone, nowMs, surroundings }: ProofInput,
  tally: Tally,
): Promise<{ rows: number; requests: number }> {
  const sums = { rows: 0, requests: 0 };
  const lastYear = zone.yearOf(nowMs) + 1;
  for (let year = FIRST_YEAR; year <= lastYear; year++) {
    const fromMs = year === FIRST_YEAR ? Number.NEGATIVE_INFINITY : Date.UTC(year, 0);
    const toMs = year === lastYear ? Number.POSITIVE_INFINITY : Date.UTC(year + 1, 0);
    for (const row of await store.usage(fromMs, toMs)) {
      sums.rows++;
      sums.requests += row.records;
      if (row.department === '') continue;
      const size = surroundings.sizeOf(row.tenant, row.department, row.hourMs);
      tally.take('small-departments', SIZE_ANSWERS[size]);
    }
  }
  return sums;
}

const SIZE_ANSWERS: Readonly<Record<ReturnType<Surroundings['sizeOf']>, CheckAnswer>> = {
  enough: 'holds',
  small: 'fails',
  unknown: 'unclear',
};

async function droppedPart(store: ReadStore): Promise<Proof['dropped']> {
  const days = { protected: 0, unreviewed: 0, unannounced: 0, tooOld: 0, authChallenges: 0 };
  for (const row of await store.days('0001-01-01', '9999-12-31')) days[row.kind] += row.count;
  const rejects = await store.rejects();
  const letters = await store.deadLetters();
  return {
    days,
    rejectedLines: sum(rejects.map(batch => batch.count)),
    rejectedWithoutText: sum(rejects.filter(batch => batch.file === null).map(batch => batch.count)),
    refusedDocuments: sum(letters.map(batch => batch.count)),
  };
}

function reidentifyPart(
  { surroundings, nowMs, zone }: ProofInput,
  byEpoch: ReadonlyMap<number, number>,
): Proof['reidentify'] {
  const keys = new Map(surroundings.epochs.map(({ epoch, key }) => [epoch, key]));
  const epochs = [...new Set([...keys.keys(), ...byEpoch.keys()])].sort((a, b) => a - b);
  const { directory } = surroundings;
  const changedMs = directory?.changedMs ?? null;
  return {
    epochs: epochs.map(epoch => ({
      epoch,
      key: keys.get(epoch) ?? 'missing',
      findings: byEpoch.get(epoch) ?? 0,
    })),
    privateKey: surroundings.privateKey,
    directory: directory && {
      users: directory.users,
      changed: changedMs === null ? null : zone.dayOf(changedMs),
      ageDays: changedMs === null ? null : Math.max(0, Math.floor((nowMs - changedMs) / DAY_MS)),
    },
  };
}

interface Tally {
  take(check: ProofCheckName, answer: CheckAnswer): void;
  add(check: ProofCheckName, counts: Omit<ProofCheck, 'check'>): void;
  checks(): ProofCheck[];
}

function createTally(): Tally {
  const counts = new Map(PROOF_CHECKS.map(check => [check, { check, examined: 0, failed: 0, unclear: 0 }]));
  return {
    take(check, answer) {
      const count = counts.get(check)!;
      count.examined++;
      if (answer === 'fails') count.failed++;
      if (answer === 'unclear') count.unclear++;
    },
    add(check, { examined, failed, unclear }) {
      const count = counts.get(check)!;
      count.examined += examined;
      count.failed += failed;
      count.unclear += unclear;
    },
    checks: () => [...counts.values()],
  };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
