// The fence: which streams this store holds, and every change of a stream's document. A change names the sequence number
// of the write before it, so that of two who believe to hold a stream only the last one to take it over can change it.
// Invariants: what is remembered of a stream is what this store wrote or read there; where that is in doubt, it is read
// again before anything is written. Who holds a stream says its document: memory only saves reading it, so that a stream
// that was let go of to make room is not lost.
// Example: `await fence.takeOver([id]); const fenced = await fence.change([content])`.
import { randomUUID } from 'node:crypto';
import type { Connection } from './connection.ts';
import { getMany } from './get-documents.ts';
import { cutShort, type Failure, isPassing, refused, typeOf } from './refusal.ts';
import type { StreamContent, StreamDocument } from './stream-document.ts';

export interface Fence {
  /** Takes streams over; what is stored of each, or null where nothing is. */
  takeOver(ids: readonly string[]): Promise<Map<string, StreamContent | null>>;
  /** Gives what is stored of a stream: null where nothing is, undefined where this store does not hold it. */
  held(id: string): StreamContent | null | undefined;
  /** Reads again what is in doubt since a write broke off, and what was let go of; answers those streams. */
  settle(ids: readonly string[]): Promise<Set<string>>;
  /** Writes documents of streams that are held, one of each; answers those that another has taken over. */
  change(contents: readonly StreamContent[]): Promise<Set<string>>;
}

export interface FenceOptions {
  /** Streams that are remembered at a time; 20,000 unless set. */
  maxRemembered?: number;
}

const MAX_REMEMBERED = 20_000;
/** Streams of which the store has nothing yet, so that only memory tells that they are held. */
const MAX_BLANK = 100_000;
/** Documents of one request: some 500 kB, less than proxies take. */
const MAX_DOCUMENTS = 500;

/** Creates the fence of one store, under a name of its own. */
export function createFence(connection: Connection, index: string, options: FenceOptions = {}): Fence {
  const holder = randomUUID();
  const maxRemembered = options.maxRemembered ?? MAX_REMEMBERED;
  const streams = new Map<string, Standing>();

  async function get(ids: readonly string[]): Promise<Map<string, Standing>> {
    const found = new Map<string, Standing>();
    for (let start = 0; start < ids.length; start += MAX_DOCUMENTS) {
      const asked = ids.slice(start, start + MAX_DOCUMENTS);
      // By id and not by search: what was written a moment ago is there.
      for (const doc of await getMany<StreamDocument>(connection, index, { ids: asked })) {
        if (!doc.found) continue;
        const place = { seqNo: doc._seq_no!, primaryTerm: doc._primary_term! };
        found.set(doc._id, { document: doc._source!, place, isSure: true });
      }
    }
    return found;
  }

  /** Sends writes until each is done or was overtaken by another's; answers the overtaken. */
  async function send(writes: readonly Write[]): Promise<string[]> {
    const overtaken: string[] = [];
    for (let start = 0; start < writes.length; start += MAX_DOCUMENTS) {
      let open = writes.slice(start, start + MAX_DOCUMENTS);
      for (let tryNo = 1; open.length > 0; tryNo++) {
        const { conflicts, busy, why } = await request(open);
        if (conflicts.length > 0) overtaken.push(...(await notOurs(conflicts)));
        open = busy;
        if (why !== null) await connection.pauseBefore(tryNo + 1, why);
      }
    }
    return overtaken;
  }

  async function request(writes: readonly Write[]): Promise<Answers> {
    for (const { document } of writes) {
      const standing = streams.get(document.id);
      if (standing !== undefined) standing.isSure = false;
    }
    const items = await connection.attempt(index, async () => {
      const answer = await connection.client.bulk({
        index,
        operations: writes.flatMap(operationsOf),
        filter_path: ['items.*.status', 'items.*.error.type', 'items.*._seq_no', 'items.*._primary_term'],
      });
      const got = (answer.items ?? []).map(item => Object.values(item)[0] as Item);
      if (got.length !== writes.length) throw cutShort(index);
      return got;
    });
    const answers: Answers = { conflicts: [], busy: [], why: null };
    items.forEach((item, n) => {
      const write = writes[n]!;
      if (item.status === 200 || item.status === 201) {
        note(write.document, { seqNo: item._seq_no!, primaryTerm: item._primary_term! });
      } else if (item.status === 409) {
        answers.conflicts.push(write);
      } else {
        const reason = typeOf(item);
        const error = refused(index, item.status, reason);
        if (!isPassing(item.status, reason)) throw error;
        answers.busy.push(write);
        answers.why = { reason, error };
      }
    });
    return answers;
  }

  /**
   * Tells writes that were overtaken from those that were carried out though it was not said: an answer that was lost,
   * or a server that tried twice within itself.
   */
  async function notOurs(conflicts: readonly Write[]): Promise<string[]> {
    const found = await get(conflicts.map(({ document }) => document.id));
    return conflicts.flatMap(({ document }) => {
      const there = found.get(document.id);
      if (there?.document?.nonce !== document.nonce) return [document.id];
      note(document, there.place!);
      return [];
    });
  }

  function note(document: StreamDocument, place: Place): void {
    streams.delete(document.id);
    streams.set(document.id, { document, place, isSure: true });
  }

  /** Lets go of the oldest: those that have a document, for it tells whose they are. */
  function makeRoom(): void {
    let tooMany = streams.size - maxRemembered;
    if (tooMany <= 0) return;
    let blanks = [...streams.values()].filter(({ document }) => document === null).length;
    for (const [id, { document }] of streams) {
      if (tooMany <= 0) return;
      if (document === null && blanks <= MAX_BLANK) continue;
      if (document === null) blanks--;
      streams.delete(id);
      tooMany--;
    }
  }

  return {
    async takeOver(ids) {
      let open = [...new Set(ids)];
      const taken = new Map<string, StreamContent | null>();
      while (open.length > 0) {
        const found = await get(open);
        const writes: Write[] = [];
        for (const id of open) {
          streams.delete(id);
          const there = found.get(id);
          if (there === undefined) streams.set(id, blankStanding());
          else writes.push(writeOver(there, { ...there.document!, holder }));
        }
        const overtaken = new Set(await send(writes));
        for (const id of open) if (!overtaken.has(id)) taken.set(id, streams.get(id)!.document);
        open = [...overtaken];
      }
      makeRoom();
      return taken;
    },
    held: id => streams.get(id)?.document,
    async settle(ids) {
      makeRoom();
      const doubtful = ids.filter(id => streams.get(id)?.isSure !== true);
      if (doubtful.length === 0) return new Set();
      const found = await get(doubtful);
      for (const id of doubtful) {
        const there = found.get(id);
        if (there?.document?.holder === holder) streams.set(id, there);
        else if (there === undefined && streams.has(id)) streams.set(id, blankStanding());
        else streams.delete(id);
      }
      return new Set(doubtful);
    },
    async change(contents) {
      const writes = contents.map(content => writeOver(streams.get(content.id)!, { ...content, holder }));
      const overtaken = await send(writes);
      for (const id of overtaken) streams.delete(id);
      return new Set(overtaken);
    },
  };
}

/** Where the write before stands. */
interface Place {
  seqNo: number;
  primaryTerm: number;
}

/** What is known of a stream; document and place are null where the store has nothing of it. */
interface Standing {
  document: StreamDocument | null;
  place: Place | null;
  /** False from when a change is sent until it is answered. */
  isSure: boolean;
}

function blankStanding(): Standing {
  return { document: null, place: null, isSure: true };
}

interface Write {
  document: StreamDocument;
  over: Place | null;
}

interface Item {
  status: number;
  error?: { type?: string };
  _seq_no?: number;
  _primary_term?: number;
}

interface Answers {
  conflicts: Write[];
  busy: Write[];
  why: Pick<Failure, 'reason' | 'error'> | null;
}

function writeOver({ place }: Standing, document: StreamContent & { holder: string }): Write {
  return { document: { ...document, nonce: randomUUID() }, over: place };
}

function operationsOf({ document, over }: Write): object[] {
  if (over === null) return [{ create: { _id: document.id } }, document];
  const { seqNo, primaryTerm } = over;
  return [{ index: { _id: document.id, if_seq_no: seqNo, if_primary_term: primaryTerm } }, document];
}
