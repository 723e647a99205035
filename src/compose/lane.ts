// What judges → the lanes that read lines by it. One set of lanes for each version of lists, policy and directory; in it
// one lane for each tenant that a source names. They share matcher, image and clock.
import { createHash } from 'node:crypto';
import type { FileVault } from '../adapters/vault/file-vault.ts';
import type { Image } from '../category/image.ts';
import type { Config } from '../config/config.ts';
import { createIds } from '../finding/identity.ts';
import { createStoredText } from '../finding/stored-text.ts';
import type { Format } from '../format/formats.ts';
import { MAX_AHEAD_MS } from '../format/read-line.ts';
import { blankBatch } from '../pipeline/batch.ts';
import { createSquidScan, type FastScan } from '../pipeline/fast/squid-scan.ts';
import { createLane, type Lane, type LaneSet } from '../pipeline/lane.ts';
import { createPipeline } from '../pipeline/pipeline.ts';
import { createSlots } from '../pipeline/slots.ts';
import { blankSummary } from '../pipeline/summary.ts';
import { createUsageTable } from '../pipeline/usage.ts';
import type { Clock } from '../ports/clock.ts';
import type { KeptVersion } from '../ports/store.ts';
import { keepDirectory, keepPolicy } from '../subject/keep.ts';
import { type Chain, composeChain, type Parts } from './installation.ts';

/** What a set of lanes is made of, whether the versions are today's or were kept. */
export interface LaneSetOptions {
  config: Config;
  vault: FileVault;
  /** The true clock: when a finding was stored. */
  clock: Clock;
  image: Image;
  /** The chain of the configured tenant. */
  chain: Chain;
  /** Gives the chain of a tenant that a source names; null where the configuration does not know it. */
  chainOf(tenant: string): Chain | null;
  /** The clock that the chains judge by. */
  laneClock: LaneClock;
  /** Records that began before this are too old; null where none is. */
  oldestMs(nowMs: number): number | null;
  /** Names that no stored text may hold. */
  names: readonly string[];
  keep(epoch: number): readonly KeptVersion[];
}

/** A clock that is set, so that a window is judged by one moment (§9.4). */
export interface LaneClock extends Clock {
  set(nowMs: number): void;
}

/** Creates a clock that stands still until it is set. */
export function createLaneClock(atMs: number): LaneClock {
  let standsMs = atMs;
  return {
    nowMs: () => standsMs,
    set(nowMs) {
      standsMs = nowMs;
    },
  };
}

/** Makes the lanes of what is configured. Matcher and pseudonyms are those of the chain that it is judged by elsewhere. */
export function composeLanes(parts: Parts, beside: Chain): LaneSet {
  const laneClock = createLaneClock(parts.clock.nowMs());
  const judged = { ...parts, clock: laneClock };
  const chain = composeChain(judged, { beside });
  const tenants = new Set([parts.config.organization, ...parts.opened.tenants]);
  return createLaneSet({
    config: parts.config,
    vault: parts.vault,
    clock: parts.clock,
    image: parts.image,
    chain,
    chainOf: tenant => (tenants.has(tenant) ? composeChain(judged, { tenant, beside: chain }) : null),
    laneClock,
    oldestMs: nowMs => parts.policy.oldestMs(nowMs),
    names: namesIn(parts.opened),
    keep: epoch => keptVersions(parts, chain, epoch),
  });
}

/** Gives every name that the files have, of the directory and of the leases: no stored text may hold one (§3.6). */
export function namesIn({ content, leases }: Parts['opened']): string[] {
  const names = new Set(leases?.intervals.users);
  for (const { user } of content?.users ?? []) names.add(user);
  return [...names];
}

/** Creates the lanes of one version. */
export function createLaneSet(options: LaneSetOptions): LaneSet {
  const { chain } = options;
  const ids = createIds(sha256);
  const storedText = createStoredText(options.names);
  const own = laneOf(chain);
  const named = new Map<string, Lane>();

  function laneOf(of: Chain): Lane {
    const { zone, maxLineBytes } = options.config;
    const [slots, usage, summary] = [createSlots(), createUsageTable(), blankSummary(of.versions)];
    const limits = { maxLineBytes, latestStampMs: 0, earliestStartMs: Number.POSITIVE_INFINITY };
    const pipeline = createPipeline(
      {
        zone,
        judge: of.judge,
        limits,
        versions: of.versions,
        slots,
        usage,
        summary,
        ids,
        pseudonyms: of.pseudonyms,
        storedPath: storedText,
        nowMs: () => options.clock.nowMs(),
      },
      blankBatch,
    );
    const squidScan = createSquidScan({
      image: options.image,
      matcher: of.matcher,
      limits,
      zone,
      clientMatters: of.subjects.clientMatters,
      slotOf(user, client, startMs) {
        const { fromMs, toMs } = of.subjects.validity(user, client, startMs);
        const subject = of.subjects.resolve(user, client, startMs);
        return { slot: slots.of(subject), named: subject.kind === 'user', fromMs, toMs };
      },
      usage,
    });
    return createLane({
      pipeline,
      usage,
      slots,
      summary,
      fastScan: (format: Format): FastScan | null => (format.name === 'squid' ? squidScan : null),
      setClock(nowMs) {
        if (options.laneClock.nowMs() === nowMs && limits.latestStampMs === nowMs + MAX_AHEAD_MS) return;
        options.laneClock.set(nowMs);
        limits.latestStampMs = nowMs + MAX_AHEAD_MS;
        limits.earliestStartMs = earliestStart(options, nowMs);
      },
    });
  }

  return {
    versions: chain.versions,
    of(tenant) {
      if (tenant === null) return own;
      const known = named.get(tenant);
      if (known !== undefined) return known;
      const found = options.chainOf(tenant);
      // Who writes the messages can name anything: names that stand for nobody are not remembered.
      if (found === null) return null;
      const lane = laneOf(found);
      named.set(tenant, lane);
      return lane;
    },
    keep: options.keep,
  };
}

/** First year that a log can come from. */
const FIRST_YEAR = 1990;

/** Lines that began earlier go the exact way: they may be too old, or of an epoch whose key was destroyed. */
function earliestStart({ oldestMs, vault, config }: LaneSetOptions, nowMs: number): number {
  let earliest = oldestMs(nowMs) ?? Number.NEGATIVE_INFINITY;
  for (let year = FIRST_YEAR; year <= config.zone.yearOf(nowMs); year++) {
    if (vault.isDestroyed(year)) earliest = Math.max(earliest, config.zone.startOfDayMs(`${year + 1}-01-01`));
  }
  return earliest;
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
