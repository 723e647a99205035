// One scan put together: source, pipeline, store, seals.
import { createHash } from 'node:crypto';
import { createRejectFiles, type RejectFiles } from '../adapters/rejects/reject-files.ts';
import { createFileSource } from '../adapters/source/file.ts';
import type { FileVault } from '../adapters/vault/file-vault.ts';
import type { ScanOutcome, ScanRequest } from '../cli/app.ts';
import { createIds } from '../finding/identity.ts';
import { minimise } from '../finding/minimise.ts';
import { secretsOf } from '../finding/secrets.ts';
import type { Format } from '../format/formats.ts';
import { MAX_AHEAD_MS } from '../format/read-line.ts';
import { type Batch, blankBatch } from '../pipeline/batch.ts';
import { createSquidScan, type FastScan } from '../pipeline/fast/squid-scan.ts';
import { createPipeline } from '../pipeline/pipeline.ts';
import { createSlots } from '../pipeline/slots.ts';
import { blankSummary } from '../pipeline/summary.ts';
import { createUsageTable } from '../pipeline/usage.ts';
import { runWorker } from '../pipeline/worker.ts';
import type { KeptVersion, RejectBatch, SealedNames, Store } from '../ports/store.ts';
import { keepDirectory, keepPolicy } from '../subject/keep.ts';
import type { Chain, Parts } from './installation.ts';

const DAY_MS = 86_400_000;
/** Bytes read at a time: small enough that what is made of them, rejects above all, stays small too. */
const BUFFER_BYTES = 1 << 20;
/** First year that a log can come from. */
const FIRST_YEAR = 1990;

/** Runs one scan into a store. */
export async function composeScan(
  request: ScanRequest,
  parts: Parts,
  { chain, store }: { chain: Chain; store: Store },
): Promise<ScanOutcome> {
  const { config, vault, clock } = parts;
  const { zone } = config;
  const rejectFiles = createRejectFiles({ dataDir: config.dataDir, seal: plain => vault.seal(plain) });
  const expiredMs = clock.nowMs() - config.rejectsKeepDays * DAY_MS;
  rejectFiles.remove(await store.forgetRejects(expiredMs));
  rejectFiles.sweep(new Set((await store.rejects()).map(reject => reject.file)), expiredMs);

  const summary = blankSummary(chain.versions);
  const slots = createSlots();
  const usage = createUsageTable();
  const limits = { maxLineBytes: config.maxLineBytes, latestStampMs: clock.nowMs() + MAX_AHEAD_MS };
  const pipeline = createPipeline(
    {
      zone,
      judge: chain.judge,
      limits,
      versions: chain.versions,
      slots,
      usage,
      summary,
      ids: createIds(sha256),
      pseudonyms: chain.pseudonyms,
      storedPath: createStoredPath(parts),
      nowMs: () => clock.nowMs(),
    },
    blankBatch,
  );
  const squidScan = createSquidScan({
    image: parts.image,
    matcher: chain.matcher,
    limits,
    earliestStartMs: earliestStart(parts),
    zone,
    clientMatters: chain.subjects.clientMatters,
    slotOf(user, client, startMs) {
      const { fromMs, toMs } = chain.subjects.validity(user, client, startMs);
      const subject = chain.subjects.resolve(user, client, startMs);
      return { slot: slots.of(subject), named: subject.kind === 'user', fromMs, toMs };
    },
    usage,
  });

  const worker = await runWorker(
    {
      source: createFileSource({
        files: request.files,
        source: request.source,
        known: store,
        mode: request.mode,
        takeHalfLine: request.takeHalfLine,
        bufferBytes: Math.max(BUFFER_BYTES, 2 * config.maxLineBytes),
      }),
      store,
      pipeline,
      usage,
      slots,
      summary,
      format: request.format,
      fastScan: (format: Format): FastScan | null => (format.name === 'squid' ? squidScan : null),
      mode: request.mode,
      sealNames: (names, epoch) => sealNames(vault, names, epoch),
      sealRejects: batch => sealRejects(rejectFiles, batch, clock.nowMs()),
      keep: epoch => keptVersions(parts, chain, epoch),
      yearOf: atMs => zone.yearOf(atMs),
      nowMs: () => clock.nowMs(),
      onDetect: request.onDetect,
      onProgress: request.onProgress,
    },
    request.signal,
  );
  return { summary, worker, rejectsFolder: rejectFiles.folder };
}

/** A folder or file may be named after a person: then findings do not hold its path. */
function createStoredPath({ opened }: Parts): (path: string) => string | null {
  const secrets = secretsOf(opened.content?.users.map(({ user }) => user) ?? [], []);
  const known = new Map<string, string | null>();
  return path => {
    const asked = known.get(path);
    if (asked !== undefined) return asked;
    const stored = minimise(path, { secrets, holdsProtected: () => false });
    known.set(path, stored);
    return stored;
  };
}

/** Lines that began earlier go the exact way: they may be too old, or of an epoch whose key was destroyed. */
function earliestStart({ policy, vault, clock, config }: Parts): number {
  let earliest = policy.oldestMs(clock.nowMs()) ?? Number.NEGATIVE_INFINITY;
  for (let year = FIRST_YEAR; year <= config.zone.yearOf(clock.nowMs()); year++) {
    if (vault.isDestroyed(year)) earliest = Math.max(earliest, config.zone.startOfDayMs(`${year + 1}-01-01`));
  }
  return earliest;
}

async function sealNames(
  vault: FileVault,
  names: ReadonlyMap<string, string>,
  epoch: number,
): Promise<SealedNames> {
  const plain = new TextEncoder().encode(JSON.stringify(Object.fromEntries(names)));
  return { envelope: await vault.seal(plain), epoch, ids: [...names.keys()] };
}

async function sealRejects(files: RejectFiles, batch: Batch, rejectedMs: number): Promise<RejectBatch[]> {
  const file = await files.write(batch.rejected);
  const rows = new Map<string, RejectBatch>();
  for (const { stream, offset, code, text } of batch.rejected) {
    const inFile = text === null ? null : file;
    const key = `${stream}\u0000${code}\u0000${inFile ?? ''}`;
    const row = rows.get(key);
    if (row === undefined) {
      rows.set(key, { stream, code, count: 1, firstOffset: offset, file: inFile, rejectedMs });
    } else row.count++;
  }
  return [...rows.values()];
}

/** Gives what must be kept of policy and directory beside an epoch's findings, without names (§5.7). */
function keptVersions({ config, policy, opened }: Parts, chain: Chain, epoch: number): KeptVersion[] {
  const userIn = (year: number, tenant: string, name: string) => chain.pseudonyms.userIn(year, tenant, name);
  const base = { epoch, zone: config.zone, userIn };
  const kept = [
    keepPolicy(policy.content, { ...base, hash: policy.hash, tenants: opened.tenants }),
    opened.content === null || opened.hash === null
      ? null
      : keepDirectory(opened.content, { ...base, hash: opened.hash }),
  ];
  return kept.filter(version => version !== null);
}

function sha256(text: string): Uint8Array {
  return createHash('sha256').update(text, 'utf8').digest();
}
