// begin-review: a plan and a period → a review whose population is frozen and whose sample is drawn.
// In: where the population comes from, the ledger; out: the review. The seed is a line of the ledger before the population
// is read, so nobody can draw until it suits. Invariant: beginning again does the same once: a frozen review is given as
// it is, and one that broke off is gathered anew, by the same seed, as the next attempt.
// Example: 1,200 visits, stratified 50 → 3 chunks of population, 50 items of sample.
import { GranskaError } from '../errors.ts';
import type { ReportCoverage } from '../model/figures.ts';
import type { Versions } from '../model/finding.ts';
import type { FrozenLine, PopulationItem, Review, ReviewPeriod, SampledItem } from '../model/review.ts';
import type { ReviewPlan } from '../model/review-plan.ts';
import { requireComplete } from '../report/coverage.ts';
import { sizeOf } from '../review/check-contents.ts';
import { type Drawable, drawSample } from '../review/draw-sample.ts';
import { chunkHash, sampleHash, withHash } from '../review/review-line.ts';
import { compareTexts } from '../search/matches.ts';
import { appendChunk, appendStep, type ReviewWriter, readReview, reviewIdOf } from './review-ledger.ts';

/** One of everything that can be drawn, before it has its place. */
export interface Candidate {
  id: string;
  stratum: string;
  digest: string;
  findings: readonly { id: string; revision: number; versions: Versions }[];
  /** Makes what a reviewer is shown of it, once it was drawn; `number` is its place. */
  item(number: number): DistributiveOmit<SampledItem, 'hash'>;
}

type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;

export interface BeginDeps extends ReviewWriter {
  /** Streams everything that the review is of; asked for again to see what was drawn. */
  candidates(): AsyncIterable<Candidate>;
  /** Makes all that was written by now a part of what is read. */
  catchUp(): Promise<void>;
  coverage(): Promise<ReportCoverage>;
  /** What judges today. */
  versions: Versions;
  /** Gives where the audit chain ended when it was read; null unless it is the population. */
  chainEnd(): { lines: number; hash: string } | null;
  organization: string;
  zone: string;
  /** Makes a new seed, from chance. */
  makeSeed(): string;
  signal?: AbortSignal;
}

export interface BeginRequest {
  plan: ReviewPlan;
  period: ReviewPeriod;
  diary: string | null;
  /** `allow` begins although the period is not over or not all of it is in the log. */
  incomplete: 'refuse' | 'allow';
}

const MAX_ITEMS = 500;
const MAX_FINDINGS = 20_000;
/** How often a population may change while it is read. */
const MAX_ATTEMPTS = 5;

/** Begins a review, or gives the one that was begun. Throws CHECK_FAILED where the period is not complete or not begun, OVERTAKEN. */
export async function beginReview(request: BeginRequest, deps: BeginDeps): Promise<Review> {
  const { plan, period, diary } = request;
  const id = reviewIdOf(plan.id, period.id);
  let review = await readReview(id, deps);
  if (review?.frozen != null) return review;
  if (period.fromMs > deps.nowMs()) throw notBegun();
  await deps.catchUp();
  const coverage = await deps.coverage();
  if (request.incomplete === 'refuse') requireComplete(coverage);
  if (review === null) {
    const { organization, zone } = deps;
    const begun = { review: id, plan, period, organization, zone, seed: deps.makeSeed(), diary, attempt: 1 };
    await appendStep({ id, lines: [], status: 'beginning' }, { step: 'begun', ...begun }, deps);
  } else {
    await appendStep(review, { step: 'again', attempt: review.attempt + 1 }, deps);
  }
  for (let tries = 1; ; tries++) {
    review = await readReview(id, deps);
    if (review === null) throw new TypeError('a review that was begun is there');
    const frozen = await freeze(review, coverage, deps);
    if (frozen !== null) {
      await appendStep(review, frozen, deps);
      return (await readReview(id, deps))!;
    }
    if (tries === MAX_ATTEMPTS) throw keepsChanging();
    await appendStep(review, { step: 'again', attempt: review.attempt + 1 }, deps);
  }
}

type FrozenStep = Pick<
  FrozenLine,
  'step' | 'attempt' | 'population' | 'sample' | 'versions' | 'coverage' | 'chain'
>;

/** Writes population and sample beside the review; null where the population changed while it was read. */
async function freeze(review: Review, coverage: ReportCoverage, deps: BeginDeps): Promise<FrozenStep | null> {
  const { begun, attempt } = review;
  const population = await writePopulation(review, deps);
  const chain = deps.chainEnd();
  const size = sizeOf(begun.plan);
  const drawn = drawSample(population.drawable, { seed: begun.seed, size, hash: deps.hash });
  const items = await readDrawn(drawn.ids, population.digests, deps);
  if (items === null) return null;
  const chunks: string[] = [];
  for (let at = 0; at < items.length; at += MAX_ITEMS) {
    const part = items.slice(at, at + MAX_ITEMS);
    const seq = chunks.length + 1;
    await appendChunk({ id: review.id, part: 'sample', attempt, seq }, { items: part }, deps);
    chunks.push(sampleHash(part, deps.hash));
  }
  return {
    ...{ step: 'frozen', attempt, versions: deps.versions, coverage, chain },
    population: {
      ...{ items: population.drawable.length, findings: population.findings },
      ...{ chunks: population.chunks, strata: drawn.strata },
    },
    sample: { items: items.length, chunks },
  };
}

interface WrittenPopulation {
  drawable: Drawable[];
  /** By id. */
  digests: Map<string, string>;
  findings: number;
  chunks: string[];
}

async function writePopulation({ id, attempt }: Review, deps: BeginDeps): Promise<WrittenPopulation> {
  const written: WrittenPopulation = { drawable: [], digests: new Map(), findings: 0, chunks: [] };
  let open = openChunk();
  const close = async () => {
    if (open.items.length === 0) return;
    const chunk = { versions: open.versions, items: open.items };
    const seq = written.chunks.length + 1;
    await appendChunk({ id, part: 'population', attempt, seq }, chunk, deps);
    written.chunks.push(chunkHash(chunk, deps.hash));
    open = openChunk();
  };
  for await (const candidate of deps.candidates()) {
    deps.signal?.throwIfAborted();
    const { id, stratum, digest } = candidate;
    open.take(candidate, deps.hash);
    written.drawable.push({ id, stratum });
    written.digests.set(id, digest);
    written.findings += candidate.findings.length;
    if (open.items.length >= MAX_ITEMS || open.findings >= MAX_FINDINGS) await close();
  }
  await close();
  if (written.digests.size !== written.drawable.length) throw new TypeError('an item was given twice');
  return written;
}

function openChunk() {
  const versions: Versions[] = [];
  const items: PopulationItem[] = [];
  const numbers = new Map<string, number>();
  const numberOf = (of: Versions) => {
    const key = JSON.stringify([of.lists, of.policy, of.directory]);
    const known = numbers.get(key);
    if (known !== undefined) return known;
    numbers.set(key, versions.length);
    return versions.push(of) - 1;
  };
  return {
    versions,
    items,
    findings: 0,
    take({ id, stratum, digest, findings }: Candidate, hash: (text: string) => string) {
      // Stores give findings of one instant in any order.
      const sorted = [...findings].sort((a, b) => compareTexts(a.id, b.id));
      const frozen = sorted.map(
        finding => [finding.id, finding.revision, numberOf(finding.versions)] as const,
      );
      items.push(withHash({ id, stratum, digest, findings: frozen }, hash));
      this.findings += findings.length;
    },
  };
}

/** Reads what was drawn; null where something of it is not as it was frozen. */
async function readDrawn(
  ids: readonly string[],
  digests: ReadonlyMap<string, string>,
  deps: BeginDeps,
): Promise<SampledItem[] | null> {
  const places = new Map(ids.map((id, at) => [id, at]));
  const items: SampledItem[] = new Array(ids.length);
  let found = 0;
  for await (const candidate of deps.candidates()) {
    deps.signal?.throwIfAborted();
    const at = places.get(candidate.id);
    if (at === undefined) continue;
    if (candidate.digest !== digests.get(candidate.id)) return null;
    items[at] = withHash(candidate.item(at + 1), deps.hash) as SampledItem;
    found++;
  }
  return found === ids.length ? items : null;
}

/** What is frozen stays: a review from before its period would stand for it for good, and find nothing. */
function notBegun(): GranskaError {
  return new GranskaError(
    'CHECK_FAILED',
    'the period has not begun: its review would be of nothing for good',
    {
      hint: 'begin it when the period is over; --allow-incomplete does not change this',
    },
  );
}

function keepsChanging(): GranskaError {
  return new GranskaError('OVERTAKEN', 'the findings of the period changed each time that they were read', {
    hint: 'begin the review when the logs of the period have been read; it goes on with the seed that is recorded',
  });
}
