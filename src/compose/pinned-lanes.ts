// Lanes of versions that were in force when a window was pinned (§9.4): the list image from the data folder, policy and
// people from what the store keeps, without names. What a window comes to is the same as if its first worker had gone on.
import { openImageVersion } from '../adapters/lists/cached-image.ts';
import type { Versions } from '../model/finding.ts';
import type { LaneSet } from '../pipeline/lane.ts';
import type { ReadStore } from '../ports/store.ts';
import type { Parts } from './installation.ts';
import { composeKeptChain } from './kept-chain.ts';
import { createLaneClock, createLaneSet, namesIn } from './lane.ts';

/** First year that a log can come from. */
const FIRST_YEAR = 1990;

/** Makes the lanes of kept versions; null where this worker cannot have them all. */
export async function composePinnedLanes(
  versions: Versions,
  { parts, store }: { parts: Parts; store: Pick<ReadStore, 'keptVersion'> },
): Promise<LaneSet | null> {
  const { config, vault, clock } = parts;
  const hash = versions.lists;
  const isSame = hash === parts.image.version;
  const image = hash === null ? null : isSame ? parts.image : openImageVersion({ ...config, hash });
  if (image === null) return null;
  const laneClock = createLaneClock(clock.nowMs());
  const epochs: number[] = [];
  for (let year = config.zone.yearOf(clock.nowMs()) + 1; year >= FIRST_YEAR; year--) epochs.push(year);
  const intervals = parts.opened.leases?.intervals ?? null;
  const kept = { config, versions, epochs, store, vault, clock: laneClock, image, intervals };
  const chain = await composeKeptChain(kept);
  if (chain === null) return null;
  return createLaneSet({
    config: { ...config, zone: chain.zone },
    vault,
    clock,
    image,
    chain,
    chainOf: tenant => (chain.tenants.includes(tenant) ? chain.forTenant(tenant) : null),
    laneClock,
    oldestMs: nowMs => chain.policy.oldestMs(nowMs),
    names: namesIn(parts.opened),
    // The store has them: they came from there.
    keep: () => [],
  });
}
