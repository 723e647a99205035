// Keeps versions of policy and directory (§5.7), each once, and finds out whose keys they were kept by. In: versions; out:
// they are there. Invariant: no version is taken for kept whose ids come of another key than the writer's: whoever has a
// keys folder of their own would give people a second pseudonym, so that one person counts as two. It runs before anything
// else of a batch is written, so that nothing lies in the store under such a pseudonym.
// Example: worker 2 has a copy of the keys folder in which the new year's key was made anew → KEYS.
import type { KeptVersion } from '../../../ports/store.ts';
import { otherKey } from '../../../subject/kept-body.ts';
import { type Bulk, requireAll } from './bulk.ts';
import type { Connection } from './connection.ts';
import { getDocuments } from './get-documents.ts';
import type { IndexNames } from './index-names.ts';
import { bodyOf, versionAction } from './version-document.ts';

export interface KeptVersions {
  /** Keeps versions; throws KEYS where one is there that was kept by another key. */
  keep(versions: readonly KeptVersion[]): Promise<void>;
}

export interface KeptVersionsOptions {
  connection: Connection;
  names: IndexNames;
  bulk: Bulk;
}

/** Creates the keeper of one store. */
export function createKeptVersions({ connection, names, bulk }: KeptVersionsOptions): KeptVersions {
  return {
    async keep(versions) {
      if (versions.length === 0) return;
      const actions = versions.map(version => versionAction(names, version));
      requireAll(await bulk(actions));
      // What was created and what was there already cannot be told apart after a lost answer.
      const ids = actions.map(({ id }) => id);
      const there = await getDocuments<KeptVersion>(connection, names.fixed.versions, ids);
      versions.forEach(({ body, epoch }, n) => {
        const [own, kept] = [keyIdIn(body), there[n] === null ? null : keyIdIn(bodyOf(there[n]!))];
        if (own !== null && kept !== null && own !== kept) throw otherKey(epoch);
      });
    },
  };
}

/** Reads which key a body's ids were made with; null where it does not say. */
function keyIdIn(body: string): string | null {
  try {
    const { keyId } = JSON.parse(body) as { keyId?: unknown };
    return typeof keyId === 'string' ? keyId : null;
  } catch {
    return null;
  }
}
