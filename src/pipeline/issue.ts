// issue: what was handed out → kept as it was (§8.2: issued figures are frozen). In: content as plain data, and the ledger;
// out: numbered issues of one key, each with its SHA-256. Invariant: an issue never changes; the same content is the same
// text, byte by byte; whoever asks again is given the latest issue, not what would be counted today; a correction is an
// issue of the next number that says why. A long text is kept in several lines of the ledger, and is an issue once the
// last of them is there: what a broken run left behind is none.
// Example: issueOnce(desk, 'statistics/Exempelby kommun/2026-10', made) → { issue: { number: 1, … }, state: 'new' }
import { GranskaError } from '../errors.ts';
import { canonicalJson } from '../policy/canonical-json.ts';
import type { Ledger, LedgerEntry } from '../ports/desk-store.ts';

/** What was handed out under one number. */
export interface Issue {
  key: string;
  /** From 1; each one after the first corrects the one before. */
  number: number;
  atMs: number;
  /** Account of the operating system. */
  by: string;
  /** SHA-256 of the content, hex. */
  sha256: string;
  /** SHA-256 of what decides whether anything has changed since. */
  basis: string;
  /** Why it corrects the one before; null for the first. */
  reason: string | null;
  /** Canonical JSON. */
  content: string;
}

/** What is to be issued, by whom and when. */
export interface Made {
  /** Plain data. Nothing in it may tell when it was made: the same figures are the same content. */
  content: unknown;
  /**
   * The part of it that decides whether today it would be another issue; all of it unless given. What a store forgets in
   * time, such as rejected lines, is left out here.
   */
  basis?: unknown;
  by: string;
  atMs: number;
  /** SHA-256 of a text's UTF-8 bytes, hex. */
  hash(text: string): string;
}

export interface Issued {
  issue: Issue;
  /** `new` it was issued now · `same` it was before, and would be the same today · `changed` today it would be another. */
  state: 'new' | 'same' | 'changed';
}

/** Gives all issues of a key by number. */
export async function issues(ledger: Pick<Ledger, 'entries'>, key: string): Promise<Issue[]> {
  return readIssues(key, await ledger.entries('issue', key));
}

/** Streams the issues of all keys, by key and number. */
export async function* allIssues(ledger: Pick<Ledger, 'allEntries'>): AsyncGenerator<Issue> {
  let lines: LedgerEntry[] = [];
  for await (const line of ledger.allEntries('issue')) {
    if (lines[0] !== undefined && lines[0].key !== line.key) {
      yield* readIssues(lines[0].key, lines);
      lines = [];
    }
    lines.push(line);
  }
  if (lines[0] !== undefined) yield* readIssues(lines[0].key, lines);
}

/**
 * Issues a content unless something was issued under its key: then gives that, and tells whether it still holds. Throws
 * DAMAGED where what was issued is not what its hash says.
 */
export async function issueOnce(
  ledger: Pick<Ledger, 'entries' | 'append'>,
  key: string,
  made: Made,
): Promise<Issued> {
  const known = (await issues(ledger, key)).at(-1);
  if (known !== undefined) {
    requireWhole(known, made);
    return { issue: known, state: isSame(known, made) ? 'same' : 'changed' };
  }
  const issue = await append(ledger, { key, number: 1, reason: null }, made);
  // Somebody else may have been first.
  return { issue, state: isSame(issue, made) ? 'new' : 'changed' };
}

/** Issues a correction. Throws USAGE where there is nothing to correct, OVERTAKEN where another correction was first. */
export async function issueAgain(
  ledger: Pick<Ledger, 'entries' | 'append'>,
  key: string,
  made: Made & { reason: string },
): Promise<Issue> {
  const latest = (await issues(ledger, key)).at(-1);
  if (latest === undefined) {
    throw new GranskaError('USAGE', 'nothing was issued that could be corrected', {
      hint: 'leave --correct out: the first issue needs no reason',
    });
  }
  if (isSame(latest, made)) {
    throw new GranskaError('USAGE', `a correction would say the same as issue ${latest.number}`, {
      hint: 'leave --correct out to see it again',
    });
  }
  const number = latest.number + 1;
  const issue = await append(ledger, { key, number, reason: made.reason }, made);
  if (issue.sha256 === made.hash(canonicalJson(made.content)) && issue.reason === made.reason) return issue;
  throw new GranskaError('OVERTAKEN', `somebody else has issued number ${number} meanwhile`, {
    hint: 'look at it first; then correct that one, if it needs to be',
  });
}

/** The most signs of one line: beyond it some stores refuse a document. */
const MAX_SIGNS = 1_000_000;

const SCHEMA = 'granska.issue/1';

/** One line of the ledger: an issue, or a part of it. */
interface Part {
  schema: typeof SCHEMA;
  number: number;
  sha256: string;
  basis: string;
  reason: string | null;
  part: number;
  parts: number;
  text: string;
}

/** Writes the parts of an issue; gives what is an issue of that number by then, which may be somebody else's. */
async function append(
  ledger: Pick<Ledger, 'entries' | 'append'>,
  { key, number, reason }: Pick<Issue, 'key' | 'number' | 'reason'>,
  made: Made,
): Promise<Issue> {
  const { by, atMs, hash } = made;
  const text = canonicalJson(made.content);
  const texts = cut(text);
  const of = { number, sha256: hash(text), basis: basisOf(made), reason, parts: texts.length };
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const lines = await ledger.entries('issue', key);
    const found = readIssues(key, lines).find(issue => issue.number === number);
    if (found !== undefined) return found;
    const part = nextPart(lines, of);
    const body = { schema: SCHEMA, ...of, part, text: texts[part - 1] };
    await ledger.append({ kind: 'issue', key, seq: lines.length + 1, atMs, by, body });
  }
  throw new GranskaError('OVERTAKEN', 'others are issuing the same at this moment', { hint: 'try again' });
}

/** A bound, not a wait: each round writes a line, its own or another's. */
const MAX_TRIES = 10_000;

/** Cuts a text where no sign is cut. */
function cut(text: string): string[] {
  const texts: string[] = [];
  for (let at = 0; at < text.length; ) {
    let end = Math.min(at + MAX_SIGNS, text.length);
    if (end < text.length && isHighHalf(text.charCodeAt(end - 1))) end--;
    texts.push(text.slice(at, end));
    at = end;
  }
  return texts;
}

function isHighHalf(code: number): boolean {
  return code >= 0xd800 && code <= 0xdbff;
}

type Content = Pick<Part, 'number' | 'sha256' | 'basis' | 'reason' | 'parts'>;

/** The first part that is not there: the others may be of a run that broke off, and are the same. */
function nextPart(lines: readonly LedgerEntry[], of: Content): number {
  const there = new Set(
    lines
      .map(partOf)
      .filter(part => keyOf(part) === keyOf(of))
      .map(({ part }) => part),
  );
  let next = 1;
  while (there.has(next)) next++;
  return next;
}

/** Puts the parts together: of each number, what was whole first. */
function readIssues(key: string, lines: readonly LedgerEntry[]): Issue[] {
  const found: Issue[] = [];
  const begun = new Map<string, Map<number, string>>();
  for (const line of lines) {
    const part = partOf(line);
    // Numbers follow each other; what came second under a number is none.
    if (part.number !== found.length + 1) continue;
    const texts = begun.get(keyOf(part)) ?? new Map<number, string>();
    begun.set(keyOf(part), texts.set(part.part, part.text));
    if (texts.size < part.parts) continue;
    const content = Array.from({ length: part.parts }, (_, index) => texts.get(index + 1)).join('');
    const { number, sha256, basis, reason } = part;
    found.push({ key, number, atMs: line.atMs, by: line.by, sha256, basis, reason, content });
  }
  return found;
}

function keyOf({ number, sha256, basis, reason, parts }: Content): string {
  return JSON.stringify([number, sha256, basis, reason, parts]);
}

function partOf({ body }: LedgerEntry): Part {
  return body as unknown as Part;
}

function isSame(issue: Issue, made: Made): boolean {
  return issue.basis === basisOf(made);
}

function basisOf({ basis, content, hash }: Made): string {
  return hash(canonicalJson(basis === undefined ? content : basis));
}

/** Throws DAMAGED where what was issued is not what its hash says. */
export function requireWhole(issue: Issue, { hash }: Pick<Made, 'hash'>): void {
  if (hash(issue.content) === issue.sha256) return;
  throw new GranskaError('DAMAGED', `issue ${issue.number} in the ledger is not what its hash says`, {
    hint: 'somebody changed the store: keep it as it is, and compare with what was handed out',
  });
}
