// The segments that followed files hold. Two files with one content (a log and its copy) hold one segment, so that
// what was handed out of the one counts as read of the other at once, stored or not.
import type { StreamState } from '../../../model/stream.ts';
import type { HashState } from '../content-hash.ts';
import type { FollowedFile, Segment } from './followed-file.ts';

export interface Segments {
  /** Says that a file is a segment, which agrees up to the position of `state`. */
  attach(file: FollowedFile, state: StreamState, hash: HashState): void;
  /** Says that a file's content is not known (any more). */
  detach(file: FollowedFile): void;
}

/** Knows of no segment. */
export function createSegments(): Segments {
  const segments = new Map<string, Segment>();

  function detach(file: FollowedFile): void {
    const { segment } = file;
    file.segment = null;
    file.head = null;
    file.readTo = 0;
    file.feedlessTo = 0;
    file.behindTo = 0;
    file.pending = 0;
    if (segment !== null && --segment.holders === 0) segments.delete(segment.state.id);
  }

  function attach(file: FollowedFile, state: StreamState, hash: HashState): void {
    detach(file);
    let segment = segments.get(state.id);
    if (segment === undefined) {
      segment = { state, hash, holders: 0 };
      segments.set(state.id, segment);
    } else if (segment.state.position < state.position) {
      // Stored by somebody else meanwhile: what is stored decides (§9.1).
      segment.state = state;
      segment.hash = hash;
    }
    segment.holders++;
    file.segment = segment;
    file.readTo = state.position;
  }

  return { attach, detach };
}
