// Line reader: up to 64 native Squid lines → rows of numbers, for the questions that come after.
// In: whole lines. Out: per line where it and its fields stand and what it adds to the counts; `HAND_ON` for a line that
// the exact path must read. Invariant: a line that is not handed on is a valid record of the format (`format/squid.ts`
// reads it so, with the same values), is no 407, no future and no early record, and its host consists of plain bytes.
//
// Each step reads on from `at` and gives up at the first odd byte. No step passes the line feed: all loops stop at a byte
// that is no part of their field. Reads by words may look up to 8 bytes over it.
import { classTable, pairTable } from './byte-classes.ts';
import { BATCH, DENIED, HAND_ON, LINE, LOOK, TUNNEL } from './line.ts';
import { mayBeHierarchy, mayFollowStamp, quotedColumnsEnd } from './quoted-columns.ts';

export interface LineReaderOptions {
  maxLineBytes: number;
  latestStampMs: number;
  earliestStartMs: number;
}

/** Reads lines into `batch` and `starts`. */
export class LineReader {
  readonly batch = new Int32Array(BATCH * LINE.stride);
  /** `event.start` per line. */
  readonly starts = new Float64Array(BATCH);
  /** Lines in the batch. */
  count = 0;
  readonly #options: LineReaderOptions;
  /** The second of the line before: its ten digits as words, and what they say. */
  #second0 = 0;
  #second1 = 0;
  #second2 = 0;
  #secondMs = 0;

  constructor(options: LineReaderOptions) {
    this.#options = options;
  }

  /** Reads lines from `start` until the batch is full or `end`, which is the end of a line; answers where it stopped. */
  readBatch(bytes: Uint8Array, view: DataView, start: number, end: number): number {
    const { batch } = this;
    let at = start;
    let count = 0;
    while (at < end && count < BATCH) {
      const base = count * LINE.stride;
      let next = this.#readLine(bytes, view, at, count);
      if (next < 0) {
        const feed = bytes.indexOf(LINE_FEED, at);
        batch[base + LINE.end] = feed;
        batch[base + LINE.state] = HAND_ON;
        next = feed + 1;
      }
      batch[base + LINE.start] = at;
      at = next;
      count++;
    }
    this.count = count;
    return at;
  }

  /** Reads one line into the batch; answers where the next one begins, -1 where this one is not plain. */
  #readLine(bytes: Uint8Array, view: DataView, start: number, line: number): number {
    const { batch } = this;
    const base = line * LINE.stride;

    // `1795563829.595 `: the second is the line's before, or read anew.
    const second0 = view.getInt32(start, true);
    const second1 = view.getInt32(start + 4, true);
    const second2 = view.getInt32(start + 8, true);
    const third = view.getInt32(start + 12, true);
    if (second0 !== this.#second0 || second1 !== this.#second1 || (second2 & 0xffff) !== this.#second2) {
      if (!this.#readSecond(bytes, view, start)) return -1;
    }
    const tenths = (second2 >>> 24) - ZERO;
    const hundredths = (third & 255) - ZERO;
    const thousandths = ((third >>> 8) & 255) - ZERO;
    if (((second2 >>> 16) & 255) !== DOT || ((third >>> 16) & 255) !== SPACE) return -1;
    if (tenths >>> 0 > 9 || hundredths >>> 0 > 9 || thousandths >>> 0 > 9) return -1;
    const stampMs = this.#secondMs + tenths * 100 + hundredths * 10 + thousandths;

    // Elapsed time: padded to six, at most nine digits.
    let at = start + 21;
    let elapsedMs = paddedSix(view.getInt32(start + 15, true), view.getInt32(start + 19, true));
    if (elapsedMs < 0) {
      at = start + 15;
      while (bytes[at] === SPACE) at++;
      const elapsedAt = at;
      elapsedMs = 0;
      for (let digit = bytes[at]! - ZERO; digit >>> 0 <= 9; digit = bytes[++at]! - ZERO) {
        elapsedMs = (Math.imul(elapsedMs, 10) + digit) | 0;
      }
      if (bytes[at] !== SPACE || at === elapsedAt || at - elapsedAt > 9) return -1;
    }
    const startMs = stampMs - elapsedMs;

    // Client.
    const clientStart = ++at;
    at = clientEndAt(bytes, view, at);
    const clientEnd = at;
    if (bytes[at] !== SPACE || at === clientStart || at - clientStart > 255) return -1;

    // Tag and status: `TCP_MISS/200 `.
    const tagStart = ++at;
    at = tagEndAt(bytes, view, at);
    const result = view.getInt32(at, true);
    const hundreds = ((result >>> 8) & 255) - ZERO;
    const tens = ((result >>> 16) & 255) - ZERO;
    const ones = (result >>> 24) - ZERO;
    if ((result & 255) !== SLASH || at === tagStart || bytes[at + 4] !== SPACE) return -1;
    if (hundreds >>> 0 > 9 || tens >>> 0 > 9 || ones >>> 0 > 9) return -1;
    const status = hundreds * 100 + tens * 10 + ones;
    if (status === AUTH_CHALLENGE) return -1;
    let marks = 0;
    const tag = view.getInt32(tagStart, true);
    if (tag === WORD_TCP_) {
      if (view.getInt32(tagStart + 4, true) === WORD_DENI && view.getInt16(tagStart + 8, true) === WORD_ED)
        marks = DENIED;
    } else if (tag === WORD_NONE) {
      if (status === 403) marks = DENIED;
    } else {
      return -1;
    }

    // Bytes sent, at most nine digits.
    at += 5;
    const bytesAt = at;
    let sentBytes = 0;
    for (let digit = bytes[at]! - ZERO; digit >>> 0 <= 9; digit = bytes[++at]! - ZERO) {
      sentBytes = (Math.imul(sentBytes, 10) + digit) | 0;
    }
    if (bytes[at] !== SPACE || at === bytesAt || at - bytesAt > 9) return -1;

    // Method and the address's scheme.
    at++;
    const method = view.getInt32(at, true);
    if (method === WORD_CONN && view.getInt32(at + 4, true) === WORD_ECT) {
      at += 8;
      marks |= TUNNEL;
    } else {
      if (method === WORD_GET) at += 4;
      else {
        at = methodEndAt(bytes, at) + 1;
        if (at === 0) return -1;
      }
      if (view.getInt32(at, true) !== WORD_HTTP) return -1;
      const rest = view.getInt32(at + 4, true);
      if (rest === WORD_S_SLASHES) at += 8;
      else if ((rest & 0xffffff) === WORD_SLASHES) at += 7;
      else return -1;
    }

    // Host, hashed on the way for the memo.
    const hostStart = at;
    let hostHash = 0;
    while ((PAIRS[view.getUint16(at, true)]! & PAIRS[view.getUint16(at + 2, true)]! & HOST) !== 0) {
      hostHash = Math.imul(hostHash ^ view.getInt32(at, true), KEY_PRIME);
      hostHash ^= hostHash >>> 15;
      at += 4;
    }
    const hostTail = view.getInt32(at, true);
    const hostTailAt = at;
    at += (PAIRS[hostTail & 0xffff]! & HOST) << 1;
    at += CLASSES[bytes[at]!]! & HOST;
    hostHash = Math.imul(hostHash ^ (hostTail & ((1 << ((at - hostTailAt) << 3)) - 1)), KEY_PRIME);
    hostHash ^= hostHash >>> 15;
    const hostEnd = at;
    if (hostEnd === hostStart) return -1;

    // Port, and the rest of an address.
    if (bytes[at] === COLON) {
      const portAt = ++at;
      while ((bytes[at]! - ZERO) >>> 0 <= 9) at++;
      if (at === portAt || at - portAt > 5) return -1;
    } else if ((marks & TUNNEL) !== 0) {
      return -1;
    }
    if ((marks & TUNNEL) === 0) {
      const after = bytes[at];
      if (after !== SLASH && after !== SPACE && after !== QUESTION) return -1;
      at = fieldEnd(view, at);
      // `http://host/x://` might be an address that lost its end to a space.
      if (bytes[at - 1] === SLASH && bytes[at - 2] === SLASH && bytes[at - 3] === COLON) return -1;
    }
    if (bytes[at] !== SPACE) return -1;
    const urlEnd = at;

    // User, hashed on the way. What is not ASCII shows in the cache.
    const userStart = ++at;
    let userHash = 0;
    for (;;) {
      const word = view.getInt32(at, true);
      const found = (word - 0x21212121) & ~word & 0x80808080;
      if (found === 0) {
        userHash = Math.imul(userHash ^ word, KEY_PRIME);
        userHash ^= userHash >>> 15;
        at += 4;
        continue;
      }
      const rest = (31 - Math.clz32(found & -found)) >>> 3;
      userHash = Math.imul(userHash ^ (word & ((1 << (rest << 3)) - 1)), KEY_PRIME);
      userHash ^= userHash >>> 15;
      at += rest;
      break;
    }
    const userEnd = at;
    if (bytes[at] !== SPACE || at === userStart) return -1;

    // Hierarchy and peer: `HIER_DIRECT/192.0.2.80 `.
    at++;
    if (
      view.getInt32(at, true) === WORD_HIER &&
      view.getInt32(at + 4, true) === WORD__DIR &&
      view.getInt32(at + 8, true) === WORD_ECT_SLASH
    ) {
      at += 12;
    } else {
      const hierarchyAt = at;
      at = tagEndAt(bytes, view, at);
      if (bytes[at] !== SLASH || at === hierarchyAt) return -1;
    }
    at = fieldEnd(view, at);
    if (bytes[at] !== SPACE) return -1;

    // Mime type, and the line's end.
    const mimeAt = ++at;
    at = fieldEnd(view, at);
    if (at === mimeAt) return -1;
    if (bytes[at] === SPACE) {
      at = appendedEnd(bytes, { urlEnd, userEnd, mimeAt, mimeEnd: at });
      if (at < 0) return -1;
    }
    const stop = at;
    if (bytes[at] === CARRIAGE_RETURN) at++;
    if (bytes[at] !== LINE_FEED) return -1;

    const options = this.#options;
    if (
      stop - start > options.maxLineBytes ||
      stampMs > options.latestStampMs ||
      startMs < options.earliestStartMs
    )
      return -1;

    this.starts[line] = startMs;
    batch[base + LINE.end] = at;
    batch[base + LINE.state] = LOOK;
    batch[base + LINE.hostStart] = hostStart;
    batch[base + LINE.hostEnd] = hostEnd;
    batch[base + LINE.urlEnd] = urlEnd;
    batch[base + LINE.userEnd] = userEnd;
    batch[base + LINE.clientStart] = clientStart;
    batch[base + LINE.clientEnd] = clientEnd;
    batch[base + LINE.sentBytes] = sentBytes;
    batch[base + LINE.marks] = marks;
    batch[base + LINE.hostHash] = hostHash;
    batch[base + LINE.userHash] = userHash;
    return at + 1;
  }

  /** Reads the ten digits of a second and keeps them; false for what is none, or before 1990. */
  #readSecond(bytes: Uint8Array, view: DataView, start: number): boolean {
    let seconds = 0;
    for (let at = start; at < start + 10; at++) {
      const digit = bytes[at]! - ZERO;
      if (digit >>> 0 > 9) return false;
      seconds = seconds * 10 + digit;
    }
    if (seconds < FIRST_STAMP_SECOND) return false;
    this.#second0 = view.getInt32(start, true);
    this.#second1 = view.getInt32(start + 4, true);
    this.#second2 = view.getUint16(start + 8, true);
    this.#secondMs = seconds * 1000;
    return true;
  }
}

/**
 * Reads a number padded with spaces to six characters: four in `front`, two in `rest`, and a space after them. -1 for
 * anything else. No loop: neither the length of the padding nor that of the number has to be guessed.
 */
function paddedSix(front: number, rest: number): number {
  const frontDigits = front & 0x10101010;
  const restDigits = rest & 0x1010;
  const high = front & 0x0f0f0f0f;
  const low = rest & 0x0f0f;
  const oddBytes = ((front & 0xe0e0e0e0) ^ 0x20202020) | ((rest & 0xffe0e0) ^ 0x202020);
  const oddDigits = ((high + 0x06060606) & 0x10101010) | ((low + 0x0606) & 0x1010);
  // A byte without the mark of a digit must be a space; after a digit there is none, and the last one is a digit.
  const oddSpaces = (high & ~Math.imul(frontDigits >>> 4, 15)) | (low & ~Math.imul(restDigits >>> 4, 15));
  const gaps =
    ((frontDigits << 8) & ~frontDigits) | ((frontDigits >>> 24) & ~restDigits) | (~restDigits & 0x1000);
  if ((oddBytes | oddDigits | oddSpaces | gaps) !== 0) return -1;
  const pairs = Math.imul(high, 10) + (high >>> 8);
  return (pairs & 255) * 10_000 + ((pairs >>> 16) & 255) * 100 + (low & 15) * 10 + (low >>> 8);
}

/** Finds the space after a method of capitals; -1 where there is none. */
function methodEndAt(bytes: Uint8Array, start: number): number {
  let at = start;
  while ((CLASSES[bytes[at]!]! & METHOD) !== 0) at++;
  return bytes[at] === SPACE && at > start && at - start <= 64 ? at : -1;
}

/**
 * Finds the end of quoted columns behind the mime type; -1 where there is anything else. A line with more than ten columns
 * is read around its hierarchy column, so no other field may look like one, and like no second record either.
 */
function appendedEnd(
  bytes: Uint8Array,
  fields: { urlEnd: number; userEnd: number; mimeAt: number; mimeEnd: number },
): number {
  const { urlEnd, userEnd, mimeAt, mimeEnd } = fields;
  const isKnownHierarchy = HIERARCHIES.some(code => startsWith(bytes, userEnd + 1, code));
  if (!isKnownHierarchy || mayBeHierarchy(bytes, urlEnd + 1) || mayBeHierarchy(bytes, mimeAt)) return -1;
  if (mayFollowStamp(bytes, urlEnd) || mayFollowStamp(bytes, mimeAt - 1)) return -1;
  return quotedColumnsEnd(bytes, mimeEnd + 1);
}

function startsWith(bytes: Uint8Array, start: number, word: string): boolean {
  for (let i = 0; i < word.length; i++) if (bytes[start + i] !== word.charCodeAt(i)) return false;
  return true;
}

const HIERARCHIES = [
  'HIER_DIRECT/',
  'HIER_NONE/',
  'HIER_PARENT_HIT/',
  'HIER_FIRSTUP_PARENT/',
  'HIER_ORIGINAL_DST/',
];

/** Finds the end of a run of a client's bytes. */
function clientEndAt(bytes: Uint8Array, view: DataView, start: number): number {
  let at = start;
  while ((PAIRS[view.getUint16(at, true)]! & PAIRS[view.getUint16(at + 2, true)]! & CLIENT) !== 0) at += 4;
  at += PAIRS[view.getUint16(at, true)]! & CLIENT;
  return at + ((CLASSES[bytes[at]!]! & CLIENT) >>> 1);
}

/** Finds the end of a run of a tag's bytes. */
function tagEndAt(bytes: Uint8Array, view: DataView, start: number): number {
  let at = start;
  while ((PAIRS[view.getUint16(at, true)]! & PAIRS[view.getUint16(at + 2, true)]! & TAG) !== 0) at += 4;
  at += (PAIRS[view.getUint16(at, true)]! & TAG) >>> 1;
  return at + ((CLASSES[bytes[at]!]! & TAG) >>> 2);
}

/** Finds the first byte at or after `at` that is a space or below: the end of a field, or something odd. */
function fieldEnd(view: DataView, start: number): number {
  for (let at = start; ; at += 4) {
    const word = view.getInt32(at, true);
    // The lowest byte that the zero-byte trick marks is a true one; those above it may be borrowed.
    const found = (word - 0x21212121) & ~word & 0x80808080;
    if (found !== 0) return at + ((31 - Math.clz32(found & -found)) >>> 3);
  }
}

// Made here, not imported: the compiler takes what a module's own constants hold for granted.
const CLASSES = classTable();
const PAIRS = pairTable(CLASSES);
const HOST = 1;
const CLIENT = 2;
const TAG = 4;
const METHOD = 8;
const KEY_PRIME = 0x9e3779b1 | 0;

/** The first second of 1990; ten digits never pass the year 9999. */
const FIRST_STAMP_SECOND = 631_152_000;
const AUTH_CHALLENGE = 407;

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const SPACE = 0x20;
const DOT = 0x2e;
const SLASH = 0x2f;
const ZERO = 0x30;
const COLON = 0x3a;
const QUESTION = 0x3f;

// Words of a line as little-endian numbers.
const WORD_TCP_ = 0x5f504354;
const WORD_DENI = 0x494e4544;
const WORD_ED = 0x4445;
const WORD_NONE = 0x454e4f4e;
const WORD_CONN = 0x4e4e4f43;
const WORD_ECT = 0x20544345;
const WORD_GET = 0x20544547;
const WORD_HTTP = 0x70747468;
const WORD_SLASHES = 0x2f2f3a;
const WORD_S_SLASHES = 0x2f2f3a73;
const WORD_HIER = 0x52454948;
const WORD__DIR = 0x5249445f;
const WORD_ECT_SLASH = 0x2f544345;
