// Rejected lines once more: each sealed text is opened, its lines are read by today's formats and judged as a scan would
// judge them, and what comes of it is written at once with the removal of what was recorded of them. The text itself goes
// last: whatever moment a kill comes at, the store says whether its lines are rejects or records, and never both.
//
// With transactions one transaction decides (§9.3). Without them each text is one window of a stream of its own, from line
// 0 to its last (§9.4): a window that broke off is done again by its pin's versions and clock, and as it was asked then.
import type { ReadStore } from '../../ports/store.ts';
import { createNameSealer } from '../name-sealer.ts';
import { addSummary, blankSummary } from '../summary.ts';
import { filesOf, type SealedFile, takeOverFiles } from './find-rejects.ts';
import { readAgain } from './read-again.ts';
import type { Retried, RetryOptions, RetryOutcome, RetryParts, RetryPlan } from './retry.ts';
import { createDryRun, createTransactionRetry } from './retry-transaction.ts';
import { createWindowRetry } from './retry-window.ts';

/** Reads all rejected lines again that are asked for; ends between two texts where the signal says stop. */
export async function retryRejects(options: RetryOptions, signal: AbortSignal): Promise<RetryOutcome> {
  const { written, asked } = options;
  const { store } = written;
  const parts = createParts(options, store);
  const isAsked = ({ rows }: SealedFile) =>
    rows.length === 0 || asked.code === null || rows.some(row => row.code === asked.code);
  const outcome: RetryOutcome = {
    summary: blankSummary(options.lanes.current().versions),
    ...{ files: 0, untried: 0, refused: 0, left: [], interrupted: false },
  };
  const blocked = new Set<string>();

  const named = filesOf(await store.rejects(), options.placeOf);
  const { files, retry } = await begin();
  if (files.length > 0) await options.beforeOpening(planOf(files));
  for (const file of files) {
    outcome.interrupted = signal.aborted;
    if (signal.aborted) break;
    // What a text left behind is not touched before the text itself is done.
    note(file, blocked.has(file.base) ? { kind: 'left', because: 'unfinished' } : await retry(file));
  }
  return outcome;

  async function begin(): Promise<{ files: SealedFile[]; retry: (file: SealedFile) => Promise<Retried> }> {
    switch (written.kind) {
      case 'none':
        return { files: named.filter(isAsked), retry: createDryRun(parts, written.store) };
      case 'transactions':
        return { files: named.filter(isAsked), retry: createTransactionRetry(parts, written.store) };
      case 'windows': {
        const held = await takeOverFiles(named, { ...options, store: written.store });
        const windows = new Map(held.map(file => [file.name, file.held]));
        const retry = createWindowRetry(parts, written.store);
        // What broke off is done whatever is asked now: it goes on as it was asked then.
        const files = held.filter(file => file.held.pin !== null || isAsked(file));
        return { files, retry: file => retry(file, windows.get(file.name)!) };
      }
      default:
        return written satisfies never;
    }
  }

  function note(file: SealedFile, retried: Retried): void {
    if (retried.kind === 'left') {
      outcome.left.push({ file: file.name, because: retried.because });
      blocked.add(file.base);
      return;
    }
    const { read, added, known, refused } = retried;
    if (read === null) return;
    read.summary.findings = { new: added, known };
    addSummary(outcome.summary, read.summary);
    outcome.files++;
    outcome.untried += read.untried;
    outcome.refused += refused;
  }
}

function createParts(options: RetryOptions, store: ReadStore): RetryParts {
  const formats = new Map<string, string | null>();
  return {
    ...options,
    names: createNameSealer({ store, sealNames: options.sealNames }),
    async read(lines, by) {
      for (const { stream } of lines) {
        if (!formats.has(stream)) formats.set(stream, (await store.stream(stream))?.format ?? null);
      }
      return readAgain(lines, { ...by, formatOf: stream => formats.get(stream) ?? null });
    },
  };
}

function planOf(files: readonly SealedFile[]): RetryPlan {
  const lines = files.flatMap(file => file.rows).reduce((sum, row) => sum + row.count, 0);
  return { files: files.length, lines };
}
