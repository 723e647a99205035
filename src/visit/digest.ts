// What a visit consists of → one hash, whatever the order and however many: the sum of a hash of each finding's id and
// revision. A finding that joins, or is judged anew, gives another one.
import type { Finding } from '../model/finding.ts';

export interface Digest {
  sum: bigint;
  /** Hex digits of the hash. */
  digits: number;
}

/** Makes the digest of nothing. */
export function createDigest(): Digest {
  return { sum: 0n, digits: 0 };
}

/** Adds a finding; `hash` gives hex digits, always as many. */
export function addToDigest(digest: Digest, { id, revision }: Finding, hash: (text: string) => string): void {
  const hex = hash(JSON.stringify([id, revision]));
  digest.digits = hex.length;
  digest.sum = BigInt.asUintN(hex.length * 4, digest.sum + BigInt(`0x${hex}`));
}

/** Writes a digest with as many hex digits as the hash has. */
export function writeDigest({ sum, digits }: Digest): string {
  return sum.toString(16).padStart(digits, '0');
}
