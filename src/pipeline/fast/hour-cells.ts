// Hour cells: what the fast scan counts of the lines that it lets go, as numbers in one array.
// In: one line's numbers. Out: sums, added to the usage table at `flush` and when an hour has to make room.
// Invariant: after `flush` the usage table holds all that was added. Lines jump to and fro between few hours
// (`event.start` is the stamp minus the elapsed time), so four hours are kept at hand.
import type { Zone } from '../../calendar/zone.ts';
import type { UsageTable } from '../usage.ts';

const HOURS = 4;
const HOUR_MS = 3_600_000;
const FIRST_SLOTS = 64;
/** Numbers per cell: records, bytes, denied, tunnels. */
const CELL = 4;

/** Counts by hour and slot. */
export class HourCells {
  readonly #zone: Pick<Zone, 'hourStartMs'>;
  readonly #usage: UsageTable;
  /** Half-open ranges of instants of which the hour is known; empty to begin with. */
  readonly #from = new Float64Array(HOURS);
  readonly #to = new Float64Array(HOURS);
  readonly #hourMs = new Float64Array(HOURS);
  /** The hour of the line before, and the one that makes room next. */
  #near = 0;
  #next = 0;
  #namedSlots = FIRST_SLOTS;
  #cells = new Float64Array(HOURS * FIRST_SLOTS * CELL);
  #slotLines: Float64Array = new Float64Array(FIRST_SLOTS);

  constructor(zone: Pick<Zone, 'hourStartMs'>, usage: UsageTable) {
    this.#zone = zone;
    this.#usage = usage;
  }

  /**
   * Adds one line. `namedSlot` is twice the slot, plus 1 where the subject is known by a user name; `marks` holds 1 for
   * a denied request and 2 for a tunnel.
   */
  add(startMs: number, namedSlot: number, sentBytes: number, marks: number): void {
    let hour = this.#near;
    if (!(this.#from[hour]! <= startMs && startMs < this.#to[hour]!)) hour = this.#findHour(startMs);
    if (namedSlot >= this.#namedSlots) this.#grow(namedSlot);
    const cells = this.#cells;
    const cell = (hour * this.#namedSlots + namedSlot) * CELL;
    cells[cell]! += 1;
    cells[cell + 1]! += sentBytes;
    cells[cell + 2]! += marks & 1;
    cells[cell + 3]! += marks >>> 1;
  }

  /** Moves everything to the usage table. */
  flush(): void {
    for (let hour = 0; hour < HOURS; hour++) this.#flushHour(hour);
  }

  /** Hands over the number of lines per slot that were flushed since the last time, and begins anew. */
  takeSlotLines(take: (slot: number, lines: number) => void): void {
    this.#slotLines.forEach((lines, slot) => {
      if (lines > 0) take(slot, lines);
    });
    this.#slotLines.fill(0);
  }

  #findHour(startMs: number): number {
    for (let hour = 0; hour < HOURS; hour++) {
      if (this.#from[hour]! <= startMs && startMs < this.#to[hour]!) {
        this.#near = hour;
        return hour;
      }
    }
    const hour = this.#next;
    this.#next = (hour + 1) % HOURS;
    this.#flushHour(hour);
    const hourMs = this.#zone.hourStartMs(startMs);
    const lastMs = hourMs + HOUR_MS - 1;
    this.#hourMs[hour] = hourMs;
    // Hours follow one another without gaps: if its last millisecond is in it, all between are. An hour that is cut short
    // (a change of offset on the half-hour) is known up to this line only.
    this.#from[hour] = hourMs;
    this.#to[hour] = this.#zone.hourStartMs(lastMs) === hourMs ? lastMs + 1 : startMs + 1;
    this.#near = hour;
    return hour;
  }

  #flushHour(hour: number): void {
    const cells = this.#cells;
    const first = hour * this.#namedSlots * CELL;
    for (let namedSlot = 0, at = first; namedSlot < this.#namedSlots; namedSlot++, at += CELL) {
      const records = cells[at]!;
      if (records === 0) continue;
      const slot = namedSlot >>> 1;
      this.#usage.addMany(this.#hourMs[hour]!, slot, {
        records,
        bytes: cells[at + 1]!,
        denied: cells[at + 2]!,
        tunnels: cells[at + 3]!,
        named: (namedSlot & 1) === 1 ? records : 0,
      });
      this.#slotLines[slot]! += records;
      cells.fill(0, at, at + CELL);
    }
  }

  #grow(namedSlot: number): void {
    this.flush();
    while (this.#namedSlots <= namedSlot) this.#namedSlots *= 2;
    this.#cells = new Float64Array(HOURS * this.#namedSlots * CELL);
    const slotLines = new Float64Array(this.#namedSlots);
    slotLines.set(this.#slotLines);
    this.#slotLines = slotLines;
  }
}
