// Rejected lines on their way under seal: one sealed text per transaction (§6.4). In: the lines of a batch; out: what the
// store is to record of them. The name follows from the lines, so that a transaction that is done again after a crash
// writes the same text and not a second one.
//
// Where one process at a time writes, the name is that of the first line, and a repeat replaces the file. Where several may
// (§9.4), one that was taken over and does not know it yet could replace what its successor sealed: there the name also
// says which lines they are, so that other lines go under another name.
import type { RejectedText, SealedTexts } from '../../ports/sealed-texts.ts';
import type { ForgetfulStore, ReadStore, RejectBatch } from '../../ports/store.ts';
import { writeRejectLines } from './reject-lines.ts';
import { baseOf, placeOfSealed, type SealedPlace, writeSealedName } from './sealed-name.ts';

export interface RejectsOptions {
  sealed: SealedTexts;
  seal(plain: Uint8Array): Promise<Uint8Array>;
  /** How many processes may write at a time: `one` into a store with transactions, `several` into one with windows. */
  writers: 'one' | 'several';
}

export interface SealedAt {
  /** When the lines were first rejected: a retry keeps nothing longer. */
  rejectedMs: number;
  /** The sealed text that a retry left these lines of; absent for lines that a source gave. */
  retryOf?: string;
}

export interface Rejects {
  /** Seals the lines that have a text, and says what to record of all of them. */
  seal(lines: readonly RejectedText[], at: SealedAt): Promise<RejectBatch[]>;
  /** Deletes rejects and dead letters older than an instant, and texts as old that nothing names: a crash came before. */
  sweep(store: ReadStore & ForgetfulStore, beforeMs: number): Promise<void>;
}

/** Creates what seals the rejected lines of one worker, scan or retry. */
export function createRejects({ sealed, seal, writers }: RejectsOptions): Rejects {
  async function write(lines: readonly RejectedText[], retryOf: string | undefined): Promise<string | null> {
    const kept = lines.filter(line => line.text !== null);
    if (kept.length === 0) return null;
    const place = retryOf === undefined ? baseOf(kept[0]!) : afterRetry(retryOf);
    const name = writeSealedName(place, writers === 'one' ? null : kept);
    await sealed.write(name, await seal(writeRejectLines(kept)));
    return name;
  }

  return {
    async seal(lines, { rejectedMs, retryOf }) {
      const file = await write(lines, retryOf);
      const rows = new Map<string, RejectBatch>();
      for (const { stream, offset, code, text } of lines) {
        const inFile = text === null ? null : file;
        const key = `${stream}\u0000${code}\u0000${inFile ?? ''}`;
        const row = rows.get(key);
        if (row === undefined) {
          rows.set(key, { stream, code, count: 1, firstOffset: offset, file: inFile, rejectedMs });
        } else row.count++;
      }
      return [...rows.values()];
    },
    async sweep(store, beforeMs) {
      await sealed.remove(await store.forgetSealed(beforeMs));
      const old = await sealed.olderThan(beforeMs);
      if (old.length === 0) return;
      const named = new Set<string | null>();
      for (const { file } of await store.rejects()) named.add(file);
      for (const { file } of await store.deadLetters()) named.add(file);
      await sealed.remove(old.filter(name => !named.has(name)));
    },
  };
}

function afterRetry(name: string): SealedPlace {
  const place = placeOfSealed(name);
  if (place === null) throw new TypeError('this is no name of sealed rejects');
  return { base: place.base, reading: place.reading + 1 };
}
