// Names of sealed texts of rejected lines: `<stream>-<offset>.age`, after the first line in it. Behind that may stand a
// fingerprint of which lines they are (`-1f0a93bc`), and after a retry the number of the reading (`-2`, `-3`).
// Invariant: a name is a file's name and nothing else, whatever wrote it into a store.
// Example: `b7f0c84ebe334c2e-1068.age` → `b7f0c84ebe334c2e-1068-2.age`
import { createHash } from 'node:crypto';
import type { RejectedText } from '../../ports/sealed-texts.ts';

const REJECTS = /^([0-9a-f]{16}-\d{1,16})(?:-[0-9a-f]{8})?(?:-(\d{1,4}))?\.age$/;
const DEAD_LETTERS = /^[0-9a-f]{16}-\d{1,16}(?:-[0-9a-f]{1,64})?-dead\.age$/;

/** Which lines a sealed text began with, and how often what is in it was read. */
export interface SealedPlace {
  base: string;
  /** 1 for lines that a source gave, 2 for what was left of those after a retry. */
  reading: number;
}

/** Reads the name of sealed rejects; null where it is none. */
export function placeOfSealed(name: string): SealedPlace | null {
  const found = REJECTS.exec(name);
  return found === null ? null : { base: found[1]!, reading: Number(found[2] ?? 1) };
}

/** Says whether a name is one of a sealed text, of rejected lines or of dead letters. */
export function isSealedName(name: string): boolean {
  return REJECTS.test(name) || DEAD_LETTERS.test(name);
}

/** Names lines that a source gave. */
export function baseOf({ stream, offset }: RejectedText): SealedPlace {
  return { base: `${stream.slice(0, 16)}-${offset}`, reading: 1 };
}

/** Writes a name; `lines` are told apart by a fingerprint of their places and codes, never of their texts. */
export function writeSealedName(
  { base, reading }: SealedPlace,
  lines: readonly RejectedText[] | null,
): string {
  const print = lines === null ? '' : `-${fingerprint(lines)}`;
  return `${base}${print}${reading === 1 ? '' : `-${reading}`}.age`;
}

function fingerprint(lines: readonly RejectedText[]): string {
  const places = lines.map(({ stream, offset, code }) => [stream, offset, code]);
  return createHash('sha256').update(JSON.stringify(places)).digest('hex').slice(0, 8);
}
