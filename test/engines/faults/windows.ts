// The windows that were begun, as the pins that went over the wire tell (§9.4): what Elasticsearch accepted of them, and
// what it told of them when it was asked.
// Invariant: of one stream, no two windows that were pinned overlap, and a window once pinned keeps its pin.
import type { Exchange } from '../meddling-proxy.ts';
import { type Content, type Versions, versionsText } from './content.ts';

export interface Windows {
  /** Takes notice of a request on the streams' documents. */
  note(exchange: Exchange): void;
  /** Says what is wrong with the windows, and with the versions that findings name. */
  faults(content: Content): string[];
  /** How many there were. */
  count(): number;
}

interface Window {
  from: number;
  end: number;
  /** What judges it, in the order of their names. */
  versions: string;
  clock: number;
}

interface StreamDocument {
  id: string;
  position: number;
  pin?: { end: number; clock: number; versions: Versions };
}

/** Creates the record of one schedule. */
export function createWindows(prefix: string): Windows {
  const streams = new Map<string, Map<number, Window>>();
  const contradictions: string[] = [];

  function add({ id, position, pin }: StreamDocument): void {
    if (pin === undefined) return;
    const window = {
      from: position,
      end: pin.end,
      versions: versionsText(pin.versions),
      clock: pin.clock,
    };
    const windows = streams.get(id) ?? new Map<number, Window>();
    streams.set(id, windows);
    const known = windows.get(position);
    if (known === undefined) windows.set(position, window);
    else if (JSON.stringify(known) !== JSON.stringify(window)) {
      contradictions.push(`the window of ${id.slice(0, 8)} at ${position} was pinned in two ways`);
    }
  }

  return {
    note({ line, body, status, answer }) {
      if (status !== 200) return;
      if (line.startsWith(`POST /${prefix}-streams/_bulk`)) acceptedOf(body, answer).forEach(add);
      if (line.startsWith(`POST /${prefix}-streams/_mget`)) toldOf(answer).forEach(add);
    },
    count: () => [...streams.values()].reduce((sum, windows) => sum + windows.size, 0),
    faults(content) {
      const sorted = new Map<string, Window[]>();
      for (const [id, windows] of streams) {
        sorted.set(
          id,
          [...windows.values()].sort((a, b) => a.from - b.from),
        );
      }
      const overlaps = [...sorted].flatMap(([id, windows]) =>
        windows
          .filter(({ from }, n) => n > 0 && from < windows[n - 1]!.end)
          .map(({ from }) => `a window of ${id.slice(0, 8)} begins at ${from}, within the one before it`),
      );
      return [...contradictions, ...overlaps, ...misjudged(content, sorted)];
    },
  };
}

function acceptedOf(body: string, answer: string): StreamDocument[] {
  const items = (JSON.parse(answer) as { items?: Record<string, { status: number }>[] }).items ?? [];
  const lines = body.split('\n').filter(line => line !== '');
  return items.flatMap((item, n) => {
    const { status } = Object.values(item)[0]!;
    return status === 200 || status === 201 ? [JSON.parse(lines[2 * n + 1]!) as StreamDocument] : [];
  });
}

function toldOf(answer: string): StreamDocument[] {
  const { docs = [] } = JSON.parse(answer) as { docs?: { _source?: StreamDocument }[] };
  return docs.flatMap(({ _source }) => (_source === undefined ? [] : [_source]));
}

function misjudged(content: Content, streams: ReadonlyMap<string, readonly Window[]>): string[] {
  const found: string[] = [];
  for (const [id, { stream, offset, versions }] of content.judged) {
    const window = streams.get(stream)?.find(({ from, end }) => from <= offset && offset < end);
    if (window === undefined) found.push(`finding ${id} at ${offset} lies in no window that was pinned`);
    else if (window.versions !== versions) {
      found.push(`finding ${id} at ${offset} names ${versions}, its window ${window.versions}`);
    }
  }
  return found;
}
