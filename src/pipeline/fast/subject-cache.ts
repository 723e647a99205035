// Subject cache: the bytes of a user name (and of a client's address) → the slot that the request counts for.
// In: ranges of bytes. Out: a slot, or -1 where the exact path must decide. Invariant: an answer is given only for
// bytes that agree one by one with those it was asked for, and only within the time for which it was given.
// It saves decoding two fields of each line into strings and the resolver's own look-up (bench/results, "counts").
import { extendWords } from '../../category/hash.ts';
import { LINE } from './line.ts';

/** What the resolver of subjects says of a user and client at an instant, for the fast scan. */
export interface SlotAnswer {
  /** Small number of whose counts these are, below 2^15; negative where the exact path must take the record. */
  slot: number;
  /** True where the subject is known by a user name. */
  named: boolean;
  /** Half-open interval of `event.start` in which the answer holds. */
  fromMs: number;
  toMs: number;
}

/** Asks the resolver. The texts are as logged; `''` for `-`. */
export type SlotOf = (user: string, client: string, startMs: number) => SlotAnswer;

/** Where the bytes of a batch stand, and its rows. */
export interface SubjectBatch {
  bytes: Uint8Array;
  view: DataView;
  batch: Int32Array;
}

/** Remembers slots by bytes. */
export interface SubjectCache {
  /** Gives twice the slot of the line whose row begins at `row`, plus 1 where the subject is named; -1: the exact path's. */
  find(lines: SubjectBatch, row: number, startMs: number): number;
}

/** Creates an empty cache of at most 65,536 keys; when they are too many it forgets all and begins anew. */
export function createSubjectCache(slotOf: SlotOf, clientMatters: boolean): SubjectCache {
  // Long names are rare: they lie apart, so that a short one takes a single cache line.
  const short = new ByteCache({ slotOf, clientMatters, keyWords: 8 });
  const long = new ByteCache({ slotOf, clientMatters, keyWords: 56 });
  return {
    find(lines, row, startMs) {
      const found = short.find(lines, row, startMs);
      return found === TOO_LONG ? long.find(lines, row, startMs) : found;
    },
  };
}

const FIRST_PLACES = 1 << 12;
const MAX_PLACES = 1 << 17;
/**
 * A place: hash, lengths (0: empty), slot and named, nothing; the interval as two doubles; then the key's words, those of
 * the user and those of the client.
 */
const FIRST_WORD = 8;
/** Answers that a key does not fit into a place; no slot is that low. */
const TOO_LONG = -2;

class ByteCache implements SubjectCache {
  readonly #slotOf: SlotOf;
  readonly #clientMatters: boolean;
  /** Numbers per place: a power of two. */
  readonly #stride: number;
  /** Open addressing, at most half full. */
  #words: Int32Array<ArrayBuffer>;
  #times: Float64Array<ArrayBuffer>;
  #mask = FIRST_PLACES - 1;
  #count = 0;

  constructor(options: { slotOf: SlotOf; clientMatters: boolean; keyWords: number }) {
    this.#slotOf = options.slotOf;
    this.#clientMatters = options.clientMatters;
    this.#stride = FIRST_WORD + options.keyWords;
    this.#words = new Int32Array(FIRST_PLACES * this.#stride);
    this.#times = new Float64Array(this.#words.buffer);
  }

  find(lines: SubjectBatch, row: number, startMs: number): number {
    const { view, batch } = lines;
    const userStart = batch[row + LINE.urlEnd]! + 1;
    const userBytes = batch[row + LINE.userEnd]! - userStart;
    const needsClient = this.#clientMatters || (userBytes === 1 && view.getUint8(userStart) === DASH);
    const clientStart = batch[row + LINE.clientStart]!;
    const clientBytes = needsClient ? batch[row + LINE.clientEnd]! - clientStart : 0;
    let hash = batch[row + LINE.userHash]!;
    if (needsClient) hash = extendWords(hash, view, clientStart, clientStart + clientBytes);
    const lengths = userBytes | (clientBytes << 16);
    const stride = this.#stride;
    if (((userBytes + 3) >> 2) + ((clientBytes + 3) >> 2) > stride - FIRST_WORD) return TOO_LONG;
    const words = this.#words;
    const mask = this.#mask;
    for (let place = (hash ^ (hash >>> 15)) & mask; ; place = (place + 1) & mask) {
      const base = place * stride;
      const found = words[base + 1]!;
      if (found === 0) return this.#insert(lines, { row, hash, lengths, startMs });
      if (found !== lengths || words[base] !== hash) continue;
      let difference = 0;
      let word = base + FIRST_WORD;
      for (let at = userStart, rest = userBytes; rest > 0; rest -= 4, at += 4) {
        difference |= (view.getInt32(at, true) & tailMask(rest)) ^ words[word++]!;
      }
      for (let at = clientStart, rest = clientBytes; rest > 0; rest -= 4, at += 4) {
        difference |= (view.getInt32(at, true) & tailMask(rest)) ^ words[word++]!;
      }
      if (difference !== 0) continue;
      const time = base / 2 + 2;
      if (this.#times[time]! <= startMs && startMs < this.#times[time + 1]!) return words[base + 2]!;
      return this.#renew(lines, { row, lengths, startMs }, base);
    }
  }

  #insert(lines: SubjectBatch, key: { row: number; hash: number; lengths: number; startMs: number }): number {
    const { bytes, view, batch } = lines;
    const { row, hash, lengths } = key;
    const userStart = batch[row + LINE.urlEnd]! + 1;
    const userBytes = lengths & 0xffff;
    const clientBytes = lengths >>> 16;
    // What is not plain ASCII is decoded and canonicalised by the exact path alone.
    if (!isPlain(bytes, userStart, userStart + userBytes)) return -1;
    if (2 * this.#count > this.#mask) this.#makeRoom();
    this.#count++;
    const base = this.#freePlace(hash);
    const words = this.#words;
    words[base] = hash;
    words[base + 1] = lengths;
    let word = base + FIRST_WORD;
    for (let at = userStart, rest = userBytes; rest > 0; rest -= 4, at += 4) {
      words[word++] = view.getInt32(at, true) & tailMask(rest);
    }
    for (let at = batch[row + LINE.clientStart]!, rest = clientBytes; rest > 0; rest -= 4, at += 4) {
      words[word++] = view.getInt32(at, true) & tailMask(rest);
    }
    return this.#renew(lines, key, base);
  }

  #renew(lines: SubjectBatch, key: { row: number; lengths: number; startMs: number }, base: number): number {
    const { bytes, batch } = lines;
    const { row, lengths, startMs } = key;
    const user = textOf(bytes, batch[row + LINE.urlEnd]! + 1, batch[row + LINE.userEnd]!);
    const client = textOf(bytes, batch[row + LINE.clientStart]!, batch[row + LINE.clientEnd]!);
    const answer = this.#slotOf(user, client, startMs);
    // A name that comes to nothing (all spaces, encoded) makes its client the subject: then the client must count too.
    const isKnown = answer.slot >= 0 && (answer.named || lengths >>> 16 > 0);
    const slot = isKnown ? answer.slot * 2 + Number(answer.named) : -1;
    this.#words[base + 2] = slot;
    this.#times[base / 2 + 2] = answer.fromMs;
    this.#times[base / 2 + 3] = answer.toMs;
    return slot;
  }

  #freePlace(hash: number): number {
    let place = (hash ^ (hash >>> 15)) & this.#mask;
    while (this.#words[place * this.#stride + 1] !== 0) place = (place + 1) & this.#mask;
    return place * this.#stride;
  }

  #makeRoom(): void {
    const old = this.#words;
    const isFull = this.#mask + 1 >= MAX_PLACES;
    if (isFull) {
      old.fill(0);
      this.#count = 0;
      return;
    }
    this.#mask = 2 * this.#mask + 1;
    this.#words = new Int32Array((this.#mask + 1) * this.#stride);
    this.#times = new Float64Array(this.#words.buffer);
    for (let from = 0; from < old.length; from += this.#stride) {
      if (old[from + 1] === 0) continue;
      this.#words.set(old.subarray(from, from + this.#stride), this.#freePlace(old[from]!));
    }
  }
}

/** Keeps the bytes of a word that belong to a field of which `rest` bytes are left. */
function tailMask(rest: number): number {
  return rest >= 4 ? -1 : (1 << (rest << 3)) - 1;
}

function isPlain(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (bytes[at]! <= 0x20 || bytes[at]! >= 0x7f) return false;
  return true;
}

function textOf(bytes: Uint8Array, start: number, end: number): string {
  if (end - start === 1 && bytes[start] === DASH) return '';
  let text = '';
  for (let at = start; at < end; at++) text += String.fromCharCode(bytes[at]!);
  return text;
}

const DASH = 0x2d;
