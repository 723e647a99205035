// Where a partition is begun or gone on with. In: what the store knows, what the broker still has, what was asked for.
// Out: a position, and whether it must be stored by itself: otherwise an idle partition that was begun at its end would
// be begun at a later end next time, and what came between would be lost.
import { GranskaError } from '../../../errors.ts';
import { lineOf, offsetOf, positionAt } from './position.ts';

export interface StartQuestion {
  topic: string;
  partition: number;
  /** Position in the store; null where it knows nothing of the partition. */
  stored: number | null;
  /** Offsets of the first message that the broker has, and of the next that will come. */
  lowOffset: number;
  highOffset: number;
  /** Offset that the configuration asks for where the store knows nothing; null for the earliest. */
  wantedOffset: number | null;
}

export interface Start {
  position: number;
  mustStore: boolean;
  /** Messages that the broker deleted before they were read. */
  gap: { fromOffset: number; toOffset: number } | null;
}

/** Finds where to go on; throws where the partition cannot be the one that the store has read. */
export function findStart(question: StartQuestion): Start {
  const { stored, lowOffset, highOffset, wantedOffset } = question;
  if (stored === null) {
    const offset = Math.max(wantedOffset ?? lowOffset, lowOffset);
    return { position: positionAt(offset, 0), mustStore: wantedOffset !== null, gap: null };
  }
  const offset = offsetOf(stored);
  if (offset < lowOffset) {
    const gap = { fromOffset: offset, toOffset: lowOffset };
    return { position: positionAt(lowOffset, 0), mustStore: true, gap };
  }
  if (offset > highOffset || (offset === highOffset && lineOf(stored) > 0)) {
    throw new GranskaError(
      'SOURCE',
      `partition ${question.partition} of topic ${question.topic} ends at message ${highOffset}, but was read up to ${offset}: it was made anew, or lost messages`,
      { hint: 'read it under another source name: the ids of its lines would be those of other lines' },
    );
  }
  return { position: stored, mustStore: false, gap: null };
}
