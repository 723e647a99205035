// `granska rejects list`: which lines could not be read, why, and where their sealed texts are (§6.4).
import type { Zone } from '../../calendar/zone.ts';
import { EXIT, type ExitCode } from '../../errors.ts';
import type { ReadStore, RejectBatch } from '../../ports/store.ts';
import type { SealedPlaces } from '../app.ts';
import { type Io, write } from '../io.ts';
import { localSecond } from '../local-time.ts';
import { counted, formatCount } from '../numbers.ts';
import { alignTable } from '../table.ts';

export interface RejectsDeps {
  /** The store is closed again by the command. */
  openStore(): Promise<ReadStore>;
  places: SealedPlaces;
  zone: Zone;
}

/** Tells of all rejected lines that are still kept. */
export async function runRejects(options: { json: boolean }, deps: RejectsDeps, io: Io): Promise<ExitCode> {
  const store = await deps.openStore();
  try {
    const batches = await store.rejects();
    const text = options.json ? `${JSON.stringify(asJson(batches, deps))}\n` : asText(batches, deps);
    await write(io.stdout, text);
    return EXIT.done;
  } finally {
    await store.close();
  }
}

interface Reason {
  code: string;
  count: number;
  /** Lines whose text was dropped, for a protected site stood in it. */
  dropped: number;
}

interface SealedFile {
  file: string;
  count: number;
  codes: Record<string, number>;
  rejectedMs: number;
}

function asJson(batches: readonly RejectBatch[], deps: RejectsDeps): Record<string, unknown> {
  const reasons = reasonsOf(batches);
  return {
    schema: 'granska.rejects/1',
    lines: reasons.reduce((sum, reason) => sum + reason.count, 0),
    reasons: Object.fromEntries(reasons.map(({ code, count, dropped }) => [code, { count, dropped }])),
    folder: deps.places.place,
    files: filesOf(batches).map(({ rejectedMs, ...file }) => ({
      ...file,
      rejected: new Date(rejectedMs).toISOString(),
    })),
    first: batches.map(({ stream, code, firstOffset }) => ({ stream, code, offset: firstOffset })),
  };
}

function asText(batches: readonly RejectBatch[], deps: RejectsDeps): string {
  if (batches.length === 0) return 'No line that could not be read is kept.\n';
  const reasons = reasonsOf(batches);
  const total = reasons.reduce((sum, reason) => sum + reason.count, 0);
  const blocks = [
    `${counted(total, 'line')} could not be read\n${reasonTable(reasons)}`,
    fileBlock(filesOf(batches), deps),
  ];
  return `${blocks.filter(block => block !== '').join('\n\n')}\n`;
}

function reasonTable(reasons: readonly Reason[]): string {
  return alignTable(
    reasons.map(({ code, count, dropped }) => [
      code,
      formatCount(count),
      dropped === 0 ? '' : `${formatCount(dropped)} of them without text: a protected site stood there`,
    ]),
    { rightFrom: 1, rightTo: 1, indent: 2 },
  );
}

function fileBlock(files: readonly SealedFile[], deps: RejectsDeps): string {
  if (files.length === 0) return '';
  const table = alignTable(
    files.map(({ file, count, codes, rejectedMs }) => [
      file,
      localSecond(deps.zone, rejectedMs),
      formatCount(count),
      Object.entries(codes)
        .map(([code, n]) => `${code} ${formatCount(n)}`)
        .join(', '),
    ]),
    { rightFrom: 2, rightTo: 2, indent: 2 },
  );
  const { kind, place, privateKey } = deps.places;
  const how =
    kind === 'files'
      ? `can read them, or have them read again (granska rejects retry):\n  age -d -i ${privateKey} ${place}/${files[0]!.file}`
      : 'can have them read again: granska rejects retry --identity FILE';
  return `Their texts are sealed in ${place}\n${table}\nWhoever holds the private key ${how}`;
}

function reasonsOf(batches: readonly RejectBatch[]): Reason[] {
  const reasons = new Map<string, Reason>();
  for (const { code, count, file } of batches) {
    const reason = reasons.get(code) ?? { code, count: 0, dropped: 0 };
    reason.count += count;
    if (file === null) reason.dropped += count;
    reasons.set(code, reason);
  }
  return [...reasons.values()].sort((a, b) => b.count - a.count || (a.code < b.code ? -1 : 1));
}

function filesOf(batches: readonly RejectBatch[]): SealedFile[] {
  const files = new Map<string, SealedFile>();
  for (const { code, count, file, rejectedMs } of batches) {
    if (file === null) continue;
    const sealed = files.get(file) ?? { file, count: 0, codes: {}, rejectedMs };
    sealed.count += count;
    sealed.codes[code] = (sealed.codes[code] ?? 0) + count;
    files.set(file, sealed);
  }
  return [...files.values()].sort((a, b) => a.rejectedMs - b.rejectedMs || (a.file < b.file ? -1 : 1));
}
