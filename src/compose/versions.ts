// What the configuration says now, and how it changes while a worker runs (§9.4): configuration, policy, people and lists
// are read anew when a file of theirs changes or a signal says so; what cannot be read is refused, and what was stays.
// Invariant: whoever judges sees a change only when it asks (`parts`, `wanted`), which it does between windows. What is
// wanted here is not yet what judges: who tells of that is `in-force.ts`.
import { createHash } from 'node:crypto';
import type { Versions } from '../model/finding.ts';
import type { Parts } from './installation.ts';

/** What is to judge. */
export interface Wanted {
  /** Tells two loads apart that judge differently, also where no version says so (`judgingOf`). */
  readonly judging: string;
  readonly versions: Versions;
}

export interface VersionsInForce {
  /** What was read last without a mistake. */
  parts(): Parts;
  /** What of it judges; another object after each load without a mistake, whether it judges differently or not. */
  wanted(): Wanted;
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
  onRefused(error: unknown): void;
}

/** Creates the keeper of what is wanted. */
export function createVersions(options: VersionsOptions): VersionsInForce {
  let parts = options.first;
  let wanted = wantedOf(parts);
  let seen = options.fingerprint(parts);
  let loading: Promise<void> | null = null;
  let isAskedAgain = false;

  async function load(): Promise<void> {
    do {
      isAskedAgain = false;
      // Before the files are read: a change that comes meanwhile is seen at the next look.
      seen = options.fingerprint(parts);
      try {
        // Also where it judges alike: it may name other files, which are to be looked at from now on.
        parts = await options.load();
        wanted = wantedOf(parts);
        options.onLoaded();
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
    parts: () => parts,
    wanted: () => wanted,
    reload,
    async look() {
      if (loading === null && options.fingerprint(parts) !== seen) await reload();
    },
  };
}

function wantedOf(parts: Parts): Wanted {
  return { judging: judgingOf(parts), versions: versionsOf(parts) };
}

/**
 * Gives a text that is the same for two loads, of any threads, that judge alike. Leases, how names are spelt, and whose a
 * record is that names nobody are part of no version: they say whose it is, not what is thought of it. A change of theirs
 * must be taken up all the same.
 */
export function judgingOf(parts: Parts): string {
  const { identity, organization, maxLineBytes } = parts.config;
  const leases = parts.opened.leases?.hash ?? null;
  const said = [versionsOf(parts), leases, identity, organization, maxLineBytes];
  return createHash('sha256').update(JSON.stringify(said), 'utf8').digest('hex');
}

/** Names what judges by content. */
export function versionsOf({ image, policy, opened }: Parts): Versions {
  return { lists: image.version, policy: policy.hash, directory: opened.hash };
}
