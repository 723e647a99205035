// `granska visits`: what findings come to when what belongs together is one visit, with the grade of its evidence. The
// view is noted in the audit chain before the first visit is shown (§8.5), and so that its size can be noted, visits
// are gathered twice where they are too many to be held.
import { EXIT, type ExitCode } from '../../errors.ts';
import type { Grade, Visit } from '../../model/visit.ts';
import { readVisits } from '../../pipeline/read-visits.ts';
import type { Audit } from '../../ports/audit.ts';
import type { ReadStore } from '../../ports/store.ts';
import type { Lang } from '../../text/lang.ts';
import { type LeftOut, noneLeftOut } from '../../visit/left-out.ts';
import { findingTermsOf, parseVisitQuery, type VisitQuery } from '../../visit/visit-query.ts';
import type { VisitRules } from '../../visit/visit-rules.ts';
import { type Io, write } from '../io.ts';
import { counted, formatCount } from '../numbers.ts';
import { queryForAudit } from '../query-for-audit.ts';
import { visitCsvHeader, visitCsvRows } from '../visit-csv.ts';
import { visitJson } from '../visit-json.ts';
import { createVisitTable } from '../visit-table.ts';

/** How visits are printed. */
export type VisitsFormat = 'table' | 'csv' | 'ndjson';

export interface VisitsOptions {
  /** The query as typed; empty for all visits. */
  query: string;
  from?: string;
  to?: string;
  limit?: number;
  /** A table on a terminal and NDJSON elsewhere unless given. */
  format?: VisitsFormat;
  lang: Lang;
  /** Whether a table has the facts under each visit. */
  facts: 'shown' | 'hidden';
}

export interface VisitsDeps {
  /** The store is closed again. */
  openStore(): Promise<Pick<ReadStore, 'search' | 'close'>>;
  openAudit(): Promise<Audit>;
  rules: VisitRules;
  /** Hides free text of a query in the audit chain by a keyed hash. */
  hide(text: string): string;
}

/** Visits that are held rather than gathered again. */
const HELD = 5_000;
/** Visits per write; a table takes its widths from the first so many. */
const BATCH = 500;

/** Prints the visits of a query. Throws QUERY for what cannot be read or would cut visits, STORE without a store. */
export async function runVisits(options: VisitsOptions, deps: VisitsDeps, io: Io): Promise<ExitCode> {
  const { rules } = deps;
  const query = parseVisitQuery(options.query, { ...options, zone: rules.zone });
  const format = options.format ?? (io.isTerminal ? 'table' : 'ndjson');
  const store = await deps.openStore();
  try {
    const survey = await surveyOf(store, query, rules);
    const findings = findingTermsOf(query);
    const asked = { ...query, ...findings, sort: 'start' as const, descending: false };
    const audit = await deps.openAudit();
    await audit.append({
      action: 'visits',
      shown: survey.shownFindings,
      details: {
        ...(await queryForAudit(asked, { store, hide: deps.hide })),
        ...{ grades: gradesOf(query), visits: survey.shown, format },
      },
    });
    const visits = survey.held ?? readVisits(store, query, rules);
    await print(visits, await createPrinter(format, options, { zone: rules.zone, io }), io);
    await write(io.stderr, tellTotals(survey));
    return EXIT.done;
  } finally {
    await store.close();
  }
}

interface Survey {
  byGrade: Record<Grade, number>;
  /** Wholly exempt ones: in no grade's count. */
  exempt: number;
  total: number;
  shown: number;
  shownFindings: number;
  leftOut: LeftOut;
  /** What is to be shown; null where it is too much to be held. */
  held: Visit[] | null;
}

/** Counts all visits of a query, and holds those that are to be shown where they are few. */
async function surveyOf(
  store: Pick<ReadStore, 'search'>,
  query: VisitQuery,
  rules: VisitRules,
): Promise<Survey> {
  const limit = query.limit ?? Infinity;
  const survey: Survey = {
    byGrade: { A: 0, B: 0, C: 0, D: 0 },
    ...{ exempt: 0, total: 0, shown: 0, shownFindings: 0, leftOut: noneLeftOut(), held: [] },
  };
  const { leftOut } = survey;
  for await (const visit of readVisits(store, { ...query, limit: null }, { ...rules, leftOut })) {
    survey.total++;
    if (visit.verdict === 'exempt') survey.exempt++;
    else survey.byGrade[visit.grade]++;
    if (survey.shown >= limit) continue;
    survey.shown++;
    survey.shownFindings += visit.findings;
    if (survey.shown > HELD) survey.held = null;
    survey.held?.push(visit);
  }
  return survey;
}

function gradesOf(query: VisitQuery): string[] {
  return query.terms
    .filter(term => term.kind === 'grade')
    .map(({ negated, values }) => `${negated ? '-' : ''}${values.join(',')}`);
}

type Printer = (visits: readonly Visit[]) => Promise<string>;

async function createPrinter(
  format: VisitsFormat,
  { lang, facts }: VisitsOptions,
  { zone, io }: { zone: VisitRules['zone']; io: Io },
): Promise<Printer> {
  switch (format) {
    case 'ndjson':
      return async visits => visits.map(visit => `${JSON.stringify(visitJson(visit, lang))}\n`).join('');
    case 'csv':
      await write(io.stdout, await visitCsvHeader());
      return visits => visitCsvRows(visits, { zone, lang });
    case 'table': {
      const width = io.isTerminal ? io.columns : null;
      const table = createVisitTable({ zone, width, facts: facts === 'shown' ? lang : null });
      return async visits => table.lines(visits);
    }
    default:
      return format satisfies never;
  }
}

/** Prints visits a batch at a time, no faster than they are read; stops where the reader has gone away. */
async function print(
  visits: AsyncIterable<Visit> | Iterable<Visit>,
  printer: Printer,
  io: Io,
): Promise<void> {
  let batch: Visit[] = [];
  for await (const visit of visits) {
    batch.push(visit);
    if (batch.length < BATCH) continue;
    await write(io.stdout, await printer(batch));
    batch = [];
    if (io.stdout.destroyed || io.stdout.errored !== null) return;
  }
  if (batch.length > 0) await write(io.stdout, await printer(batch));
}

/** Says how many there are: by grade those to examine, the exempt apart, and what made no visit. */
function tellTotals(survey: Survey): string {
  const { total, shown, byGrade, exempt } = survey;
  const all = counted(total, 'visit');
  const count = shown === total ? all : `${formatCount(shown)} of ${all}`;
  const grades = (['A', 'B', 'C', 'D'] as const).map(grade => `${grade} ${formatCount(byGrade[grade])}`);
  const sums =
    total === 0 ? 'no visits' : `${count}: to examine ${grades.join(', ')}; exempt ${formatCount(exempt)}`;
  return `${sums}\n${tellLeftOut(survey.leftOut)}`;
}

function tellLeftOut({ attempt, withdrawn, noSubject }: LeftOut): string {
  const parts = [
    attempt === 0 ? '' : counted(attempt, 'attempt'),
    withdrawn === 0 ? '' : `${formatCount(withdrawn)} withdrawn`,
    noSubject === 0 ? '' : `${formatCount(noSubject)} without a subject`,
  ].filter(part => part !== '');
  return parts.length === 0 ? '' : `findings in no visit: ${parts.join(', ')}\n`;
}
