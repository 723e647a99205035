// intervals: which user had an address at a moment, by leases and log-ons (§3.2).
// In: rows (user, client, half-open interval), in any order; out: for an address and an instant the one user whose row
// covers it. Invariant: where no row covers the instant, or rows of two different users do, nobody is named; the answer is
// that of looking through all rows, whatever their order. Kept as sorted edges in typed arrays: some 12 bytes an edge.
// Example: bo on 10.1.2.3 from 08:00 to 16:00 → `find('kommun', '10.1.2.3', at 15:59)` → `bo`; at 16:00 → `''`.

/** One lease or log-on. Names and addresses are canonical. */
export interface IntervalRow {
  tenant: string;
  user: string;
  client: string;
  /** Half-open. */
  startMs: number;
  endMs: number;
}

export interface Intervals {
  /** Gives the one user who had an address at an instant; `''` where that was nobody, or cannot be told. */
  find(tenant: string, client: string, atMs: number): string;
  /** Gives the half-open interval around an instant in which `find` keeps its answer. */
  validity(tenant: string, client: string, atMs: number): { fromMs: number; toMs: number };
  /** Every user that a row names. */
  readonly users: readonly string[];
  /** Number of rows that they were made of. */
  readonly rows: number;
}

export interface IntervalsBuilder {
  /** Takes a row; one that ends before it begins covers nothing. */
  add(row: IntervalRow): void;
  /** Makes the table. The builder is of no use afterwards. */
  build(): Intervals;
}

/** What holds between two edges: a user's number, or one of these. */
const NOBODY = -1;
const SEVERAL = -2;

/** Edges of all addresses, those of one address side by side and in time order. */
interface Edges {
  /** Address (by number) → its first edge; one more at the end. */
  firstOf: Uint32Array;
  atMs: Float64Array;
  /** Whose the address is from an edge to the next. */
  owner: Int32Array;
}

/** Creates the builder of a table of intervals. */
export function createIntervalsBuilder(): IntervalsBuilder {
  const clients = createNumbers();
  const users = createNumbers();
  const rows = createRows();
  return {
    add({ tenant, user, client, startMs, endMs }) {
      rows.add({ client: clients.of(keyOf(tenant, client)), user: users.of(user), startMs, endMs });
    },
    build() {
      const edges = makeEdges(rows, clients.count());
      return openEdges({ edges, clients, users: users.all(), rows: rows.count() });
    },
  };
}

function openEdges(table: {
  edges: Edges;
  clients: Numbers;
  users: readonly string[];
  rows: number;
}): Intervals {
  const { clients, users, rows } = table;
  const { firstOf, atMs: edgeMs, owner } = table.edges;

  /** Finds the last edge of an address at or before an instant; one before its first where there is none. */
  function edgeAt(client: number, atMs: number): number {
    let low = firstOf[client]!;
    let high = firstOf[client + 1]!;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (edgeMs[middle]! <= atMs) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  return {
    users,
    rows,
    find(tenant, client, atMs) {
      const number = clients.find(keyOf(tenant, client));
      if (number === undefined) return '';
      const edge = edgeAt(number, atMs);
      return edge < firstOf[number]! ? '' : (users[owner[edge]!] ?? '');
    },
    validity(tenant, client, atMs) {
      const number = clients.find(keyOf(tenant, client));
      if (number === undefined) return { fromMs: -Infinity, toMs: Infinity };
      const edge = edgeAt(number, atMs);
      return {
        fromMs: edge < firstOf[number]! ? -Infinity : edgeMs[edge]!,
        toMs: edge + 1 < firstOf[number + 1]! ? edgeMs[edge + 1]! : Infinity,
      };
    },
  };
}

/** Sorts rows by address and lays their edges out; edges at which nothing changes are left out. */
function makeEdges(rows: Rows, clientCount: number): Edges {
  const { order, firstOf: firstRow } = rows.byClient(clientCount);
  const firstOf = new Uint32Array(clientCount + 1);
  const atMs = new Float64Array(2 * rows.count());
  const owner = new Int32Array(2 * rows.count());
  let count = 0;
  for (let client = 0; client < clientCount; client++) {
    firstOf[client] = count;
    const begun = count;
    sweep(rows, order.subarray(firstRow[client]!, firstRow[client + 1]!), (edgeMs, now) => {
      const before = count === begun ? NOBODY : owner[count - 1]!;
      if (before === now) return;
      atMs[count] = edgeMs;
      owner[count++] = now;
    });
  }
  firstOf[clientCount] = count;
  return { firstOf, atMs: atMs.slice(0, count), owner: owner.slice(0, count) };
}

/** Goes through the rows of one address in time, and tells at each instant of change whose it is from then on. */
function sweep(rows: Rows, ofClient: Uint32Array, tell: (edgeMs: number, owner: number) => void): void {
  const starts = [...ofClient].sort((a, b) => rows.startMs(a) - rows.startMs(b));
  const ends = [...ofClient].sort((a, b) => rows.endMs(a) - rows.endMs(b));
  /** User → number of rows that cover this moment: a renewed lease overlaps its own first part. */
  const covering = new Map<number, number>();
  let start = 0;
  let end = 0;
  while (end < ends.length) {
    const startsMs = start < starts.length ? rows.startMs(starts[start]!) : Infinity;
    const nowMs = Math.min(startsMs, rows.endMs(ends[end]!));
    for (; start < starts.length && rows.startMs(starts[start]!) === nowMs; start++) {
      const user = rows.user(starts[start]!);
      covering.set(user, (covering.get(user) ?? 0) + 1);
    }
    for (; end < ends.length && rows.endMs(ends[end]!) === nowMs; end++) {
      const user = rows.user(ends[end]!);
      const left = covering.get(user)! - 1;
      if (left === 0) covering.delete(user);
      else covering.set(user, left);
    }
    tell(nowMs, ownerOf(covering));
  }
}

function ownerOf(covering: ReadonlyMap<number, number>): number {
  if (covering.size === 0) return NOBODY;
  const [user] = covering.keys();
  return covering.size === 1 ? user! : SEVERAL;
}

/** Rows in columns that grow: an object for each of millions would not fit. */
interface Rows {
  add(row: { client: number; user: number; startMs: number; endMs: number }): void;
  count(): number;
  user(row: number): number;
  startMs(row: number): number;
  endMs(row: number): number;
  /** Gives rows in the order of their addresses, and where each address begins. */
  byClient(clientCount: number): { order: Uint32Array; firstOf: Uint32Array };
}

const FIRST_ROOM = 1024;

function createRows(): Rows {
  let numbers = new Uint32Array(2 * FIRST_ROOM);
  let times = new Float64Array(2 * FIRST_ROOM);
  let count = 0;

  function grow(): void {
    const [oldNumbers, oldTimes] = [numbers, times];
    numbers = new Uint32Array(2 * oldNumbers.length);
    times = new Float64Array(2 * oldTimes.length);
    numbers.set(oldNumbers);
    times.set(oldTimes);
  }

  return {
    add({ client, user, startMs, endMs }) {
      if (!(startMs < endMs)) return;
      if (2 * count >= numbers.length) grow();
      numbers[2 * count] = client;
      numbers[2 * count + 1] = user;
      times[2 * count] = startMs;
      times[2 * count + 1] = endMs;
      count++;
    },
    count: () => count,
    user: row => numbers[2 * row + 1]!,
    startMs: row => times[2 * row]!,
    endMs: row => times[2 * row + 1]!,
    byClient(clientCount) {
      const firstOf = new Uint32Array(clientCount + 1);
      for (let row = 0; row < count; row++) firstOf[numbers[2 * row]! + 1]!++;
      for (let client = 0; client < clientCount; client++) firstOf[client + 1]! += firstOf[client]!;
      const next = firstOf.slice();
      const order = new Uint32Array(count);
      for (let row = 0; row < count; row++) order[next[numbers[2 * row]!]!++] = row;
      return { order, firstOf };
    },
  };
}

/** Texts and their numbers, in the order in which they were first seen. */
interface Numbers {
  of(text: string): number;
  find(text: string): number | undefined;
  all(): readonly string[];
  count(): number;
}

function createNumbers(): Numbers {
  const known = new Map<string, number>();
  return {
    of(text) {
      const number = known.get(text) ?? known.size;
      known.set(text, number);
      return number;
    },
    find: text => known.get(text),
    all: () => [...known.keys()],
    count: () => known.size,
  };
}

function keyOf(tenant: string, client: string): string {
  return `${tenant}\u0000${client}`;
}
