// network: which configured network an address lay in at a time (§3.3).
// In: rows of CIDR × interval, and an address in canonical form; out: the row with the longest prefix that is in
// force at that instant. Invariant: rows of one CIDR do not overlap in time (the reader refuses that).
// Example: with 10.0.0.0/8 and 10.2.0.0/16, `find('10.2.3.4', atMs)` is the second while it is valid, else the first.
import type { Population } from '../model/subject.ts';
import { type AddressGroups, formatAddress, parseAddress } from './address.ts';
import type { Shared } from './shared.ts';

/** What is known of one network during one half-open interval; ±Infinity where it is open. */
export interface NetworkEntry {
  /** Canonical CIDR, `10.2.0.0/16`. */
  cidr: string;
  /** Null where the row names none: then the configured tenant holds. */
  tenant: string | null;
  /** Null where the row says nothing of it. */
  population: Population | null;
  department: string | null;
  /** Says whether one address stands for many people, and how: kiosks, terminal servers, libraries. */
  shared: Shared;
  /** Number of persons behind it, where it was given. */
  persons: number | null;
  fromMs: number;
  toMs: number;
}

export interface Networks {
  readonly entries: readonly NetworkEntry[];
  /** Finds the network of a canonical address at an instant; null where none covers it. */
  find(client: string, atMs: number): NetworkEntry | null;
  /** Gives the interval around an instant in which `find` keeps its answer. */
  validity(client: string, atMs: number): { fromMs: number; toMs: number };
}

/** A block of addresses: its first address, and how many leading bits it fixes. */
export interface Cidr {
  groups: AddressGroups;
  prefix: number;
}

/** Rows of one address family and prefix length, by their network bits. */
interface Level {
  prefix: number;
  byBits: Map<string, NetworkEntry[]>;
}

const FOREVER = { fromMs: -Infinity, toMs: Infinity };

/** Creates the table of networks. A row whose CIDR cannot be read covers nothing. */
export function createNetworks(entries: readonly NetworkEntry[]): Networks {
  const ipv4 = buildLevels(entries, 2);
  const ipv6 = buildLevels(entries, 8);

  /** Gives all rows that cover an address, longest prefix first. */
  function covering(client: string): NetworkEntry[] {
    const groups = parseAddress(client);
    if (groups === null) return [];
    const found: NetworkEntry[] = [];
    for (const level of groups.length === 2 ? ipv4 : ipv6) {
      const rows = level.byBits.get(bitsOf(groups, level.prefix));
      if (rows !== undefined) found.push(...rows);
    }
    return found;
  }

  return {
    entries,
    find: (client, atMs) => covering(client).find(row => row.fromMs <= atMs && atMs < row.toMs) ?? null,
    validity(client, atMs) {
      const interval = { ...FOREVER };
      for (const row of covering(client)) {
        for (const edgeMs of [row.fromMs, row.toMs]) {
          if (edgeMs <= atMs) interval.fromMs = Math.max(interval.fromMs, edgeMs);
          else interval.toMs = Math.min(interval.toMs, edgeMs);
        }
      }
      return interval;
    },
  };
}

/** Reads a CIDR, or a single address as a block of one; null where the text is none or has host bits set. */
export function parseCidr(text: string): Cidr | null {
  const match = /^([0-9a-fA-F.:]+)(?:\/(\d{1,3}))?$/.exec(text.trim());
  if (match === null || /^[\d.]+:\d+$/.test(match[1]!)) return null;
  const groups = parseAddress(match[1]!);
  if (groups === null) return null;
  // A prefix of a mapped IPv6 block counts the 96 bits in front of the IPv4 address.
  const mappedBits = groups.length === 2 && match[1]!.includes(':') ? 96 : 0;
  const prefix = match[2] === undefined ? groups.length * 16 : Number(match[2]) - mappedBits;
  if (prefix < 0 || prefix > groups.length * 16) return null;
  const cidr = { groups, prefix };
  return formatAddress(networkOf(cidr)) === formatAddress(groups) ? cidr : null;
}

/** Writes a CIDR in its canonical form. */
export function formatCidr(cidr: Cidr): string {
  return `${formatAddress(networkOf(cidr))}/${cidr.prefix}`;
}

function buildLevels(entries: readonly NetworkEntry[], groupCount: number): Level[] {
  const levels = new Map<number, Level>();
  for (const entry of entries) {
    const cidr = parseCidr(entry.cidr);
    if (cidr === null || cidr.groups.length !== groupCount) continue;
    let level = levels.get(cidr.prefix);
    if (level === undefined) {
      level = { prefix: cidr.prefix, byBits: new Map() };
      levels.set(cidr.prefix, level);
    }
    const bits = bitsOf(cidr.groups, cidr.prefix);
    const rows = level.byBits.get(bits);
    if (rows === undefined) level.byBits.set(bits, [entry]);
    else rows.push(entry);
  }
  return [...levels.values()].sort((a, b) => b.prefix - a.prefix);
}

/** Gives the leading bits of an address as a key. */
function bitsOf(groups: AddressGroups, prefix: number): string {
  return networkOf({ groups, prefix }).join(':');
}

function networkOf(cidr: Cidr): number[] {
  return cidr.groups.map((group, index) => {
    const kept = Math.min(16, Math.max(0, cidr.prefix - index * 16));
    return group & (0xffff << (16 - kept)) & 0xffff;
  });
}
