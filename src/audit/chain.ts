// The audit chain (§8.5): what was viewed, as lines of which each holds the hash of the one before.
// In: entries and the end of the chain; out: lines, and whether a line fits the one before it.
// Invariant: no line can be changed, taken out, put in or moved without every later hash ceasing to fit.
// Example: {"action":"search","actor":"anna","at":"2026-10-05T08:00:00.000Z","details":{…},"hash":"9f…","prev":"00…","seq":1,"shown":3}
import type { AuditEntry } from '../ports/audit.ts';
import {
  type ChainEnd,
  type ChainLink,
  followLink,
  type HashText,
  link,
  readLink,
  writeLink,
} from './link.ts';

/** A line as it is kept: an entry, its place in the chain, who and when. */
export interface AuditLine extends AuditEntry, ChainLink {
  at: string;
  /** Account of the operating system. */
  actor: string;
}

/** Makes the line that continues a chain. */
export function linkEntry(
  entry: AuditEntry,
  after: ChainEnd,
  context: { actor: string; atMs: number; hashText: HashText },
): AuditLine {
  const at = new Date(context.atMs).toISOString();
  return link({ ...entry, at, actor: context.actor }, after, context.hashText);
}

/** Writes a line as it is kept, without its line feed. */
export function writeLine(line: AuditLine): string {
  return writeLink(line);
}

/** Checks that a kept line is whole and continues a chain; gives the new end, or what is wrong in words. */
export function followLine(text: string, after: ChainEnd, hashText: HashText): ChainEnd | string {
  const line = readLine(text);
  if (line === null) return 'it is no line of an audit chain';
  return followLink(line, text, { after, hashText }) ?? { seq: line.seq, hash: line.hash };
}

/** Reads the place of a kept line by itself; null where it was changed or is none. */
export function endOfLine(text: string, hashText: HashText): ChainEnd | null {
  const line = readLine(text);
  if (line === null) return null;
  const end = followLine(text, { seq: line.seq - 1, hash: line.prev }, hashText);
  return typeof end === 'string' ? null : end;
}

function readLine(text: string): AuditLine | null {
  const line = readLink(text) as AuditLine | null;
  if (line === null) return null;
  return [line.at, line.actor, line.action].every(item => typeof item === 'string') ? line : null;
}
