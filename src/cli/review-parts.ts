// What the commands on reviews share: how a review is found, who may do what to it, and what is noted of it (§8.4, §8.5).
import type { Zone } from '../calendar/zone.ts';
import { GranskaError } from '../errors.ts';
import type { Duty, Person } from '../model/person.ts';
import type { PopulationChunk, Review, SampledItem } from '../model/review.ts';
import type { ReviewPlan } from '../model/review-plan.ts';
import { type ReviewWriter, readPopulation, readReview, readSample } from '../pipeline/review-ledger.ts';
import { type ItemMarks, marksOfItems } from '../pipeline/review-rejudged.ts';
import type { Policy } from '../policy/policy.ts';
import type { Audit } from '../ports/audit.ts';
import type { DeskStore } from '../ports/desk-store.ts';
import type { People, Signing } from '../ports/people.ts';
import { suggest } from '../words/nearest.ts';
import type { Ownership } from './app.ts';
import { hashText } from './case-source.ts';
import type { Decider } from './decider.ts';

/** What a command on reviews is given. */
export interface ReviewDeps {
  /** The store is closed again by the command. */
  openDesk(): Promise<DeskStore>;
  openAudit(): Promise<Audit>;
  plans: readonly ReviewPlan[];
  policy: Policy;
  zone: Zone;
}

/** What a command is given that acts for a person. */
export interface ActingDeps extends ReviewDeps, Decider {
  people: People;
  signing: Signing;
  ownership: Ownership;
}

/** Opens the desk for as long as a command works with it. */
export async function withDesk<T>(
  deps: Pick<ReviewDeps, 'openDesk'>,
  work: (desk: DeskStore) => Promise<T>,
): Promise<T> {
  const desk = await deps.openDesk();
  try {
    return await work(desk);
  } finally {
    await desk.close();
  }
}

/** Finds the review of an id, `PLAN/PERIOD`. Throws NOT_FOUND, DAMAGED. */
export async function requireReview(id: string, desk: DeskStore): Promise<Review> {
  // `ID#part` is what lies beside a review's lines, and no review that somebody damaged.
  const found = id.includes('#') ? null : await readReview(id.trim(), { ledger: desk, hash: hashText });
  if (found !== null) return found;
  throw new GranskaError('NOT_FOUND', 'no review has that id', {
    hint: 'ids are as "granska review list" shows them: plan, a slash, and period, such as monthly/2026-10',
  });
}

/** Gives a review's frozen line; throws USAGE where it has none yet. */
export function requireFrozen({ frozen, id }: Review): NonNullable<Review['frozen']> {
  if (frozen !== null) return frozen;
  throw new GranskaError('USAGE', 'this review was begun, and its population is not frozen yet', {
    hint: `go on with it: granska review run ${id.replace('/', ' --period ')}`,
  });
}

/** Finds a plan; throws USAGE with the nearest one. */
export function requirePlan(id: string, plans: readonly ReviewPlan[]): ReviewPlan {
  const found = plans.find(plan => plan.id === id);
  if (found !== undefined) return found;
  const names = plans.map(plan => plan.id);
  throw new GranskaError('USAGE', 'no plan of reviews has that id', {
    hint:
      names.length === 0
        ? 'name a file of plans in granska.yaml ("reviews: reviews.yaml")'
        : suggest(id, names),
  });
}

/** Everything that a review holds. */
export interface ReviewContents extends ItemMarks {
  review: Review;
  population: readonly PopulationChunk[];
  sample: readonly (readonly SampledItem[])[];
  items: readonly SampledItem[];
}

/** Reads all of a review; throws DAMAGED where something of it does not fit. */
export async function readContents(review: Review, desk: DeskStore): Promise<ReviewContents> {
  const deps = { ledger: desk, hash: hashText };
  const population = await readPopulation(review, deps);
  const sample = await readSample(review, deps);
  const items = sample.flat();
  const drawn = new Set(items.map(item => item.id));
  return {
    review,
    population,
    sample,
    items,
    ...(await marksOfItems(review, { population, drawn }, desk)),
  };
}

/** Gives what writes to a review. */
export function writerOf(desk: DeskStore, { account, nowMs }: Decider): ReviewWriter {
  return { ledger: desk, account, nowMs, hash: hashText };
}

/** Gives the person who acts, whom the plan must name for the duty. Throws REFUSED. */
export function requireNamed(
  duty: Extract<Duty, 'reviewer' | 'signer'>,
  { begun }: Review,
  signing: Signing,
): Person {
  const person = signing.acting(duty);
  const { plan } = begun;
  const named = duty === 'reviewer' ? plan.reviewers : plan.signers;
  if (named.includes(person.id)) return person;
  throw new GranskaError('REFUSED', `the plan of this review does not name you as ${duty}`, {
    hint: 'the plan was frozen with the review; whoever it names does it',
  });
}

/** Refuses a person who is what an item is about: their own traffic, or their own view (§8.4). */
export function requireNotOwn(person: Person, item: SampledItem, ownership: Ownership): void {
  switch (standingTo(person, item, ownership)) {
    case 'other':
      return;
    case 'own':
      throw new GranskaError('REFUSED', `item ${item.number} is about yourself: somebody else decides it`, {
        hint: 'another reviewer whom the plan names does it',
      });
    case 'unknown':
      throw new GranskaError('REFUSED', `whether item ${item.number} is about yourself cannot be told here`, {
        hint: 'the key of its year is not in the keys folder; do it where the keys are',
      });
  }
}

function standingTo(person: Person, item: SampledItem, ownership: Ownership): 'own' | 'other' | 'unknown' {
  switch (item.kind) {
    case 'visit':
      return ownership.of(person, item);
    case 'view':
      return person.accounts.includes(item.actor.normalize('NFC')) ? 'own' : 'other';
    default:
      return item satisfies never;
  }
}

/** Notes an act before it is done, and once more where it is refused. */
export async function audited<T>(
  audit: Audit,
  entry: { action: string; shown: number; details: Readonly<Record<string, unknown>> },
  act: () => Promise<T>,
): Promise<T> {
  await audit.append(entry);
  try {
    return await act();
  } catch (error) {
    if (error instanceof GranskaError && error.code === 'REFUSED') {
      await audit.append({ ...entry, shown: 0, details: { ...entry.details, refused: error.message } });
    }
    throw error;
  }
}
