// One file that is followed, whatever its name, and the segment of the source that its content is.
import type { StreamState } from '../../../model/stream.ts';
import type { HashState } from '../content-hash.ts';

/** A segment that at least one file holds: how far it was handed out, and its content hash up to there. */
export interface Segment {
  /** As it will be once all that was handed out is stored. */
  state: StreamState;
  /** Belongs to the position of `state`. */
  hash: HashState;
  /** Number of files that hold it: a copy and what it was copied from hold the same. */
  holders: number;
}

export interface FollowedFile {
  /** Device and inode: a file keeps them under another name. */
  readonly key: string;
  /** A name that it has, or had last. */
  path: string;
  kind: 'unknown' | 'plain' | 'archive';
  /** As of the last look. */
  size: number;
  /** As it was when it was found, or begun anew: a run that waits for nothing ends there, however it grows meanwhile. */
  foundSize: number;
  changedNs: bigint;
  /** Number of the wait after which it was last seen to have changed. */
  changedAtWait: number;
  /** Number of the wait after which it had no name any more; null while it has one. */
  namelessAtWait: number | null;
  /** True where something is to be done with it. */
  isDue: boolean;
  /** Null where its content is not known. */
  segment: Segment | null;
  /** What of its content is known to be the segment's. */
  readTo: number;
  /** Bytes behind `readTo` up to here hold no line feed. */
  feedlessTo: number;
  /** Where the segment ends that its content is a beginning of; 0 where it is none. */
  behindTo: number;
  /** Id of the segment that an archive is just being read of: this file waits for it. */
  waitsFor: string | null;
  /** True of an archive that was read and is not whole, until that is told as damage. */
  isUnfinished: boolean;
  /** The beginning that its segment was named by, until something was handed out. */
  head: { bytes: number; digest: Uint8Array } | null;
  pending: 0 | 1;
  /** The trouble that was told last, so that it is told once. */
  trouble: string | null;
}

/** Makes the record of a file that was just found. */
export function newFile(key: string, path: string): FollowedFile {
  return {
    key,
    path,
    kind: 'unknown',
    size: 0,
    foundSize: 0,
    changedNs: -1n,
    changedAtWait: 0,
    namelessAtWait: null,
    isDue: false,
    segment: null,
    readTo: 0,
    feedlessTo: 0,
    behindTo: 0,
    waitsFor: null,
    isUnfinished: false,
    head: null,
    pending: 0,
    trouble: null,
  };
}
