// resolve: user and client as logged, and a time → the subject: whom a record is about, and how surely (§3.2, §3.3).
// In: what the log has; out: tenant, kind, canonical names, population, department, roles as they were then.
// Invariant: no answer says more than the files do: whom they do not name is `unknown`, and an address that many
// share is nobody's. An answer holds no longer than every file keeps to it (`validity`): callers remember it until then.
// Example: `resolve('KOMMUN\\bo', '10.2.3.4', atMs)` → kind `user`, name `bo`, department then.
import type { Zone } from '../calendar/zone.ts';
import type { Population, Subject } from '../model/subject.ts';
import { canonicalClient } from './address.ts';
import { createCountIn } from './count-in.ts';
import { createIdentity, createSharedAccounts, type IdentityRules } from './identity.ts';
import type { Intervals } from './intervals.ts';
import type { NetworkEntry, Networks } from './network.ts';
import { type Department, type Roster, type RosterEntry, UNASSIGNED } from './roster.ts';
import { type Whom, whom } from './whom.ts';

export interface SubjectResolverOptions {
  /** The configured tenant: of rows that name none, and of records for which neither source nor network names one. */
  tenant: string;
  /** Tenant that the source itself names for these records; null or absent where it names none. */
  namedTenant?: string | null;
  zone: Zone;
  rules: IdentityRules;
  directory: Roster | null;
  networks: Networks | null;
  /** Leases and log-ons; null or absent where none are configured. */
  intervals?: Intervals | null;
  /** Departments where there is no directory to name them. */
  departments?: readonly Department[];
  /** Smallest number of persons that is counted by itself (k). */
  smallGroup: number;
}

export interface SubjectResolver {
  /** Says who made a record. The answer is shared: it must not be changed. */
  resolve(user: string, client: string, startMs: number): Subject;
  /** Gives the half-open interval around an instant in which `resolve` keeps its answer. */
  validity(user: string, client: string, startMs: number): { fromMs: number; toMs: number };
  /** True where the client matters even for a record with a user name: networks or leases are configured. */
  readonly clientMatters: boolean;
}

/** One answer and how long it holds. */
interface Answer {
  subject: Subject;
  fromMs: number;
  toMs: number;
}

/** One local month and where departments count in it. */
interface Month {
  fromMs: number;
  toMs: number;
  countIn(tenant: string, department: string): string;
}

/** Answers that are remembered; one full memory is dropped whole. */
const MAX_ANSWERS = 1 << 16;
const MAX_MONTHS = 64;

/** Creates the resolver of subjects over one directory and one table of networks. */
export function createSubjectResolver(options: SubjectResolverOptions): SubjectResolver {
  const { directory, networks, zone } = options;
  const namedTenant = options.namedTenant ?? null;
  const intervals = options.intervals ?? null;
  const canonical = createIdentity(options.rules);
  const persons = { intervals, isSharedAccount: createSharedAccounts(options.rules) };
  const departments = directory?.departments() ?? options.departments ?? [];
  const sizesAreKnown = directory !== null || (networks?.entries.some(row => row.persons !== null) ?? false);
  const answers = new Map<string, Answer>();
  const months = new Map<string, Month>();
  let month: Month | null = null;

  function answer(user: string, client: string, startMs: number): Answer {
    const key = `${user}\u0000${client}`;
    const known = answers.get(key);
    if (known !== undefined && known.fromMs <= startMs && startMs < known.toMs) return known;
    if (answers.size >= MAX_ANSWERS) answers.clear();
    const made = find(canonical(user), canonicalClient(client), startMs);
    answers.set(key, made);
    return made;
  }

  function find(name: string, client: string, startMs: number): Answer {
    const network = networks?.find(client, startMs) ?? null;
    const networkTenant = network === null ? null : (network.tenant ?? options.tenant);
    const tenant = namedTenant ?? networkTenant ?? options.tenant;
    if (networkTenant !== null && networkTenant !== tenant) {
      return nobody({ tenant, client, population: network!.population ?? 'unknown' }, startMs);
    }
    const { listedAs, ...who } = whom({ tenant, name, client, network, startMs }, persons);
    const entries = listedAs === '' ? [] : (directory?.entries(tenant, listedAs) ?? []);
    const entry = entries.find(row => row.fromMs <= startMs && startMs < row.toMs) ?? null;
    const place = placeOf(who, entry, network);
    const during = monthOf(startMs);
    const holding: { fromMs: number; toMs: number }[] = [during];
    if (networks !== null) holding.push(networks.validity(client, startMs));
    if (intervals !== null && name === '') holding.push(intervals.validity(tenant, client, startMs));
    return {
      subject: {
        tenant,
        ...who,
        client,
        ...place,
        countedIn: during.countIn(tenant, place.department),
        roles: entry?.roles ?? [],
      },
      ...narrow(holding, entries, startMs),
    };
  }

  /**
   * Answers where source and network name different tenants: whose person it was cannot be told, and a name would be
   * looked up among the wrong people. Nothing is taken from either but who is not reviewed (§3.1).
   */
  function nobody(known: Pick<Subject, 'tenant' | 'client' | 'population'>, startMs: number): Answer {
    const during = monthOf(startMs);
    return {
      subject: {
        ...known,
        ...{ kind: 'none', confidence: 'none', name: '', roles: [] },
        department: UNASSIGNED,
        countedIn: during.countIn(known.tenant, UNASSIGNED),
      },
      ...narrow([during, networks!.validity(known.client, startMs)], [], startMs),
    };
  }

  function placeOf(who: Pick<Whom, 'kind'>, entry: RosterEntry | null, network: NetworkEntry | null): Place {
    if (who.kind === 'user') return placeOfUser(entry, network);
    // An account that many use may have a row: its department's traffic it is, and nobody's.
    return entry === null
      ? placeOfClient(network)
      : { population: entry.population, department: entry.department };
  }

  function placeOfUser(entry: RosterEntry | null, network: NetworkEntry | null): Place {
    if (entry !== null) return { population: entry.population, department: entry.department };
    const department = network?.department ?? UNASSIGNED;
    if (directory !== null) return { population: 'unknown', department };
    return { population: network?.population ?? 'staff', department };
  }

  function placeOfClient(network: NetworkEntry | null): Place {
    if (networks === null) return { population: 'staff', department: UNASSIGNED };
    return {
      population: network?.population ?? 'unknown',
      department: network?.department ?? UNASSIGNED,
    };
  }

  function monthOf(startMs: number): Month {
    if (month !== null && month.fromMs <= startMs && startMs < month.toMs) return month;
    const name = zone.dayOf(startMs).slice(0, 7);
    month = months.get(name) ?? null;
    if (month !== null) return month;
    if (months.size >= MAX_MONTHS) months.clear();
    month = makeMonth(name);
    months.set(name, month);
    return month;
  }

  function makeMonth(name: string): Month {
    const fromMs = zone.startOfDayMs(`${name}-01`);
    const countIn = createCountIn({
      departments,
      smallGroup: options.smallGroup,
      size: (tenant, department) => sizeAt(tenant, department, fromMs),
    });
    return {
      fromMs,
      toMs: zone.startOfDayMs(`${nextMonth(name)}-01`),
      // Where nothing tells sizes, everybody without a department is one group, and it is the tenant.
      countIn: (tenant, department) =>
        !sizesAreKnown && department === UNASSIGNED ? department : countIn(tenant, department),
    };
  }

  function sizeAt(tenant: string, department: string, atMs: number): number {
    if (directory !== null) return directory.size(tenant, department, atMs);
    return networks === null
      ? 0
      : personsIn(networks, { tenant, department, atMs, ownTenant: options.tenant });
  }

  return {
    resolve: (user, client, startMs) => answer(user, client, startMs).subject,
    validity(user, client, startMs) {
      const { fromMs, toMs } = answer(user, client, startMs);
      return { fromMs, toMs };
    },
    clientMatters: networks !== null || intervals !== null,
  };
}

/** Adds up the persons that networks give for a department at an instant. */
export function personsIn(
  networks: Networks,
  asked: { tenant: string; department: string; atMs: number; ownTenant: string },
): number {
  let persons = 0;
  for (const row of networks.entries) {
    if (row.department !== asked.department || (row.tenant ?? asked.ownTenant) !== asked.tenant) continue;
    if (row.fromMs <= asked.atMs && asked.atMs < row.toMs) persons += row.persons ?? 0;
  }
  return persons;
}

interface Place {
  population: Population;
  department: string;
}

/** Cuts intervals down to where the same directory row, or the same lack of one, is in force. */
function narrow(
  intervals: readonly { fromMs: number; toMs: number }[],
  entries: readonly RosterEntry[],
  atMs: number,
): { fromMs: number; toMs: number } {
  let fromMs = Math.max(...intervals.map(interval => interval.fromMs));
  let toMs = Math.min(...intervals.map(interval => interval.toMs));
  for (const entry of entries) {
    for (const edgeMs of [entry.fromMs, entry.toMs]) {
      if (edgeMs <= atMs) fromMs = Math.max(fromMs, edgeMs);
      else toMs = Math.min(toMs, edgeMs);
    }
  }
  return { fromMs, toMs };
}

function nextMonth(name: string): string {
  const year = Number(name.slice(0, 4));
  const month = Number(name.slice(5, 7));
  const next = month === 12 ? [year + 1, 1] : [year, month + 1];
  return `${String(next[0]).padStart(4, '0')}-${String(next[1]).padStart(2, '0')}`;
}
