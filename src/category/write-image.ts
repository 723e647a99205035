// The last step of compiling: the sorted pile of entries becomes the bytes of the image.
import { compareKeys, ENTRY_HEAD, type EntryPile, KIND, keyBytes, kindOf, sorted } from './entry-pile.ts';
import {
  align8,
  BYTE_ORDER,
  CHECKSUM_BYTES,
  FORMAT_VERSION,
  HEADER_BYTES,
  type ImageMeta,
  MAGIC,
  RECORD,
  SECTION,
  SECTION_BYTES,
  SECTION_REQUIRED,
  slotBits,
  tagOf,
} from './layout.ts';
import { type ContentHash, describeList, type ListDraft, toHex } from './list-draft.ts';
import { writeVarint } from './varint.ts';

/** Writes the image of a pile. */
export function writeImage(
  pile: EntryPile,
  drafts: readonly ListDraft[],
  createHash: () => ContentHash,
): Uint8Array<ArrayBuffer> {
  const byName = drafts.map((_, n) => n).sort((a, b) => (drafts[a]!.name < drafts[b]!.name ? -1 : 1));
  const rankOf = new Uint16Array(drafts.length);
  byName.forEach((draft, rank) => {
    rankOf[draft] = rank;
  });
  const order = sorted(pile, rankOf);
  const records = countRecords(pile, order);
  const bits = slotBits(records);
  const slots = 2 ** bits;
  const tagsAt = align8(HEADER_BYTES + 4 * SECTION_BYTES);
  const offsetsAt = tagsAt + 4 * slots;
  const recordsAt = offsetsAt + 4 * slots;
  const described = byName.map(draft => describeList(drafts[draft]!));
  // Upper bounds: 28 bytes an entry hold its head, its set in META and its numbers; pages never touched cost nothing.
  const metaBound = 3 * JSON.stringify(described).length + 128 * drafts.length + 1024;
  const bytes = new Uint8Array(recordsAt + 64 + pile.used + order.length * 28 + metaBound);
  const writer: RecordWriter = {
    pile,
    order,
    rankOf,
    bytes,
    tags: new Int32Array(bytes.buffer, tagsAt, slots),
    offsets: new Uint32Array(bytes.buffer, offsetsAt, slots),
    slotShift: 32 - bits,
    recordsAt,
    sets: createSets(drafts.length),
    entries: new Uint32Array(drafts.length),
    arrived: new Uint32Array(drafts.length),
    distinct: 0,
    hosts: 0,
  };
  const recordsEnd = writeRecords(writer);
  const meta: ImageMeta = {
    lists: described.map((list, rank) => ({
      ...list,
      version: listVersion(drafts[byName[rank]!]!, createHash()),
      entries: writer.entries[rank]!,
      duplicates: writer.arrived[rank]! - writer.entries[rank]!,
    })),
    sets: writer.sets.all,
    hosts: writer.hosts,
    entries: writer.distinct,
  };
  const encoded = new TextEncoder().encode(JSON.stringify(meta));
  const metaAt = align8(recordsEnd);
  const total = align8(metaAt + encoded.length) + CHECKSUM_BYTES;
  const image = bytes.subarray(0, total);
  image.set(encoded, metaAt);
  const version = drafts.some(draft => draft.overrides !== null) ? FORMAT_VERSION : PLAIN_VERSION;
  writeHeader(image, version, [
    { id: SECTION.tags, offset: tagsAt, length: 4 * slots },
    { id: SECTION.offsets, offset: offsetsAt, length: 4 * slots },
    { id: SECTION.records, offset: recordsAt, length: recordsEnd - recordsAt },
    { id: SECTION.meta, offset: metaAt, length: encoded.length },
  ]);
  const hash = createHash();
  hash.update(image.subarray(0, total - CHECKSUM_BYTES));
  image.set(hash.digest(), total - CHECKSUM_BYTES);
  return image;
}

interface RecordWriter {
  pile: EntryPile;
  order: Uint32Array;
  rankOf: Uint16Array;
  bytes: Uint8Array<ArrayBuffer>;
  tags: Int32Array;
  offsets: Uint32Array;
  slotShift: number;
  recordsAt: number;
  sets: ListSets;
  /** Distinct entries and all entries that arrived, by list. */
  entries: Uint32Array;
  arrived: Uint32Array;
  distinct: number;
  hosts: number;
}

function countRecords(pile: EntryPile, order: Uint32Array): number {
  let records = 0;
  for (let i = 0; i < order.length; i++) if (i === 0 || !sameKey(pile, order[i - 1]!, order[i]!)) records++;
  return records;
}

/** Writes the records in order of hash and enters them in the table; gives the position behind the last one. */
function writeRecords(writer: RecordWriter): number {
  const { order, pile } = writer;
  // Offset 0 is left free, so that a record never has it.
  let at = writer.recordsAt + 1;
  for (let from = 0; from < order.length; ) {
    let to = from + 1;
    while (to < order.length && sameKey(pile, order[from]!, order[to]!)) to++;
    // Nearly every host stands in one list alone: the set needs no gathering (bench: half the time of writing).
    enter(writer, pile.hashes[order[from]!]!, at - writer.recordsAt);
    at = to - from === 1 ? writeSingle(writer, at, from) : writeRecord(writer, at, from, to);
    from = to;
  }
  return at;
}

function enter(writer: RecordWriter, hash: number, offset: number): void {
  const { tags, offsets } = writer;
  let slot = hash >>> writer.slotShift;
  while (tags[slot] !== 0) slot = slot + 1 < tags.length ? slot + 1 : 0;
  tags[slot] = tagOf(hash);
  offsets[slot] = offset;
}

/** Writes the record of a key that came once. */
function writeSingle(writer: RecordWriter, start: number, place: number): number {
  const { pile, bytes, sets } = writer;
  const entry = writer.order[place]!;
  const kind = kindOf(pile, entry);
  const rank = rankAt(writer, place);
  let at = writeKey(writer, start, entry);
  const set = sets.idOfOne(rank);
  if (kind !== KIND.url) writer.hosts++;
  if (kind === KIND.urlHost) {
    at = writeVarint(bytes, at, set * 4 + RECORD.hostWithUrls);
    return writeVarint(bytes, at, 0);
  }
  writer.distinct++;
  writer.entries[rank]!++;
  writer.arrived[rank]!++;
  at = writeVarint(bytes, at, set * 4 + (kind === KIND.url ? RECORD.url : RECORD.host));
  return writeVarint(bytes, at, pile.lines[entry]!);
}

/** Writes the record of one key from the entries `order[from..to)`, which are in order of kind, list and arrival. */
function writeRecord(writer: RecordWriter, start: number, from: number, to: number): number {
  const { pile, order, bytes, sets } = writer;
  let at = writeKey(writer, start, order[from]!);
  const kind = kindOf(pile, order[from]!);
  if (kind !== KIND.url) writer.hosts++;
  let hostEnd = from;
  while (hostEnd < to && kindOf(pile, order[hostEnd]!) !== KIND.urlHost) hostEnd++;
  if (hostEnd === to) {
    at = writeVarint(bytes, at, setOf(writer, from, to) * 4 + (kind === KIND.url ? RECORD.url : RECORD.host));
    return writeLines(writer, at, from, to);
  }
  at = writeVarint(bytes, at, sets.unionOf(listsOf(writer, from, to)) * 4 + RECORD.hostWithUrls);
  if (hostEnd === from) return writeVarint(bytes, at, 0);
  at = writeVarint(bytes, at, setOf(writer, from, hostEnd));
  return writeLines(writer, at, from, hostEnd);
}

function writeKey(writer: RecordWriter, start: number, entry: number): number {
  const { arena, offsets } = writer.pile;
  const { bytes } = writer;
  const length = keyBytes(writer.pile, entry);
  let to = writeVarint(bytes, start, length);
  const from = offsets[entry]! + ENTRY_HEAD;
  for (let i = from; i < from + length; i++) bytes[to++] = arena[i]!;
  return to;
}

/** Gives the set of one entry's lists and counts the entry for them. */
function setOf(writer: RecordWriter, from: number, to: number): number {
  const lists = listsOf(writer, from, to);
  writer.distinct++;
  for (const list of lists) writer.entries[list]!++;
  for (let i = from; i < to; i++) writer.arrived[rankAt(writer, i)]!++;
  return writer.sets.idOf(lists);
}

/** Writes, for each list of one entry, the first line where it stood. */
function writeLines(writer: RecordWriter, start: number, from: number, to: number): number {
  let at = start;
  for (let i = from; i < to; i++) {
    if (i > from && rankAt(writer, i) === rankAt(writer, i - 1)) continue;
    at = writeVarint(writer.bytes, at, writer.pile.lines[writer.order[i]!]!);
  }
  return at;
}

function listsOf(writer: RecordWriter, from: number, to: number): number[] {
  const lists: number[] = [];
  for (let i = from; i < to; i++) {
    const rank = rankAt(writer, i);
    if (rank !== lists.at(-1)) lists.push(rank);
  }
  return lists;
}

function rankAt(writer: RecordWriter, place: number): number {
  return writer.rankOf[writer.pile.lists[writer.order[place]!]!]!;
}

function sameKey(pile: EntryPile, a: number, b: number): boolean {
  return pile.hashes[a] === pile.hashes[b] && compareKeys(pile, a, b) === 0;
}

/** Interned sets of lists: equal sets have one number, given in the order of their first use. */
interface ListSets {
  all: number[][];
  idOfOne(list: number): number;
  /** Takes ascending list numbers without repetition. */
  idOf(lists: number[]): number;
  /** Takes list numbers in any order. */
  unionOf(lists: number[]): number;
}

function createSets(lists: number): ListSets {
  const all: number[][] = [[]];
  const single = new Int32Array(lists);
  const several = new Map<string, number>();
  const idOfOne = (list: number): number => {
    if (single[list] === 0) single[list] = all.push([list]) - 1;
    return single[list]!;
  };
  const idOf = (set: number[]): number => {
    if (set.length === 1) return idOfOne(set[0]!);
    const key = set.join();
    const known = several.get(key);
    if (known !== undefined) return known;
    const id = all.push(set) - 1;
    several.set(key, id);
    return id;
  };
  return { all, idOfOne, idOf, unionOf: set => idOf([...new Set(set)].sort((a, b) => a - b)) };
}

/** Hashes what `sha256sum FILE…` prints. */
function listVersion(draft: ListDraft, hash: ContentHash): string {
  const own = draft.files.filter(file => file.digest !== '');
  const sums = own.map(file => `${file.digest}  ${file.name}\n`).join('');
  hash.update(new TextEncoder().encode(sums));
  return toHex(hash.digest());
}

/** Format of images without overrides, which every reader knows. */
const PLAIN_VERSION = 1;

function writeHeader(
  image: Uint8Array<ArrayBuffer>,
  version: number,
  sections: readonly { id: number; offset: number; length: number }[],
): void {
  const view = new DataView(image.buffer, 0, HEADER_BYTES + sections.length * SECTION_BYTES);
  image.set(new TextEncoder().encode(MAGIC));
  view.setUint32(8, version, true);
  view.setUint32(12, BYTE_ORDER, true);
  view.setUint32(16, sections.length, true);
  view.setBigUint64(24, BigInt(image.length), true);
  sections.forEach(({ id, offset, length }, n) => {
    const at = HEADER_BYTES + n * SECTION_BYTES;
    view.setUint32(at, id, true);
    view.setUint32(at + 4, SECTION_REQUIRED, true);
    view.setBigUint64(at + 8, BigInt(offset), true);
    view.setBigUint64(at + 16, BigInt(length), true);
  });
}
