// The exact path, alone: what the fast scan must equal. Built from the stages themselves, line by line.
import { createZone } from '../../../src/calendar/zone.ts';
import type { Matcher } from '../../../src/category/matcher.ts';
import { FORMATS } from '../../../src/format/formats.ts';
import { type LineLimits, readLine } from '../../../src/format/read-line.ts';
import { blankRecord } from '../../../src/model/record.ts';
import { blankTarget } from '../../../src/model/target.ts';
import { createSquidScan, type FastScan } from '../../../src/pipeline/fast/squid-scan.ts';
import type { SlotAnswer } from '../../../src/pipeline/fast/subject-cache.ts';
import { createUsageTable, type UsageTable } from '../../../src/pipeline/usage.ts';
import type { UsageCount } from '../../../src/ports/store.ts';
import { parseTarget } from '../../../src/url/parse-target.ts';
import { unwrap } from '../../../src/url/unwrap.ts';

export const LIMITS: LineLimits = { maxLineBytes: 400, latestStampMs: Date.parse('2026-11-26T00:00:00Z') };
export const EARLIEST_MS = Date.parse('2026-10-01T00:00:00Z');
const ZONE = createZone('Europe/Stockholm');
const SQUID = FORMATS.find(format => format.name === 'squid')!;

/** What became of a log: what was counted, and what else there was, line by line. */
export interface Result {
  lines: number;
  /** Outcome of every line that is no clear record, with its position. */
  others: { at: number; outcome: string }[];
  usage: UsageCount[];
  firstMs: number;
  lastMs: number;
  slotLines: Record<number, number>;
}

/** Says whose counts a record adds to: the department changes with the name, the client and the day. */
export function slotOf(user: string, client: string, startMs: number): SlotAnswer {
  const dayMs = 86_400_000;
  const fromMs = Math.floor(startMs / dayMs) * dayMs;
  const interval = { fromMs, toMs: fromMs + dayMs };
  // A name of nothing but dots is nobody's: the client is the subject, as with an encoded space.
  const named = user.replace(/\./g, '') !== '';
  const name = named ? user : client;
  if (name.startsWith('gone')) return { slot: -1, named, ...interval };
  const sum = [...name].reduce((total, character) => total * 31 + character.charCodeAt(0), 7);
  return { slot: ((sum + fromMs / dayMs) % 11) + (named ? 0 : 80), named, ...interval };
}

/** Says the same where networks are configured: then the client moves everybody's counts. */
export function slotByNetwork(user: string, client: string, startMs: number): SlotAnswer {
  const answer = slotOf(user, client, startMs);
  return answer.slot < 0 ? answer : { ...answer, slot: answer.slot + (client.endsWith('1') ? 20 : 0) };
}

/** Reads a whole log by the exact path, or what the fast scan hands on of it. */
export interface ExactPath {
  line(bytes: Uint8Array, start: number, end: number): void;
  usage: UsageTable;
  result: Result;
}

export function createExactPath(matcher: Matcher, slots: typeof slotOf): ExactPath {
  const usage = createUsageTable();
  const result: Result = {
    lines: 0,
    others: [],
    usage: [],
    firstMs: Infinity,
    lastMs: -Infinity,
    slotLines: {},
  };
  const record = blankRecord();
  return {
    usage,
    result,
    line(bytes, start, end) {
      result.lines++;
      const read = readLine(SQUID, bytes, start, end, LIMITS, record);
      const { slot, named } = slots(record.user, record.client, record.startMs);
      const outcome = read === 'record' ? kindOf(slot) : read;
      if (outcome !== 'clear') {
        result.others.push({ at: start, outcome });
        return;
      }
      const { bytes: sent, access, isTunnel, startMs } = record;
      const use = { bytes: sent ?? 0, denied: access === 'denied', tunnel: isTunnel, named };
      usage.add(ZONE.hourStartMs(startMs), slot, use);
      result.firstMs = Math.min(result.firstMs, startMs);
      result.lastMs = Math.max(result.lastMs, startMs);
      result.slotLines[slot] = (result.slotLines[slot] ?? 0) + 1;
    },
  };

  function kindOf(slot: number): string {
    if (record.startMs < EARLIEST_MS || slot < 0) return 'tooOld';
    if (record.isAuthChallenge) return 'authChallenge';
    const target = blankTarget();
    parseTarget(record.url, record.method, target);
    const targets = [target, ...unwrap(target).map(wrapped => wrapped.target)];
    const matches = targets.flatMap(found => matcher.match(found));
    return matches.length === 0 ? 'clear' : `flagged ${matches.map(match => match.entry).join(' ')}`;
  }
}

/** Runs a log through the exact path alone. */
export function runExact(matcher: Matcher, log: Uint8Array, slots: typeof slotOf = slotOf): Result {
  const path = createExactPath(matcher, slots);
  for (let at = 0; at < log.length; ) {
    const end = log.indexOf(0x0a, at);
    path.line(log, at, end);
    at = end + 1;
  }
  return finished(path);
}

/** Runs a log through the fast scan and what that hands on through the exact path; tells how many were let go. */
export function runFast(
  matcher: Matcher,
  log: Uint8Array,
  options: {
    slots?: typeof slotOf;
    table: Parameters<typeof createSquidScan>[0]['image'];
    spare?: number;
    from?: number;
    clientMatters?: boolean;
  },
): { result: Result; letGo: number; scan: FastScan } {
  const slots = options.slots ?? slotOf;
  const from = options.from ?? 8;
  const bytes = new Uint8Array(from + log.length + (options.spare ?? 64)).fill(0x2e);
  bytes.set(log, from);
  const path = createExactPath(matcher, slots);
  const scan = createSquidScan({
    matcher,
    image: options.table,
    limits: { ...LIMITS, earliestStartMs: EARLIEST_MS },
    zone: ZONE,
    slotOf: slots,
    clientMatters: options.clientMatters ?? slots === slotByNetwork,
    usage: path.usage,
  });
  let letGo = 0;
  const { result } = path;
  for (let at = from; at < from + log.length; at = scan.stoppedAt) {
    const slow = scan.scan(bytes, at, from + log.length);
    letGo += scan.lines;
    result.lines += scan.lines;
    result.firstMs = Math.min(result.firstMs, scan.firstStartMs);
    result.lastMs = Math.max(result.lastMs, scan.lastStartMs);
    for (let i = 0; i < slow; i++) path.line(bytes, scan.slowStarts[i]!, scan.slowEnds[i]!);
  }
  scan.takeSlotLines((slot, lines) => {
    result.slotLines[slot] = (result.slotLines[slot] ?? 0) + lines;
  });
  for (const other of result.others) other.at -= from;
  return { result: finished(path), letGo, scan };
}

function finished(path: ExactPath): Result {
  path.result.usage = path.usage.drain(slot => ({
    tenant: slot >= 80 ? 'other' : 'own',
    department: `d${slot}`,
  }));
  return path.result;
}
