// whom: what is known at a moment of a name and an address → whose record it is, and how surely (§3.2).
// In: the canonical name, the client, its network, and the leases; out: kind, confidence and name, and the name whose row
// of the directory holds. Invariant: a lease never speaks where the proxy did, nor for an address that many share; a
// shared account, and whoever sits at a kiosk, is nobody. Example: no name, and a lease of bo → `user`, `lease`, `bo`.
import type { Subject } from '../model/subject.ts';
import type { Intervals } from './intervals.ts';
import type { NetworkEntry } from './network.ts';
import { leaves } from './shared.ts';

export interface Whom extends Pick<Subject, 'kind' | 'confidence' | 'name'> {
  /** The name by which the directory is asked; `''` where the network alone says what is known. */
  listedAs: string;
}

export interface Known {
  tenant: string;
  /** Canonical name that the proxy authenticated; `''` for none. */
  name: string;
  client: string;
  network: NetworkEntry | null;
  startMs: number;
}

export interface WhomOptions {
  /** Leases and log-ons; null where none are configured. */
  intervals: Intervals | null;
  isSharedAccount(name: string): boolean;
}

/** Tells whose a record is. */
export function whom(known: Known, { intervals, isSharedAccount }: WhomOptions): Whom {
  const { tenant, name, client, network, startMs } = known;
  const left = leaves(network?.shared ?? false);
  if (name !== '') {
    if (left === 'nobody') return NOBODY;
    if (isSharedAccount(name)) return { ...NOBODY, listedAs: name };
    return { kind: 'user', confidence: 'authenticated', name, listedAs: name };
  }
  if (client === '' || left !== 'address') return NOBODY;
  const holder = intervals?.find(tenant, client, startMs) ?? '';
  if (holder === '') return { kind: 'client', confidence: 'none', name: client, listedAs: '' };
  if (isSharedAccount(holder)) return { ...NOBODY, listedAs: holder };
  return { kind: 'user', confidence: 'lease', name: holder, listedAs: holder };
}

const NOBODY: Whom = { kind: 'none', confidence: 'none', name: '', listedAs: '' };
