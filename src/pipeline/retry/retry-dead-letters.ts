// Documents that a store refused, once more: each sealed text is opened, and its documents are given to the store as they
// are. A text of which all were taken goes; of which some are still refused, it stays whole: what was taken twice is there
// once (§9.5).
import type { SealedTexts } from '../../ports/sealed-texts.ts';
import type { DeadLetterBatch } from '../../ports/store.ts';
import type { DeadLetter, WindowStore } from '../../ports/window-store.ts';
import type { NotOpened, RetryPlan } from './retry.ts';

/** A sealed text of refused documents, opened. */
export type OpenedLetters = { kind: 'letters'; letters: readonly DeadLetter[] } | { kind: NotOpened };

export interface DeadLetterRetryOptions {
  store: Pick<WindowStore, 'deadLetters' | 'retryDeadLetters' | 'settleDeadLetters'>;
  sealed: SealedTexts;
  open(name: string): Promise<OpenedLetters>;
  /** Told once, before the first text is opened, unless there is none. */
  beforeOpening(plan: RetryPlan): Promise<void>;
}

/** Documents that are refused alike. */
export interface StillRefused {
  file: string;
  what: string;
  reason: string;
  count: number;
}

export interface DeadLetterOutcome {
  files: number;
  taken: number;
  refused: StillRefused[];
  left: { file: string; because: NotOpened }[];
  interrupted: boolean;
}

/** Gives all refused documents to the store again; ends between two texts where the signal says stop. */
export async function retryDeadLetters(
  { store, sealed, open, beforeOpening }: DeadLetterRetryOptions,
  signal: AbortSignal,
): Promise<DeadLetterOutcome> {
  const outcome: DeadLetterOutcome = { files: 0, taken: 0, refused: [], left: [], interrupted: false };
  const batches = await store.deadLetters();
  const files = [...new Set(batches.map(batch => batch.file))];
  if (files.length > 0) await beforeOpening({ files: files.length, lines: countOf(batches) });
  for (const file of files) {
    outcome.interrupted = signal.aborted;
    if (signal.aborted) break;
    const opened = await open(file);
    if (opened.kind !== 'letters') {
      outcome.left.push({ file, because: opened.kind });
      continue;
    }
    const refused = await store.retryDeadLetters(opened.letters);
    outcome.files++;
    outcome.taken += opened.letters.length - refused.length;
    outcome.refused.push(...tally(file, refused));
    if (refused.length > 0) continue;
    // The text goes last: what it held is in the store by now.
    await store.settleDeadLetters([file]);
    await sealed.remove([file]);
  }
  return outcome;
}

function countOf(batches: readonly DeadLetterBatch[]): number {
  return batches.reduce((sum, batch) => sum + batch.count, 0);
}

function tally(file: string, letters: readonly DeadLetter[]): StillRefused[] {
  const rows = new Map<string, StillRefused>();
  for (const { what, reason } of letters) {
    const key = `${what} ${reason}`;
    const known = rows.get(key);
    if (known === undefined) rows.set(key, { file, what, reason, count: 1 });
    else known.count++;
  }
  return [...rows.values()];
}
