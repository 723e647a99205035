// Kept version of a policy or directory ⇄ its document. A long body is packed: of 130,000 people it has 21 MB, and the server
// counts a document four times against a tenth of its heap. What it cannot hold it refuses as if it were busy, and whoever
// waits for that waits for ever.
// Invariants: `bodyOf(documentOf(version))` is the version's body; a short body stands as it is, for any tool to read.
// Example: `{ kind: 'directory', hash: '9f…', epoch: 2026, body: 'gzip:H4sI…' }`.
import { gunzipSync, gzipSync } from 'node:zlib';
import { GranskaError } from '../../../errors.ts';
import type { KeptVersion } from '../../../ports/store.ts';
import type { BulkAction } from './bulk.ts';
import type { IndexNames } from './index-names.ts';

/** Before a packed body, in base64: no JSON begins so. */
const PACKED = 'gzip:';
/** Bodies of as many characters stand as they are. */
const MAX_PLAIN_CHARS = 1 << 16;

/** Gives the document id of a kept version. */
export function versionId(kind: string, hash: string, epoch: number): string {
  return `${kind}:${epoch}:${hash}`;
}

/** Gives what creates a version; the same one again stays as it is there. */
export function versionAction(names: IndexNames, version: KeptVersion): BulkAction {
  const { kind, hash, epoch } = version;
  const id = versionId(kind, hash, epoch);
  return { kind: 'create', index: names.fixed.versions, id, document: documentOf(version) };
}

/** Writes a version as it is indexed. */
export function documentOf(version: KeptVersion): KeptVersion {
  if (version.body.length <= MAX_PLAIN_CHARS) return version;
  return { ...version, body: `${PACKED}${gzipSync(version.body).toString('base64')}` };
}

/** Reads the body of a document; throws DAMAGED where it cannot be unpacked. */
export function bodyOf({ body }: Pick<KeptVersion, 'body'>): string {
  if (!body.startsWith(PACKED)) return body;
  try {
    return gunzipSync(Buffer.from(body.slice(PACKED.length), 'base64')).toString('utf8');
  } catch (error) {
    throw new GranskaError(
      'DAMAGED',
      'a version of policy or directory that the store keeps cannot be unpacked',
      {
        hint: 'restore the store from a backup',
        cause: error,
      },
    );
  }
}
