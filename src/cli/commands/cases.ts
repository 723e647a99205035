// `granska cases list` and `granska cases show`: what there is to look at, a case at a time. Cases are computed on reading;
// each view is noted in the audit chain, with its amount, before anything is shown (§8.5).
import type { Zone } from '../../calendar/zone.ts';
import { caseQuery } from '../../case/case-query.ts';
import type { CaseRules } from '../../case/cases-of.ts';
import { EXIT, type ExitCode, GranskaError } from '../../errors.ts';
import type { Case, CaseStatus } from '../../model/case.ts';
import type { Visit } from '../../model/visit.ts';
import { type CaseSource, daysOf, readCase, readCases, visitsOfCase } from '../../pipeline/read-cases.ts';
import type { Policy } from '../../policy/policy.ts';
import type { Audit } from '../../ports/audit.ts';
import type { DeskStore } from '../../ports/desk-store.ts';
import { parseQuery } from '../../search/parse-query.ts';
import { CASES_TEXT } from '../../text/cases.ts';
import type { Lang } from '../../text/lang.ts';
import { defang } from '../../url/defang.ts';
import { suggest } from '../../words/nearest.ts';
import { caseJson, shownCaseJson } from '../case-json.ts';
import { casePage } from '../case-page.ts';
import { caseSource } from '../case-source.ts';
import { type Io, write } from '../io.ts';
import { counted } from '../numbers.ts';
import { queryForAudit } from '../query-for-audit.ts';
import { shortSubject } from '../short-subject.ts';
import { createStreamedTable, type TableRow } from '../streamed-table.ts';

export interface CaseDeps {
  /** The store is closed again by the command. */
  openDesk(): Promise<DeskStore>;
  openAudit(): Promise<Audit>;
  policy: Policy;
  zone: Zone;
  /** Gives what hides free text of a query in the audit chain by a keyed hash: only a list needs the key. */
  textHider(): Promise<(text: string) => string>;
}

export interface CasesListOptions {
  /** As typed; empty for all cases. */
  query: string;
  from?: string;
  to?: string;
  /** Statuses, with commas between; all unless given. */
  status?: string;
  json: boolean;
}

/** Cases per write; a table takes its widths from the first so many. */
const BATCH = 200;

/** Prints the cases of a query by day. Throws QUERY for what cannot be read, STORE where there is no store. */
export async function runCasesList(options: CasesListOptions, deps: CaseDeps, io: Io): Promise<ExitCode> {
  const { from = null, to = null } = options;
  const query = parseQuery(options.query, { from, to, sort: 'start', zone: deps.zone });
  caseQuery(query.terms);
  const statuses = readStatuses(options.status);
  const desk = await deps.openDesk();
  try {
    const { source, rules } = caseSource(desk, deps);
    const asked = { terms: query.terms, days: daysOf(query, deps.zone) };
    // Twice, since the amount is noted before the first one is shown; a case that comes in between is in the next view.
    const counts = await countCases(ofStatus(readCases(asked, source, rules), statuses));
    const audit = await deps.openAudit();
    const hide = await deps.textHider();
    await audit.append({
      action: 'cases list',
      shown: sum(counts),
      details: {
        ...(await queryForAudit(query, { store: desk, hide })),
        status: statuses ?? 'all',
      },
    });
    const printer = createPrinter(options, deps, io);
    await print(ofStatus(readCases(asked, source, rules), statuses), { printer, io });
    const trial = deps.policy.live === null ? '; the policy is on trial, so none can be decided' : '';
    await write(io.stderr, `${tellCounts(counts)}${trial}\n`);
    return EXIT.done;
  } finally {
    await desk.close();
  }
}

/** Statuses as they are typed. */
const STATUSES: Readonly<Record<string, CaseStatus>> = {
  open: 'open',
  confirmed: 'confirmed',
  explained: 'explained',
  'false-match': 'falseMatch',
  dismissed: 'dismissed',
  reopened: 'reopened',
  withdrawn: 'withdrawn',
};

function readStatuses(typed: string | undefined): readonly CaseStatus[] | null {
  if (typed === undefined) return null;
  return typed.split(',').map(word => {
    const status = STATUSES[word.trim().toLowerCase()];
    if (status !== undefined) return status;
    throw new GranskaError('USAGE', '--status names a status that no case has', {
      hint: suggest(word.trim(), Object.keys(STATUSES)),
    });
  });
}

async function* ofStatus(
  cases: AsyncIterable<Case>,
  statuses: readonly CaseStatus[] | null,
): AsyncGenerator<Case> {
  for await (const found of cases) if (statuses === null || statuses.includes(found.status)) yield found;
}

type Counts = Map<CaseStatus, number>;

async function countCases(cases: AsyncIterable<Case>): Promise<Counts> {
  const counts: Counts = new Map();
  for await (const { status } of cases) counts.set(status, (counts.get(status) ?? 0) + 1);
  return counts;
}

function sum(counts: Counts): number {
  return [...counts.values()].reduce((total, count) => total + count, 0);
}

function tellCounts(counts: Counts): string {
  if (counts.size === 0) return 'no cases';
  const parts = Object.values(STATUSES)
    .filter(status => counts.has(status))
    .map(status => `${CASES_TEXT.en.statuses[status]} ${counts.get(status)}`);
  return `${counted(sum(counts), 'case')}: ${parts.join(', ')}`;
}

type Printer = (cases: readonly Case[]) => string;

function createPrinter({ json }: CasesListOptions, { policy }: CaseDeps, io: Io): Printer {
  if (json) return cases => cases.map(found => `${JSON.stringify(caseJson(found))}\n`).join('');
  const table = createStreamedTable({
    columns: COLUMNS,
    rest: 'sites',
    width: io.isTerminal ? io.columns : null,
  });
  return cases => table.lines(cases.map(found => rowOf(found, policy)));
}

const COLUMNS = [
  { title: 'case', most: 25, least: 25 },
  { title: 'status', most: 12, least: 8 },
  { title: 'subject', most: 16, least: 12 },
  { title: 'department', most: 24, least: 8 },
  { title: 'category', most: 24, least: 8 },
  { title: 'visits', most: 6, least: 6 },
  { title: 'grades', most: 16, least: 6 },
];

function rowOf(found: Case, policy: Policy): TableRow {
  const { A, B, C, D } = found.grades;
  const grades = Object.entries({ A, B, C, D }).filter(([, count]) => count > 0);
  const isWithheld = policy.categories.get(found.category)?.doNotOpen === true;
  return {
    cells: [
      found.id,
      found.status === 'withdrawn' ? 'withdrawn' : CASES_TEXT.en.statuses[found.status],
      shortSubject(found.subjectId),
      found.departments.filter(text => text !== '').join(', ') || '-',
      found.category,
      String(found.visits),
      grades.map(([grade, count]) => `${grade}${count}`).join(' ') || '-',
    ],
    rest: isWithheld ? 'do not open; contact the police' : found.sites.map(defang).join(', '),
  };
}

/** Prints cases a batch at a time, no faster than they are read; stops where the reader has gone away. */
async function print(
  cases: AsyncIterable<Case>,
  { printer, io }: { printer: Printer; io: Io },
): Promise<void> {
  let batch: Case[] = [];
  for await (const found of cases) {
    batch.push(found);
    if (batch.length < BATCH) continue;
    await write(io.stdout, printer(batch));
    batch = [];
    if (io.stdout.destroyed || io.stdout.errored !== null) return;
  }
  if (batch.length > 0) await write(io.stdout, printer(batch));
}

/** Prints one case with its visits. Throws USAGE for what is no id, NOT_FOUND. */
export async function runCasesShow(
  options: { id: string; lang: Lang; json: boolean },
  deps: CaseDeps,
  io: Io,
): Promise<ExitCode> {
  const desk = await deps.openDesk();
  try {
    const { source, rules } = caseSource(desk, deps);
    const found = await readCase(options.id, source, rules);
    const visits = await gather(found, source, rules);
    const audit = await deps.openAudit();
    await audit.append({ action: 'cases show', shown: visits.length, details: { case: found.id } });
    const { lang, json } = options;
    const category = deps.policy.categories.get(found.category) ?? null;
    const text = json
      ? JSON.stringify(shownCaseJson(found, visits, lang))
      : casePage({ found, visits, category, zone: deps.zone, lang }).join('\n');
    await write(io.stdout, `${text}\n`);
    return EXIT.done;
  } finally {
    await desk.close();
  }
}

/** Visits of one case: those of one day. */
async function gather(found: Case, source: CaseSource, rules: CaseRules): Promise<Visit[]> {
  const visits: Visit[] = [];
  for await (const visit of visitsOfCase(found, source, rules)) visits.push(visit);
  return visits;
}
