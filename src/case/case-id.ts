// case-id: what a case is called. In: its identity; out: an id that begins with its day, so that whoever has an id knows
// which day to read, and the ledger lies in order of days.
// Example: `caseIdOf({ tenant, subjectId, category, day: '2026-10-05' }, hash)` → `20261005-3f9a2b7c4d1e0a5b`.
import type { CaseIdentity } from '../model/case.ts';

/** Hex digits behind the day. Decisions name their case in full, so that equal digits mix nobody up (see `casesOf`). */
const DIGITS = 16;
/** The least that may be typed behind the day. */
const MIN_DIGITS = 4;

/** Gives a case's id. `hash` gives hex digits. */
export function caseIdOf(
  { tenant, subjectId, category, day }: CaseIdentity,
  hash: (text: string) => string,
): string {
  const digits = hash(JSON.stringify(['case', tenant, subjectId, category, day])).slice(0, DIGITS);
  return `${idDay(day)}-${digits}`;
}

/** Writes a local day as ids begin. */
export function idDay(day: string): string {
  return day.replaceAll('-', '');
}

/** Reads an id, or the beginning of one, as typed; null for what is none. */
export function readCaseId(typed: string): { prefix: string; day: string } | null {
  const parts = ID.exec(typed.trim().toLowerCase());
  if (parts === null) return null;
  const [prefix, year, month, day] = parts;
  return { prefix, day: `${year}-${month}-${day}` };
}

const ID = new RegExp(`^(\\d{4})(\\d{2})(\\d{2})-[0-9a-f]{${MIN_DIGITS},${DIGITS}}$`);
