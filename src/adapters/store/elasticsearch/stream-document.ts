// A stream's document: how far it is stored, the window that was begun there (its pin, §9.4), and who wrote it last.
// Example: { id, …, position: 100, pin: { end: 200, versions: {…}, clock: 1760000000000 }, holder, nonce }
import type { StreamState } from '../../../model/stream.ts';
import type { Pin } from '../../../ports/window-store.ts';

/** A stream as it is indexed. */
export interface StreamDocument {
  id: string;
  source: string;
  first_line: string;
  ordinal: number;
  position: number;
  format?: string;
  ends_in_half_line: boolean;
  pin?: PinDocument;
  /** The store that took it over last. */
  holder: string;
  /** Made for each write: tells whose it was where the answer was lost. */
  nonce: string;
}

interface PinDocument {
  end: number;
  versions: { lists?: string; policy?: string; directory?: string };
  clock: number;
}

/** A stream's document without who wrote it. */
export type StreamContent = Omit<StreamDocument, 'holder' | 'nonce'>;

/** Writes a state, with the pin of a window that begins there. */
export function writeStream(state: StreamState, pin: Pin | null): StreamContent {
  return {
    id: state.id,
    source: state.source,
    first_line: state.firstLine,
    ordinal: state.ordinal,
    position: state.position,
    ...(state.format === undefined ? {} : { format: state.format }),
    ends_in_half_line: state.endsInHalfLine,
    ...(pin === null ? {} : { pin: writePin(pin) }),
  };
}

/** Reads the state of a document. */
export function readStream(document: StreamContent): StreamState {
  return {
    id: document.id,
    source: document.source,
    firstLine: document.first_line,
    ordinal: document.ordinal,
    position: document.position,
    ...(document.format === undefined ? {} : { format: document.format }),
    endsInHalfLine: document.ends_in_half_line,
  };
}

/** Reads the pin of a document; null where no window was begun. */
export function readPin({ pin }: StreamContent): Pin | null {
  if (pin === undefined) return null;
  const { lists = null, policy = null, directory = null } = pin.versions;
  return { end: pin.end, versions: { lists, policy, directory }, clockMs: pin.clock };
}

/** Tells whether two pins are one. */
export function isSamePin(a: Pin, b: Pin): boolean {
  const areVersionsSame = (['lists', 'policy', 'directory'] as const).every(
    name => a.versions[name] === b.versions[name],
  );
  return a.end === b.end && a.clockMs === b.clockMs && areVersionsSame;
}

function writePin({ end, versions, clockMs }: Pin): PinDocument {
  const { lists, policy, directory } = versions;
  return {
    end,
    versions: {
      ...(lists === null ? {} : { lists }),
      ...(policy === null ? {} : { policy }),
      ...(directory === null ? {} : { directory }),
    },
    clock: clockMs,
  };
}
