// The audit chain (§8.5): what was viewed, as lines of which each holds the hash of the one before.
// In: entries and the end of the chain; out: lines, and whether a line fits the one before it.
// Invariant: no line can be changed, taken out, put in or moved without every later hash ceasing to fit.
// Example: {"action":"search","actor":"anna","at":"2026-10-05T08:00:00.000Z","details":{…},"hash":"9f…","prev":"00…","seq":1,"shown":3}
import type { AuditEntry } from '../ports/audit.ts';

/** A line as it is kept: an entry, its place in the chain, who and when. */
export interface AuditLine extends AuditEntry {
  /** Counted from 1. */
  seq: number;
  at: string;
  /** Account of the operating system. */
  actor: string;
  /** Hash of the line before; zeros for the first. */
  prev: string;
  /** SHA-256, hex, over the line as canonical JSON without this field. */
  hash: string;
}

/** The end of a chain: what the next line continues. */
export interface ChainEnd {
  seq: number;
  hash: string;
}

/** Hashes a text's UTF-8 bytes with SHA-256, as hex. */
export type HashText = (text: string) => string;

/** The end of a chain that has no line yet. */
export const NO_LINE: ChainEnd = { seq: 0, hash: '0'.repeat(64) };

/** Makes the line that continues a chain. */
export function linkEntry(
  entry: AuditEntry,
  after: ChainEnd,
  context: { actor: string; atMs: number; hashText: HashText },
): AuditLine {
  const line = {
    ...entry,
    seq: after.seq + 1,
    at: new Date(context.atMs).toISOString(),
    actor: context.actor,
    prev: after.hash,
  };
  return { ...line, hash: context.hashText(canonical(line)) };
}

/** Writes a line as it is kept, without its line feed. */
export function writeLine(line: AuditLine): string {
  return canonical(line);
}

/** Checks that a kept line is whole and continues a chain; gives the new end, or what is wrong in words. */
export function followLine(text: string, after: ChainEnd, hashText: HashText): ChainEnd | string {
  const line = readLine(text);
  if (line === null) return 'it is no line of an audit chain';
  const { hash, ...rest } = line;
  // Written anew from what was read: a line that says the same with other signs is not the line that was written.
  if (canonical(line) !== text || hashText(canonical(rest)) !== hash) return 'it was changed';
  if (line.prev !== after.hash || line.seq !== after.seq + 1) {
    return 'it does not follow the line before it: lines were removed, put in or moved';
  }
  return { seq: line.seq, hash };
}

/** Reads the place of a kept line by itself; null where it was changed or is none. */
export function endOfLine(text: string, hashText: HashText): ChainEnd | null {
  const line = readLine(text);
  if (line === null) return null;
  const end = followLine(text, { seq: line.seq - 1, hash: line.prev }, hashText);
  return typeof end === 'string' ? null : end;
}

function readLine(text: string): AuditLine | null {
  try {
    const line: unknown = JSON.parse(text);
    return isLine(line) ? line : null;
  } catch {
    return null;
  }
}

function isLine(value: unknown): value is AuditLine {
  if (typeof value !== 'object' || value === null) return false;
  const line = value as Partial<AuditLine>;
  return (
    Number.isSafeInteger(line.seq) &&
    [line.at, line.actor, line.action, line.prev, line.hash].every(text => typeof text === 'string')
  );
}

/** Writes plain data as JSON with its keys in order: one text for one content. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) => {
    if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) return inner;
    return Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}
