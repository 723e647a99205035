// `granska store status`: how the store stands, on one screen. In: counts and positions; out: text, or one JSON object.
// Invariant: no finding is read, no name or host shown; so it is no view of findings, and no line of the audit chain (§8.5).
import type { Zone } from '../../calendar/zone.ts';
import { EXIT, type ExitCode } from '../../errors.ts';
import type { StoreCare, StoreStatus, StreamPlace, Waiting } from '../../ports/store-care.ts';
import type { App } from '../app.ts';
import { type Io, write } from '../io.ts';
import { localMinute } from '../local-time.ts';
import { formatCount } from '../numbers.ts';
import { alignTable } from '../table.ts';

/** Streams that one screen has room for. */
const MAX_STREAMS = 12;

/** Shows how the store stands. */
export async function runStoreStatus(
  { json }: { json: boolean },
  app: Pick<App, 'storeCare' | 'config' | 'clock'>,
  io: Io,
): Promise<ExitCode> {
  const { zone } = await app.config();
  const care = await app.storeCare();
  const status = await care.readStatus();
  const nowMs = app.clock.nowMs();
  const text = json
    ? `${JSON.stringify(toJson(status, care, nowMs))}\n`
    : toText(status, { care, zone, nowMs });
  await write(io.stdout, text);
  return EXIT.done;
}

function toJson(status: StoreStatus, { kind, place }: StoreCare, nowMs: number) {
  const { schemaVersion, streams, newestHourMs, findings, rejects, deadLetters } = status;
  const instant = (atMs: number | null) => (atMs === null ? null : new Date(atMs).toISOString());
  const waiting = ({ count, sinceMs }: Waiting) => ({ count, since: instant(sinceMs) });
  return {
    schema: 'granska.store-status/1',
    ...{ kind, place, schemaVersion, findings, streams },
    newestHour: instant(newestHourMs),
    newestHourAgeSeconds: newestHourMs === null ? null : Math.floor((nowMs - newestHourMs) / 1000),
    rejects: waiting(rejects),
    deadLetters: waiting(deadLetters),
  };
}

interface Shown {
  care: StoreCare;
  zone: Zone;
  nowMs: number;
}

function toText(status: StoreStatus, { care, zone, nowMs }: Shown): string {
  const { schemaVersion, streams, newestHourMs, findings, rejects, deadLetters } = status;
  const waiting = ({ count, sinceMs }: Waiting) =>
    sinceMs === null ? '0' : `${formatCount(count)}, the oldest since ${localMinute(zone, sinceMs)}`;
  const newest =
    newestHourMs === null
      ? 'none'
      : `in the hour from ${localMinute(zone, newestHourMs)} (begun ${age(nowMs - newestHourMs)} ago)`;
  const rows = [
    ['store', `${care.kind}, ${care.place}`],
    ['schema', String(schemaVersion)],
    [
      'findings',
      `${formatCount(findings.questionable)} questionable, ${formatCount(findings.forbidden)} forbidden`,
    ],
    ['newest record', newest],
    ['rejected lines kept', waiting(rejects)],
    ['dead letters', waiting(deadLetters)],
    ['streams', formatCount(streams.length)],
  ];
  return `${alignTable(rows, { rightFrom: 9, indent: 0 })}\n${streamTable(streams)}`;
}

function streamTable(streams: readonly StreamPlace[]): string {
  if (streams.length === 0) return '';
  const shown = streams.slice(0, MAX_STREAMS);
  const rows = shown.map(({ source, ordinal, id, position }) => [
    ...[source, String(ordinal), id.slice(0, 12), formatCount(position)],
  ]);
  const table = alignTable([['source', 'no.', 'stream', 'position'], ...rows], { rightFrom: 3, indent: 2 });
  const more = streams.length - shown.length;
  return `${table}\n${more === 0 ? '' : `  and ${formatCount(more)} more; --json has all\n`}`;
}

/** Writes how long ago something was, in its largest unit. */
function age(ms: number): string {
  const minutes = Math.max(0, Math.floor(ms / 60_000));
  if (minutes < 120) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h` : `${Math.floor(hours / 24)} days`;
}
