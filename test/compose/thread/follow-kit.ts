// What the tests of following share: threads that load what they are told, a clock that is set, and what was told.
import { setImmediate as turn } from 'node:timers/promises';
import { createHealth } from '../../../src/adapters/telemetry/health.ts';
import { createInForce } from '../../../src/compose/in-force.ts';
import { type FollowingReaders, followVersions } from '../../../src/compose/thread/follow-versions.ts';
import type { LoadedLanes, ReadingThread } from '../../../src/compose/thread/thread-readers.ts';
import type { Wanted } from '../../../src/compose/versions.ts';
import { told } from '../../adapters/telemetry/kit.ts';

/** What judges, named by its policy; `also` stands for what is part of no version. */
export function judging(policy: string, also = ''): Wanted {
  return { judging: `${policy}${also}`, versions: { lists: 'e'.repeat(64), policy, directory: null } };
}

export const [V1, V2, V3] = ['1', '2', '3'].map(digit => judging(digit.repeat(64))) as [
  Wanted,
  Wanted,
  Wanted,
];

/** A thread that loads what `next` says: an error is thrown. */
export function aThread(next: () => Wanted | Error) {
  let sets = 0;
  const held: (number | null)[][] = [];
  const loads: (Wanted | Error)[] = [];
  const thread: ReadingThread = {
    async load(): Promise<LoadedLanes> {
      const found = next();
      loads.push(found);
      if (found instanceof Error) throw found;
      const reader = { versions: found.versions, read: async () => ({}) as never, keep: async () => [] };
      return { set: ++sets, judging: found, reader };
    },
    inForce: (now, before) => void held.push([now.set, before?.set ?? null]),
    pinned: async versions =>
      versions.policy === 'gone' ? null : { versions, read: async () => ({}) as never, keep: async () => [] },
    close: async () => {},
  };
  return { thread, held, loads };
}

/** What follows with these threads, beside a process that has loaded `wanted`. */
export async function follow(
  threads: readonly ReadingThread[],
  { disk, beginPauseMs = 0, signal = new AbortController().signal }: FollowKitOptions,
) {
  const seen = told();
  const health = createHealth({ nowMs: () => 0 });
  const texts: string[] = [];
  const clock = { nowMs: 1_000_000 };
  let wanted = { ...disk.now };
  const inForce = createInForce({
    ...{ wanted: () => wanted, telemetry: seen.telemetry, health },
    tell: text => texts.push(text),
  });
  let reloads = 0;
  async function reload(): Promise<void> {
    reloads++;
    // Another object each time, as after every load.
    wanted = { ...disk.now };
    inForce.loaded();
  }
  const readers: FollowingReaders = await followVersions({
    ...{ threads, reload, signal, beginPauseMs },
    wanted: () => wanted,
    join: first => inForce.join(first),
    nowMs: () => clock.nowMs,
  });
  return {
    readers,
    clock,
    texts,
    reload,
    reloads: () => reloads,
    policy: () => readers.current().versions.policy,
    warnings: () => health.report().warnings,
    logged: (event: string) => seen.lines().filter(line => line['event.action'] === event).length,
    inForce: async () =>
      [
        ...(await seen.telemetry.metrics.text()).matchAll(/^granska_configuration_info\{.*policy="(\d+)"/gm),
      ].map(([, policy]) => policy),
    /** A window is over, and the threads have answered. */
    async window() {
      readers.refresh();
      for (let n = 0; n < 5; n++) await turn();
    },
  };
}

export interface FollowKitOptions {
  /** What the files say to the process itself. */
  disk: { now: Wanted };
  beginPauseMs?: number;
  signal?: AbortSignal;
}
