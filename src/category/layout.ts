// Layout of an image file, all numbers little-endian:
//
//   0   8  magic `GRANSKA1`
//   8   4  format version          a reader refuses a newer one; 2 where a list has overrides
//   12  4  byte order mark 0x01020304
//   16  4  number of sections      20  4  zero
//   24  8  length of the file
//   32  …  section table, 24 bytes each: id (4), flags (4), offset (8), length (8)
//   …      sections, each beginning at a multiple of 8
//   end 32 SHA-256 of all before it: the image's version
//
// Sections: META (JSON: lists and sets of lists), TAGS and OFFSETS (the hash table), RECORDS (what the offsets point to).
// A section that a reader does not know is passed over unless its flag says that it must not be.
//
// A record has a key: a host, or a host and a path (a url entry). Numbers are varints:
//   length of key, key, set × 4 + kind
//   kind 0, a host entry:    a line for each list of the set
//   kind 1, a host with url entries: the set is the union over all of them; then the host entry's own set (0: there is
//           no host entry) and its lines
//   kind 2, a url entry:     a line for each list of the set
// A line is counted through all files of its list. Records lie in the order of their hashes, so of their slots.

/** First eight bytes of an image. */
export const MAGIC = 'GRANSKA1';

/** Newest format version that this program reads. It writes 1 unless the image has overrides, which 1 does not know. */
export const FORMAT_VERSION = 2;

/** Byte order mark; typed arrays read the sections directly, so the machine must agree with the file. */
export const BYTE_ORDER = 0x01020304;

export const HEADER_BYTES = 32;
export const SECTION_BYTES = 24;
export const CHECKSUM_BYTES = 32;

/** Ids of the sections. */
export const SECTION = { meta: 1, tags: 2, offsets: 3, records: 4 } as const;

/** Flag of a section that a reader must understand. */
export const SECTION_REQUIRED = 1;

/** Kinds of records. */
export const RECORD = { host: 0, hostWithUrls: 1, url: 2 } as const;

/** Counts one kind of cleaning or refusal, and where it was first seen. */
export interface Tally {
  count: number;
  file: string;
  line: number;
}

/** What an image says of one list. */
export interface ImageList {
  name: string;
  /** What `sha256sum FILE… | sha256sum` prints over the list's files in order of name. */
  version: string;
  /** Distinct entries. */
  entries: number;
  source: string;
  licence: string;
  usage: string;
  /** Files in order of name; a line number of the list is the file's `firstLine` plus its own line minus 1. */
  files: readonly { name: string; lines: number; firstLine: number }[];
  lines: number;
  /** Entries that were there already in the same list. */
  duplicates: number;
  /** Expressions that were read and are off. */
  expressions: number;
  cleaned: Readonly<Record<string, Tally>>;
  refused: Readonly<Record<string, Tally>>;
  /** What the installation has changed in it; absent where nothing. */
  overrides?: ListOverrideCounts;
}

/** Overrides of one list. */
export interface ListOverrideCounts {
  added: number;
  /** Entries that were to go, and how many lines of the list had one of them. */
  remove: readonly string[];
  removed: number;
  /** Hosts that the list never matches, with all under them. */
  never: readonly string[];
}

/** The META section. */
export interface ImageMeta {
  lists: readonly ImageList[];
  /** Sets of list numbers; set 0 is the empty one. */
  sets: readonly (readonly number[])[];
  hosts: number;
  entries: number;
}

/** Rounds up to a multiple of 8. */
export function align8(offset: number): number {
  return Math.ceil(offset / 8) * 8;
}

/** Gives the number of bits of the table's slot number: the table is at most 65 % full. */
export function slotBits(records: number): number {
  let bits = 4;
  while (records > 2 ** bits * 0.65) bits++;
  return bits;
}

/** Gives the tag of a finished hash; 0 marks an empty slot. */
export function tagOf(hash: number): number {
  return hash === 0 ? 1 : hash | 0;
}
