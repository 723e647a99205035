// Which sealed texts of rejected lines there are to read again, in the order in which that is safe.
// In a store without transactions a retry that broke off may have its file's rows deleted already and its window still
// open (§9.4): such a file is found by its window, and comes before those that hold what it left.

import type { SealedTexts } from '../../ports/sealed-texts.ts';
import type { RejectBatch } from '../../ports/store.ts';
import type { Held, WindowStore } from '../../ports/window-store.ts';

/** Which lines a sealed text began with, and how often what is in it was read. */
export interface SealedPlace {
  base: string;
  reading: number;
}

export interface SealedFile extends SealedPlace {
  name: string;
  /** What the store records of it. */
  rows: readonly RejectBatch[];
  /** When its lines were first rejected; null where no row says it. */
  rejectedMs: number | null;
}

/** Groups what a store records by the sealed text that holds it; what is older comes first. */
export function filesOf(
  rejects: readonly RejectBatch[],
  placeOf: (name: string) => SealedPlace | null,
): SealedFile[] {
  const rows = new Map<string, RejectBatch[]>();
  for (const reject of rejects) {
    if (reject.file === null) continue;
    const known = rows.get(reject.file);
    if (known === undefined) rows.set(reject.file, [reject]);
    else known.push(reject);
  }
  const files = [...rows].flatMap(([name, of]) => {
    const place = placeOf(name);
    return place === null ? [] : [{ ...place, name, rows: of, rejectedMs: earliest(of) }];
  });
  return files.sort(inOrder);
}

/** What a retry knows of a file's window. */
export interface HeldFile extends SealedFile {
  held: Held;
}

export interface FindHeldOptions {
  store: WindowStore;
  sealed: SealedTexts;
  placeOf(name: string): SealedPlace | null;
  streamOf(name: string): string;
  nowMs(): number;
}

/** Takes over the window of each file, and of each file that no row names any more though its window is not closed. */
export async function takeOverFiles(
  files: readonly SealedFile[],
  { store, sealed, placeOf, streamOf, nowMs }: FindHeldOptions,
): Promise<HeldFile[]> {
  const named = new Set(files.map(file => file.name));
  const unnamed = (await sealed.olderThan(nowMs() + DAY_MS)).flatMap(name => {
    const place = named.has(name) ? null : placeOf(name);
    if (place === null) return [];
    // What it left is recorded already, perhaps, under the time of the lines.
    const kin = files.filter(file => file.base === place.base).flatMap(file => file.rows);
    return [{ ...place, name, rows: [], rejectedMs: earliest(kin) }];
  });
  const all = [...files, ...unnamed];
  const held = await store.takeOver(all.map(file => streamOf(file.name)));
  return all
    .map(file => ({ ...file, held: held.get(streamOf(file.name)) ?? NOTHING }))
    .filter(file => file.rows.length > 0 || file.held.pin !== null || file.held.state !== null)
    .sort((a, b) => Number(b.held.pin !== null) - Number(a.held.pin !== null) || inOrder(a, b));
}

const NOTHING: Held = { state: null, pin: null };

/** A server's clock may be ahead of ours; what is newer than that is somebody else's at work. */
const DAY_MS = 86_400_000;

function earliest(rows: readonly RejectBatch[]): number | null {
  return rows.length === 0 ? null : rows.reduce((least, row) => Math.min(least, row.rejectedMs), Infinity);
}

function inOrder(a: SealedFile, b: SealedFile): number {
  if (a.reading !== b.reading) return a.reading - b.reading;
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}
