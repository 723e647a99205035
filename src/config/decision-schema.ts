// The schema of one line of the file of decisions, and how a line becomes a decision.
import { z } from 'zod';
import type { Decision } from '../policy/decisions.ts';
import { day, listOf, prose, text, word } from './fields.ts';
import { exemptionSchema } from './policy-schema.ts';

/** Names the form of a line. */
export const DECISION_SCHEMA = 'granska.decision/1';

const line = {
  schema: z.literal(DECISION_SCHEMA),
  seq: z.int().min(1),
  day,
  at: z.iso.datetime(),
  by: text,
  prev: z.string(),
  hash: z.string(),
};

/** What a change says. */
export const changeSchema = z.strictObject({
  id: word.describe('exemption that was granted here'),
  validThrough: day.optional().describe('new last day (t.o.m.), not before today'),
  reason: prose.optional().describe('reason as it should read'),
  caseNumber: text.optional().describe('case number as it should read'),
  approvers: listOf(text).optional().describe('users who approved the change'),
});

/** What an end says. */
export const endSchema = z.strictObject({
  id: word.describe('exemption that was granted here'),
  validThrough: day.describe('last day on which it holds (t.o.m.), not before today'),
  reason: prose.describe('why it ends'),
});

const decisionSchema = z.discriminatedUnion('kind', [
  z.strictObject({ ...line, kind: z.literal('grant'), exemption: exemptionSchema }),
  changeSchema.extend({ ...line, kind: z.literal('change') }),
  endSchema.extend({ ...line, kind: z.literal('end') }),
]);

/** Reads a line as a decision; where it is none, gives the key that cannot be read. */
export function toDecision(content: unknown): { decision: Decision } | { key: readonly PropertyKey[] } {
  const result = decisionSchema.safeParse(content);
  if (!result.success) return { key: result.error.issues[0]?.path ?? [] };
  const { schema: _schema, prev: _prev, hash: _hash, ...decision } = result.data;
  return { decision };
}
