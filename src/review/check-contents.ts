// check-contents: does what lies beside a review's lines belong to them? In: a frozen review, its chunks of population and
// sample; out: faults, each with its place. Invariant: whatever was altered is named: the item where its own hash tells,
// else the chunk; the draw is made anew from population and seed.
// Example: one changed sign in the third sampled item → `sample item 3: it was changed`.
import type { FrozenLine, PopulationChunk, PopulationItem, Review, SampledItem } from '../model/review.ts';
import { drawSample } from './draw-sample.ts';
import { chunkHash, type HashText, hashWithout, sampleHash } from './review-line.ts';

/** What does not fit, and where it stands. */
export interface Fault {
  where: string;
  why: string;
}

const CHANGED = 'it was changed';

/** Finds what of population and sample does not fit the frozen review. */
export function checkContents(
  { begun, frozen }: { begun: Review['begun']; frozen: FrozenLine },
  contents: { population: readonly PopulationChunk[]; sample: readonly (readonly SampledItem[])[] },
  hash: HashText,
): Fault[] {
  const faults = [
    ...populationFaults(frozen, contents.population, hash),
    ...sampleFaults(frozen, contents.sample, hash),
  ];
  return faults.length > 0 ? faults : drawFaults({ begun, frozen }, contents, hash);
}

function populationFaults(
  { population }: FrozenLine,
  chunks: readonly PopulationChunk[],
  hash: HashText,
): Fault[] {
  const faults: Fault[] = [];
  let number = 0;
  chunks.forEach((chunk, at) => {
    const first = number + 1;
    const before = faults.length;
    for (const item of chunk.items) {
      number++;
      if (hashWithout(item, hash) !== item.hash)
        faults.push({ where: itemPlace(item, number), why: CHANGED });
    }
    if (faults.length === before && chunkHash(chunk, hash) !== population.chunks[at]) {
      faults.push({ where: `items ${first} to ${number} of the population`, why: CHANGED });
    }
  });
  if (chunks.length !== population.chunks.length || number !== population.items) {
    faults.push({ where: 'population', why: `${population.items} items were frozen, ${number} are here` });
  }
  return faults;
}

function itemPlace({ id }: PopulationItem, number: number): string {
  return `item ${number} of the population (${id})`;
}

function sampleFaults(
  { sample }: FrozenLine,
  chunks: readonly (readonly SampledItem[])[],
  hash: HashText,
): Fault[] {
  const faults: Fault[] = [];
  let number = 0;
  chunks.forEach((items, at) => {
    const first = number + 1;
    const before = faults.length;
    for (const item of items) {
      number++;
      const isOwn = hashWithout(item, hash) === item.hash && item.number === number;
      if (!isOwn) faults.push({ where: `sample item ${number}`, why: CHANGED });
    }
    if (faults.length === before && sampleHash(items, hash) !== sample.chunks[at]) {
      faults.push({ where: `sample items ${first} to ${number}`, why: CHANGED });
    }
  });
  if (chunks.length !== sample.chunks.length || number !== sample.items) {
    faults.push({ where: 'sample', why: `${sample.items} items were drawn, ${number} are here` });
  }
  return faults;
}

/** Draws again: what was drawn must come out, in its order, and be what the population has under its ids. */
function drawFaults(
  { begun, frozen }: { begun: Review['begun']; frozen: FrozenLine },
  { population, sample }: Parameters<typeof checkContents>[1],
  hash: HashText,
): Fault[] {
  const items = population.flatMap(chunk => chunk.items);
  const drawn = drawSample(items, { seed: begun.seed, size: sizeOf(begun.plan), hash });
  const byId = new Map(items.map(item => [item.id, item]));
  const faults: Fault[] = [];
  if (byId.size !== items.length) faults.push({ where: 'population', why: 'an item is there twice' });
  sample.flat().forEach((item, at) => {
    const source = byId.get(item.id);
    if (item.id !== drawn.ids[at]) {
      faults.push({ where: `sample item ${at + 1}`, why: 'the seed draws another item' });
    } else if (source?.digest !== item.digest || source.stratum !== item.stratum) {
      faults.push({ where: `sample item ${at + 1}`, why: 'it is not what the population has under its id' });
    }
  });
  if (sample.flat().length !== drawn.ids.length) {
    faults.push({ where: 'sample', why: `the seed draws ${drawn.ids.length} items` });
  }
  const strata = JSON.stringify(drawn.strata.map(({ name, items, sampled }) => [name, items, sampled]));
  const told = frozen.population.strata.map(({ name, items, sampled }) => [name, items, sampled]);
  if (strata !== JSON.stringify(told)) faults.push({ where: 'strata', why: 'their numbers are others' });
  return faults;
}

/** Gives how many a plan draws; null for all. */
export function sizeOf({ sample }: Pick<Review['begun']['plan'], 'sample'>): number | null {
  switch (sample.kind) {
    case 'all':
      return null;
    case 'stratified':
      return sample.size;
    default:
      return sample satisfies never;
  }
}
