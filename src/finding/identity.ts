// A place in a stream → the ids of the record and of its findings (§5.1). In: tenant, stream and position, which a
// second reading of the same content gives again; out: 128 bits as hex. Invariant: no pseudonym and nothing of the
// line goes in, so the id survives a change of keys, lists and policy. Parts carry their length: no two places
// share a preimage. Example: record('kommun', '9f…', 0) is the same on every machine.

/** Hashes a text's UTF-8 bytes with SHA-256. */
export type Sha256 = (text: string) => Uint8Array;

export interface FindingIds {
  /** Gives the id that all findings of one record share. */
  record(tenant: string, stream: string, offset: number): string;
  /** Gives the id of one record's finding in one category. */
  finding(tenant: string, stream: string, at: { offset: number; category: string }): string;
}

/** Makes ids with the hash that is handed in. */
export function createIds(sha256: Sha256): FindingIds {
  return {
    record: (tenant, stream, offset) => recordId({ tenant, stream, offset }, sha256),
    finding: (tenant, stream, at) => findingId({ tenant, stream, ...at }, sha256),
  };
}

/** Gives the id of the record at a place. */
export function recordId(place: { tenant: string; stream: string; offset: number }, sha256: Sha256): string {
  return shortHex(sha256(preimage(['record', place.tenant, place.stream, String(place.offset)])));
}

/** Gives the id of the finding at a place in a category. */
export function findingId(
  place: { tenant: string; stream: string; offset: number; category: string },
  sha256: Sha256,
): string {
  const parts = ['finding', place.tenant, place.stream, String(place.offset), place.category];
  return shortHex(sha256(preimage(parts)));
}

const ID_BYTES = 16;

function preimage(parts: readonly string[]): string {
  return parts.map(part => `${part.length}:${part}`).join('');
}

function shortHex(digest: Uint8Array): string {
  let hex = '';
  for (let i = 0; i < ID_BYTES; i++) hex += HEX[digest[i]!]!;
  return hex;
}

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));
