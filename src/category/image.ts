// The image: all lists in one checksummed piece of bytes, opened without copying or decoding any entry.
//
// In: the bytes of a file (or shared memory). Out: views into them. Invariant: an opened image is whole: the checksum
// agreed, every section lies inside, the byte order is the machine's.
//
//   const image = openImage(bytes, sha256);
//   image.version   // '6f0c…', the checksum in hex: findings carry it
import { GranskaError } from '../errors.ts';
import {
  BYTE_ORDER,
  CHECKSUM_BYTES,
  FORMAT_VERSION,
  HEADER_BYTES,
  type ImageList,
  type ImageMeta,
  MAGIC,
  SECTION,
  SECTION_BYTES,
  SECTION_REQUIRED,
} from './layout.ts';
import { toHex } from './list-draft.ts';

/** An opened image. The views are not to be written to. */
export interface Image {
  /** Content hash, hex. */
  version: string;
  lists: readonly ImageList[];
  /** Sets of list numbers (places in `lists`); set 0 is empty. */
  sets: readonly (readonly number[])[];
  /** Distinct hosts and distinct entries. */
  hosts: number;
  entries: number;
  /** The hash table (see layout.ts): tags (0 is an empty slot), offsets into `records`. */
  tags: Int32Array;
  offsets: Uint32Array;
  records: Uint8Array;
  /** A finished hash shifted right by this is its slot. */
  slotShift: number;
  /** The whole image, to be handed to another thread where its buffer is shared. */
  bytes: Uint8Array;
}

/** Tells that the checksum has been verified already, by the thread that loaded the image. */
export const VERIFIED = 'verified';

/**
 * Opens an image and verifies its checksum. Throws GranskaError DAMAGED where it is cut, changed, no image at all, or
 * written by a newer program.
 */
export function openImage(
  input: Uint8Array | ArrayBuffer | SharedArrayBuffer,
  sha256: ((bytes: Uint8Array) => Uint8Array) | typeof VERIFIED,
): Image {
  const bytes = alignedBytes(input instanceof Uint8Array ? input : new Uint8Array(input));
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  checkHeader(bytes, view);
  const body = bytes.length - CHECKSUM_BYTES;
  const checksum = bytes.slice(body);
  if (sha256 !== VERIFIED && toHex(sha256(bytes.subarray(0, body))) !== toHex(checksum)) {
    throw damaged('its checksum does not agree with its content');
  }
  const sections = readSections(view, body);
  const meta = readMeta(part(bytes, sections, SECTION.meta));
  const tags = part(bytes, sections, SECTION.tags);
  const offsets = part(bytes, sections, SECTION.offsets);
  const slots = tags.byteLength / 4;
  if (tags.byteLength !== offsets.byteLength || slots < 16 || !Number.isInteger(Math.log2(slots))) {
    throw damaged('its table has no possible size');
  }
  return {
    version: toHex(checksum),
    lists: meta.lists,
    sets: meta.sets,
    hosts: meta.hosts,
    entries: meta.entries,
    tags: new Int32Array(tags.buffer, tags.byteOffset, slots),
    offsets: new Uint32Array(offsets.buffer, offsets.byteOffset, slots),
    records: part(bytes, sections, SECTION.records),
    slotShift: 32 - Math.log2(slots),
    bytes,
  };
}

/** Gives the bytes at an address that numbers can be read from; copies only where a caller cut them oddly. */
function alignedBytes(bytes: Uint8Array): Uint8Array {
  return bytes.byteOffset % 8 === 0 ? bytes : bytes.slice();
}

function checkHeader(bytes: Uint8Array, view: DataView): void {
  const isImage =
    bytes.length >= MAGIC.length && [...MAGIC].every((char, i) => bytes[i] === char.charCodeAt(0));
  if (!isImage) throw damaged('it is no list image');
  if (bytes.length < HEADER_BYTES + CHECKSUM_BYTES) throw damaged('it ends too early');
  const version = view.getUint32(8, true);
  if (version > FORMAT_VERSION) {
    throw new GranskaError(
      'DAMAGED',
      `The list image has format ${version}, newer than this program reads.`,
      {
        hint: `This program reads up to format ${FORMAT_VERSION}: update it, or compile the lists again with it.`,
      },
    );
  }
  const order = new Uint32Array(bytes.buffer, bytes.byteOffset + 12, 1)[0];
  if (order !== BYTE_ORDER) throw damaged('it was made for a machine with another byte order');
  if (view.getBigUint64(24, true) !== BigInt(bytes.length))
    throw damaged('it is shorter or longer than it says');
}

function readSections(view: DataView, body: number): Map<number, { offset: number; length: number }> {
  const known = new Set<number>(Object.values(SECTION));
  const sections = new Map<number, { offset: number; length: number }>();
  const count = view.getUint32(16, true);
  if (HEADER_BYTES + count * SECTION_BYTES > body) throw damaged('its table of sections is not whole');
  for (let at = HEADER_BYTES; at < HEADER_BYTES + count * SECTION_BYTES; at += SECTION_BYTES) {
    const id = view.getUint32(at, true);
    const offset = Number(view.getBigUint64(at + 8, true));
    const length = Number(view.getBigUint64(at + 16, true));
    if (offset % 8 !== 0 || offset + length > body) throw damaged('a section lies outside of it');
    if (!known.has(id) && (view.getUint32(at + 4, true) & SECTION_REQUIRED) !== 0) {
      throw damaged('it needs something that this program does not know');
    }
    sections.set(id, { offset, length });
  }
  return sections;
}

function part(
  bytes: Uint8Array,
  sections: ReadonlyMap<number, { offset: number; length: number }>,
  id: number,
): Uint8Array {
  const section = sections.get(id);
  if (section === undefined) throw damaged('a section is missing');
  return bytes.subarray(section.offset, section.offset + section.length);
}

function readMeta(bytes: Uint8Array): ImageMeta {
  try {
    // A copy, because a decoder does not take shared memory.
    return JSON.parse(new TextDecoder().decode(new Uint8Array(bytes))) as ImageMeta;
  } catch (cause) {
    throw damaged('its description of the lists cannot be read', cause);
  }
}

function damaged(why: string, cause?: unknown): GranskaError {
  return new GranskaError('DAMAGED', `The list image cannot be used: ${why}.`, {
    hint: 'Compile the lists again: granska lists compile DIR… -o IMAGE',
    cause,
  });
}
