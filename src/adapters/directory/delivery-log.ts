// delivery-log: the chain of deliveries beside the directory, `directory.deliveries.ndjson` beside `directory.csv`. It holds
// counts and hashes, and no person but the account that imported. Invariant: a line that was changed, taken out or moved
// is named; half a line, of a crash, counts for nothing and is cut off by the next. That lines were cut off its end is seen
// by the directory itself: the last line has its hash.
// Example: `readDeliveryLog('/etc/granska/directory.csv').deliveries.at(-1)?.asOf` → `2026-11-25`.
import { closeSync, fsyncSync, ftruncateSync, openSync, readFileSync } from 'node:fs';
import { followLink, link, NO_LINE, readLink, writeLink } from '../../audit/link.ts';
import { GranskaError } from '../../errors.ts';
import type { Delivery } from '../../ports/deliveries.ts';
import { hashText, writeWhole } from '../chain/chain-file.ts';

export interface DeliveryLog {
  /** Those of the lines that fit, oldest first. */
  deliveries: readonly Delivery[];
  /** First line, from 1, that is no line of the chain; null where all are. */
  brokenLine: number | null;
}

const SCHEMA = 'granska.delivery/1';

/** Names the log of a directory file. */
export function deliveryLogOf(directoryFile: string): string {
  return `${directoryFile.replace(/\.csv$/i, '')}.deliveries.ndjson`;
}

/** Reads the log of a directory file; empty where there is none. */
export function readDeliveryLog(directoryFile: string): DeliveryLog {
  const { deliveries, brokenLine } = walk(deliveryLogOf(directoryFile));
  return { deliveries, brokenLine };
}

/** Adds a delivery, on the disk when it returns; throws DAMAGED where the chain is broken. */
export function appendDelivery(directoryFile: string, delivery: Delivery): void {
  const path = deliveryLogOf(directoryFile);
  const { end, brokenLine, wholeBytes } = walk(path);
  if (brokenLine !== null) throw brokenLog(brokenLine);
  const { atMs, ...rest } = delivery;
  const line = link({ schema: SCHEMA, at: new Date(atMs).toISOString(), ...rest }, end, hashText);
  const file = openSync(path, wholeBytes === 0 ? 'w' : 'r+', 0o640);
  try {
    ftruncateSync(file, wholeBytes);
    writeWhole(file, `${writeLink(line)}\n`, wholeBytes);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Makes the error for a log whose chain does not hold. */
export function brokenLog(line: number): GranskaError {
  return new GranskaError('DAMAGED', `line ${line} of the log of deliveries does not fit the one before it`, {
    hint: 'restore the log from a copy, or keep it as evidence and move it away to begin a new one',
  });
}

function walk(path: string): DeliveryLog & { end: typeof NO_LINE; wholeBytes: number } {
  const deliveries: Delivery[] = [];
  const text = readText(path);
  const lines = text.split('\n');
  const torn = lines.pop()!;
  const wholeBytes = Buffer.byteLength(text) - Buffer.byteLength(torn);
  let end = NO_LINE;
  for (const [index, written] of lines.entries()) {
    const line = readLink(written);
    const delivery = line === null ? null : deliveryOf(line);
    if (line === null || delivery === null || followLink(line, written, { after: end, hashText }) !== null) {
      return { deliveries, brokenLine: index + 1, end, wholeBytes };
    }
    deliveries.push(delivery);
    end = { seq: line.seq, hash: line.hash };
  }
  return { deliveries, brokenLine: null, end, wholeBytes };
}

/** Reads a line as it was written; whether it was changed since is the chain's to say. */
function deliveryOf(line: object): Delivery | null {
  const read = line as Partial<Delivery> & { schema?: unknown; at?: unknown };
  if (read.schema !== SCHEMA || typeof read.at !== 'string') return null;
  const { by, asOf, sha256, directory, counts, confirmed } = read as Delivery;
  return { atMs: Date.parse(read.at), by, asOf, sha256, directory, counts, confirmed };
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}
