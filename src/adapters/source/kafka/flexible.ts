// The newer way in which Kafka packs what it sends ("flexible versions"): lengths as varints, one more than they are, with
// 0 for nothing, and tagged fields that whoever does not know them passes over. kafkajs has the older way only.
// Invariant: no length and no number that is read is believed further than the bytes go.
// Example: the text `web` is 04 77 65 62.

const ID_BYTES = 16;
/** Five bytes of a varint: what a number of 32 bits takes. */
const MAX_SHIFT = 28;

/** Packs a request. */
export class FlexibleWriter {
  readonly #parts: Buffer[] = [];

  int8(value: number): this {
    this.#parts.push(Buffer.from([value & 0xff]));
    return this;
  }

  int32(value: number): this {
    const bytes = Buffer.alloc(4);
    bytes.writeInt32BE(value);
    this.#parts.push(bytes);
    return this;
  }

  int64(value: bigint): this {
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64BE(value);
    this.#parts.push(bytes);
    return this;
  }

  /** Writes how many elements follow. */
  count(value: number): this {
    const bytes: number[] = [];
    let rest = value + 1;
    for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80);
    bytes.push(rest);
    this.#parts.push(Buffer.from(bytes));
    return this;
  }

  text(value: string): this {
    const bytes = Buffer.from(value, 'utf8');
    this.count(bytes.length);
    this.#parts.push(bytes);
    return this;
  }

  /** Writes a topic id; '' is none. */
  id(value: string): this {
    const bytes = Buffer.alloc(ID_BYTES);
    Buffer.from(value, 'base64url').copy(bytes);
    this.#parts.push(bytes);
    return this;
  }

  noTags(): this {
    return this.int8(0);
  }

  /** Gives what was written, as kafkajs takes it from its own encoder. */
  done(): { buf: Buffer; buffer: Buffer } {
    const bytes = Buffer.concat(this.#parts);
    return { buf: bytes, buffer: bytes };
  }
}

/** Unpacks an answer; a RangeError where it is none. */
export class FlexibleReader {
  readonly bytes: Buffer;
  at = 0;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }

  int8(): number {
    return this.bytes.readInt8(this.#take(1));
  }

  int16(): number {
    return this.bytes.readInt16BE(this.#take(2));
  }

  int32(): number {
    return this.bytes.readInt32BE(this.#take(4));
  }

  int64(): bigint {
    return this.bytes.readBigInt64BE(this.#take(8));
  }

  /** Reads how many elements or bytes follow, none of them shorter than one byte; -1 where there is no such thing. */
  count(): number {
    const count = this.#varint() - 1;
    if (count > this.bytes.length - this.at) throw new RangeError('an answer is shorter than it says');
    return count;
  }

  text(): string | null {
    const length = this.count();
    if (length < 0) return null;
    const start = this.#take(length);
    return this.bytes.toString('utf8', start, start + length);
  }

  /** Reads a topic id; '' where it is all zeros, which is none. */
  id(): string {
    const start = this.#take(ID_BYTES);
    const bytes = this.bytes.subarray(start, start + ID_BYTES);
    return bytes.every(byte => byte === 0) ? '' : bytes.toString('base64url');
  }

  list<Element>(read: () => Element): Element[] {
    const elements: Element[] = [];
    for (let left = this.count(); left > 0; left--) elements.push(read());
    return elements;
  }

  /** Passes over bytes. */
  skip(bytes: number): void {
    this.#take(bytes);
  }

  skipTags(): void {
    for (let left = this.#varint(); left > 0; left--) {
      this.#varint();
      this.#take(this.#varint());
    }
  }

  #varint(): number {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      if (shift > MAX_SHIFT) throw new RangeError('a number of an answer runs over');
      const byte = this.bytes.readUInt8(this.#take(1));
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
  }

  /** Moves on over bytes that are there; gives where they begin. */
  #take(bytes: number): number {
    const start = this.at;
    if (start + bytes > this.bytes.length) throw new RangeError('an answer is cut off');
    this.at = start + bytes;
    return start;
  }
}
