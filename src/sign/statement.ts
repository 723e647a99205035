// statement: what a person said and signed → the very text that the signature is over, and back (§8.4).
// In: plain data; out: one text for one content, and a statement only where nothing of it is missing or too much.
// Invariant: a statement that is read and written again is the same text; what a signature covers is all but itself, the
// schema and the kind included, so that no statement can be taken for one of another kind.
// Example: `signedText({ schema, kind: 'case-request', person: 'bo', atMs, body })` → `{"atMs":…,"body":{…},"kind":…}`.
import type { Said, Statement } from '../model/statement.ts';
import { canonicalJson } from '../policy/canonical-json.ts';

/** Names the form of a statement. */
export const STATEMENT_SCHEMA = 'granska.statement/1';

/** Gives the text that a signature is over. */
export function signedText({ schema, kind, person, atMs, body }: Said): string {
  return canonicalJson({ schema, kind, person, atMs, body });
}

/** Reads a statement; null for what is none, or says more than a statement says. */
export function readStatement(value: unknown): Statement | null {
  if (!isRecord(value) || Object.keys(value).sort().join() !== KEYS) return null;
  const { schema, kind, person, atMs, body, signature } = value;
  if (schema !== STATEMENT_SCHEMA || !Number.isSafeInteger(atMs) || !isRecord(body)) return null;
  if (typeof kind !== 'string' || typeof person !== 'string' || typeof signature !== 'string') return null;
  return { schema, kind, person, atMs: atMs as number, body, signature };
}

const KEYS = 'atMs,body,kind,person,schema,signature';

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Why a statement counts for nothing. */
export type Distrust = 'unknown-person' | 'no-key' | 'not-signed-so';

/** What of a person decides whether a statement is theirs. */
export interface Signatory {
  publicKey: string | null;
}

export interface Verifying {
  find(id: string): Signatory | null;
  /** Tells whether a text was signed with the private half of a key. */
  verifyText(publicKey: string, text: string, signature: string): boolean;
}

/** Tells whether the person whom a statement names signed it, as it stands. */
export function verifyStatement(statement: Statement, people: Verifying): 'valid' | Distrust {
  const person = people.find(statement.person);
  if (person === null) return 'unknown-person';
  if (person.publicKey === null) return 'no-key';
  const text = signedText(statement);
  return people.verifyText(person.publicKey, text, statement.signature) ? 'valid' : 'not-signed-so';
}
