// Subject cache: the bytes of a user name (and of a client's address) → the slot that the request counts for.
// In: ranges of bytes. Out: a slot, or -1 where the exact path must decide. Invariant: an answer is given only for
// bytes that agree one by one with those it was asked for, and only within the time for which it was given.
// It saves decoding two fields of each line into strings and the resolver's own look-up (bench/results, "counts").
import { TAIL_MASK } from '../../category/hash.ts';

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

/** Says where a line's user and client stand. The hot loop fills one of these again and again. */
export interface SubjectPlace {
  bytes: Uint8Array;
  view: DataView;
  userStart: number;
  userEnd: number;
  clientStart: number;
  clientEnd: number;
  /** True where the answer depends on the client: then it is a part of the key. */
  needsClient: boolean;
}

/** Remembers slots by bytes. */
export interface SubjectCache {
  /** Gives the slot of a place at an instant; -1 for the exact path. The hash must follow from the key's bytes. */
  find(place: SubjectPlace, hash: number, startMs: number): number;
}

/** Creates an empty cache of at most 65,536 keys; when they are too many it forgets all and begins anew. */
export function createSubjectCache(slotOf: SlotOf): SubjectCache {
  return new ByteCache(slotOf);
}

const FIRST_ENTRIES = 1 << 12;
const MAX_ENTRIES = 1 << 16;
/** Longest field of a key; longer ones go the exact way. */
const MAX_FIELD_BYTES = 255;
const MAX_ARENA_WORDS = 1 << 20;
/** Numbers per entry: hash, first word of its key in the arena, lengths, slot. */
const STRIDE = 4;

class ByteCache implements SubjectCache {
  readonly #slotOf: SlotOf;
  /** Open addressing over entries, twice as many places; -1 is an empty one. */
  #index = new Int32Array(2 * FIRST_ENTRIES).fill(-1);
  #entries = new Int32Array(STRIDE * FIRST_ENTRIES);
  /** Per entry: from and to. */
  #times = new Float64Array(2 * FIRST_ENTRIES);
  #arena = new Int32Array(8 * FIRST_ENTRIES);
  #count = 0;
  #usedWords = 0;

  constructor(slotOf: SlotOf) {
    this.#slotOf = slotOf;
  }

  find(place: SubjectPlace, hash: number, startMs: number): number {
    const index = this.#index;
    const entries = this.#entries;
    const last = index.length - 1;
    const lengths = lengthsOf(place);
    for (let at = (hash ^ (hash >>> 15)) & last; ; at = (at + 1) & last) {
      const entry = index[at]!;
      if (entry < 0) return this.#insert(place, hash, startMs);
      const base = entry * STRIDE;
      if (entries[base] !== hash || entries[base + 2] !== lengths) continue;
      if (!this.#agrees(place, entries[base + 1]!)) continue;
      const times = this.#times;
      if (times[2 * entry]! <= startMs && startMs < times[2 * entry + 1]!) return entries[base + 3]!;
      return this.#renew(place, entry, startMs);
    }
  }

  #agrees(place: SubjectPlace, keyAt: number): boolean {
    const { view } = place;
    const arena = this.#arena;
    let word = keyAt;
    let at = place.userStart;
    for (let rest = place.userEnd - at; rest > 0; rest -= 4, at += 4) {
      const found = view.getInt32(at, true);
      if ((rest >= 4 ? found : found & TAIL_MASK[rest]!) !== arena[word++]) return false;
    }
    if (!place.needsClient) return true;
    at = place.clientStart;
    for (let rest = place.clientEnd - at; rest > 0; rest -= 4, at += 4) {
      const found = view.getInt32(at, true);
      if ((rest >= 4 ? found : found & TAIL_MASK[rest]!) !== arena[word++]) return false;
    }
    return true;
  }

  #insert(place: SubjectPlace, hash: number, startMs: number): number {
    const { userStart, userEnd, clientStart, clientEnd } = place;
    // What is not plain ASCII is decoded and canonicalised by the exact path alone.
    if (!isPlain(place.bytes, userStart, userEnd)) return -1;
    if (userEnd - userStart > MAX_FIELD_BYTES || clientEnd - clientStart > MAX_FIELD_BYTES) return -1;
    this.#makeRoom();
    const entry = this.#count++;
    const base = entry * STRIDE;
    this.#entries[base] = hash;
    this.#entries[base + 1] = this.#usedWords;
    this.#entries[base + 2] = lengthsOf(place);
    this.#store(place.view, userStart, userEnd);
    if (place.needsClient) this.#store(place.view, clientStart, clientEnd);
    this.#enter(entry);
    return this.#renew(place, entry, startMs);
  }

  #renew(place: SubjectPlace, entry: number, startMs: number): number {
    const { bytes } = place;
    const user = textOf(bytes, place.userStart, place.userEnd);
    const answer = this.#slotOf(user, textOf(bytes, place.clientStart, place.clientEnd), startMs);
    // A name that comes to nothing (all spaces, encoded) makes its client the subject: then the client counts too.
    const isKnown = place.needsClient || answer.named;
    const slot = isKnown && answer.slot >= 0 ? answer.slot * 2 + Number(answer.named) : -1;
    this.#entries[entry * STRIDE + 3] = slot;
    this.#times[2 * entry] = answer.fromMs;
    this.#times[2 * entry + 1] = answer.toMs;
    return slot;
  }

  #store(view: DataView, start: number, end: number): void {
    for (let at = start; at < end; at += 4) {
      const word = view.getInt32(at, true);
      this.#arena[this.#usedWords++] = end - at >= 4 ? word : word & TAIL_MASK[end - at]!;
    }
  }

  #enter(entry: number): void {
    const last = this.#index.length - 1;
    const hash = this.#entries[entry * STRIDE]!;
    let at = (hash ^ (hash >>> 15)) & last;
    while (this.#index[at]! >= 0) at = (at + 1) & last;
    this.#index[at] = entry;
  }

  #makeRoom(): void {
    const needsWords = this.#usedWords + MAX_FIELD_BYTES > this.#arena.length;
    const needsEntries = STRIDE * this.#count >= this.#entries.length;
    const isFull = needsWords ? this.#arena.length >= MAX_ARENA_WORDS : this.#count >= MAX_ENTRIES;
    if ((needsWords || needsEntries) && isFull) this.#forget();
    else if (needsWords) this.#arena = longer(this.#arena, new Int32Array(this.#arena.length * 2));
    else if (needsEntries) this.#growEntries();
  }

  #growEntries(): void {
    this.#entries = longer(this.#entries, new Int32Array(this.#entries.length * 2));
    this.#times = longer(this.#times, new Float64Array(this.#times.length * 2));
    this.#index = new Int32Array(this.#index.length * 2).fill(-1);
    for (let entry = 0; entry < this.#count; entry++) this.#enter(entry);
  }

  #forget(): void {
    this.#index.fill(-1);
    this.#count = 0;
    this.#usedWords = 0;
  }
}

function lengthsOf(place: SubjectPlace): number {
  const user = place.userEnd - place.userStart;
  return place.needsClient ? user | ((place.clientEnd - place.clientStart) << 16) : user;
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

function longer<T extends Int32Array | Float64Array>(from: T, to: T): T {
  to.set(from);
  return to;
}

const DASH = 0x2d;
