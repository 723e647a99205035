// issued-figures: the figures of a month, as they were issued first (§8.2). In: a desk and what counts; out: the one set
// that every report of that month is cut from, and whether today it would be another. Invariant: figures are hidden
// before they are stored: what tells of single persons never leaves this file.
// Example: `await latestFigures(await figuresOfToday(desk, { month: '2026-10', … }), source)` → the set of that month.
import { GranskaError } from '../errors.ts';
import type { ReportCoverage, ShownFigures } from '../model/figures.ts';
import { canonicalJson } from '../policy/canonical-json.ts';
import type { Ledger } from '../ports/desk-store.ts';
import type { ReadStore } from '../ports/store.ts';
import { lastingCoverage, requireCorrectable } from '../report/coverage.ts';
import type { DepartmentSizes } from '../report/lattice.ts';
import { suppress } from '../report/suppress.ts';
import { issueAgain, issueOnce, issues, type Made, requireWhole } from './issue.ts';
import { type FiguresOptions, monthFigures } from './month-figures.ts';
import { readCoverage } from './report-coverage.ts';

/** What every report of a month is cut from. */
export interface FigureSet {
  schema: 'granska.figures/1';
  figures: ShownFigures;
  coverage: ReportCoverage;
  /** Content hashes of what judged the findings. */
  versions: {
    policy: readonly string[];
    lists: readonly string[];
    directory: readonly string[];
  };
}

export interface FigureSource extends Omit<FiguresOptions, 'departments'> {
  month: string;
  ground: {
    departments: DepartmentSizes;
    sharedNetworks(tenant: string, fromMs: number, toMs: number): number;
  };
  nowMs: number;
}

/** Who issues. */
export interface Issuer {
  desk: Pick<Ledger, 'entries' | 'append'>;
  /** Account of the operating system. */
  by: string;
  nowMs: number;
  /** SHA-256 of a text, hex. */
  hash(text: string): string;
}

/** Counts a month as it is today, and hides small groups. */
export async function figuresOfToday(
  store: Pick<ReadStore, 'standing' | 'usage' | 'days' | 'rejects' | 'deadLetters'>,
  source: FigureSource,
): Promise<FigureSet> {
  const { month, ground, nowMs, rules, policy } = source;
  const figures = await monthFigures(store, { ...source, departments: ground.departments, month });
  const coverage = await readCoverage(store, {
    ...{ zone: rules.zone, figures, nowMs },
    sharedNetworks: ground.sharedNetworks,
  });
  const shown = suppress(figures, policy.smallGroup);
  return { schema: 'granska.figures/1', figures: shown, coverage, versions: figures.versions };
}

/**
 * Gives the latest set that was issued for the month of another; null where none was. Throws DAMAGED where somebody has
 * changed it since: no report is cut from that.
 */
export async function latestFigures(
  ofMonth: FigureSet,
  { desk, hash }: Pick<Issuer, 'desk' | 'hash'>,
): Promise<FigureSet | null> {
  const latest = (await issues(desk, keyOf(ofMonth))).at(-1);
  if (latest === undefined) return null;
  requireWhole(latest, { hash });
  return JSON.parse(latest.content) as FigureSet;
}

/** Issues a set as the first of its month. Throws OVERTAKEN where another was first. */
export async function issueFigures(today: FigureSet, issuer: Issuer): Promise<void> {
  const { state } = await issueOnce(issuer.desk, keyOf(today), madeOf(today, issuer));
  if (state !== 'changed') return;
  throw new GranskaError('OVERTAKEN', 'somebody else has issued figures of this month meanwhile', {
    hint: 'ask again: the report is then made of those',
  });
}

/**
 * Issues a set as a correction of the one before, unless it says the same. Throws REFUSED before the month is complete: two
 * issues of it are never cut from a month that grows.
 */
export async function correctFigures(today: FigureSet, issuer: Issuer, reason: string): Promise<void> {
  requireCorrectable(today.coverage, 'allow');
  const { state } = await issueOnce(issuer.desk, keyOf(today), madeOf(today, issuer));
  if (state === 'changed') await issueAgain(issuer.desk, keyOf(today), { ...madeOf(today, issuer), reason });
}

/** Tells whether another report of the month has issued figures that today would be others. */
export async function areFiguresOutdated(
  today: FigureSet,
  issuer: Pick<Issuer, 'desk' | 'hash'>,
): Promise<boolean> {
  const latest = await latestFigures(today, issuer);
  return latest !== null && canonicalJson(basisOf(latest)) !== canonicalJson(basisOf(today));
}

function keyOf({ figures }: FigureSet): string {
  return `figures/${figures.tenant}/${figures.from.slice(0, 7)}`;
}

function madeOf(content: FigureSet, { by, nowMs, hash }: Issuer): Made {
  return { content, basis: basisOf(content), by, atMs: nowMs, hash };
}

/** What makes it another set: not what the program forgets in time, nor how far the log has been read since. */
function basisOf({ figures, coverage, versions }: FigureSet): unknown {
  return { figures, coverage: lastingCoverage(coverage), versions };
}
