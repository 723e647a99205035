// The straight line: line → record → target → matches → subject → verdict → findings and counts.
// In: one framed line with its position. Out: what it adds to the batch and to the summary. Every line adds
// exactly one to `lines` and to one of `records`, `rejected`, `skipped` (§2.1).
import type { Zone } from '../calendar/zone.ts';
import { buildFinding } from '../finding/build.ts';
import type { Format } from '../format/formats.ts';
import { maskHeaders } from '../format/mask-headers.ts';
import { type LineLimits, readLine } from '../format/read-line.ts';
import type { Versions } from '../model/finding.ts';
import { blankRecord, type RejectCode, type SkipCode } from '../model/record.ts';
import type { Subject } from '../model/subject.ts';
import { blankTarget, type Target } from '../model/target.ts';
import type { RejectedText } from '../ports/sealed-texts.ts';
import type { LineOrigin } from '../ports/source.ts';
import type { DayCountKind } from '../ports/store.ts';
import { hostTokens } from '../url/host-tokens.ts';
import { parseTarget } from '../url/parse-target.ts';
import { relate } from '../url/relate.ts';
import { siteOf } from '../url/site.ts';
import { type Batch, countDay } from './batch.ts';
import type { Judge, Judged } from './judge.ts';
import type { Slots } from './slots.ts';
import { countFinding, noteStart, type ScanSummary } from './summary.ts';
import type { UsageTable } from './usage.ts';

export interface PipelineOptions {
  zone: Zone;
  judge: Judge;
  limits: LineLimits;
  versions: Versions;
  slots: Slots;
  usage: UsageTable;
  summary: ScanSummary;
  ids: {
    record(tenant: string, stream: string, offset: number): string;
    finding(tenant: string, stream: string, at: { offset: number; category: string }): string;
  };
  pseudonyms: {
    user(tenant: string, name: string, startMs: number): string | null;
    client(tenant: string, address: string, startMs: number): string | null;
  };
  /** Gives what a source says of lines (a file's path, a proxy's name) as findings may hold it; null where it names somebody. */
  storedPath(text: string): string | null;
  nowMs(): number;
}

/** Where a line stands, and what its source says of it. */
export interface LinePlace {
  /** Null where no format was asked about it. */
  format: Format | null;
  stream: string;
  path: string | null;
  /** Null where the source says nothing of it. */
  origin: LineOrigin | null;
  offset: number;
}

export interface Pipeline {
  /** Takes one line, `bytes[start..end)` without its line feed. */
  line(
    bytes: Uint8Array<ArrayBuffer>,
    range: { start: number; end: number },
    place: LinePlace & { format: Format },
  ): void;
  /** Counts a line that no format is asked about (`too-long`, `continued`). */
  reject(bytes: Uint8Array, code: RejectCode, place: LinePlace): void;
  /** Hands over what was gathered, and begins a new batch. */
  take(): Batch;
  batch(): Batch;
}

/** Creates the pipeline of one scan. */
export function createPipeline(options: PipelineOptions, newBatch: () => Batch): Pipeline {
  const { summary, judge, slots, usage, zone } = options;
  const record = blankRecord();
  const protectedTexts = createMemo();
  const protectedTokens = createMemo();
  let batch = newBatch();

  function line(
    bytes: Uint8Array<ArrayBuffer>,
    range: { start: number; end: number },
    place: LinePlace & { format: Format },
  ): void {
    const outcome = readLine(place.format, bytes, range.start, range.end, options.limits, record);
    if (outcome === 'record') {
      summary.lines++;
      takeRecord(place);
    } else if (outcome.startsWith('skip:')) {
      summary.lines++;
      summary.skipped++;
      const code = outcome.slice(5) as SkipCode;
      summary.skips[code] = (summary.skips[code] ?? 0) + 1;
    } else {
      reject(bytes.subarray(range.start, range.end), outcome.slice(7) as RejectCode, place);
    }
  }

  function reject(bytes: Uint8Array, code: RejectCode, place: LinePlace): void {
    summary.lines++;
    summary.rejected++;
    summary.rejects[code] = (summary.rejects[code] ?? 0) + 1;
    const text = decodeLatin1(bytes);
    const isDropped =
      holdsProtected(text) ||
      (!isAscii(text) && holdsProtected(decodeUtf8(bytes))) ||
      textsOf(place.origin).some(holdsProtected);
    const kept = isDropped ? null : withoutSecrets(bytes, text);
    const { stream, offset, path, format, origin } = place;
    const rejected: RejectedText = { stream, offset, code, text: kept };
    // What it takes to read it again: it lies sealed with the text.
    if (path !== null) rejected.path = path;
    if (format !== null) rejected.format = format.name;
    if (origin !== null) rejected.origin = origin;
    batch.rejected.push(rejected);
    batch.rejectedBytes += kept?.length ?? 0;
  }

  function takeRecord(place: LinePlace): void {
    summary.records++;
    noteStart(summary, record.startMs);
    const judged = judge.judge(record);
    const { subject } = judged;
    summary.subjects[subject.kind]++;
    switch (judged.kind) {
      case 'tooOld':
        summary.tooOld++;
        count(subject, 'tooOld');
        break;
      case 'authChallenge':
        summary.authChallenges++;
        count(subject, 'authChallenges');
        break;
      case 'protected':
        summary.protected++;
        count(subject, 'protected');
        break;
      case 'unreviewed':
        summary.unreviewed++;
        count(subject, 'unreviewed');
        addUsage(subject);
        break;
      case 'clear':
        addUsage(subject);
        break;
      case 'flagged':
        addUsage(subject);
        flag(judged, place);
        break;
      default:
        judged.kind satisfies never;
    }
  }

  function count(subject: Subject, kind: DayCountKind): void {
    countDay(batch, { tenant: subject.tenant, day: zone.dayOf(record.startMs) }, kind);
  }

  function addUsage(subject: Subject): void {
    usage.add(zone.hourStartMs(record.startMs), slots.of(subject), {
      bytes: record.bytes ?? 0,
      denied: record.access === 'denied',
      tunnel: record.isTunnel,
      named: subject.kind === 'user',
    });
  }

  function flag(judged: Judged, place: LinePlace): void {
    const { subject, decision } = judged;
    for (const _ of decision!.unannounced) {
      summary.unannounced++;
      count(subject, 'unannounced');
    }
    if (decision!.judgements.length === 0) return;
    const { tenant } = subject;
    const recordId = options.ids.record(tenant, place.stream, place.offset);
    const clientId =
      subject.client === '' ? null : options.pseudonyms.client(tenant, subject.client, record.startMs);
    const subjectId = pseudonymOf(subject, clientId);
    for (const judgement of decision!.judgements) {
      const match = judged.categories.get(judgement.category)![0]!;
      batch.findings.push(
        buildFinding({
          id: options.ids.finding(tenant, place.stream, {
            offset: place.offset,
            category: judgement.category,
          }),
          recordId,
          stream: place.stream,
          offset: place.offset,
          path: place.path === null ? null : options.storedPath(place.path),
          observer: observerOf(place),
          ingestedMs: options.nowMs(),
          record,
          subject,
          subjectId,
          clientId: subject.kind === 'none' ? null : clientId,
          match,
          judgement,
          referrer: relate(record.referrer, match.target, judge.isProtected),
          versions: options.versions,
          siteOf,
          holdsProtected,
        }),
      );
      countFinding(summary, judgement);
    }
    // An unknown person is never named (§3.3), and an address is no name: a client stays its pseudonym.
    if (subjectId !== null && subject.kind === 'user' && subject.population !== 'unknown') {
      rememberName(subject, subjectId);
    }
  }

  function observerOf({ origin }: LinePlace): string | null {
    const proxy = origin?.proxy ?? null;
    return proxy === null ? null : options.storedPath(proxy);
  }

  function pseudonymOf(subject: Subject, clientId: string | null): string | null {
    if (subject.kind === 'none') return null;
    if (subject.kind === 'client') return clientId;
    return options.pseudonyms.user(subject.tenant, subject.name, record.startMs);
  }

  /** Keeps the name for sealing. */
  function rememberName(subject: Subject, id: string): void {
    const epoch = zone.yearOf(record.startMs);
    const names = batch.names.get(epoch);
    if (names === undefined) batch.names.set(epoch, new Map([[id, subject.name]]));
    else names.set(id, subject.name);
  }

  /**
   * Says whether a host-like token of a text names a protected site (§6.4), or begins with one (`a.example.pdf`).
   * Methods, mime types, agents and hosts come again and again: texts and tokens are both remembered.
   */
  function holdsProtected(text: string): boolean {
    if (text.length > MAX_REMEMBERED_SIGNS) return findProtected(text);
    return protectedTexts.get(text, findProtected);
  }

  function findProtected(text: string): boolean {
    return hostTokens(text).some(host => protectedTokens.get(host, beginsProtected));
  }

  function beginsProtected(host: string): boolean {
    const target = hostTarget(host);
    if (target.hostKind !== 'domain') return judge.isProtected(target);
    for (let end = host.length; end > 0; end = host.lastIndexOf('.', end - 1)) {
      if (judge.isProtected({ ...target, host: host.slice(0, end) })) return true;
    }
    return false;
  }

  return {
    line,
    reject,
    batch: () => batch,
    take() {
      const full = batch;
      batch = newBatch();
      return full;
    },
  };
}

const MAX_REMEMBERED = 8192;
const MAX_REMEMBERED_SIGNS = 512;

/** Remembers answers about texts; a full memory is dropped whole. */
function createMemo(): { get(text: string, ask: (text: string) => boolean): boolean } {
  const answers = new Map<string, boolean>();
  return {
    get(text, ask) {
      const known = answers.get(text);
      if (known !== undefined) return known;
      if (answers.size >= MAX_REMEMBERED) answers.clear();
      const answer = ask(text);
      answers.set(text, answer);
      return answer;
    },
  };
}

function textsOf(origin: LineOrigin | null): string[] {
  if (origin === null) return [];
  return [origin.tenant, origin.format, origin.proxy].filter(text => text !== null);
}

function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0x7f) return false;
  return true;
}

function hostTarget(host: string): Target {
  const target = blankTarget();
  parseTarget(host.includes(':') ? `http://[${host}]/` : `http://${host}/`, 'GET', target);
  return target;
}

/** Copies a line without the passwords and cookies that some proxies log in headers. */
function withoutSecrets(bytes: Uint8Array, text: string): Uint8Array {
  const masked = maskHeaders(text);
  return masked === text ? bytes.slice() : Uint8Array.from(masked, character => character.charCodeAt(0));
}

/** Gives each byte the character of its number, so that the bytes can be had back. */
function decodeLatin1(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 4096) {
    text += String.fromCharCode(...bytes.subarray(at, at + 4096));
  }
  return text;
}

const UTF8 = new TextDecoder('utf-8');

function decodeUtf8(bytes: Uint8Array): string {
  return UTF8.decode(bytes);
}
