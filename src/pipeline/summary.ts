// The counts of one scan, as `granska scan --json` prints them (§2.0, §2.1).
import type { Versions } from '../model/finding.ts';
import type { RejectCode, SkipCode } from '../model/record.ts';
import type { SubjectKind } from '../model/subject.ts';
import type { Judgement } from '../model/verdict.ts';

/** Holds the counts of one scan. `lines = records + rejected + skipped`; findings: new + known = examine + exempt + attempts. */
export interface ScanSummary {
  lines: number;
  records: number;
  rejected: number;
  skipped: number;
  /** Half lines at the end of plain files, not yet lines. */
  pending: number;
  /** Bytes of the lines read, after decompression. */
  bytes: number;
  seconds: number;
  findings: { new: number; known: number };
  verdicts: { examine: number; exempt: number };
  attempts: number;
  authChallenges: number;
  protected: number;
  /** Records × categories that were not yet announced to the population. */
  unannounced: number;
  unreviewed: number;
  tooOld: number;
  /** Records by what their subject is known by. */
  subjects: Record<SubjectKind, number>;
  /** Findings by category. */
  categories: Record<string, number>;
  /** Findings by category and by what was decided, for the summary that people read. */
  byVerdict: Record<string, { examine: number; exempt: number; attempts: number }>;
  /** Exempt findings by the exemption that is shown for them. */
  exemptions: Record<string, number>;
  rejects: Partial<Record<RejectCode, number>>;
  skips: Partial<Record<SkipCode, number>>;
  /** Least and greatest `event.start`, milliseconds UTC; null where there was no record. */
  firstRecordMs: number | null;
  lastRecordMs: number | null;
  versions: Versions;
}

/** Makes a summary of nothing. */
export function blankSummary(versions: Versions): ScanSummary {
  return {
    lines: 0,
    records: 0,
    rejected: 0,
    skipped: 0,
    pending: 0,
    bytes: 0,
    seconds: 0,
    findings: { new: 0, known: 0 },
    verdicts: { examine: 0, exempt: 0 },
    attempts: 0,
    authChallenges: 0,
    protected: 0,
    unannounced: 0,
    unreviewed: 0,
    tooOld: 0,
    subjects: { user: 0, client: 0, none: 0 },
    categories: {},
    byVerdict: {},
    exemptions: {},
    rejects: {},
    skips: {},
    firstRecordMs: null,
    lastRecordMs: null,
    versions,
  };
}

/** Counts one finding by its verdict, category and exemption. */
export function countFinding(summary: ScanSummary, judgement: Judgement): void {
  const { category, verdict } = judgement;
  summary.byVerdict[category] ??= { examine: 0, exempt: 0, attempts: 0 };
  const row = summary.byVerdict[category];
  summary.categories[category] = (summary.categories[category] ?? 0) + 1;
  switch (verdict) {
    case 'examine':
      summary.verdicts.examine++;
      row.examine++;
      break;
    case 'exempt': {
      summary.verdicts.exempt++;
      row.exempt++;
      const shown = judgement.exemptions[0]!;
      summary.exemptions[shown] = (summary.exemptions[shown] ?? 0) + 1;
      break;
    }
    case null:
      summary.attempts++;
      row.attempts++;
      break;
    default:
      verdict satisfies never;
  }
}

/** Widens the range of `event.start` by one record's. */
export function noteStart(summary: ScanSummary, startMs: number): void {
  if (summary.firstRecordMs === null || startMs < summary.firstRecordMs) summary.firstRecordMs = startMs;
  if (summary.lastRecordMs === null || startMs > summary.lastRecordMs) summary.lastRecordMs = startMs;
}

/** Adds what one part of a run counted to the whole; the range of `event.start` widens. */
export function addSummary(whole: ScanSummary, part: ScanSummary): void {
  for (const [key, value] of Object.entries(part)) {
    if (typeof value === 'number' && !RANGE.has(key)) addNumber(whole as unknown as Counts, key, value);
  }
  if (part.firstRecordMs !== null) noteStart(whole, part.firstRecordMs);
  if (part.lastRecordMs !== null) noteStart(whole, part.lastRecordMs);
  const { findings, verdicts, subjects, categories, exemptions, rejects, skips } = whole;
  addCounts(findings, part.findings);
  addCounts(verdicts, part.verdicts);
  addCounts(subjects, part.subjects);
  addCounts(categories, part.categories);
  addCounts(exemptions, part.exemptions);
  addCounts(rejects as Counts, part.rejects as Counts);
  addCounts(skips as Counts, part.skips as Counts);
  for (const [category, row] of Object.entries(part.byVerdict)) {
    whole.byVerdict[category] ??= { examine: 0, exempt: 0, attempts: 0 };
    addCounts(whole.byVerdict[category], row);
  }
}

type Counts = Record<string, number>;

/** Numbers that are no counts. */
const RANGE: ReadonlySet<string> = new Set(['firstRecordMs', 'lastRecordMs', 'seconds']);

function addCounts(to: Counts, more: Counts): void {
  for (const [key, value] of Object.entries(more)) addNumber(to, key, value);
}

function addNumber(to: Counts, key: string, value: number): void {
  to[key] = (to[key] ?? 0) + value;
}
