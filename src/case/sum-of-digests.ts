// What a case consists of → one hash. The digest of a visit is a sum over its findings; their sum is one over all findings of
// the case, so that the same findings give the same digest however a policy cuts them into visits.
export interface SumOfDigests {
  /** Takes a visit's digest, hex digits. */
  add(digest: string): void;
  /** As many hex digits as the longest digest had. */
  value(): string;
}

/** Creates the sum of nothing. */
export function sumOfDigests(): SumOfDigests {
  let sum = 0n;
  let digits = 0;
  return {
    add(digest) {
      digits = Math.max(digits, digest.length);
      sum = BigInt.asUintN(digits * 4, sum + BigInt(`0x${digest}`));
    },
    value: () => sum.toString(16).padStart(digits, '0'),
  };
}
