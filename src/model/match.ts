// A match: one target met one entry of one list.
import type { Target, Via } from './target.ts';

/** Says what of a target an entry spoke of. */
export type MatchedBy = 'host' | 'url' | 'expression';

/** Holds one list entry that covers a target, with all that is needed to explain it. */
export interface Match {
  /** Name of the list (its folder's name). */
  list: string;
  /** Content hash of the list, hex. */
  version: string;
  /** The entry in its canonical form, such as `example.com` or `example.com/dir`. */
  entry: string;
  /** File inside the list's folder that the entry came from (`domains` or `urls`), and its line, counted from 1. */
  file: string;
  line: number;
  matchedBy: MatchedBy;
  /** The target that matched: the one asked for, or one wrapped in it. */
  target: Target;
  /** How that target was unwrapped; null for the one asked for. */
  via: Via | null;
}
