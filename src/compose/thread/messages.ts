// What goes between a worker and the thread that reads its lines. Everything is plain data; bytes are handed over whole,
// and come back with the answer.
import type { ErrorCode, Fault } from '../../errors.ts';
import type { FormatName } from '../../format/formats.ts';
import type { Versions } from '../../model/finding.ts';
import type { Gathered, LineEvent } from '../../pipeline/lane.ts';
import type { KeptVersion } from '../../ports/store.ts';
import type { Wanted } from '../versions.ts';

/** An event without its bytes, which lie in `buffer`. */
export type BareEvent = LineEvent extends infer Event
  ? Event extends LineEvent
    ? Omit<Event, 'bytes' | 'marks' | 'marksCutAt'>
    : never
  : never;

/** A set of lanes, and its versions, by which the thread makes it anew where it has let it go. */
export interface NamedSet {
  set: number;
  versions: Versions;
}

export type Asked = { id: number } & (
  | { kind: 'load' }
  /** From now on `set` judges; of those that were loaded before, only `before` is still asked for. */
  | { kind: 'inForce'; set: number; before: number | null }
  | { kind: 'pinned'; versions: Versions }
  | ({ kind: 'keep'; epoch: number } & NamedSet)
  | ({
      kind: 'read';
      event: BareEvent;
      buffer: ArrayBuffer;
      clockMs: number;
      format: FormatName | null;
    } & NamedSet)
);

export type Answered = { id: number } & (
  | { kind: 'loaded'; set: number; judging: Wanted }
  | { kind: 'heeded' }
  | { kind: 'pinned'; set: number | null }
  | { kind: 'kept'; versions: readonly KeptVersion[] }
  | { kind: 'read'; gathered: Gathered; buffer: ArrayBuffer }
  | { kind: 'failed'; error: Failure }
);

/** An error as it can be handed over: one for people, or a fault of the program's own. */
export type Failure = { code: ErrorCode; message: string; hint: string } | ({ code: null } & Fault);
