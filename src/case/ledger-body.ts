// ledger-body: decisions and steps of overrides ↔ the plain data of ledger lines.
// Invariant: what is read is what was written, or it is damaged and nothing is shown of it: half a decision is none.
import { GranskaError } from '../errors.ts';
import type { CaseDecision } from '../model/case.ts';
import type { OverrideStep } from '../model/override.ts';

/** A line of the ledger, as the port has it. */
interface Line {
  key: string;
  seq: number;
  atMs: number;
  by: string;
  body: Readonly<Record<string, unknown>>;
}

type Body = Record<string, unknown>;

/** Writes a decision as the body of a line. */
export function decisionBody({ outcome, reason, digest, facts }: CaseDecision): Body {
  return { version: 1, outcome, reason, digest, facts };
}

/** Reads a decision; throws DAMAGED for what is none. */
export function readDecision(line: Line): CaseDecision {
  const { outcome, reason, digest, facts } = line.body as Partial<CaseDecision>;
  const isWhole =
    isText(reason) &&
    isText(digest) &&
    OUTCOMES.some(known => known === outcome) &&
    isText(facts?.tenant) &&
    isText(facts.subjectId) &&
    isText(facts.category) &&
    isText(facts.day) &&
    Array.isArray(facts.sites);
  if (!isWhole) throw damaged(line);
  return {
    seq: line.seq,
    atMs: line.atMs,
    by: line.by,
    outcome: outcome!,
    reason: reason!,
    digest: digest!,
    facts: facts!,
  };
}

/** Writes a step of an override as the body of a line. */
export function stepBody(step: OverrideStep): Body {
  if (step.kind === 'proposed') return { version: 1, kind: step.kind, proposal: step.proposal };
  return { version: 1, kind: step.kind, reason: step.reason };
}

/** Reads a step of an override; throws DAMAGED for what is none. */
export function readStep(line: Line): OverrideStep {
  const { seq, atMs, by, body } = line;
  const { kind, reason, proposal } = body as { kind?: unknown; reason?: unknown; proposal?: unknown };
  if (kind === 'proposed' && typeof proposal === 'object' && proposal !== null) {
    const read = proposal as Extract<OverrideStep, { kind: 'proposed' }>['proposal'];
    if ([read.list, read.what, read.entry, read.site, read.reason, read.caseId].every(isText)) {
      return { seq, atMs, by, kind, proposal: read };
    }
  }
  if ((kind === 'approved' || kind === 'rejected') && isText(reason)) return { seq, atMs, by, kind, reason };
  throw damaged(line);
}

const OUTCOMES: readonly CaseDecision['outcome'][] = ['confirmed', 'explained', 'falseMatch', 'dismissed'];

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function damaged({ key, seq }: Line): GranskaError {
  return new GranskaError('DAMAGED', `line ${seq} of ${key} in the ledger cannot be read`, {
    hint: 'a newer version may have written it; keep the store as it is, and ask whoever runs it',
  });
}
