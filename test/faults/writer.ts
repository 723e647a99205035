// Writes batches into a store without end: what the kill test kills. Batch `n` holds the findings whose offsets are
// n·SIZE … and moves the stream to (n + 1)·SIZE, so that the position alone says what must be there.
import { createSqliteStore } from '../../src/adapters/store/sqlite/sqlite-store.ts';
import { aBatch, aStream } from '../contract/store.ts';
import { aFinding, idOf } from '../finding/arbitrary.ts';

export const SIZE = 120;

/** Makes the batch that follows a position. */
export function batchAt(position: number) {
  const findings = Array.from({ length: SIZE }, (_, n) => {
    const offset = position + n;
    const category = offset % 7 === 0 ? ({ class: 'forbidden' } as const) : {};
    return aFinding({
      id: idOf(offset),
      offset,
      startMs: offset,
      domain: `host${offset}.example`,
      ...category,
    });
  });
  return aBatch({
    findings,
    usage: [
      {
        tenant: 'kommun',
        hourMs: 0,
        department: '',
        records: SIZE,
        bytes: SIZE * 10,
        denied: 0,
        tunnels: 0,
        named: 0,
      },
    ],
    days: [{ tenant: 'kommun', day: '2026-10-01', kind: 'protected', count: SIZE }],
    streams: [
      {
        state: aStream({ position: position + SIZE }),
        marks: [{ end: position + SIZE, digest: new Uint8Array([1]) }],
      },
    ],
    rejects: [
      { stream: 'a'.repeat(64), code: 'fields', count: 1, firstOffset: position, file: null, rejectedMs: 0 },
    ],
    names: [{ envelope: new Uint8Array([1]), epoch: 2026, ids: [`u26-${position}`] }],
  });
}

async function writeForEver(path: string): Promise<void> {
  const store = createSqliteStore({ path, mode: 'write', waitMs: 10_000 });
  const [known] = await store.streams('default', 'c'.repeat(64));
  let position = known?.position ?? 0;
  process.stdout.write('begun\n');
  while (true) {
    await store.write(batchAt(position));
    position += SIZE;
    process.stdout.write(`${position}\n`);
  }
}

if (import.meta.main) await writeForEver(process.argv[2]!);
