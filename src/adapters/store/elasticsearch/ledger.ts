// Lines of the ledger as documents that are created once, under ids that follow from kind, key and number. They are read
// by id where one key is asked for, so that what anybody has just written is there.
// Invariant: no line is there without the one before it, and none is ever written over.
import { randomUUID } from 'node:crypto';
import {
  CLOSING,
  closedBy,
  isClosing,
  type Ledger,
  type LedgerEntry,
  type LedgerKind,
} from '../../../ports/desk-store.ts';
import { closedError } from '../closed-error.ts';
import type { Connection } from './connection.ts';
import { getDocuments } from './get-documents.ts';
import { hashOf } from './hash-of.ts';
import type { IndexNames } from './index-names.ts';
import { cutShort } from './refusal.ts';
import type { Searcher } from './search.ts';

/** A line as it is indexed. */
interface LineDocument {
  kind: LedgerKind;
  key: string;
  seq: number;
  at: number;
  by: string;
  /** JSON: the server looks for nothing in it. */
  body: string;
  /** Tells the writer's own line from another's where an answer was lost. */
  nonce: string;
}

export interface LedgerOptions {
  connection: Connection;
  names: IndexNames;
  searcher: Searcher;
}

/** Lines that are asked for at once. */
const PAGE = 20;
const CONFLICT = 409;

/** Creates the ledger of one store. */
export function createLedger({ connection, names, searcher }: LedgerOptions): Ledger {
  const index = names.fixed.ledger;

  async function lineOf(place: Place): Promise<LineDocument | null> {
    const [line] = await getDocuments<LineDocument>(connection, index, [idOf(place)]);
    return line ?? null;
  }

  /** The closing line of a key is the one before; that of the key beside which this one lies has to be looked for. */
  async function isClosed({ kind, key }: LedgerEntry, before: LineDocument | null): Promise<boolean> {
    if (kind !== CLOSING.kind) return false;
    if (closedBy(key) === key) return before !== null && isClosing(readLine(before));
    return (await entries(kind, closedBy(key))).some(isClosing);
  }

  async function append(entry: LedgerEntry): Promise<boolean> {
    const { kind, key, seq, atMs, by, body } = entry;
    // Lines stay: one that is there now is there when this one is written.
    const before = seq > 1 ? await lineOf({ kind, key, seq: seq - 1 }) : null;
    if (seq < 1 || (seq > 1 && before === null)) {
      throw new TypeError('a line of the ledger follows on another');
    }
    if (await isClosed(entry, before)) {
      if ((await lineOf(entry)) !== null) return false;
      throw closedError();
    }
    const nonce = randomUUID();
    const document: LineDocument = { kind, key, seq, at: atMs, by, body: JSON.stringify(body), nonce };
    const status = await connection.attempt(index, async () => {
      const request = { index, id: idOf(entry), document, refresh: true };
      const answer = await connection.client.create(request, { ignore: [CONFLICT], meta: true });
      if (answer.statusCode !== CONFLICT && answer.body.result !== 'created') throw cutShort(index);
      return answer.statusCode;
    });
    if (status !== CONFLICT) return true;
    return (await lineOf(entry))?.nonce === nonce;
  }

  async function entries(kind: LedgerKind, key: string): Promise<LedgerEntry[]> {
    const lines: LedgerEntry[] = [];
    while (true) {
      const ids = Array.from({ length: PAGE }, (_, n) => idOf({ kind, key, seq: lines.length + 1 + n }));
      for (const line of await getDocuments<LineDocument>(connection, index, ids)) {
        if (line === null) return lines;
        lines.push(readLine(line));
      }
    }
  }

  async function* allEntries(kind: LedgerKind): AsyncGenerator<LedgerEntry> {
    // A search passes over an index that the account may not read, and decided cases would look open; who asks by id is told.
    await lineOf({ kind, key: '', seq: 0 });
    const lines = searcher.hits<LineDocument>({
      index,
      filter: { term: { kind } },
      sort: [{ key: 'asc' }, { seq: 'asc' }],
      limit: null,
    });
    for await (const { document } of lines) yield readLine(document);
  }

  return { append, entries, allEntries };
}

type Place = Pick<LedgerEntry, 'kind' | 'key' | 'seq'>;

function idOf({ kind, key, seq }: Place): string {
  return `${kind}:${hashOf(key)}:${seq}`;
}

function readLine({ kind, key, seq, at, by, body }: LineDocument): LedgerEntry {
  return { kind, key, seq, atMs: at, by, body: JSON.parse(body) };
}
