// The retries put together: the store, its sealed texts, the private key that opens them, and what judges now. Only
// whoever names the private key gets this far: it is read before anything else.
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { readDeadLetters } from '../adapters/rejects/dead-letters.ts';
import { readRejectLines } from '../adapters/rejects/reject-lines.ts';
import { createRejects } from '../adapters/rejects/rejects.ts';
import { placeOfSealed } from '../adapters/rejects/sealed-name.ts';
import { KEY_PLACES } from '../adapters/vault/file-vault.ts';
import { createUnsealer, type Unseal } from '../adapters/vault/unsealer.ts';
import type { DeadLettersRetryRequest, RejectsRetryRequest } from '../cli/app.ts';
import type { Config } from '../config/config.ts';
import type { Lanes } from '../pipeline/lane.ts';
import type { NotOpened, RetryOutcome, WrittenStore } from '../pipeline/retry/retry.ts';
import { type DeadLetterOutcome, retryDeadLetters } from '../pipeline/retry/retry-dead-letters.ts';
import { retryRejects } from '../pipeline/retry/retry-rejects.ts';
import type { SealedTexts } from '../ports/sealed-texts.ts';
import type { Chain, Parts } from './installation.ts';
import { composeLanes } from './lane.ts';
import { openReadSealed, openReadStore, openWriteStore, type WriteStore } from './open-store.ts';
import { composePinnedLanes } from './pinned-lanes.ts';
import { createNameSeal } from './seals.ts';

/** Reads rejected lines again, and stores what comes of it. */
export async function composeRejectsRetry(
  request: RejectsRetryRequest,
  { parts, chain }: { parts: Parts; chain: Chain },
): Promise<RetryOutcome> {
  const { config, vault, clock } = parts;
  const unseal = createUnsealer(identityOf(request.identity, config));
  const { written, sealed, writers } = await openFor(request, parts);
  const { store } = written;
  try {
    const current = composeLanes(parts, chain);
    const lanes: Lanes = {
      current: () => current,
      refresh() {},
      pinned: versions => composePinnedLanes(versions, { parts, store }),
    };
    const rejects = createRejects({ sealed, seal: plain => vault.seal(plain), writers });
    return await retryRejects(
      {
        ...{ written, sealed, lanes },
        asked: { code: request.code, format: request.format },
        async open(name) {
          const opened = await openText(name, { sealed, unseal });
          if (typeof opened === 'string') return { kind: opened };
          const lines = readRejectLines(opened);
          return lines === null ? { kind: 'damaged' } : { kind: 'lines', lines };
        },
        placeOf: placeOfSealed,
        streamOf: name => sha256(JSON.stringify(['retry', name])),
        sealRejects: (lines, at) => rejects.seal(lines, at),
        sealNames: createNameSeal(vault),
        yearOf: atMs => config.zone.yearOf(atMs),
        nowMs: () => clock.nowMs(),
        beforeOpening: request.beforeOpening,
      },
      request.signal,
    );
  } finally {
    await store.close();
  }
}

/** Gives documents that the store refused to it again. */
export async function composeDeadLettersRetry(
  request: DeadLettersRetryRequest,
  parts: Parts,
): Promise<DeadLetterOutcome> {
  const unseal = createUnsealer(identityOf(request.identity, parts.config));
  const opened = await openToWrite(parts, request.signal);
  try {
    if (opened.kind === 'transactions') {
      return { files: 0, taken: 0, refused: [], left: [], interrupted: false };
    }
    const { sealed, store } = opened;
    return await retryDeadLetters(
      {
        ...{ store, sealed, beforeOpening: request.beforeOpening },
        async open(name) {
          const text = await openText(name, { sealed, unseal });
          if (typeof text === 'string') return { kind: text };
          const letters = readDeadLetters(text);
          return letters === null ? { kind: 'damaged' } : { kind: 'letters', letters };
        },
      },
      request.signal,
    );
  } finally {
    await opened.store.close();
  }
}

interface OpenedFor {
  written: WrittenStore;
  sealed: SealedTexts;
  writers: 'one' | 'several';
}

/** Opens the store for what is asked: a dry run needs no writer's place, and waits for none. */
async function openFor(request: RejectsRetryRequest, parts: Parts): Promise<OpenedFor> {
  if (request.mode === 'dry-run') {
    const { store, sealed } = await openReadSealed(parts.config);
    return { written: { kind: 'none', store }, sealed, writers: 'one' };
  }
  const opened = await openToWrite(parts, request.signal);
  const writers = opened.kind === 'transactions' ? 'one' : 'several';
  return { written: opened, sealed: opened.sealed, writers };
}

async function openToWrite({ config, vault }: Parts, signal: AbortSignal): Promise<WriteStore> {
  // Where there is no store there is nothing to retry, and none is made.
  await (await openReadStore(config)).close();
  await vault.prepare();
  return openWriteStore(config, { seal: plain => vault.seal(plain), signal, patience: 'bounded' });
}

async function openText(
  name: string,
  { sealed, unseal }: { sealed: SealedTexts; unseal: Unseal },
): Promise<Uint8Array | NotOpened> {
  const text = await sealed.read(name);
  if (text === null) return 'missing';
  const unsealed = await unseal(text);
  return unsealed.kind === 'opened' ? unsealed.plain : unsealed.kind;
}

function identityOf(named: string | null, config: Config): string {
  return named ?? join(config.keysDir, KEY_PLACES.identity);
}

function sha256(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}
