// Chance with a seed: the same seed gives the same log and the same lists on every machine.

/** Draws numbers in [0, 1). */
export type Draw = () => number;

/** Creates a source of numbers from a seed (sfc32). */
export function createDraw(seed: number): Draw {
  let a = 0x9e3779b9;
  let b = 0x243f6a88;
  let c = 0xb7e15162;
  let d = seed | 0;
  const next = () => {
    const sum = (a + b + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + sum) | 0;
    return (sum >>> 0) / 2 ** 32;
  };
  for (let i = 0; i < 16; i++) next();
  return next;
}

/** Gives Zipf weights of `count` ranks, the first the heaviest; they add up to 1. */
export function zipfWeights(count: number, exponent: number): Float64Array {
  const weights = new Float64Array(count);
  let sum = 0;
  for (let i = 0; i < count; i++) {
    weights[i] = (i + 1) ** -exponent;
    sum += weights[i]!;
  }
  for (let i = 0; i < count; i++) weights[i]! /= sum;
  return weights;
}

/** Creates a sampler of ranks by weight, in constant time (alias method). */
export function createSampler(weights: Float64Array, draw: Draw): () => number {
  const count = weights.length;
  const share = new Float64Array(count);
  const alias = new Int32Array(count);
  const small: number[] = [];
  const large: number[] = [];
  for (let i = 0; i < count; i++) {
    share[i] = weights[i]! * count;
    (share[i]! < 1 ? small : large).push(i);
  }
  while (small.length > 0 && large.length > 0) {
    const low = small.pop()!;
    const high = large.pop()!;
    alias[low] = high;
    share[high]! -= 1 - share[low]!;
    (share[high]! < 1 ? small : large).push(high);
  }
  for (const rank of [...small, ...large]) share[rank] = 1;
  return () => {
    const rank = Math.floor(draw() * count);
    return draw() < share[rank]! ? rank : alias[rank]!;
  };
}
