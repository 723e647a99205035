// A retry in a store without transactions (§9.4): a sealed text is the one window of a stream of its own, whose positions
// are the numbers of its lines. Two retries of one text fence each other as two workers do.
// A window that broke off is done again as it was begun: by its pin's versions and clock, and as it was asked. What was
// asked lies in the stream before the pin is written: its `format`, and the code in `firstLine`.

import { formatNamed } from '../../format/formats.ts';
import type { RejectCode } from '../../model/record.ts';
import type { StreamState } from '../../model/stream.ts';
import type { RejectBatch } from '../../ports/store.ts';
import type { Held, Pin, StreamWindow, WindowStore } from '../../ports/window-store.ts';
import type { LaneSet } from '../lane.ts';
import { areSameVersions } from '../same-versions.ts';
import { epochsOf } from '../version-keeper.ts';
import type { SealedFile } from './find-rejects.ts';
import type { Asked, ReadAgain } from './read-again.ts';
import type { Retried, RetryParts } from './retry.ts';

/** Creates what retries one sealed text whose stream was taken over. */
export function createWindowRetry(
  parts: RetryParts,
  store: WindowStore,
): (file: SealedFile, held: Held) => Promise<Retried> {
  return async (file, held) => {
    if (held.state !== null && held.state.position > 0) return finish(file, held.state);
    if (held.pin === null && !(await areClosed(file.rows))) return left('unfinished');
    const opened = await parts.open(file.name);
    if (opened.kind !== 'lines') return left(opened.kind);
    const set = await lanesOf(held.pin);
    if (set === null) return left('versions');
    const pin = held.pin ?? { end: opened.lines.length, versions: set.versions, clockMs: parts.nowMs() };
    if (pin.end !== opened.lines.length) return left('damaged');
    const asked = held.pin === null ? parts.asked : askedOf(held.state);
    const read = await parts.read(opened.lines, { set, clockMs: pin.clockMs, asked });
    if (held.pin === null && read.isUnchanged) return done(read, { added: 0, known: 0, refused: 0 });
    return write(file, { held, pin, set, asked, read });
  };

  /**
   * Clears up after a text that is done. A worker, or a retry, that was overtaken and wakes late may have recorded its
   * lines as rejected once more: what is stored of them by now decides.
   */
  async function finish(file: SealedFile, state: StreamState): Promise<Retried> {
    if (file.rows.length > 0) {
      const pin = { end: state.position, versions: parts.lanes.current().versions, clockMs: parts.nowMs() };
      const window = { ...emptyWindow(pin), from: state.position, state, settled: [file.name] };
      if (await isFenced(window)) return left('taken-over');
    }
    await parts.sealed.remove([file.name]);
    return { kind: 'done', read: null, added: 0, known: 0, refused: 0 };
  }

  async function write(
    file: SealedFile,
    by: { held: Held; pin: Pin; set: LaneSet; asked: Asked; read: ReadAgain },
  ): Promise<Retried> {
    const { held, pin, read } = by;
    const state = streamState(parts.streamOf(file.name), by.asked);
    const isNoted = held.pin !== null || isSameAsked(held.state, state);
    // What was asked is noted before anything is written that depends on it.
    if (!isNoted && (await isFenced({ ...emptyWindow({ ...pin, end: 0 }), state })))
      return left('taken-over');
    const { batch, usage } = read;
    const at = { retryOf: file.name, rejectedMs: file.rejectedMs ?? pin.clockMs };
    const result = await store.writeWindows({
      windows: [
        {
          ...emptyWindow(pin),
          state: { ...state, position: pin.end },
          findings: batch.findings,
          usage,
          days: [...batch.days.values()],
          rejects: batch.rejected.length > 0 ? await parts.sealRejects(batch.rejected, at) : [],
          settled: [file.name],
        },
      ],
      names: await parts.names.seal(batch.names),
      versions: [...epochsOf(read, { clockMs: pin.clockMs, yearOf: parts.yearOf })].flatMap(epoch =>
        by.set.keep(epoch),
      ),
    });
    if (result.fenced.length > 0) return left('taken-over');
    await parts.sealed.remove([file.name]);
    return done(read, result);
  }

  /** Writes a window without lines; answers whether another retry has the text. */
  async function isFenced(window: StreamWindow): Promise<boolean> {
    const { fenced } = await store.writeWindows({ windows: [window], names: [], versions: [] });
    return fenced.length > 0;
  }

  /** A worker that was stopped may have recorded rejects of a window that will be read once more, and rejected then. */
  async function areClosed(rows: readonly RejectBatch[]): Promise<boolean> {
    for (const { stream, firstOffset } of rows) {
      const state = await store.stream(stream);
      if (state === null || state.position <= firstOffset) return false;
    }
    return true;
  }

  async function lanesOf(pin: Pin | null): Promise<LaneSet | null> {
    const current = parts.lanes.current();
    if (pin === null || areSameVersions(pin.versions, current.versions)) return current;
    return parts.lanes.pinned(pin.versions);
  }
}

/** The stream of a retry before its window: nothing of it is done. */
function streamState(id: string, { code, format }: Asked): StreamState {
  return {
    ...{ id, source: '', firstLine: code ?? '', ordinal: 0, position: 0, endsInHalfLine: false },
    ...(format === null ? {} : { format: format.name }),
  };
}

function askedOf(state: StreamState | null): Asked {
  const code = state?.firstLine ?? '';
  return {
    code: code === '' ? null : (code as RejectCode),
    format: formatNamed(state?.format ?? ''),
  };
}

/** A stream that is not there yet says that nothing particular was asked. */
function isSameAsked(known: StreamState | null, asked: StreamState): boolean {
  return (known?.firstLine ?? '') === asked.firstLine && known?.format === asked.format;
}

function emptyWindow(pin: Pin): Omit<StreamWindow, 'state'> {
  return { from: 0, pin, marks: [], findings: [], usage: [], days: [], rejects: [], settled: [] };
}

function left(because: Extract<Retried, { kind: 'left' }>['because']): Retried {
  return { kind: 'left', because };
}

function done(
  read: ReadAgain,
  { added, known, refused }: Pick<Extract<Retried, { kind: 'done' }>, 'added' | 'known' | 'refused'>,
): Retried {
  return { kind: 'done', read, added, known, refused };
}
