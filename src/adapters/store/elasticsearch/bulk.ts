// Many documents in few requests: pieces of some megabytes, several under way at once. What the server is too busy to
// take is sent again by itself. Out: the status of each action in order, 201 for created, 409 for there already (or, of
// a version, newer), and the documents that were refused for what they hold; every other refusal is thrown.
// Example: `const { statuses } = await bulk([{ kind: 'create', index: 'granska-usage', id, document }])`.
import { setImmediate as nextTurn } from 'node:timers/promises';
import { GranskaError } from '../../../errors.ts';
import type { Connection, Tried } from './connection.ts';
import { type Failure, isOfContent, isPassing, refused, typeOf } from './refusal.ts';

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

/** Makes what sends actions over a connection. */
export function createBulk(connection: Connection, options: BulkOptions = {}): Bulk {
  const maxChars = options.maxChars ?? MAX_CHARS;
  const concurrency = options.concurrency ?? CONCURRENCY;

  return async actions => {
    const outcomes: BulkOutcome[] = [];
    const underWay = new Set<Promise<void>>();
    let failure: { error: unknown } | null = null;
    for (const piece of piecesOf(actions, maxChars)) {
      if (failure !== null) break;
      const place = outcomes.push({ statuses: new Uint16Array(0), refusals: [] }) - 1;
      const sent: Promise<void> = sendPiece(connection, piece)
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

/** Actions of one request, as lines of it. */
interface Piece {
  lines: string[];
  /** Where each action begins in `lines`. */
  starts: number[];
  actions: BulkAction[];
}

function* piecesOf(actions: Iterable<BulkAction>, maxChars: number): Generator<Piece> {
  let piece: Piece = { lines: [], starts: [], actions: [] };
  let chars = 0;
  for (const action of actions) {
    const head = headOf(action);
    const body = action.document === undefined ? '' : JSON.stringify(action.document);
    if (chars > 0 && chars + head.length + body.length > maxChars) {
      yield piece;
      piece = { lines: [], starts: [], actions: [] };
      chars = 0;
    }
    piece.starts.push(piece.lines.length);
    piece.actions.push(action);
    piece.lines.push(head);
    if (body !== '') piece.lines.push(body);
    chars += head.length + body.length;
  }
  if (piece.starts.length > 0) yield piece;
}

function headOf({ kind, index, id, version, over }: BulkAction): string {
  const versioned = version === undefined ? '' : `,"version":${version},"version_type":"external_gte"`;
  const placed = over === undefined ? '' : `,"if_seq_no":${over.seqNo},"if_primary_term":${over.primaryTerm}`;
  return `{"${kind}":{"_index":"${index}","_id":${JSON.stringify(id)}${versioned}${placed}}}`;
}

async function sendPiece(connection: Connection, piece: Piece): Promise<BulkOutcome> {
  const statuses = new Uint16Array(piece.actions.length);
  const refusals: Refusal[] = [];
  let open = piece.actions.map((_, n) => n);
  for (let tryNo = 1; ; tryNo++) {
    const { items, isInDoubt } = await request(connection, piece, open);
    const busy: number[] = [];
    let why: Pick<Failure, 'reason' | 'error'> | null = null;
    items.forEach((item, i) => {
      const n = open[i]!;
      const action = piece.actions[n]!;
      const status = statusOf(item, { action, isInDoubt });
      statuses[n] = status;
      if (isTaken(status, action)) return;
      const reason = typeOf(item);
      if (isPassing(status, reason)) {
        busy.push(n);
        why = { reason, error: refused(action.index, status, reason) };
      } else if (isOfContent(status, reason)) {
        refusals.push({ n, action, status, reason });
      } else {
        throw refused(action.index, status, reason);
      }
    });
    if (busy.length === 0) return { statuses, refusals };
    open = busy;
    await connection.pauseBefore(tryNo + 1, why!);
  }
}

interface Item {
  status: number;
  error?: { type?: string };
}

async function request(
  connection: Connection,
  piece: Piece,
  open: readonly number[],
): Promise<{ items: Item[]; isInDoubt: boolean }> {
  const isWhole = open.length === piece.starts.length;
  const operations = isWhole ? piece.lines : open.flatMap(n => linesOf(piece, n));
  const tried: Tried = { isInDoubt: false };
  const answer = await connection.attempt(piece.actions[open[0]!]!.index, before => {
    tried.isInDoubt = before.isInDoubt;
    // Only what is read of the answer.
    return connection.client.bulk({
      operations: operations as unknown as object[],
      filter_path: ['items.*.status', 'items.*.error.type'],
    });
  });
  const items = (answer.items ?? []).map(item => Object.values(item)[0] as Item);
  if (items.length !== open.length) {
    throw new GranskaError('STORE', `Elasticsearch answered for ${items.length} of ${open.length} documents`);
  }
  return { items, isInDoubt: tried.isInDoubt };
}

function linesOf(piece: Piece, n: number): string[] {
  return piece.lines.slice(piece.starts[n], piece.starts[n + 1] ?? piece.lines.length);
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
