// Host verdicts: which lines of a batch ask for a host that the exact path must look at.
// In: lines of which the host consists of plain bytes. Out: `HAND_ON` for each line whose host may be covered by a mapped
// entry, may wrap another address, or is not surely the host that the exact parser would find. Invariant: a line that
// stays has, for the exact path, no match on its target and none on a wrapped one.
//
// The memo answers for most lines. For the others the filter is asked about the last two labels, then one label on, and
// only what is left by then walks through the table. Each question is asked of the whole batch before the next one.
import { extendWords, finish, SEED } from '../../category/hash.ts';
import type { Matcher } from '../../category/matcher.ts';
import { createHostFilter, hasBelow, hasEntry } from './host-filter.ts';
import { HostMemo } from './host-memo.ts';
import { HostWalk, type WalkTable } from './host-walk.ts';
import { lastDot } from './last-dot.ts';
import { BATCH, HAND_ON, LINE, TUNNEL } from './line.ts';
import { createWrapperFilter, mayHide, ROOM, type WrapperFilter } from './wrapper-filter.ts';

/** A batch as the line reader leaves it. */
export interface HostBatch {
  bytes: Uint8Array;
  view: DataView;
  batch: Int32Array;
  count: number;
}

/** What the memo keeps of a listed host, instead of where it may keep an inner address. */
const LISTED = 8;

/** Judges the hosts of batches under one set of lists. */
export class HostVerdicts {
  readonly #oneLabel: Uint32Array;
  readonly #filter: Int32Array;
  readonly #walk: HostWalk;
  readonly #wrappers: WrapperFilter = createWrapperFilter();
  readonly #memo = new HostMemo();
  /** Where each line's host may keep an inner address (`ROOM`); -1 where that is not known. */
  readonly #rooms = new Int32Array(BATCH);
  /** Lines of which the memo knew nothing, and those of them that are still to be asked about. */
  readonly #fresh = new Uint8Array(BATCH + 1);
  readonly #kept = new Uint8Array(BATCH + 1);
  /** Per line that is fresh: where the host's last two labels begin, their state and their hash. */
  readonly #suffixes = new Int32Array(BATCH);
  readonly #states = new Int32Array(BATCH);
  readonly #hashes = new Int32Array(BATCH);

  constructor(matcher: Pick<Matcher, 'filter' | 'coversHost'>, table: WalkTable) {
    this.#oneLabel = matcher.filter.oneLabel;
    this.#filter = createHostFilter(matcher.filter.bits, table.tags);
    this.#walk = new HostWalk(matcher, table);
  }

  /** Marks the lines that must be handed on. */
  judge(lines: HostBatch): void {
    const fresh = this.#askMemo(lines);
    if (fresh > 0) this.#judgeFresh(lines, fresh);
    this.#askWrappers(lines);
  }

  // What is kept for the next question is counted without a branch where no processor can guess which way a line goes.
  #askMemo({ view, batch, count }: HostBatch): number {
    const memo = this.#memo;
    const known = this.#rooms;
    const fresh = this.#fresh;
    let asked = 0;
    for (let i = 0, at = 0; i < count; i++, at += LINE.stride) {
      if (batch[at + LINE.state] === HAND_ON) continue;
      const start = batch[at + LINE.hostStart]!;
      const found = memo.find(view, start, batch[at + LINE.hostEnd]! - start, batch[at + LINE.hostHash]!);
      known[i] = found;
      fresh[asked] = i;
      asked += found >>> 31;
    }
    return asked;
  }

  #judgeFresh(lines: HostBatch, asked: number): void {
    const { batch } = lines;
    const fresh = this.#fresh;
    const kept = this.#kept;
    let hashed = 0;
    for (let k = 0; k < asked; k++) {
      const i = fresh[k]!;
      if (this.#hashHost(lines, i)) fresh[hashed++] = i;
      else batch[i * LINE.stride + LINE.state] = HAND_ON;
    }
    const filter = this.#filter;
    const hashes = this.#hashes;
    let listed = 0;
    for (let k = 0; k < hashed; k++) {
      const i = fresh[k]!;
      kept[listed] = i;
      listed += hasBelow(filter, hashes[i]!);
    }
    const left = this.#askOneLabelOn(lines, listed);
    for (let k = 0; k < left; k++) {
      const i = kept[k]!;
      if (this.#mayBeCovered(lines, i)) batch[i * LINE.stride + LINE.state] = HAND_ON;
    }
    this.#learn(lines, hashed);
  }

  // Of most hosts left the site is not listed itself, but another host of it (as under google.com): one label on, the
  // filter lets them go.
  #askOneLabelOn({ view, batch }: HostBatch, listed: number): number {
    const filter = this.#filter;
    const kept = this.#kept;
    let left = 0;
    for (let k = 0; k < listed; k++) {
      const i = kept[k]!;
      const start = batch[i * LINE.stride + LINE.hostStart]!;
      const suffix = this.#suffixes[i]!;
      let isLeft = hasEntry(filter, this.#hashes[i]!);
      if (suffix > start) {
        const next = lastDot(view, start, suffix - 1) + 1;
        const hash = finish(extendWords(this.#states[i]!, view, next, suffix - 1));
        // Below the whole host there is nothing that could cover it.
        isLeft |= hasBelow(filter, hash) & (hasEntry(filter, hash) | Number(next > start));
      }
      kept[left] = i;
      left += isLeft;
    }
    return left;
  }

  #mayBeCovered({ bytes, view, batch }: HostBatch, i: number): boolean {
    const at = i * LINE.stride;
    const host = { bytes, view, start: batch[at + LINE.hostStart]!, end: batch[at + LINE.hostEnd]! };
    return this.#walk.mayCover(host, this.#suffixes[i]!, this.#states[i]!);
  }

  #learn({ bytes, view, batch }: HostBatch, hashed: number): void {
    for (let k = 0; k < hashed; k++) {
      const i = this.#fresh[k]!;
      const row = i * LINE.stride;
      const start = batch[row + LINE.hostStart]!;
      const end = batch[row + LINE.hostEnd]!;
      const isListed = batch[row + LINE.state] === HAND_ON;
      const rooms = isListed ? LISTED : this.#wrappers.roomsOf(bytes, { start, end }, this.#states[i]!);
      this.#rooms[i] = rooms;
      this.#memo.remember(view, { start, length: end - start, hash: batch[row + LINE.hostHash]! }, rooms);
    }
  }

  #askWrappers({ bytes, batch, count }: HostBatch): void {
    for (let i = 0; i < count; i++) {
      const rooms = this.#rooms[i]!;
      const row = i * LINE.stride;
      if (rooms <= 0 || batch[row + LINE.state] === HAND_ON) continue;
      const isTunnel = (batch[row + LINE.marks]! & TUNNEL) !== 0;
      const rest = { hostEnd: batch[row + LINE.hostEnd]!, urlEnd: batch[row + LINE.urlEnd]! };
      // Of a tunnel only the host is known: it can hide an address in a label, nowhere else.
      const hides =
        rooms >= LISTED || (rooms & ROOM.label) !== 0 || (!isTunnel && mayHide(bytes, rest, rooms));
      if (hides) batch[row + LINE.state] = HAND_ON;
    }
  }

  /**
   * Hashes the last two labels of a line's host (an address whole). False where the exact parser might make another
   * host of it, or where an entry of one label may cover it.
   */
  #hashHost({ bytes, view, batch }: HostBatch, i: number): boolean {
    const start = batch[i * LINE.stride + LINE.hostStart]!;
    const end = batch[i * LINE.stride + LINE.hostEnd]!;
    const dot = lastDot(view, start, end);
    const lastLabel = dot + 1;
    if (lastLabel === end) return false;
    let suffix = start;
    let state = SEED;
    if ((bytes[lastLabel]! - ZERO) >>> 0 <= 9) {
      // A last label that begins with a digit makes a number of it, or an address in one of many spellings.
      if (!isDottedQuad(bytes, start, end)) return false;
      state = extendWords(SEED, view, start, end);
    } else {
      const top = extendWords(SEED, view, lastLabel, end);
      if (this.#isListedLabel(top)) return false;
      if (dot >= start) {
        suffix = lastDot(view, start, dot) + 1;
        state = extendWords(top, view, suffix, dot);
      }
    }
    this.#suffixes[i] = suffix;
    this.#states[i] = state;
    this.#hashes[i] = finish(state);
    return true;
  }

  /** Says whether an entry of one label (`lan`) may cover a host whose last label has this state. */
  #isListedLabel(state: number): boolean {
    return this.#oneLabel.length > 0 && this.#oneLabel.includes(finish(state));
  }
}

/** Says whether a host is an IPv4 address in its canonical form: four numbers below 256 without leading zeros. */
function isDottedQuad(bytes: Uint8Array, start: number, end: number): boolean {
  let at = start;
  for (let part = 0; part < 4; part++) {
    const from = at;
    let value = 0;
    for (; at < end && (bytes[at]! - ZERO) >>> 0 <= 9; at++) value = value * 10 + bytes[at]! - ZERO;
    const length = at - from;
    if (length === 0 || length > 3 || value > 255 || (length > 1 && bytes[from] === ZERO)) return false;
    if (part < 3 && bytes[at++] !== DOT) return false;
  }
  return at === end;
}

const DOT = 0x2e;
const ZERO = 0x30;
