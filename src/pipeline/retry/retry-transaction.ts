// A retry where one transaction decides (§9.3), and one that only counts.
import type { ReadStore, Store, StoreBatch } from '../../ports/store.ts';
import { findStanding } from '../find-standing.ts';
import type { SealedFile } from './find-rejects.ts';
import type { ReadAgain } from './read-again.ts';
import type { Retried, RetryParts } from './retry.ts';

/** Creates what retries one sealed text in one transaction. */
export function createTransactionRetry(
  parts: RetryParts,
  store: Store,
): (file: SealedFile) => Promise<Retried> {
  return async file => {
    const read = await openAndRead(parts, file);
    if (read.kind === 'left') return read;
    const { batch, usage, isUnchanged } = read.again;
    if (isUnchanged) return done(read.again, { added: 0, known: 0 });
    const at = { retryOf: file.name, rejectedMs: file.rejectedMs ?? parts.nowMs() };
    const { added, known } = await store.write({
      findings: batch.findings,
      usage,
      days: [...batch.days.values()],
      streams: [],
      names: await parts.names.seal(batch.names),
      rejects: batch.rejected.length > 0 ? await parts.sealRejects(batch.rejected, at) : [],
      versions: versionsOf(parts, batch),
      settled: [file.name],
    });
    await parts.sealed.remove([file.name]);
    return done(read.again, { added, known });
  };
}

/** Creates what reads a sealed text and writes nothing. */
export function createDryRun(parts: RetryParts, store: ReadStore): (file: SealedFile) => Promise<Retried> {
  return async file => {
    const read = await openAndRead(parts, file);
    if (read.kind === 'left') return read;
    let known = 0;
    for (const { id } of read.again.batch.findings) if ((await findStanding(store, id)) !== null) known++;
    return done(read.again, { added: read.again.batch.findings.length - known, known });
  };
}

async function openAndRead(
  parts: RetryParts,
  file: SealedFile,
): Promise<{ kind: 'read'; again: ReadAgain } | Extract<Retried, { kind: 'left' }>> {
  const opened = await parts.open(file.name);
  if (opened.kind !== 'lines') return { kind: 'left', because: opened.kind };
  const by = { set: parts.lanes.current(), clockMs: parts.nowMs(), asked: parts.asked };
  return { kind: 'read', again: await parts.read(opened.lines, by) };
}

function versionsOf({ lanes, yearOf }: RetryParts, { findings }: Pick<StoreBatch, 'findings'>) {
  const epochs = new Set(findings.map(finding => yearOf(finding.startMs)));
  return [...epochs].flatMap(epoch => lanes.current().keep(epoch));
}

function done(read: ReadAgain, { added, known }: { added: number; known: number }): Retried {
  return { kind: 'done', read, added, known, refused: 0 };
}
