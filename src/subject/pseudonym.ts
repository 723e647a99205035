// pseudonym: tenant, canonical name and time → the id that stands in a store (§3.5).
// In: names and addresses in canonical form; out: `u26-…` for a user in the epoch 2026, `c261125-…` for an address
// on 2026-11-25, null where the epoch's key was destroyed. Invariant: the same person has the same id all through
// one epoch and tenant and no other; an address has it for one local day. Without the key nothing leads back.
// Example: `u26-kr3j…` (26 signs of base32: the first 16 bytes of HMAC-SHA-256).
import type { Zone } from '../calendar/zone.ts';
import { base32 } from './base32.ts';

export interface PseudonymsOptions {
  zone: Zone;
  /** HMAC-SHA-256 of a text's UTF-8 bytes. */
  hmac(key: Uint8Array, text: string): Uint8Array;
  /** Key of an epoch (a local year); null where it was destroyed. */
  epochKey(year: number): Uint8Array | null;
  /** Says whether an epoch's key was destroyed; asked so that a look at a record makes no key. */
  isDestroyed?(year: number): boolean;
}

export interface Pseudonyms {
  /** Gives a user's id at a time. */
  user(tenant: string, name: string, startMs: number): string | null;
  /** Gives the id of a client's address on the local day of a time. */
  client(tenant: string, address: string, startMs: number): string | null;
  /** Gives a user's id in an epoch. */
  userIn(epoch: number, tenant: string, name: string): string | null;
  /** Says whether an instant's epoch still has its key; else its records are `tooOld`. */
  isEpochOpen(startMs: number): boolean;
}

const ID_BYTES = 16;
/** Ids that are remembered; one full memory is dropped whole. */
const MAX_IDS = 1 << 16;

/** Creates the pseudonyms of one installation's keys. */
export function createPseudonyms(options: PseudonymsOptions): Pseudonyms {
  const { zone } = options;
  const ids = new Map<string, string>();
  const isDestroyed = options.isDestroyed ?? (year => options.epochKey(year) === null);

  function idOf(epoch: number, prefix: string, text: string): string | null {
    const key = options.epochKey(epoch);
    if (key === null) return null;
    const asked = `${epoch} ${text}`;
    const known = ids.get(asked);
    if (known !== undefined) return known;
    if (ids.size >= MAX_IDS) ids.clear();
    const id = prefix + base32(options.hmac(key, text).subarray(0, ID_BYTES));
    ids.set(asked, id);
    return id;
  }

  function userIn(epoch: number, tenant: string, name: string): string | null {
    return idOf(epoch, `u${twoDigits(epoch)}-`, preimage(['user', tenant, name]));
  }

  return {
    user: (tenant, name, startMs) => userIn(zone.yearOf(startMs), tenant, name),
    client(tenant, address, startMs) {
      const day = zone.dayOf(startMs);
      const prefix = `c${day.slice(-8).replaceAll('-', '')}-`;
      return idOf(zone.yearOf(startMs), prefix, preimage(['client', day, tenant, address]));
    },
    userIn,
    isEpochOpen: startMs => !isDestroyed(zone.yearOf(startMs)),
  };
}

/** Joins parts so that no two lists of parts give the same text: each is preceded by its length. */
function preimage(parts: readonly string[]): string {
  return parts.map(part => `${part.length}:${part}`).join('');
}

function twoDigits(year: number): string {
  return String(year % 100).padStart(2, '0');
}
