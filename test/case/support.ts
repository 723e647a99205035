// Visits and decisions to test cases with.
import { createHash } from 'node:crypto';
import type { CaseRules, Decided } from '../../src/case/cases-of.ts';
import type { Case, CaseDecision } from '../../src/model/case.ts';
import type { Visit } from '../../src/model/visit.ts';

/** Hashes to hex digits. */
export function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Reviews staff, whatever is known of the name. */
export const RULES: CaseRules = {
  policy: { minimumConfidence: 'none', reviewed: new Set(['staff']) },
  hash,
};

/** Makes a visit of five records to be examined, with some fields changed. */
export function aVisit(changes: Partial<Visit> = {}): Visit {
  return {
    id: '0'.repeat(32),
    tenant: 'Provby',
    subjectKind: 'user',
    subjectId: 'u26-bo',
    confidence: 'authenticated',
    population: 'staff',
    department: 'Bygg',
    roles: [],
    category: 'gambling',
    class: 'questionable',
    statutes: [],
    site: 'casino.example',
    day: '2026-10-05',
    startMs: Date.parse('2026-10-05T06:00:00Z'),
    lastMs: Date.parse('2026-10-05T06:05:00Z'),
    findings: 5,
    records: 5,
    examine: 5,
    exempt: 0,
    verdict: 'examine',
    exemptions: [],
    bytes: 1000,
    grade: 'A',
    facts: [],
    digest: 'd1',
    ...changes,
  };
}

/** Decides a case as it is now. */
export function decisionOn(found: Case, changes: Partial<CaseDecision> = {}): Decided {
  const { id, digest, ...facts } = found;
  return {
    id,
    decision: {
      ...{ seq: 1, atMs: 1_770_000_000_000, by: 'anna', outcome: 'explained', reason: 'an assignment' },
      ...{ digest: digest ?? '', facts },
      ...changes,
    },
  };
}

/** Streams what is there. */
export async function* streamed<T>(items: Iterable<T>): AsyncGenerator<T> {
  yield* items;
}
