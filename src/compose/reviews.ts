// reviews: what a plan's review is made of in an installation. In: the parts, a desk, and a plan with its period; out: the
// review, begun or as it was. Invariant: it may be called again for the same plan and period, by whomever, and does the same
// once; nothing is shown by it, so that a schedule may call it with nobody there.
// Example: `await beginReview({ plan, period, diary: null, incomplete: 'refuse' }, { parts, chain, desk, account })`.
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { createFileAudit } from '../adapters/audit/file-audit.ts';
import { readChain } from '../adapters/audit/read-chain.ts';
import { hashText } from '../adapters/chain/chain-file.ts';
import { type AuditLine, followLine } from '../audit/chain.ts';
import { type ChainEnd, NO_LINE } from '../audit/link.ts';
import type { ReviewRequest } from '../cli/app.ts';
import { GranskaError } from '../errors.ts';
import type { ReportCoverage } from '../model/figures.ts';
import type { Query } from '../model/query.ts';
import type { Review, ReviewPeriod } from '../model/review.ts';
import type { ReviewPlan } from '../model/review-plan.ts';
import { beginReview as begin, type Candidate } from '../pipeline/begin-review.ts';
import { readCoverage } from '../pipeline/report-coverage.ts';
import { visitsToReview } from '../pipeline/review-population.ts';
import type { Policy } from '../policy/policy.ts';
import { requireLive } from '../policy/require-live.ts';
import type { DeskStore } from '../ports/desk-store.ts';
import type { ReadStore } from '../ports/store.ts';
import { createLattice } from '../report/lattice.ts';
import { viewCandidate, visitCandidate } from '../review/candidates.ts';
import { departmentsUnder } from '../review/departments-under.ts';
import { PROTECTED } from '../search/is-shown.ts';
import type { VisitRules } from '../visit/visit-rules.ts';
import type { Chain, Parts } from './installation.ts';
import { composeReportGround } from './report-ground.ts';

export interface ReviewParts {
  parts: Parts;
  chain: Chain;
  desk: DeskStore;
  /** Account that is at work. */
  account: string;
}

/** Begins a review, or gives the one that was begun. Throws CONFIG unless the policy is in force, CHECK_FAILED, OVERTAKEN. */
export async function beginReview(request: ReviewRequest, made: ReviewParts): Promise<Review> {
  const { plan, signal } = request;
  const { parts, chain, desk, account } = made;
  const { config, policy, clock } = parts;
  const { zone } = config;
  requireLive(policy, clock.nowMs());
  const { firstDay, lastDay } = request.period;
  const period: ReviewPeriod = {
    ...request.period,
    fromMs: zone.startOfDayMs(firstDay),
    toMs: zone.startOfDayMs(zone.nextDay(lastDay)),
  };
  const population = populationOf(plan, period, made);
  return begin(
    { plan, period, diary: request.diary, incomplete: request.incomplete },
    {
      ...{ ledger: desk, account, nowMs: () => clock.nowMs(), hash: hashText },
      ...{ versions: chain.versions, organization: config.organization, zone: zone.name },
      makeSeed: () => randomBytes(16).toString('hex'),
      catchUp: () => desk.catchUp(),
      coverage: async () => population.covered(await coverageOf(plan, period, made)),
      candidates: population.candidates,
      chainEnd: population.end,
      ...(signal === undefined ? {} : { signal }),
    },
  );
}

interface PopulationSource {
  candidates(): AsyncIterable<Candidate>;
  /** Says of a period's coverage whether it is complete for this kind of population. */
  covered(coverage: ReportCoverage): ReportCoverage;
  end(): { lines: number; hash: string } | null;
}

function populationOf(plan: ReviewPlan, period: ReviewPeriod, made: ReviewParts): PopulationSource {
  const { scope } = plan;
  switch (scope.population) {
    case 'findings':
      return visitPopulation(plan, period, made);
    case 'audit':
      return viewPopulation(period, made.parts);
    default:
      return scope.population satisfies never;
  }
}

function visitPopulation(
  { scope }: ReviewPlan,
  { fromMs, toMs }: ReviewPeriod,
  { parts, desk }: ReviewParts,
): PopulationSource {
  const { config, policy, opened } = parts;
  const { organization } = config;
  const departments = departmentsUnder(scope, { tree: opened.departmentTree, organization });
  const range = { fromMs, toMs, scope, departments, organization };
  return {
    async *candidates() {
      for await (const seen of visitsToReview(desk, range, rulesOf(policy)))
        yield visitCandidate(seen, policy);
    },
    covered: coverage => coverage,
    end: () => null,
  };
}

/** As everywhere: 128 bits of SHA-256, so that a visit has one id. */
function rulesOf({ thresholds, zone }: Policy): VisitRules {
  return { thresholds, zone, hashId: text => hashText(text).slice(0, 32) };
}

function viewPopulation({ fromMs, toMs }: ReviewPeriod, { config, clock }: Parts): PopulationSource {
  let end: ChainEnd | null = null;
  return {
    async *candidates() {
      end ??= await verifiedEnd(config.dataDir, () => clock.nowMs());
      for await (const line of linesThrough(config.dataDir, end)) {
        const atMs = Date.parse(line.at);
        if (atMs >= fromMs && atMs < toMs) yield viewCandidate(line);
      }
    },
    // What the product itself writes is complete when the period is over.
    covered: coverage => ({ ...coverage, isComplete: clock.nowMs() >= toMs }),
    end: () => end && { lines: end.seq, hash: end.hash },
  };
}

/** Verifies the whole chain, and gives where it ends. Throws DAMAGED. */
async function verifiedEnd(dataDir: string, nowMs: () => number): Promise<ChainEnd> {
  const report = await createFileAudit({ dataDir, actor: '', nowMs }).verify();
  if (!report.isIntact) throw brokenChain();
  let end = NO_LINE;
  for await (const { text } of readChain(chainPath(dataDir))) {
    if (end.seq === report.lines) break;
    const next = followLine(text, end, hashText);
    if (typeof next === 'string') throw brokenChain();
    end = next;
  }
  return end;
}

async function* linesThrough(dataDir: string, end: ChainEnd): AsyncGenerator<AuditLine> {
  if (end.seq === 0) return;
  for await (const { text } of readChain(chainPath(dataDir))) {
    const line = JSON.parse(text) as AuditLine;
    yield line;
    if (line.seq === end.seq) return;
  }
}

function chainPath(dataDir: string): string {
  return join(dataDir, 'audit', 'chain.ndjson');
}

function brokenChain(): GranskaError {
  return new GranskaError('DAMAGED', 'the audit chain is broken, so it cannot be reviewed', {
    hint: '"granska audit verify" tells where',
  });
}

/** Reads what the log of the period holds, and lacks (§8.3). */
async function coverageOf(
  plan: ReviewPlan,
  period: ReviewPeriod,
  made: ReviewParts,
): Promise<ReportCoverage> {
  const { parts, desk } = made;
  const { config, policy, clock } = parts;
  const ground = composeReportGround(parts);
  const tenant = plan.scope.tenant ?? config.organization;
  const { firstDay: from, lastDay: through } = period;
  const lattice = createLattice({
    ...{ tenant, departments: ground.departments, smallGroup: policy.smallGroup },
    atMs: config.zone.startOfDayMs(`${from.slice(0, 7)}-01`),
  });
  return readCoverage(desk, {
    ...{ zone: config.zone, nowMs: clock.nowMs() },
    figures: {
      ...{ tenant, from, through, units: lattice.units },
      withoutSubject: await desk.count(countQuery({ tenant, period, field: 'kind', value: 'none' })),
      withdrawn: await countWithdrawn(desk, { tenant, period }),
    },
    sharedNetworks: ground.sharedNetworks,
  });
}

/** Counts what was taken back, and what is out of sight for a protected site with it, as one sum (§6.2). */
async function countWithdrawn(
  desk: Pick<ReadStore, 'count' | 'standing'>,
  of: { tenant: string; period: ReviewPeriod },
): Promise<number> {
  let count = await desk.count(countQuery({ ...of, field: 'verdict', value: 'withdrawn' }));
  const hidden = desk.standing(countQuery({ ...of, field: 'verdict', value: PROTECTED }));
  for await (const _ of hidden) count++;
  return count;
}

function countQuery(of: {
  tenant: string;
  period: ReviewPeriod;
  field: 'kind' | 'verdict';
  value: string;
}): Query {
  const { tenant, period, field, value } = of;
  const { fromMs, toMs } = period;
  const is = (name: 'organization' | 'kind' | 'verdict', text: string) =>
    ({ kind: 'field', field: name, values: [text], negated: false }) as const;
  return {
    terms: [is('organization', tenant), is(field, value)],
    ...{ fromMs, toMs, sort: 'start', descending: false, limit: null },
  };
}
