// What fetched messages weigh in memory: their bytes, keys and headers with them, and what holds them.
import type { Message } from './chunk-writer.ts';

/** What a message weighs beside its bytes, about. */
const MESSAGE_BYTES = 512;
/** What a header weighs beside its bytes, about. */
const HEADER_BYTES = 128;

/** Adds up what messages weigh, about. */
export function weigh(messages: readonly Message[]): number {
  let bytes = messages.length * MESSAGE_BYTES;
  for (const { key, value, headers } of messages) {
    bytes += (key?.length ?? 0) + (value?.length ?? 0);
    for (const name in headers) bytes += HEADER_BYTES + name.length + lengthOf(headers[name]);
  }
  return bytes;
}

function lengthOf(header: unknown): number {
  return header instanceof Uint8Array ? header.length : 0;
}
