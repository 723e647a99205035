// What people write, in memory: the desk's part of the store's twin. In: the findings that the store holds, and the
// kept versions; out: the ledger, later judgements and their history.
// Invariant: the same calls give the same answers as the other desks (test/contract/desk.ts).
import type { StandingFinding } from '../../model/finding.ts';
import { closedBy, type DeskStore, isClosing, type LedgerEntry } from '../../ports/desk-store.ts';
import type { KeptVersion, Revision } from '../../ports/store.ts';
import { firstRevision } from '../../search/first-revision.ts';
import { isShown } from '../../search/is-shown.ts';
import { historyOf, judgedBy, standingOf } from '../../search/later-judgement.ts';
import { compareTexts } from '../../search/matches.ts';
import { closedError } from './closed-error.ts';

export type MemoryDesk = Pick<
  DeskStore,
  'append' | 'entries' | 'allEntries' | 'revise' | 'revisions' | 'catchUp'
>;

export interface MemoryDeskOptions {
  /** All findings by id; what is judged anew is changed here. */
  findings: Map<string, StandingFinding>;
  keep(versions: readonly KeptVersion[]): void;
}

/** Creates the desk of one store in memory. */
export function createMemoryDesk({ findings, keep }: MemoryDeskOptions): MemoryDesk {
  const ledger: LedgerEntry[] = [];
  const judgements = new Map<string, Revision[]>();

  const linesOf = (kind: string, key: string) =>
    ledger.filter(line => line.kind === kind && line.key === key);

  function judge(revision: Revision): 'next' | 'known' | 'overtaken' {
    const finding = findings.get(revision.findingId) ?? null;
    const stored = judgements.get(revision.findingId) ?? [];
    const there = stored.find(other => other.revision === revision.revision) ?? null;
    const standing = standingOf(revision, finding, there);
    if (finding === null || standing !== 'next') return standing;
    const before = stored.length === 0 ? [firstRevision(finding)] : stored;
    judgements.set(finding.id, [...before, structuredClone(revision)]);
    findings.set(finding.id, judgedBy(finding, revision));
    return standing;
  }

  return {
    async catchUp() {},
    async append(entry) {
      const lines = linesOf(entry.kind, entry.key);
      if (entry.seq < 1 || entry.seq > lines.length + 1)
        throw new TypeError('a line of the ledger follows on another');
      if (entry.seq <= lines.length) return false;
      if (linesOf(entry.kind, closedBy(entry.key)).some(isClosing)) throw closedError();
      ledger.push(structuredClone(entry));
      return true;
    },
    async entries(kind, key) {
      return structuredClone(linesOf(kind, key));
    },
    async *allEntries(kind) {
      const lines = ledger.filter(line => line.kind === kind);
      lines.sort((a, b) => compareTexts(a.key, b.key) || a.seq - b.seq);
      yield* structuredClone(lines);
    },
    async revise(batch) {
      keep(batch.versions);
      const overtaken: string[] = [];
      const sums = { next: 0, known: 0, overtaken: 0 };
      for (const revision of batch.revisions) {
        const standing = judge(revision);
        sums[standing]++;
        if (standing === 'overtaken') overtaken.push(revision.findingId);
      }
      const fresh = new Map(
        batch.findings.filter(({ id }) => !findings.has(id)).map(found => [found.id, found]),
      );
      for (const finding of fresh.values()) findings.set(finding.id, structuredClone(finding));
      const known = sums.known + batch.findings.length - fresh.size;
      return { revised: sums.next, added: fresh.size, known, overtaken };
    },
    async revisions(findingId) {
      const finding = findings.get(findingId);
      if (finding === undefined || !isShown(finding)) return [];
      return structuredClone(historyOf(finding, judgements.get(findingId) ?? []));
    },
  };
}
