// month-statistics: the issued figures of a month → its statistics, frozen too (§8.2, §8.3). In: a desk, the policy, and
// who asks; out: content, its issue, and whether it would be the same today. Invariant: they are cut from the one set of
// figures that every report of the month is cut from (issued-figures.ts), so that no two of them can be subtracted; a
// month that is not complete is issued only where somebody allows it.
// Example: issueStatistics({ correction: null, incomplete: 'refuse' }, { desk, month: '2026-10', … }) → number 1, `new`
import type { Statistics } from '../model/statistics.ts';
import { canonicalJson } from '../policy/canonical-json.ts';
import type { Policy } from '../policy/policy.ts';
import { standingOf } from '../policy/require-live.ts';
import type { DeskStore } from '../ports/desk-store.ts';
import { lastingCoverage, requireCorrectable, requireIssuedComplete } from '../report/coverage.ts';
import { type Issue, type Issued, issueAgain, issueOnce, issues, type Made } from './issue.ts';
import {
  areFiguresOutdated,
  correctFigures,
  type FigureSet,
  type FigureSource,
  figuresOfToday,
  issueFigures,
  latestFigures,
} from './issued-figures.ts';

/** How statistics are asked for. */
export interface StatisticsAsked {
  /** Why the latest issue is to be corrected; null to see it. */
  correction: string | null;
  /** Whether a month may be issued of which lines can still come (§8.3). */
  incomplete: 'allow' | 'refuse';
}

export interface StatisticsSource extends FigureSource {
  desk: DeskStore;
  policy: FigureSource['policy'] & Pick<Policy, 'categories' | 'live' | 'zone'>;
  /** Account of the operating system. */
  by: string;
  /** SHA-256 of a text's UTF-8 bytes, hex. */
  hash(text: string): string;
}

export interface IssuedStatistics extends Issued {
  statistics: Statistics;
}

/**
 * Gives the statistics of a month as they were issued, and issues them where they were not yet. Throws CHECK_FAILED for a
 * month that is not complete, REFUSED for a correction even where that is allowed, USAGE where there is nothing to correct.
 */
export async function issueStatistics(
  { correction, incomplete }: StatisticsAsked,
  source: StatisticsSource,
): Promise<IssuedStatistics> {
  // What is issued is frozen: it holds all that was written before it.
  await source.desk.catchUp();
  const today = await figuresOfToday(source.desk, source);
  if (correction !== null) return issueCorrection({ correction, incomplete }, today, source);
  const { desk } = source;
  const key = statisticsKey(source);
  const known = (await issues(desk, key)).at(-1);
  const latest = await latestFigures(today, source);
  const set = latest ?? today;
  const shown = known === undefined ? set : readStatistics(known);
  if (incomplete === 'refuse') requireIssuedComplete(shown.coverage, today.coverage);
  // The figures first: what is cut from them must be cut from what was issued.
  if (latest === null) await issueFigures(today, source);
  const { issue, state } = await issueOnce(desk, key, madeOf(set, source));
  return issuedAs(issue, issue.basis === basisHash(today, source) ? state : 'changed');
}

async function issueCorrection(
  { correction, incomplete }: StatisticsAsked & { correction: string },
  today: FigureSet,
  source: StatisticsSource,
): Promise<IssuedStatistics> {
  const { desk } = source;
  requireCorrectable(today.coverage, incomplete);
  const known = (await issues(desk, statisticsKey(source))).at(-1);
  // Another report of the month may have issued its figures: this one's first issue then corrects them alone.
  const isFirst = known === undefined && (await areFiguresOutdated(today, source));
  // The figures first, as ever, unless the correction will be refused.
  if (isFirst || (known !== undefined && known.basis !== basisHash(today, source))) {
    await correctFigures(today, source, correction);
  }
  const made = { ...madeOf(today, source), reason: correction };
  if (isFirst) return issuedAs((await issueOnce(desk, statisticsKey(source), made)).issue, 'new');
  return issuedAs(await issueAgain(desk, statisticsKey(source), made), 'new');
}

/** Names the line of issues of one month. */
export function statisticsKey({ tenant, month }: Pick<StatisticsSource, 'tenant' | 'month'>): string {
  return `statistics/${tenant}/${month}`;
}

function issuedAs(issue: Issue, state: Issued['state']): IssuedStatistics {
  return { issue, state, statistics: readStatistics(issue) };
}

function readStatistics({ content }: Pick<Issue, 'content'>): Statistics {
  return JSON.parse(content) as Statistics;
}

function madeOf(set: FigureSet, { policy, month, rules, by, nowMs, hash }: StatisticsSource): Made {
  const { figures, coverage, versions } = set;
  const { zone } = rules;
  const content: Statistics = {
    schema: 'granska.statistics/1',
    ...{ month, timezone: zone.name },
    standing: standingOf(policy, zone.startOfDayMs(`${month}-01`)),
    policyFrom: policy.live?.from ?? null,
    categories: categoriesOf(policy, set),
    ...{ figures, coverage, versions },
  };
  return { content, basis: basisOf(set), by, atMs: nowMs, hash };
}

/** All of the policy, and those that the figures have from an earlier one. */
function categoriesOf(
  policy: Pick<Policy, 'categories'>,
  { figures }: Pick<FigureSet, 'figures'>,
): Statistics['categories'] {
  const known = [...policy.categories.values()].map(({ name, names, class: kind }) => ({
    ...{ name, sv: names.sv, en: names.en, class: kind },
  }));
  const used = new Set(figures.cells.map(({ category }) => category));
  const gone = [...used].filter(name => !policy.categories.has(name));
  const unknown = gone.map(name => ({ name, sv: name, en: name, class: 'questionable' as const }));
  return [...known, ...unknown].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** What makes it another issue: not what the program forgets in time. */
function basisOf({ figures, coverage, versions }: FigureSet): unknown {
  return { figures, coverage: lastingCoverage(coverage), versions };
}

function basisHash(set: FigureSet, { hash }: Pick<StatisticsSource, 'hash'>): string {
  return hash(canonicalJson(basisOf(set)));
}
