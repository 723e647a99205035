// `granska deadletters`: documents that a store refused for good (§9.7). `list` tells of them; `retry` gives them to the
// store again, for whoever holds the private key: they may hold what findings and rejects hold.
import type { Zone } from '../../calendar/zone.ts';
import { EXIT, type ExitCode } from '../../errors.ts';
import type { DeadLetterOutcome } from '../../pipeline/retry/retry-dead-letters.ts';
import type { DeadLetterBatch, ReadStore } from '../../ports/store.ts';
import type { App, SealedPlaces } from '../app.ts';
import { type Io, write } from '../io.ts';
import { localSecond } from '../local-time.ts';
import { counted, formatCount } from '../numbers.ts';
import { describeLeft, exitOfLeft } from '../retry-left.ts';
import { alignTable } from '../table.ts';

/** Said where documents cannot be left over: a batch goes in whole, or nothing of it. */
const NONE_HERE = 'The embedded store refuses nothing for good: it has no dead letters.\n';

export interface DeadLettersDeps {
  /** The store is closed again by the command. */
  openStore(): Promise<ReadStore>;
  places: SealedPlaces;
  zone: Zone;
}

/** Tells of all refused documents that are still kept. */
export async function runDeadLetters(
  options: { json: boolean },
  { openStore, places, zone }: DeadLettersDeps,
  io: Io,
): Promise<ExitCode> {
  const store = await openStore();
  try {
    const batches = await store.deadLetters();
    const text = options.json
      ? `${JSON.stringify(listJson(batches, places))}\n`
      : places.kind === 'files'
        ? NONE_HERE
        : listText(batches, { places, zone });
    await write(io.stdout, text);
    return EXIT.done;
  } finally {
    await store.close();
  }
}

function listJson(batches: readonly DeadLetterBatch[], places: SealedPlaces): Record<string, unknown> {
  return {
    schema: 'granska.deadletters/1',
    documents: batches.reduce((sum, batch) => sum + batch.count, 0),
    place: places.place,
    letters: batches.map(({ stream, what, reason, count, firstOffset, file, refusedMs }) => ({
      ...{ stream, what, reason, count, offset: firstOffset, file },
      refused: new Date(refusedMs).toISOString(),
    })),
  };
}

function listText(
  batches: readonly DeadLetterBatch[],
  { places, zone }: { places: SealedPlaces; zone: Zone },
): string {
  if (batches.length === 0) return 'No document that the store refused is kept.\n';
  const total = batches.reduce((sum, batch) => sum + batch.count, 0);
  const table = alignTable(
    [
      ['what', 'reason', 'count', 'position', 'refused', 'sealed as'],
      ...batches.map(({ what, reason, count, firstOffset, refusedMs, file }) => [
        ...[what, reason, formatCount(count), String(firstOffset)],
        ...[localSecond(zone, refusedMs), file],
      ]),
    ],
    { rightFrom: 2, rightTo: 3, indent: 2 },
  );
  const advice = 'Mend what made it refuse them, and give them to it again: granska deadletters retry';
  return `${counted(total, 'document')} refused by the store, sealed in ${places.place}\n${table}\n${advice}\n`;
}

export interface DeadLettersRetryArgs {
  /** File with the private key; that of the keys folder unless given. */
  identity?: string;
  json: boolean;
}

/** Gives refused documents to the store again. That they are opened is noted before the first one is (§8.5). */
export async function runDeadLettersRetry(
  args: DeadLettersRetryArgs,
  { app, signal }: { app: Pick<App, 'retryDeadLetters' | 'openAudit' | 'sealedPlaces'>; signal: AbortSignal },
  io: Io,
): Promise<ExitCode> {
  const { kind } = await app.sealedPlaces();
  if (kind === 'files' && !args.json) {
    await write(io.stdout, NONE_HERE);
    return EXIT.done;
  }
  const outcome = await app.retryDeadLetters({
    ...{ identity: args.identity ?? null, signal },
    async beforeOpening({ files, lines }) {
      const audit = await app.openAudit();
      await audit.append({ action: 'deadletters-retry', shown: 0, details: { files, documents: lines } });
    },
  });
  for (const left of outcome.left) await write(io.stderr, describeLeft(left));
  await write(io.stdout, args.json ? `${JSON.stringify(retryJson(outcome))}\n` : retryText(outcome));
  if (outcome.interrupted) await write(io.stderr, 'granska: interrupted; what was done so far is stored\n');
  return exitOfLeft(outcome.left);
}

function retryJson({ files, taken, refused, left }: DeadLetterOutcome): Record<string, unknown> {
  return { schema: 'granska.deadletters-retry/1', files, taken, refused, left };
}

function retryText({ files, taken, refused }: DeadLetterOutcome): string {
  if (files === 0) return 'No document was given to the store again.\n';
  const head = `${counted(taken, 'document')} of ${counted(files, 'sealed text')} taken by the store\n`;
  if (refused.length === 0) return head;
  const table = alignTable(
    refused.map(({ what, reason, count, file }) => [what, reason, formatCount(count), file]),
    { rightFrom: 2, rightTo: 2, indent: 2 },
  );
  return `${head}Still refused, and kept\n${table}\n`;
}
