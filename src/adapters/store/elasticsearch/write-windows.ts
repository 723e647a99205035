// Windows, written in the order that makes up for transactions (§9.4, §9.5): kept versions, pins, content, dead letters,
// and last the streams' positions. Pins and positions pass the fence: whoever was overtaken writes no more.
// Invariants: nothing of a window is written before its pin; a stream moves on only after all of the window was written;
// of several streams each goes its own way. The argument for every interleaving: docs/adr/0013-windows-and-fences.md.
import type { Held, StreamWindow, WindowBatch, WindowResult } from '../../../ports/window-store.ts';
import { checkPin, checkWindows, hasContent } from './check-windows.ts';
import type { CumulativeCounts } from './cumulative-counts.ts';
import type { Fence } from './fence.ts';
import type { Freshness } from './freshness.ts';
import type { IndexNames } from './index-names.ts';
import type { KeptVersions } from './kept-versions.ts';
import type { KnownFindings } from './known-findings.ts';
import { readPin, readStream, type StreamContent, writeStream } from './stream-document.ts';
import type { WindowContent } from './window-content.ts';

export interface WindowWriter {
  takeOver(streamIds: readonly string[]): Promise<Map<string, Held>>;
  writeWindows(batch: WindowBatch): Promise<WindowResult>;
}

export interface WindowWriterOptions {
  names: IndexNames;
  versions: KeptVersions;
  fence: Fence;
  freshness: Freshness;
  known: KnownFindings;
  counts: CumulativeCounts;
  content: WindowContent;
}

/** Creates the writer of one store. */
export function createWindowWriter(options: WindowWriterOptions): WindowWriter {
  const { names, fence, freshness, content } = options;
  const { fixed } = names;

  async function takeOver(streamIds: readonly string[]): Promise<Map<string, Held>> {
    const taken = await fence.takeOver(streamIds);
    forget(streamIds);
    const held = [...taken].map(([id, stored]): [string, Held] => {
      if (stored === null) return [id, { state: null, pin: null }];
      return [id, { state: readStream(stored), pin: readPin(stored) }];
    });
    return new Map(held);
  }

  async function writeWindows(batch: WindowBatch): Promise<WindowResult> {
    checkWindows(batch);
    const doubtful = await fence.settle(batch.windows.map(({ state }) => state.id));
    const { open, fenced, whole } = sort(batch.windows, doubtful);
    await options.versions.keep(batch.versions);
    const pinned = await pass(open, open.filter(needsPin).map(pinOf));
    const written =
      pinned.windows.length > 0 ? await content.write(pinned.windows, batch.names) : NOTHING_WRITTEN;
    const closed = await pass(
      pinned.windows,
      pinned.windows.map(({ state }) => writeStream(state, null)),
    );
    const lost = [...fenced, ...pinned.fenced, ...closed.fenced];
    forget(lost);
    const result: WindowResult = { added: 0, known: 0, fenced: lost, refused: written.refused };
    for (const window of [...whole, ...closed.windows]) {
      const added = written.added.get(window) ?? 0;
      result.added += added;
      result.known += window.findings.length - added;
    }
    return result;
  }

  /** Tells windows that may be written from those of streams that others hold, and those that are whole already. */
  function sort(windows: readonly StreamWindow[], doubtful: ReadonlySet<string>): Sorted {
    const sorted: Sorted = { open: [], fenced: [], whole: [] };
    for (const window of windows) {
      const { state, from, pin } = window;
      const held = fence.held(state.id);
      const position = held?.position ?? 0;
      // Its close broke off, and was carried out all the same.
      if (held !== undefined && doubtful.has(state.id) && position === pin.end && from < pin.end) {
        sorted.whole.push(window);
      } else if (held === undefined || position !== from) {
        sorted.fenced.push(state.id);
      } else {
        checkPin(window, held === null ? null : readPin(held));
        sorted.open.push(window);
      }
    }
    return sorted;
  }

  function needsPin(window: StreamWindow): boolean {
    const isPinned = fence.held(window.state.id)?.pin !== undefined;
    return !isPinned && window.from < window.pin.end && hasContent(window);
  }

  function pinOf({ state, from, pin }: StreamWindow): StreamContent {
    const held = fence.held(state.id) ?? null;
    const begun = held === null ? { ...state, position: from, endsInHalfLine: false } : readStream(held);
    // What the window was read by, though its first lines alone would not tell.
    if (state.format !== undefined) begun.format = state.format;
    return writeStream(begun, pin);
  }

  /** Changes streams, and tells the windows of those that were overtaken from the others. */
  async function pass(windows: readonly StreamWindow[], changes: readonly StreamContent[]): Promise<Passed> {
    if (changes.length === 0) return { windows, fenced: [] };
    freshness.written(fixed.streams);
    const fenced = await fence.change(changes);
    return { windows: windows.filter(({ state }) => !fenced.has(state.id)), fenced: [...fenced] };
  }

  /** Others may have written on. */
  function forget(streamIds: readonly string[]): void {
    options.known.forget(streamIds);
    options.counts.forget(streamIds);
  }

  return { takeOver, writeWindows };
}

const NOTHING_WRITTEN = { added: new Map<StreamWindow, number>(), refused: 0 };

interface Sorted {
  open: StreamWindow[];
  fenced: string[];
  whole: StreamWindow[];
}

interface Passed {
  windows: readonly StreamWindow[];
  fenced: readonly string[];
}
