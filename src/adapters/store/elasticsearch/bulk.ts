// Many documents in few requests: pieces of some megabytes, several under way at once. What the server is too busy to
// take is sent again by itself. Out: the status of each action in order, 201 for created, 409 for there already.
// Example: `const statuses = await bulk([{ create: 'granska-usage', id, document }])`.
import { setImmediate as nextTurn } from 'node:timers/promises';
import { GranskaError } from '../../../errors.ts';
import { type Connection, isPassing, refused, type Tried } from './connection.ts';

export interface BulkAction {
  /** `create` leaves what is there, `index` replaces it. */
  kind: 'create' | 'index' | 'delete';
  index: string;
  id: string;
  /** Absent for `delete`. */
  document?: object;
}

export interface BulkOptions {
  /** Characters of one request; 2 MiB unless set. */
  maxChars?: number;
  /** Requests under way at once; 4 unless set. */
  concurrency?: number;
}

export type Bulk = (actions: Iterable<BulkAction>) => Promise<Uint16Array>;

// Small enough that the pieces of a batch end together on all of the server's cores.
const MAX_CHARS = 2 << 20;
const CONCURRENCY = 4;

/** Makes what sends actions over a connection. */
export function createBulk(connection: Connection, options: BulkOptions = {}): Bulk {
  const maxChars = options.maxChars ?? MAX_CHARS;
  const concurrency = options.concurrency ?? CONCURRENCY;

  return async actions => {
    const statuses: Uint16Array[] = [];
    const underWay = new Set<Promise<void>>();
    let failure: { error: unknown } | null = null;
    for (const piece of piecesOf(actions, maxChars)) {
      if (failure !== null) break;
      const place = statuses.push(new Uint16Array(0)) - 1;
      const sent: Promise<void> = sendPiece(connection, piece)
        .then(
          answered => {
            statuses[place] = answered;
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
    return joined(statuses);
  };
}

/** Actions of one request, as lines of it. */
interface Piece {
  lines: string[];
  /** Where each action begins in `lines`. */
  starts: number[];
  indices: string[];
  kinds: BulkAction['kind'][];
}

function* piecesOf(actions: Iterable<BulkAction>, maxChars: number): Generator<Piece> {
  let piece = blankPiece();
  let chars = 0;
  for (const { kind, index, id, document } of actions) {
    const head = `{"${kind}":{"_index":"${index}","_id":${JSON.stringify(id)}}}`;
    const body = document === undefined ? '' : JSON.stringify(document);
    if (chars > 0 && chars + head.length + body.length > maxChars) {
      yield piece;
      piece = blankPiece();
      chars = 0;
    }
    piece.starts.push(piece.lines.length);
    piece.indices.push(index);
    piece.kinds.push(kind);
    piece.lines.push(head);
    if (body !== '') piece.lines.push(body);
    chars += head.length + body.length;
  }
  if (piece.starts.length > 0) yield piece;
}

function blankPiece(): Piece {
  return { lines: [], starts: [], indices: [], kinds: [] };
}

async function sendPiece(connection: Connection, piece: Piece): Promise<Uint16Array> {
  const statuses = new Uint16Array(piece.starts.length);
  let open = piece.starts.map((_, n) => n);
  for (let tryNo = 1; ; tryNo++) {
    const { items, isInDoubt } = await request(connection, piece, open);
    const busy: number[] = [];
    let why: GranskaError | null = null;
    items.forEach((item, i) => {
      const n = open[i]!;
      const status = statusOf(item, isInDoubt);
      statuses[n] = status;
      if (isTaken(status, piece.kinds[n]!)) return;
      const error = refused(piece.indices[n]!, status, typeOf(item));
      if (!isPassing(status)) throw error;
      busy.push(n);
      why = error;
    });
    if (busy.length === 0) return statuses;
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
  const answer = await connection.attempt(piece.indices[open[0]!]!, before => {
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
function statusOf(item: Item, isInDoubt: boolean): number {
  return isInDoubt && item.status === 409 ? 201 : item.status;
}

/** Tells whether an action is done: what is to be created may be there, what is to be deleted may be gone. */
function isTaken(status: number, kind: BulkAction['kind']): boolean {
  if (status === 200 || status === 201) return true;
  return kind === 'delete' ? status === 404 : kind === 'create' && status === 409;
}

function typeOf({ error }: Item): string {
  return error?.type ?? 'no reason given';
}

function joined(parts: readonly Uint16Array[]): Uint16Array {
  const whole = new Uint16Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
