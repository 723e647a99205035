// Dead letters (§9.7): documents that the server refused for what they hold. They are sealed as they are, one text for
// each window, with a row that tells how many of what, and why; a retry gives them to the server again.
// Invariant: a text is there before the row that names it, and both before the window is closed. The name follows from
// which documents they are, so that a repeat that refuses others does not lose these.
import type { SealedTexts } from '../../../ports/sealed-texts.ts';
import type { DeadLetter, StreamWindow, WindowStore } from '../../../ports/window-store.ts';
import { type Bulk, type BulkAction, type Refusal, requireAll } from './bulk.ts';
import type { FindingDocument } from './finding-document.ts';
import type { Freshness } from './freshness.ts';
import { hashOf } from './hash-of.ts';
import type { IndexNames } from './index-names.ts';
import type { KnownFindings } from './known-findings.ts';
import type { Months } from './months.ts';
import type { DeadLetterDocument, RejectDocument, SealedRows } from './sealed-rows.ts';

export interface DeadLetters extends Pick<WindowStore, 'retryDeadLetters' | 'settleDeadLetters'> {
  /** Keeps what was refused of a window; throws the refusal as an error where nothing can seal. */
  keep(window: StreamWindow, refusals: readonly Refusal[]): Promise<void>;
}

export interface DeadLettersOptions {
  names: IndexNames;
  bulk: Bulk;
  freshness: Freshness;
  known: KnownFindings;
  months: Months;
  rows: SealedRows;
  sealed: SealedTexts;
  /** Null where nothing can be sealed: then what is refused for good stops the store. */
  seal: ((plain: Uint8Array) => Promise<Uint8Array>) | null;
  nowMs(): number;
}

/** Creates the dead letters of one store. */
export function createDeadLetters(options: DeadLettersOptions): DeadLetters {
  const { names, bulk, freshness, known, months, rows, sealed, seal } = options;
  const { fixed } = names;

  /** Says what a refused document was; null for one that may not be missing. */
  function whatOf(index: string): string | null {
    if (names.isMonth(index)) return 'findings';
    if (index === fixed.rejects) return 'rejects';
    return index === fixed.names || index === fixed['name-ids'] ? 'names' : null;
  }

  async function keep(window: StreamWindow, refusals: readonly Refusal[]): Promise<void> {
    if (refusals.length === 0) return;
    const kept = refusals.filter(({ action }) => whatOf(action.index) !== null);
    if (seal === null || kept.length < refusals.length) {
      const others = seal === null ? refusals : refusals.filter(refusal => !kept.includes(refusal));
      requireAll({ statuses: new Uint16Array(0), refusals: [...others] });
    }
    const stream = window.state.id;
    const letters = kept.map(({ action, reason }): DeadLetter => {
      const { index, id, document } = action;
      return { stream, what: whatOf(index)!, reason, index, id, document };
    });
    const print = hashOf(...letters.flatMap(({ index, id }) => [index, id])).slice(0, 8);
    const file = `${stream.slice(0, 16)}-${window.from}-${print}-dead.age`;
    const plain = letters.map(letter => `${JSON.stringify(letter)}\n`).join('');
    await sealed.write(file, await seal!(new TextEncoder().encode(plain)));
    freshness.written(fixed.deadletters);
    requireAll(await bulk(rowsOf(letters, { file, from: window.from })));
  }

  function rowsOf(letters: readonly DeadLetter[], of: { file: string; from: number }): BulkAction[] {
    const alike = Map.groupBy(letters, ({ what, reason }) => JSON.stringify([what, reason]));
    return [...alike.values()].map(group => {
      const { stream, what, reason } = group[0]!;
      const document: DeadLetterDocument = {
        stream,
        what,
        reason,
        count: group.length,
        first_offset: Math.min(...group.map(letter => offsetOf(letter, of.from))),
        file: of.file,
        refused: options.nowMs(),
      };
      return { kind: 'create', index: fixed.deadletters, id: hashOf(of.file, what, reason), document };
    });
  }

  async function retryDeadLetters(letters: readonly DeadLetter[]): Promise<DeadLetter[]> {
    // Whoever has the public key can seal: nothing is written anywhere but where such a document lies.
    const strangers = letters.filter(({ index, what }) => whatOf(index) !== what);
    const ours = letters.filter(letter => !strangers.includes(letter));
    const findings = ours.filter(({ what }) => what === 'findings');
    await months.make(findings.map(({ index }) => index));
    const there = await known.existing(findings.map(({ id }) => id));
    const open = ours.filter(({ id, what }) => what !== 'findings' || !there.has(id));
    // Who has a sealed name comes after the name.
    const refused: DeadLetter[] = [];
    const isOwner = ({ index }: DeadLetter) => index === fixed['name-ids'];
    for (const part of [open.filter(letter => !isOwner(letter)), open.filter(isOwner)]) {
      const { refusals } = await bulk(part.map(({ index, id, document }) => create(index, id, document)));
      for (const { n, reason } of refusals) refused.push({ ...part[n]!, reason });
    }
    if (findings.length > 0) freshness.written(names.findings);
    return [...refused, ...strangers.map(letter => ({ ...letter, reason: 'not_of_this_store' }))];
  }

  return {
    keep,
    retryDeadLetters,
    async settleDeadLetters(files) {
      requireAll(await bulk(await rows.deletionsOf('deadletters', files)));
    },
  };
}

function create(index: string, id: string, document: unknown): BulkAction {
  return { kind: 'create', index, id, document: document as object };
}

function offsetOf({ what, document }: DeadLetter, from: number): number {
  if (what === 'findings') return (document as FindingDocument).log.offset;
  return what === 'rejects' ? (document as RejectDocument).first_offset : from;
}
