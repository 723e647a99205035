// Counts as cells: one document for each stream × tenant × hour × department (or day × kind), which holds the sum over
// all of the stream's windows up to its version, the end of the last window that added to it. In: windows' own counts;
// out: writes of whole cells.
// Invariant (§9.5): the cell at version v is the same whoever writes it, since windows up to v were cut and judged alike
// by their pins. So a repeat writes what is there, and a late writer is refused by the version.
import type { DayCount, UsageCount } from '../../../ports/store.ts';
import type { StreamWindow } from '../../../ports/window-store.ts';
import type { BulkAction } from './bulk.ts';
import type { Connection } from './connection.ts';
import { getMany } from './get-documents.ts';
import { hashOf } from './hash-of.ts';
import type { IndexNames } from './index-names.ts';

export interface CumulativeCounts {
  /** Makes the writes of windows' counts; cells that hold a window's part already are left out. */
  prepare(windows: readonly StreamWindow[]): Promise<CellWrite[]>;
  /** Remembers what was written, by the server's answers. */
  written(writes: readonly CellWrite[], statuses: Uint16Array): void;
  /** Forgets streams that others may have written. */
  forget(streamIds: Iterable<string>): void;
}

export interface CellWrite {
  stream: string;
  action: BulkAction;
  cell: Cell;
}

type Measures = Record<string, number>;

/** A cell as it is indexed, without what it is of. */
interface Cell {
  version: number;
  measures: Measures;
}

/** What one window adds to one cell. */
interface Delta {
  stream: string;
  index: string;
  id: string;
  from: number;
  end: number;
  of: Record<string, string | number>;
  measures: Measures;
}

/** Cells that are remembered, over all streams: what is not is read again. */
const MAX_CELLS = 100_000;
/** Cells that are asked for at once. */
const MAX_IDS = 5_000;

/** Creates the memory of one store that writes. */
export function createCumulativeCounts(connection: Connection, names: IndexNames): CumulativeCounts {
  const { usage: usageIndex, days: daysIndex } = names.fixed;
  const streams = new Map<string, Map<string, Cell>>();
  let size = 0;

  function forget(streamIds: Iterable<string>): void {
    for (const id of streamIds) {
      size -= streams.get(id)?.size ?? 0;
      streams.delete(id);
    }
  }

  function deltasOf(window: StreamWindow): Delta[] {
    const deltas = new Map<string, Delta>();
    const { from, pin, state } = window;
    const add = (index: string, of: Delta['of'], measures: Measures) => {
      const id = hashOf(state.id, ...Object.values(of));
      const known = deltas.get(id);
      if (known === undefined) {
        deltas.set(id, { stream: state.id, index, id, from, end: pin.end, of, measures });
      } else known.measures = sum(known.measures, measures);
    };
    for (const { tenant, hourMs, department, ...measures } of window.usage) {
      add(usageIndex, { organization: tenant, hour: hourMs, department }, measures satisfies UsageMeasures);
    }
    for (const { tenant, day, kind, count } of window.days) {
      add(daysIndex, { organization: tenant, day, kind }, { count } satisfies DayMeasures);
    }
    return [...deltas.values()];
  }

  /** Gives the cells as they are in the store, now. */
  async function read(index: string, ids: readonly string[]): Promise<Map<string, Cell>> {
    const cells = new Map<string, Cell>();
    for (let start = 0; start < ids.length; start += MAX_IDS) {
      const asked = ids.slice(start, start + MAX_IDS);
      for (const doc of await getMany<Measures>(connection, index, { ids: asked })) {
        if (doc.found) cells.set(doc._id, { version: doc._version!, measures: doc._source! });
      }
    }
    return cells;
  }

  async function prepare(windows: readonly StreamWindow[]): Promise<CellWrite[]> {
    const deltas = windows.flatMap(deltasOf);
    const remembered = ({ stream, id }: Delta) => streams.get(stream)?.get(id);
    const bases = new Map<string, Cell>();
    for (const index of [usageIndex, daysIndex]) {
      const asked = deltas.filter(delta => delta.index === index && remembered(delta) === undefined);
      for (const [id, cell] of await read(
        index,
        [...asked].map(delta => delta.id),
      ))
        bases.set(id, cell);
    }
    return deltas.flatMap(delta => {
      const base = remembered(delta) ?? bases.get(delta.id) ?? { version: -1, measures: {} };
      // A cell beyond the window's beginning has its part: nobody writes a later window before this one is whole.
      if (base.version > delta.from) return [];
      const { stream, index, id, end, of } = delta;
      const measures = sum(delta.measures, base.measures);
      const document = { stream, ...of, ...measures };
      return [
        {
          stream,
          action: { kind: 'index', index, id, version: end, document },
          cell: { version: end, measures },
        },
      ];
    });
  }

  function written(writes: readonly CellWrite[], statuses: Uint16Array): void {
    const outdone = new Set<string>();
    writes.forEach(({ stream, action, cell }, n) => {
      if (statuses[n] === 409) {
        // Somebody has written on: what is remembered of this stream is not how it is.
        outdone.add(stream);
        return;
      }
      const cells = streams.get(stream) ?? new Map<string, Cell>();
      size -= cells.size;
      cells.set(action.id, cell);
      size += cells.size;
      streams.set(stream, cells);
    });
    forget(outdone);
    if (size > MAX_CELLS) forget([...streams.keys()]);
  }

  return { prepare, written, forget };
}

type UsageMeasures = Omit<UsageCount, 'tenant' | 'hourMs' | 'department'>;
type DayMeasures = Pick<DayCount, 'count'>;

/** Adds each measure of the first; a sum beyond what can be counted exactly stays at that bound. */
function sum(measures: Measures, others: Measures): Measures {
  return Object.fromEntries(
    Object.entries(measures).map(([name, value]) => [
      name,
      Math.min(Number.MAX_SAFE_INTEGER, value + (others[name] ?? 0)),
    ]),
  );
}
