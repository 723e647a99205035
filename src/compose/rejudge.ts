// rejudge put together: the store as people write to it, and what is to judge: what is configured, with the files that
// somebody names in place of some of it. Verdicts are changed only by a policy that is in force (§5.8).
import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { osAccount } from '../adapters/audit/os-account.ts';
import { keepImage } from '../adapters/lists/cached-image.ts';
import { loadImageFile } from '../adapters/lists/image-file.ts';
import type { OpenedJudging, RejudgeRequest } from '../cli/app.ts';
import type { Instead } from '../config/load.ts';
import { createIds } from '../finding/identity.ts';
import { type RejudgeOutcome, rejudge } from '../pipeline/rejudge/rejudge.ts';
import { requireLive } from '../policy/require-live.ts';
import type { ReadStore } from '../ports/store.ts';
import type { Parts } from './installation.ts';
import { composeJudging, composeKeptJudging } from './judging.ts';
import { openDeskStore } from './open-store.ts';

export interface RejudgeDeps {
  installed: Parts;
  /** Reads the configuration with other files in it; throws CONFIG where they have mistakes. */
  read(instead: Instead): Promise<Parts>;
  cwd: string;
}

/** Judges stored findings again. */
export async function composeRejudge(request: RejudgeRequest, deps: RejudgeDeps): Promise<RejudgeOutcome> {
  const { installed } = deps;
  const parts = await partsOf(request, deps);
  const { config, policy, clock } = parts;
  if (request.apply !== null) requireLive(policy, clock.nowMs());
  const store = await openDeskStore(installed.config);
  try {
    await request.beforeJudging(store);
    if (request.apply !== null) keepImage(parts.image, installed.config.dataDir);
    const { tenants } = await store.totals();
    return await rejudge({
      store,
      query: request.query,
      hidden: parts === installed ? 'comesBack' : 'staysHidden',
      judging: composeJudging(parts, { store, tenants }),
      ids: createIds(sha256),
      // A policy that somebody tries out does not decide how few people may be told.
      smallGroup: Math.max(policy.smallGroup, installed.policy.smallGroup),
      yearOf: atMs => config.zone.yearOf(atMs),
      nowMs: () => clock.nowMs(),
      apply: request.apply === null ? null : { store, reason: request.apply.reason, by: osAccount() },
      signal: request.signal,
      nextTurn,
    });
  } finally {
    await store.close();
  }
}

/** Opens what judges findings of a store again. */
export async function composeOpenedJudging(store: ReadStore, parts: Parts): Promise<OpenedJudging> {
  const { tenants } = await store.totals();
  return {
    today: composeJudging(parts, { store, tenants }),
    kept: (finding, versions) => composeKeptJudging(finding, versions, { parts, store }),
  };
}

async function partsOf(request: RejudgeRequest, { installed, read, cwd }: RejudgeDeps): Promise<Parts> {
  const { policyFile, directoryFile, listsImage } = request;
  const instead: Instead = {
    ...(policyFile === null ? {} : { policyFile: resolve(cwd, policyFile) }),
    ...(directoryFile === null ? {} : { directoryFile: resolve(cwd, directoryFile) }),
  };
  const parts = Object.keys(instead).length === 0 ? installed : await read(instead);
  return listsImage === null ? parts : { ...parts, image: loadImageFile(resolve(cwd, listsImage)) };
}

function sha256(text: string): Uint8Array {
  return createHash('sha256').update(text, 'utf8').digest();
}
