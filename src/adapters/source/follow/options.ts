// What a followed source is told, and what it tells beside lines.
import type { KnownStreams } from '../../../ports/source.ts';

export interface FollowOptions {
  /** Files, and patterns with `*` in the last part; none of them need be there yet. */
  paths: readonly string[];
  /** Name of the source: part of every stream's id. */
  source: string;
  known: KnownStreams;
  /** `stopped` goes on until the signal says stop; `idle` ends when all is read and nothing grew for a round. */
  until: 'stopped' | 'idle';
  /** Bytes of the buffer; a line longer than that is overlong. A file gives four buffers at most before the next one's turn. */
  bufferBytes?: number;
  /** How long to wait between two looks at the files, milliseconds. */
  pollMs?: number;
  /** How long a file without a followed name is held open after it last grew, milliseconds. */
  lingerMs?: number;
  /** How many files are held open at most. */
  maxOpen?: number;
  onEvent?(event: FollowEvent): void;
}

/** What is worth a line in a log. Holds paths, never a line. */
export type FollowEvent =
  /** A file that was not there before, or is looked at for the first time in this run. */
  | { kind: 'found'; path: string }
  /** A name or pattern that no file had when the run began: one is waited for. */
  | { kind: 'missing'; path: string }
  /** A file that goes under another name now. */
  | { kind: 'rotated'; path: string; newPath: string }
  /** A file that is shorter than what was read of it: it is looked at anew. */
  | { kind: 'truncated'; path: string }
  /** A file whose content is no longer what was read of it: it is looked at anew. */
  | { kind: 'replaced'; path: string }
  /** A file that has no followed name any more: it is let go of. */
  | { kind: 'gone'; path: string }
  /** A file or folder that cannot be read; `reason` is the platform's code. It is tried again. */
  | { kind: 'unreadable'; path: string; reason: string }
  /** An archive that could be unpacked in part: it may still be being written, and is tried again when it changes. */
  | { kind: 'unfinished'; path: string }
  /** One that has not changed for a long while, or is not waited for; it is tried again when it does. */
  | { kind: 'damaged'; path: string; reason: string };
