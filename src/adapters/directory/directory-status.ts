// directory-status: the log of deliveries and the directory → how old and how whole what is known of people is. Numbers
// only: nobody is named. Example: last delivery as of 2026-11-01, 24 days old; 812 in force, 3 leaving, 5 arriving.
import type { Zone } from '../../calendar/zone.ts';
import type { DirectoryStatus } from '../../ports/deliveries.ts';
import type { RosterRow } from '../../subject/create-roster.ts';
import { isInForce } from '../../subject/merge-delivery.ts';
import { type DeliveryLog, readDeliveryLog } from './delivery-log.ts';

const DAY_MS = 86_400_000;
const SOON_DAYS = 30;

export interface StatusInput {
  log: DeliveryLog;
  rows: readonly RosterRow[];
  /** SHA-256 (hex) of the directory file. */
  directory: string;
  zone: Zone;
  maxAgeDays: number;
  nowMs: number;
}

/** Says how the directory stands. */
export function directoryStatus(input: StatusInput): DirectoryStatus {
  const { log, rows, nowMs } = input;
  const last = log.deliveries.at(-1) ?? null;
  const now = peopleAt(rows, nowMs);
  const soon = peopleAt(rows, nowMs + SOON_DAYS * DAY_MS);
  const ageMs = last === null ? null : ageOf(last.asOf, input.zone, nowMs);
  return {
    ...{ last, deliveries: log.deliveries.length, brokenLine: log.brokenLine },
    ageDays: ageMs === null ? null : Math.floor(ageMs / DAY_MS),
    maxAgeDays: input.maxAgeDays,
    changedSince: last !== null && last.directory !== input.directory,
    inForce: now.size,
    leaving: [...now].filter(person => !soon.has(person)).length,
    arriving: [...soon].filter(person => !now.has(person)).length,
  };
}

/** Gives how old what the directory says is, milliseconds; null where no delivery was ever imported. */
export function deliveryAgeMs(directoryFile: string | null, zone: Zone, nowMs: number): number | null {
  const last = directoryFile === null ? undefined : readDeliveryLog(directoryFile).deliveries.at(-1);
  return last === undefined ? null : ageOf(last.asOf, zone, nowMs);
}

function ageOf(asOf: string, zone: Zone, nowMs: number): number {
  return Math.max(0, nowMs - zone.startOfDayMs(asOf));
}

function peopleAt(rows: readonly RosterRow[], atMs: number): Set<string> {
  return new Set(rows.filter(row => isInForce(row, atMs)).map(row => `${row.tenant}\u0000${row.user}`));
}
