// review-ledger: reviews ↔ lines of the ledger. In: a ledger; out: reviews, and what lies beside their lines in chunks.
// A review `PLAN/PERIOD` has its own lines under that key; population and sample of attempt N lie under `…#population-N` and
// `…#sample-N`, so that a review is read without them. Invariant: what is read fits its hashes, or DAMAGED is thrown; what
// was signed takes no more lines, and the stores refuse them too.
import { GranskaError } from '../errors.ts';
import type { PopulationChunk, Review, ReviewLine, ReviewStep, SampledItem } from '../model/review.ts';
import type { Ledger, LedgerEntry } from '../ports/desk-store.ts';
import { foldLines, isReview } from '../review/fold-lines.ts';
import { chunkHash, type HashText, hashWithout, nextLine, sampleHash } from '../review/review-line.ts';

/** Who writes, and what hashes. */
export interface ReviewWriter {
  ledger: Ledger;
  /** Account of the operating system. */
  account: string;
  nowMs(): number;
  hash: HashText;
}

/** Gives the id of a review. */
export function reviewIdOf(plan: string, period: string): string {
  return `${plan}/${period}`;
}

/** Reads a review; null where there is none. Throws DAMAGED where a line does not fit. */
export async function readReview(
  id: string,
  { ledger, hash }: Pick<ReviewWriter, 'ledger' | 'hash'>,
): Promise<Review | null> {
  const entries = await ledger.entries('review', id);
  return entries.length === 0 ? null : reviewOf(entries, hash);
}

/** A review that cannot be read, and why. */
export interface DamagedReview {
  status: 'damaged';
  id: string;
  error: GranskaError;
}

/** Reads all reviews, by id. One whose lines do not fit keeps no other from being read. */
export async function* readReviews({
  ledger,
  hash,
}: Pick<ReviewWriter, 'ledger' | 'hash'>): AsyncGenerator<Review | DamagedReview> {
  let group: LedgerEntry[] = [];
  for await (const entry of ledger.allEntries('review')) {
    if (entry.key.includes('#')) continue;
    if (group[0] !== undefined && group[0].key !== entry.key) {
      yield reviewOrDamage(group, hash);
      group = [];
    }
    group.push(entry);
  }
  if (group.length > 0) yield reviewOrDamage(group, hash);
}

function reviewOrDamage(entries: readonly LedgerEntry[], hash: HashText): Review | DamagedReview {
  try {
    return reviewOf(entries, hash);
  } catch (error) {
    if (!(error instanceof GranskaError)) throw error;
    return { status: 'damaged', id: entries[0]!.key, error };
  }
}

function reviewOf(entries: readonly LedgerEntry[], hash: HashText): Review {
  const id = entries[0]!.key;
  const lines = entries.map(({ body }) => body as unknown as ReviewLine | null);
  if (!lines.every(line => line !== null)) throw damaged(`a line of review ${id} is empty`);
  const folded = foldLines(lines, hash);
  if (!isReview(folded)) throw damaged(`line ${folded.seq} of review ${id} does not fit: ${folded.why}`);
  const isOwn = entries.every(({ atMs, by, seq }, at) => {
    const line = lines[at]!;
    return line.atMs === atMs && line.by === by && line.seq === seq;
  });
  if (folded.id !== id || !isOwn) throw damaged(`the lines of review ${id} are not its own`);
  return folded;
}

/** Appends a line to a review; throws OVERTAKEN where another was there first, REFUSED where it is signed. */
export async function appendStep(
  review: Pick<Review, 'id' | 'lines' | 'status'> | { id: string; lines: readonly []; status: 'beginning' },
  step: ReviewStep,
  { ledger, account, nowMs, hash }: ReviewWriter,
): Promise<ReviewLine> {
  if (review.status === 'signed') throw isSigned();
  const line = nextLine(step, review.lines.at(-1) ?? null, { atMs: nowMs(), by: account, hash });
  const { seq, atMs, by } = line;
  const body = { ...line } as Readonly<Record<string, unknown>>;
  if (await ledger.append({ kind: 'review', key: review.id, seq, atMs, by, body })) return line;
  throw new GranskaError('OVERTAKEN', 'somebody else wrote to this review meanwhile', {
    hint: 'look at it with "granska review show", then do it again',
  });
}

/** Makes the error of whoever wants to change what was signed. */
export function isSigned(): GranskaError {
  return new GranskaError('REFUSED', 'this review is signed: nothing of it can change', {
    hint: 'what was found later belongs into the next review; "granska review show" tells what was judged again since',
  });
}

type Part = 'population' | 'sample';

/** Appends one chunk of an attempt; throws OVERTAKEN where another process writes the same attempt. */
export async function appendChunk(
  place: { id: string; part: Part; attempt: number; seq: number },
  body: PopulationChunk | { items: readonly SampledItem[] },
  { ledger, account, nowMs }: ReviewWriter,
): Promise<void> {
  const key = keyOf(place);
  const line = { kind: 'review' as const, key, seq: place.seq, atMs: nowMs(), by: account };
  if (await ledger.append({ ...line, body: { ...body } })) return;
  throw new GranskaError('OVERTAKEN', 'another process is beginning this review', {
    hint: 'wait until it has ended, then look with "granska review show"',
  });
}

function keyOf({ id, part, attempt }: { id: string; part: Part; attempt: number }): string {
  return `${id}#${part}-${attempt}`;
}

/** Reads the population of a review that is frozen; throws DAMAGED where it is not the one that was. */
export async function readPopulation(review: Review, deps: ReadDeps): Promise<PopulationChunk[]> {
  const chunks = review.frozen?.population.chunks ?? [];
  const entries = await readChunks(review, 'population', { ...deps, expected: chunks.length });
  return entries.map(({ body }, at) => {
    const chunk = body as unknown as PopulationChunk;
    requireOwn(chunk.items, { at, part: 'population', review, hash: deps.hash });
    if (chunkHash(chunk, deps.hash) === chunks[at]) return chunk;
    throw damaged(`part ${at + 1} of the population of review ${review.id} was changed`);
  });
}

/** Reads the sample of a review that is frozen, in the order of the draw; throws as `readPopulation` does. */
export async function readSample(review: Review, deps: ReadDeps): Promise<SampledItem[][]> {
  const chunks = review.frozen?.sample.chunks ?? [];
  const entries = await readChunks(review, 'sample', { ...deps, expected: chunks.length });
  return entries.map(({ body }, at) => {
    const { items } = body as unknown as { items: SampledItem[] };
    requireOwn(items, { at, part: 'sample', review, hash: deps.hash });
    if (sampleHash(items, deps.hash) === chunks[at]) return items;
    throw damaged(`part ${at + 1} of the sample of review ${review.id} was changed`);
  });
}

type ReadDeps = Pick<ReviewWriter, 'ledger' | 'hash'>;

async function readChunks(
  { id, attempt }: Review,
  part: Part,
  { ledger, expected }: ReadDeps & { expected: number },
): Promise<LedgerEntry[]> {
  const entries = await ledger.entries('review', keyOf({ id, part, attempt }));
  if (entries.length === expected) return entries;
  throw damaged(
    `of the ${part} of review ${id}, ${expected} parts were written and ${entries.length} are there`,
  );
}

function requireOwn(
  items: readonly { id: string; hash: string }[],
  { at, part, review, hash }: { at: number; part: Part; review: Review; hash: HashText },
): void {
  const changed = items.findIndex(item => hashWithout(item, hash) !== item.hash);
  if (changed < 0) return;
  throw damaged(`item ${changed + 1} in part ${at + 1} of the ${part} of review ${review.id} was changed`);
}

function damaged(what: string): GranskaError {
  return new GranskaError('DAMAGED', what, {
    hint: 'somebody wrote to the store by other means than the product; keep the store as evidence, and its last copy',
  });
}
