// A review made in memory from its beginning to its export, with real keys: what the tests of the pure parts stand on.
import { createHash } from 'node:crypto';
import { makeKeyPair, signText, verifyText } from '../../src/adapters/people/ed25519.ts';
import { createMemoryStore } from '../../src/adapters/store/memory-store.ts';
import type { ReportCoverage } from '../../src/model/figures.ts';
import type { Review, ReviewExport, ReviewPeriod } from '../../src/model/review.ts';
import type { ReviewPlan } from '../../src/model/review-plan.ts';
import { type BeginDeps, beginReview, type Candidate } from '../../src/pipeline/begin-review.ts';
import { appendStep, readPopulation, readReview, readSample } from '../../src/pipeline/review-ledger.ts';
import type { Ledger } from '../../src/ports/desk-store.ts';
import { withHash } from '../../src/review/review-line.ts';
import { EXPORT_SCHEMA, SIGN_KIND } from '../../src/review/verify-export.ts';
import { STATEMENT_SCHEMA, signedText } from '../../src/sign/statement.ts';

export const hash = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');
export const tools = { hash, verifyText };
export const NOW_MS = Date.parse('2026-11-03T08:00:00Z');
export const ID = 'monthly/2026-10';

export const PERIOD: ReviewPeriod = {
  ...{ kind: 'month', id: '2026-10', firstDay: '2026-10-01', lastDay: '2026-10-31' },
  ...{ fromMs: Date.parse('2026-09-30T22:00:00Z'), toMs: Date.parse('2026-10-31T23:00:00Z') },
};

export function aPlan(changes: Partial<ReviewPlan> = {}): ReviewPlan {
  return {
    ...{ kind: 'review', id: 'monthly', names: { sv: 'Månadens granskning', en: 'Monthly review' } },
    scope: { tenant: null, departments: null, categories: null, class: null, population: 'findings' },
    ...{ period: 'month', schedule: '0 6 3 * *', validFrom: null, dueDays: 30, sample: { kind: 'all' } },
    checklist: { version: 'v1', items: [{ id: 'grade', sv: 'Rimlig?', en: 'Reasonable?' }] },
    ...{ reviewers: ['anna'], signers: ['bertil'] },
    ...changes,
  };
}

export const COVERAGE: ReportCoverage = {
  ...{ from: '2026-10-01', through: '2026-10-31', completeThrough: '2026-11-02', isComplete: true },
  ...{
    records: 1000,
    deniedPerMille: 3,
    tunnels: 500,
    named: 900,
    rejected: 2,
    refused: 0,
    rejectedStreams: 1,
  },
  ...{
    protected: 4,
    unreviewed: 5,
    unannounced: 6,
    tooOld: 0,
    authChallenges: 7,
    withoutSubject: 0,
    withdrawn: 0,
  },
  ...{ sharedNetworks: 1, daysWithoutLines: [], departmentsWithoutLines: [], longestGap: null },
};

const VERSIONS = { lists: '1'.repeat(64), policy: '2'.repeat(64), directory: null };

/** Makes so many visits, in three departments. */
export function candidates(count: number): Candidate[] {
  return Array.from({ length: count }, (_, n) => {
    const id = hash(`visit ${n}`).slice(0, 32);
    const stratum = ['Bygg', 'Social', 'Ängs'][n % 3]!;
    const digest = hash(`digest ${n}`);
    return {
      ...{ id, stratum, digest },
      findings: [{ id: hash(`finding ${n}`).slice(0, 32), revision: 0, versions: VERSIONS }],
      item: number => ({
        ...{ kind: 'visit', number, id, stratum, digest, tenant: 'Exempelby' },
        ...{ subjectKind: 'user', subjectId: `u26-${n}`, confidence: 'authenticated', population: 'staff' },
        ...{ department: stratum, category: 'gambling', class: 'questionable', site: 'casino.example' },
        ...{ day: '2026-10-05', startMs: PERIOD.fromMs + n, records: 2, examine: 2, exempt: 0, grade: 'A' },
        ...{ facts: [{ code: 'documents', values: { documents: 1 } }], mayBeCase: true },
      }),
    };
  });
}

export function depsOf(
  ledger: Ledger,
  items: readonly Candidate[],
  changes: Partial<BeginDeps> = {},
): BeginDeps {
  return {
    ...{ ledger, account: 'operator', nowMs: () => NOW_MS, hash, versions: VERSIONS },
    async *candidates() {
      yield* items;
    },
    catchUp: async () => undefined,
    coverage: async () => COVERAGE,
    ...{ chainEnd: () => null, organization: 'Exempelby', zone: 'Europe/Stockholm', makeSeed: () => '5eed' },
    ...changes,
  };
}

export interface MadeReview {
  review: Review;
  exported: ReviewExport;
}

/** Makes a signed review of so many visits, and its export. */
export async function aSignedReview(count: number, plan: ReviewPlan = aPlan()): Promise<MadeReview> {
  const ledger = createMemoryStore();
  const deps = depsOf(ledger, candidates(count));
  let review = await beginReview({ plan, period: PERIOD, diary: 'KS 2026/5', incomplete: 'refuse' }, deps);
  const again = async () => (await readReview(ID, deps))!;
  for (let item = 1; item <= review.frozen!.sample.items; item++) {
    const outcome = item === 2 ? 'falseMatch' : 'nothing';
    const remark = item === 2 ? 'säljer lampor' : '';
    const decided = {
      step: 'decided',
      item,
      outcome,
      answers: { grade: 'yes' },
      remark,
      reviewer: 'anna',
    } as const;
    await appendStep(review, decided, { ...deps, account: 'anna' });
    review = await again();
  }
  const { publicKey, privatePem } = makeKeyPair();
  const { contentHash } = review;
  const body = { review: ID, contentHash, diary: 'KS 2026/5' };
  const said = { schema: STATEMENT_SCHEMA, kind: SIGN_KIND, person: 'bertil', atMs: NOW_MS, body } as const;
  const statement = { ...said, signature: signText(privatePem, signedText(said)) };
  await appendStep(review, { step: 'signed', statement }, { ...deps, account: 'bertil' });
  review = await again();
  const exported = withHash(
    {
      ...{ schema: EXPORT_SCHEMA, review: ID, contentHash, lines: review.lines },
      ...{ population: await readPopulation(review, deps), sample: await readSample(review, deps) },
      ...{ keys: [{ person: 'bertil', publicKey }], protocol: { sv: hash('sv'), en: hash('en') } },
    },
    hash,
  ) as ReviewExport;
  return { review, exported };
}
