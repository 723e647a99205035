// What is in force now, and how it changes while a worker runs (§9.4): configuration, policy, people and lists are read
// anew when a file of theirs changes or a signal says so; what cannot be read is refused, and what was stays in force.
// Invariant: the worker sees a change only when it asks (`parts`), which it does between windows.

import type { Versions } from '../model/finding.ts';
import { areSameVersions } from '../pipeline/same-versions.ts';
import type { Parts } from './installation.ts';

export interface VersionsInForce {
  /** What is in force; another object once something has changed. */
  parts(): Parts;
  /** Reads everything anew. One that is under way already is followed by one more. */
  reload(): Promise<void>;
  /** Reads everything anew if a file has changed since the last look. */
  look(): Promise<void>;
}

export interface VersionsOptions {
  first: Parts;
  load(): Promise<Parts>;
  /** Gives a text that changes when a file of the configuration or of the lists does. */
  fingerprint(parts: Parts): string;
  /** Hears that all could be read, changed or not. */
  onLoaded(): void;
  onReloaded(parts: Parts): void;
  onRefused(error: unknown): void;
}

/** Creates the keeper of what is in force. */
export function createVersions(options: VersionsOptions): VersionsInForce {
  let inForce = options.first;
  let seen = options.fingerprint(inForce);
  let loading: Promise<void> | null = null;
  let isAskedAgain = false;

  async function load(): Promise<void> {
    do {
      isAskedAgain = false;
      // Before the files are read: a change that comes meanwhile is seen at the next look.
      seen = options.fingerprint(inForce);
      try {
        const loaded = await options.load();
        options.onLoaded();
        if (judgeAlike(loaded, inForce)) continue;
        inForce = loaded;
        options.onReloaded(loaded);
      } catch (error) {
        options.onRefused(error);
      }
    } while (isAskedAgain);
  }

  function reload(): Promise<void> {
    isAskedAgain = loading !== null;
    loading ??= load().finally(() => {
      loading = null;
    });
    return loading;
  }

  return {
    parts: () => inForce,
    reload,
    async look() {
      if (loading === null && options.fingerprint(inForce) !== seen) await reload();
    },
  };
}

/**
 * Tells whether two loads judge alike. Leases, and how names are spelt, are part of no version: they say whose a record is,
 * not what is thought of it. A change of theirs must be taken up all the same.
 */
function judgeAlike(a: Parts, b: Parts): boolean {
  if (!areSameVersions(versionsOf(a), versionsOf(b))) return false;
  if ((a.opened.leases?.hash ?? null) !== (b.opened.leases?.hash ?? null)) return false;
  return JSON.stringify(a.config.identity) === JSON.stringify(b.config.identity);
}

/** Names what judges by content. */
export function versionsOf({ image, policy, opened }: Parts): Versions {
  return { lists: image.version, policy: policy.hash, directory: opened.hash };
}
