// The stored records of a query, whole, in pieces (§5.1: the findings of one record are judged together).
// In: a query with a range of time; out: batches of records in order of their start, each with all its findings and which
// of them the query asks for. Invariant: bounded memory, no cursor is open while somebody writes, and none is passed over
// or given twice: a piece ends where a new start begins.
import type { StandingFinding } from '../../model/finding.ts';
import type { Query } from '../../model/query.ts';
import type { ReadStore } from '../../ports/store.ts';

/** One record: all its findings, and those that were asked for. */
export interface StoredRecord {
  findings: readonly StandingFinding[];
  asked: readonly StandingFinding[];
}

type Searched = Pick<ReadStore, 'standing'>;

/** Findings that are read at a time; more where so many began at the same instant. */
const PIECE = 2_000;
/** Records whose other findings are asked for at once. */
const SIBLINGS = 100;

/** Reads records batch by batch, with what no reading shows of them (§6.2). */
export async function* readRecords(store: Searched, query: Query): AsyncGenerator<StoredRecord[]> {
  let fromMs = query.fromMs;
  let limit = PIECE;
  for (;;) {
    const piece = await collect(store, { ...query, fromMs, sort: 'start', descending: false, limit });
    const isLast = piece.length < limit;
    const lastMs = piece.at(-1)?.startMs;
    // The last instant may go on behind the piece.
    const whole = isLast ? piece : piece.filter(finding => finding.startMs < lastMs!);
    if (!isLast && whole.length === 0) {
      limit *= 2;
      continue;
    }
    if (whole.length > 0) yield await completed(store, query, whole);
    if (isLast) return;
    limit = PIECE;
    fromMs = lastMs!;
  }
}

async function completed(store: Searched, query: Query, asked: StandingFinding[]): Promise<StoredRecord[]> {
  const byRecord = Map.groupBy(asked, finding => finding.recordId);
  const all = query.terms.length === 0 ? byRecord : await siblingsOf(store, query, [...byRecord.keys()]);
  return [...byRecord].map(([recordId, found]) => ({
    findings: all.get(recordId) ?? found,
    asked: found,
  }));
}

/** Reads what else there is of records of which a query asks for a part. */
async function siblingsOf(store: Searched, query: Query, ids: readonly string[]) {
  const found: StandingFinding[] = [];
  for (let at = 0; at < ids.length; at += SIBLINGS) {
    const values = ids.slice(at, at + SIBLINGS);
    found.push(
      ...(await collect(store, {
        ...query,
        terms: [{ kind: 'field', field: 'record', values, negated: false }],
        limit: null,
      })),
    );
  }
  return Map.groupBy(found, finding => finding.recordId);
}

async function collect(store: Searched, query: Query): Promise<StandingFinding[]> {
  const found: StandingFinding[] = [];
  for await (const finding of store.standing(query)) found.push(finding);
  return found;
}
