// read-row: the cells of a lease → a row in canonical form; null, and a report, where a cell is wrong.
// In: cells; out: tenant, user, client and the half-open interval. Invariant: where a local time is one of two (the hour
// that the clock shows twice), the shorter interval is taken: it names nobody who may not have been there.
// Example: on 2026-10-25 in Stockholm a start at 02:30 is the second 02:30, and an end at 02:30 the first.
import { readInstant } from '../../../calendar/instant.ts';
import type { Zone } from '../../../calendar/zone.ts';
import { parseAddress } from '../../../subject/address.ts';
import type { IntervalRow } from '../../../subject/intervals.ts';
import type { Cells } from './rows.ts';

export interface RowReaderOptions {
  tenant: string;
  zone: Zone;
  canonicalName(raw: string): string;
  canonicalClient(raw: string): string;
}

/** Texts that are remembered: there are few people and machines in millions of rows. */
const MAX_REMEMBERED = 1 << 16;

/** Creates the reader of rows. */
export function createRowReader(options: RowReaderOptions): (cells: Cells) => IntervalRow | null {
  const nameOf = remembering(options.canonicalName);
  const clientOf = remembering(text => addressOf(options.canonicalClient(text)));
  const tenantOf = remembering(text => text || options.tenant);
  return cells => {
    const user = nameOf(cells.cell('user'));
    const client = clientOf(cells.cell('client'));
    const startMs = readEdge(cells, 'start', options.zone);
    const endMs = readEdge(cells, 'end', options.zone);
    if (user === '') cells.report('user', 'names nobody', 'write the name as it is in the log');
    if (client === '') {
      cells.report('client', 'is no address and no name of a machine', 'write it as 10.2.3.4 or 2001:db8::1');
    }
    if (user === '' || client === '' || startMs === null || endMs === null) return null;
    // The shorter of two readings may be empty: such a row covers nothing, and nothing is wrong with it.
    if (endMs.latestMs <= startMs.earliestMs) {
      cells.report(
        'end',
        'is not after the start',
        'the end is the first instant that is not covered any more',
      );
      return null;
    }
    return {
      tenant: tenantOf(cells.cell('tenant')),
      user,
      client,
      startMs: startMs.latestMs,
      endMs: endMs.earliestMs,
    };
  };
}

/** Gives an address or the name of a machine; `''` for what a log would not have as a client. */
function addressOf(client: string): string {
  if (parseAddress(client) !== null) return client;
  return /^(?=.*[a-z\u0080-\uffff])[\p{L}\p{N}._-]+$/u.test(client) ? client : '';
}

/** The instants that a local time can be: one, except in the hour that the clock shows twice. */
interface Edge {
  earliestMs: number;
  latestMs: number;
}

function readEdge(cells: Cells, column: 'start' | 'end', zone: Zone): Edge | null {
  const text = cells.cell(column);
  // ECS has up to nine decimals; what is cut off makes a start no earlier and an end no later than it was.
  const cut = text.replace(/(\.\d{3})\d+(?=Z|[+-]|$)/, '$1');
  const isCutStart = column === 'start' && /\.\d{3}\d*[1-9]/.test(text);
  const hasTime = /^.{10}[T ]/.test(cut);
  const atMs = hasTime ? readInstant(cut, zone) + (isCutStart ? 1 : 0) : Number.NaN;
  if (Number.isNaN(atMs)) {
    cells.report(
      column,
      hasTime ? 'is no time that the clock shows' : 'is no instant',
      'write it as 2026-11-25T08:00, with an offset where it is not local: 2026-11-25T07:00Z',
    );
    return null;
  }
  const isLocal = !/(?:Z|[+-]\d{2}:\d{2})$/.test(cut);
  return { earliestMs: atMs, latestMs: isLocal ? secondShowing(atMs, zone) : atMs };
}

const LOOK_AHEAD_MS = 3 * 3_600_000;

/** Gives the instant at which the clock shows the same again after it was set back; the instant itself where it does not. */
function secondShowing(atMs: number, zone: Zone): number {
  const setBackMs = zone.offsetMs(atMs) - zone.offsetMs(atMs + LOOK_AHEAD_MS);
  const againMs = atMs + setBackMs;
  return setBackMs > 0 && zone.offsetMs(againMs) === zone.offsetMs(atMs) - setBackMs ? againMs : atMs;
}

function remembering(make: (text: string) => string): (text: string) => string {
  const known = new Map<string, string>();
  return text => {
    const found = known.get(text);
    if (found !== undefined) return found;
    if (known.size >= MAX_REMEMBERED) known.clear();
    // A copy: a text cut from a block would keep the whole block in memory.
    const own = Buffer.from(text, 'utf8').toString('utf8');
    const made = make(own);
    known.set(own, made);
    return made;
  };
}
