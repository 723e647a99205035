// opened-cases: the ledger's requests to open cases, a case at a time, and which cases two people opened (§8.1, §8.4).
// In: the ledger and the people who signed; out: requests as they count, and a question that reports ask of each case.
// Invariant: a case is opened only where another person granted what one had asked, both by their signatures; opened for its
// name 24 hours, for a row of a report for good. Another case of equal digits is not opened by it.
// Example: `(await openedCases(desk, people)).has(found)`.
import { type AccessLine, type CaseAccess, readAccess, type Trusted } from '../case/access.ts';
import { isSameCase } from '../case/cases-of.ts';
import type { CaseIdentity } from '../model/case.ts';
import type { Ledger } from '../ports/desk-store.ts';

/** Cases that two people opened. */
export interface OpenedCases {
  has(found: CaseIdentity & { id: string }): boolean;
  /** Their ids. */
  ids(): readonly string[];
}

/** Streams what was asked and answered, by case. */
export async function* readAccesses(
  ledger: Pick<Ledger, 'allEntries'>,
  people: Trusted,
): AsyncGenerator<CaseAccess & { caseId: string }> {
  let lines: AccessLine[] = [];
  for await (const line of ledger.allEntries('access')) {
    const last = lines.at(-1);
    if (last !== undefined && last.key !== line.key) {
      yield { caseId: last.key, ...readAccess(lines, people) };
      lines = [];
    }
    lines.push(line);
  }
  if (lines[0] !== undefined) yield { caseId: lines[0].key, ...readAccess(lines, people) };
}

/** Finds out which cases two people opened. */
export async function openedCases(ledger: Pick<Ledger, 'allEntries'>, people: Trusted): Promise<OpenedCases> {
  const opened = new Map<string, CaseIdentity[]>();
  for await (const { caseId, requests } of readAccesses(ledger, people)) {
    const granted = requests.filter(({ answer }) => answer?.kind === 'case-grant');
    if (granted.length > 0) opened.set(caseId, granted);
  }
  return {
    has: found => opened.get(found.id)?.some(one => isSameCase(one, found)) ?? false,
    ids: () => [...opened.keys()],
  };
}
