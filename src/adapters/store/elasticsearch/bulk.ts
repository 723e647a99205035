// Many documents in few requests: pieces of some megabytes, several under way at once. What the server is too busy to
// take is sent again by itself; what a proxy finds too long is sent in halves, and later pieces are as short. Out: the
// status of each action in order, 201 for created, 409 for there already (or, of a version, newer), and the documents that
// were refused for what they hold; every other refusal is thrown.
// Example: `const { statuses } = await bulk([{ kind: 'create', index: 'granska-usage', id, document }])`.
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Connection, Tried } from './connection.ts';
import { lengthOf, linesOf, type Piece, piecesOf } from './pieces.ts';
import { cutShort, type Failure, isOfContent, isPassing, refused, TOO_LARGE, typeOf } from './refusal.ts';

/** The write that a document stands by. */
export interface Overwrite {
  seqNo: number;
  primaryTerm: number;
}

export interface BulkAction {
  /** `create` leaves what is there, `index` replaces it, unless by a version what is there is newer. */
  kind: 'create' | 'index' | 'delete';
  index: string;
  id: string;
  /** Version of an `index`: what has a greater one stays. */
  version?: number;
  /** State that an `index` replaces: what has changed since stays (409). */
  over?: Overwrite;
  /** Absent for `delete`. */
  document?: object;
}

/** An action that was refused for what its document holds. */
export interface Refusal {
  /** Which of the actions it was, from 0. */
  n: number;
  action: BulkAction;
  status: number;
  /** Type of the server's exception. */
  reason: string;
}

export interface BulkOutcome {
  statuses: Uint16Array;
  refusals: Refusal[];
}

export interface BulkOptions {
  /** Characters of one request; 2 MiB unless set. */
  maxChars?: number;
  /** Requests under way at once; 4 unless set. */
  concurrency?: number;
}

export type Bulk = (actions: Iterable<BulkAction>) => Promise<BulkOutcome>;

// Small enough that the pieces of a batch end together on all of the server's cores.
const MAX_CHARS = 2 << 20;
const CONCURRENCY = 4;
/** No piece becomes shorter than this, whatever a proxy refuses. */
const MIN_CHARS = 1 << 16;

/** Makes what sends actions over a connection. */
export function createBulk(connection: Connection, options: BulkOptions = {}): Bulk {
  const concurrency = options.concurrency ?? CONCURRENCY;
  let maxChars = options.maxChars ?? MAX_CHARS;
  /** What somebody on the way refused once is refused again: from now on less is sent at a time. */
  const shorten = (chars: number) => {
    maxChars = Math.min(maxChars, Math.max(MIN_CHARS, Math.floor(chars / 2)));
  };

  return async actions => {
    const outcomes: BulkOutcome[] = [];
    const underWay = new Set<Promise<void>>();
    let failure: { error: unknown } | null = null;
    for (const piece of piecesOf(actions, { write: linesOfAction, maxChars: () => maxChars })) {
      if (failure !== null) break;
      const place = outcomes.push({ statuses: new Uint16Array(0), refusals: [] }) - 1;
      const sent: Promise<void> = sendPiece(piece, { connection, shorten })
        .then(
          outcome => {
            outcomes[place] = outcome;
          },
          error => {
            failure ??= { error };
          },
        )
        .finally(() => underWay.delete(sent));
      underWay.add(sent);
      // Lets the piece go out before the next one is made: otherwise the server idles meanwhile.
      await (underWay.size >= concurrency ? Promise.race(underWay) : nextTurn());
    }
    await Promise.all(underWay);
    if (failure !== null) throw (failure as { error: unknown }).error;
    return joined(outcomes);
  };
}

/** Gives the statuses of actions of which none may be refused; throws the first refusal. */
export function requireAll({ statuses, refusals }: BulkOutcome): Uint16Array {
  const [first] = refusals;
  if (first === undefined) return statuses;
  throw refused(first.action.index, first.status, first.reason);
}

function linesOfAction(action: BulkAction): string[] {
  const head = headOf(action);
  return action.document === undefined ? [head] : [head, JSON.stringify(action.document)];
}

function headOf({ kind, index, id, version, over }: BulkAction): string {
  const versioned = version === undefined ? '' : `,"version":${version},"version_type":"external_gte"`;
  const placed = over === undefined ? '' : `,"if_seq_no":${over.seqNo},"if_primary_term":${over.primaryTerm}`;
  return `{"${kind}":{"_index":"${index}","_id":${JSON.stringify(id)}${versioned}${placed}}}`;
}

/** The way that pieces go. */
interface Way {
  connection: Connection;
  /** Hears of so many characters that were too long for one request. */
  shorten(chars: number): void;
}

async function sendPiece(piece: Piece<BulkAction>, way: Way): Promise<BulkOutcome> {
  const statuses = new Uint16Array(piece.items.length);
  const refusals: Refusal[] = [];
  await send(
    piece.items.map((_, n) => n),
    { isInDoubt: false },
  );
  return { statuses, refusals };

  /** Sends actions, those that the server is too busy for again. */
  async function send(actions: readonly number[], before: Tried): Promise<void> {
    const tried = { ...before };
    let open = actions;
    for (let tryNo = 1; open.length > 0; tryNo++) {
      const items = await request({ piece, open, tried }, way.connection);
      if (items === 'too long') return sendHalves(open, tried);
      const { busy, why } = sort(open, { items, tried });
      open = busy;
      if (why !== null) await way.connection.pauseBefore(tryNo + 1, why);
    }
  }

  async function sendHalves(open: readonly number[], tried: Tried): Promise<void> {
    // One document is as long as it is.
    if (open.length === 1) throw refused(piece.items[open[0]!]!.index, TOO_LARGE, typeOf(null));
    way.shorten(lengthOf(linesOf(piece, open)));
    const half = Math.ceil(open.length / 2);
    await send(open.slice(0, half), tried);
    await send(open.slice(half), tried);
  }

  /** Notes what became of actions; answers those that have to be sent again. */
  function sort(open: readonly number[], { items, tried }: { items: readonly Item[]; tried: Tried }): Unsent {
    const unsent: Unsent = { busy: [], why: null };
    items.forEach((item, i) => {
      const n = open[i]!;
      const action = piece.items[n]!;
      const status = statusOf(item, { action, isInDoubt: tried.isInDoubt });
      statuses[n] = status;
      if (isTaken(status, action)) return;
      const reason = typeOf(item);
      if (isPassing(status, reason)) {
        unsent.busy.push(n);
        unsent.why = { reason, error: refused(action.index, status, reason) };
      } else if (isOfContent(status, reason)) {
        refusals.push({ n, action, status, reason });
      } else {
        throw refused(action.index, status, reason);
      }
    });
    return unsent;
  }
}

/** Actions that the server was too busy for. */
interface Unsent {
  busy: number[];
  why: Pick<Failure, 'reason' | 'error'> | null;
}

interface Item {
  status: number;
  error?: { type?: string };
}

/** Sends some of a piece's actions in one request, and notes where an earlier one may have been carried out. */
async function request(
  { piece, open, tried }: { piece: Piece<BulkAction>; open: readonly number[]; tried: Tried },
  { attempt, client }: Connection,
): Promise<Item[] | 'too long'> {
  const operations = linesOf(piece, open);
  const { index } = piece.items[open[0]!]!;
  return attempt(index, async before => {
    tried.isInDoubt ||= before.isInDoubt;
    const { body, statusCode } = await client.bulk(
      {
        operations: operations as unknown as object[],
        // Only what is read of the answer.
        filter_path: ['items.*.status', 'items.*.error.type'],
      },
      { ignore: [TOO_LARGE], meta: true },
    );
    if (statusCode === TOO_LARGE) return 'too long';
    const items = (body.items ?? []).map(item => Object.values(item)[0] as Item);
    if (items.length !== open.length) throw cutShort(index);
    return items;
  });
}

// After a request whose answer never came, what is there already is what that request created.
function statusOf(
  { status }: Item,
  { action, isInDoubt }: { action: BulkAction; isInDoubt: boolean },
): number {
  return isInDoubt && status === 409 && action.kind === 'create' ? 201 : status;
}

/**
 * Tells whether an action is done: what is to be created may be there, a version be outdone, a state be replaced, what is
 * to go be gone.
 */
function isTaken(status: number, { kind, version, over }: BulkAction): boolean {
  if (status === 200 || status === 201) return true;
  if (kind === 'delete') return status === 404;
  return status === 409 && (kind === 'create' || version !== undefined || over !== undefined);
}

function joined(outcomes: readonly BulkOutcome[]): BulkOutcome {
  const statuses = new Uint16Array(outcomes.reduce((sum, part) => sum + part.statuses.length, 0));
  const refusals: Refusal[] = [];
  let at = 0;
  for (const part of outcomes) {
    statuses.set(part.statuses, at);
    for (const refusal of part.refusals) refusals.push({ ...refusal, n: at + refusal.n });
    at += part.statuses.length;
  }
  return { statuses, refusals };
}
