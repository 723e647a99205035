// A chain of lines of which each holds the hash of the one before: what the audit chain and the file of decisions are.
// In: plain data and the end of a chain; out: lines, and whether a line fits the one before it.
// Invariant: no line can be changed, taken out, put in or moved without every later hash ceasing to fit.
// Example: link({ kind: 'end' }, NO_LINE, hashText) → { kind: 'end', seq: 1, prev: '00…', hash: '9f…' }

/** What every line of a chain has, whatever else it says. */
export interface ChainLink {
  /** Counted from 1. */
  seq: number;
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
export function link<T extends object>(body: T, after: ChainEnd, hashText: HashText): T & ChainLink {
  const line = { ...body, seq: after.seq + 1, prev: after.hash };
  return { ...line, hash: hashText(writeLink(line)) };
}

/** Writes a line as it is kept, without its line feed: its keys in order, one text for one content. */
export function writeLink(line: object): string {
  return JSON.stringify(line, (_key, inner: unknown) => {
    if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) return inner;
    return Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}

/** Reads a kept line, whole or not; null where it is none. */
export function readLink(text: string): ChainLink | null {
  try {
    const line: unknown = JSON.parse(text);
    return isLink(line) ? line : null;
  } catch {
    return null;
  }
}

/** Checks that a line is as it was written and continues a chain; gives what is wrong in words, or null. */
export function followLink(
  line: ChainLink,
  text: string,
  { after, hashText }: { after: ChainEnd; hashText: HashText },
): string | null {
  const { hash, ...rest } = line;
  // Written anew from what was read: a line that says the same with other signs is not the line that was written.
  if (writeLink(line) !== text || hashText(writeLink(rest)) !== hash) return 'it was changed';
  if (line.prev !== after.hash || line.seq !== after.seq + 1) {
    return 'it does not follow the line before it: lines were removed, put in or moved';
  }
  return null;
}

function isLink(value: unknown): value is ChainLink {
  if (typeof value !== 'object' || value === null) return false;
  const line = value as Partial<ChainLink>;
  return Number.isSafeInteger(line.seq) && typeof line.prev === 'string' && typeof line.hash === 'string';
}
