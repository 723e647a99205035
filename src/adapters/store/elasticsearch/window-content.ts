// What comes of windows, all but pins and positions: findings, counts, rejects, fingerprints, names; and what the server
// refuses of it, to the dead letters. Every document has an id that follows from what it is, so that whoever writes a
// window again, or late, writes what is there already. Out: which findings were new.
import type { Finding } from '../../../model/finding.ts';
import type { StreamWindow, WindowBatch } from '../../../ports/window-store.ts';
import type { Bulk, BulkAction, BulkOutcome, Refusal } from './bulk.ts';
import type { CellWrite, CumulativeCounts } from './cumulative-counts.ts';
import type { DeadLetters } from './dead-letters.ts';
import { toDocument } from './finding-document.ts';
import type { Freshness } from './freshness.ts';
import { hashOf } from './hash-of.ts';
import { checkIndices, noteSent, type SentCounts } from './index-at-fault.ts';
import type { IndexNames } from './index-names.ts';
import type { KnownFindings } from './known-findings.ts';
import type { Months } from './months.ts';
import type { StoreReader } from './read-store.ts';
import { envelopeAction, type FreshNames, freshNames, ownerActions } from './sealed-names.ts';
import type { RejectDocument, SealedRows } from './sealed-rows.ts';

export interface WindowContent {
  /** Writes the content of windows that have passed the fence. */
  write(windows: readonly StreamWindow[], names: WindowBatch['names']): Promise<Written>;
}

export interface Written {
  /** Findings that were new, by window. */
  added: ReadonlyMap<StreamWindow, number>;
  refused: number;
}

export interface WindowContentOptions {
  names: IndexNames;
  bulk: Bulk;
  freshness: Freshness;
  known: KnownFindings;
  counts: CumulativeCounts;
  months: Months;
  letters: DeadLetters;
  rows: SealedRows;
  reader: Pick<StoreReader, 'knownNames'>;
  nowMs(): number;
}

/** Creates the writer of content of one store. */
export function createWindowContent(options: WindowContentOptions): WindowContent {
  const { names, bulk, freshness, known, counts, letters, reader } = options;
  const { fixed } = names;
  let lastWritten = 0;

  async function write(
    windows: readonly StreamWindow[],
    sealedNames: WindowBatch['names'],
  ): Promise<Written> {
    const findings = await known.newOf(windows.flatMap(window => window.findings));
    await options.months.make(findings.map(finding => names.month(finding)));
    const parts: Parts = {
      findings,
      owners: ownersOf(windows),
      cells: await counts.prepare(windows),
      sealed: await freshNames(sealedNames, reader.knownNames),
      settled: await settledActions(windows),
    };
    try {
      // Which window each action is of, in their order.
      const of: (StreamWindow | null)[] = [];
      const sent: SentCounts = new Map();
      const outcome = await bulk(noting(actionsOf(windows, parts), { of, sent }));
      const first = findings.length;
      counts.written(parts.cells, outcome.statuses.subarray(first, first + parts.cells.length));
      const owners = ownersIn(parts.sealed, outcome);
      const named = await bulk(noting(owners, { of: [], sent }));
      checkIndices(sent, [...outcome.refusals, ...named.refusals]);
      const refused = [
        ...outcome.refusals.map(refusal => ({ refusal, window: of[refusal.n]! })),
        ...named.refusals.map(refusal => ({ refusal, window: null })),
      ];
      await keep(windows, refused);
      return { added: addedOf(parts, outcome), refused: refused.length };
    } finally {
      // Of what broke off, a part may be there.
      noteWritten(windows);
    }
  }

  /** Gives all but who has a name: findings first, then cells. */
  function* actionsOf(windows: readonly StreamWindow[], parts: Parts): Generator<Owned> {
    for (const finding of parts.findings) {
      const [index, document] = [names.month(finding), toDocument(finding)];
      yield [{ kind: 'create', index, id: finding.id, document }, parts.owners.get(finding.id)!];
    }
    for (const { action } of parts.cells) yield [action, null];
    for (const fresh of parts.sealed) yield [envelopeAction(names, fresh), null];
    for (const action of parts.settled) yield [action, null];
    for (const window of windows) {
      for (const action of rejectActions(window)) yield [action, window];
      for (const action of markActions(window)) yield [action, window];
    }
  }

  function ownersIn(sealed: readonly FreshNames[], { refusals }: BulkOutcome): Owned[] {
    const refused = new Set(refusals.map(({ action }) => action.id));
    return sealed
      .filter(({ envelope }) => !refused.has(envelope))
      .flatMap(fresh => ownerActions(names, fresh).map((action): Owned => [action, null]));
  }

  async function keep(windows: readonly StreamWindow[], refused: readonly Refused[]): Promise<void> {
    // What is of no one window lies with the first.
    const groups = Map.groupBy(refused, ({ window }) => window ?? windows[0]!);
    for (const [window, group] of groups) {
      await letters.keep(
        window,
        group.map(({ refusal }) => refusal),
      );
    }
  }

  async function settledActions(windows: readonly StreamWindow[]): Promise<BulkAction[]> {
    const files = windows.flatMap(({ settled }) => settled);
    return files.length === 0 ? [] : options.rows.deletionsOf('rejects', files);
  }

  function rejectActions({ rejects, state, from }: StreamWindow): BulkAction[] {
    if (rejects.length === 0) return [];
    lastWritten = Math.max(lastWritten + 1, options.nowMs());
    return rejects.map((reject, place) => {
      const document: RejectDocument = {
        stream: reject.stream,
        code: reject.code,
        count: reject.count,
        first_offset: reject.firstOffset,
        ...(reject.file === null ? {} : { file: reject.file }),
        rejected: reject.rejectedMs,
        written: lastWritten,
        place,
      };
      // Created once: who wakes up late must not set back when a line was rejected.
      return { kind: 'create', index: fixed.rejects, id: hashOf(state.id, from, place), document };
    });
  }

  function markActions({ state, marks }: StreamWindow): BulkAction[] {
    return marks.map(({ end, digest }) => ({
      kind: 'index',
      index: fixed.marks,
      id: hashOf(state.id, end),
      document: { stream: state.id, end, digest: Buffer.from(digest).toString('base64') },
    }));
  }

  function noteWritten(windows: readonly StreamWindow[]): void {
    if (windows.some(({ findings }) => findings.length > 0)) freshness.written(names.findings);
    if (windows.some(({ usage }) => usage.length > 0)) freshness.written(fixed.usage);
    if (windows.some(({ days }) => days.length > 0)) freshness.written(fixed.days);
  }

  return { write };
}

interface Parts {
  findings: readonly Finding[];
  /** The window that each finding came in first, by its id. */
  owners: ReadonlyMap<string, StreamWindow>;
  cells: readonly CellWrite[];
  sealed: readonly FreshNames[];
  settled: readonly BulkAction[];
}

/** An action and the window that it is of; null where it is of none or several. */
type Owned = [action: BulkAction, window: StreamWindow | null];

interface Refused {
  refusal: Refusal;
  window: StreamWindow | null;
}

function ownersOf(windows: readonly StreamWindow[]): Map<string, StreamWindow> {
  const owners = new Map<string, StreamWindow>();
  for (const window of windows) {
    for (const { id } of window.findings) if (!owners.has(id)) owners.set(id, window);
  }
  return owners;
}

/** Notes the window of each action, and how many are sent to each index. */
function* noting(
  owned: Iterable<Owned>,
  { of, sent }: { of: (StreamWindow | null)[]; sent: SentCounts },
): Generator<BulkAction> {
  for (const [action, window] of owned) {
    of.push(window);
    noteSent(sent, action);
    yield action;
  }
}

function addedOf({ findings, owners }: Parts, { statuses }: BulkOutcome): Map<StreamWindow, number> {
  const added = new Map<StreamWindow, number>();
  findings.forEach(({ id }, n) => {
    if (statuses[n] !== 201) return;
    const window = owners.get(id)!;
    added.set(window, (added.get(window) ?? 0) + 1);
  });
  return added;
}
