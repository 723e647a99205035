// report-coverage: what figures rest on → blocks of a page, the same in every report and review (§8.3). In: coverage and a
// language; out: facts and sentences. Invariant: it says what cannot be told as plainly as what can. No report without it.
// Example: coverageBlocks(coverage, 'sv') → [{ kind: 'facts', … }, { kind: 'text', … }, { kind: 'list', … }]
import type { ReportCoverage } from '../model/figures.ts';
import { countText, joined } from './count.ts';
import type { Lang } from './lang.ts';
import type { Block, Fact } from './page.ts';

const en = {
  period: 'Period',
  periodValue: (v: { from: string; through: string }) => `${v.from} to ${v.through}`,
  complete: 'Read through',
  nothingRead: 'nothing was read',
  whole: (day: string) => `${day}: all of the period`,
  notWhole: (day: string) => `${day}: not all of the period`,
  records: 'Requests that were read',
  rate: 'Lines that could be read',
  rateValue: (v: { share: string; rejected: string; streams: string }) =>
    `${v.share} (${v.rejected} could not, of ${v.streams} streams)`,
  tunnels: 'Of the requests, through tunnels (only the host is known)',
  denied: 'Of the requests, stopped by the proxy',
  unnamed: 'Of the requests, without a user name',
  shared: 'Networks where many people share an address',
  ofAll: (v: { count: string; share: string }) => `${v.count} (${v.share})`,
  countedHead: ['Only counted, and in none of the figures', 'Number'],
  countedWhat: {
    protected: 'requests to protected sites',
    unreviewed: 'requests to listed sites, by people who are not reviewed',
    unannounced: 'requests in categories that had not been announced',
    tooOld: 'requests older than what may be kept',
    authChallenges: 'requests for log-on by the proxy',
    withoutSubject: 'findings that nobody can be told from',
    withdrawn: 'findings that were taken back',
    refused: 'documents that the store refused',
  },
  and: 'and',
  days: (v: { days: string }) => `Days without any line: ${v.days}.`,
  noDays: 'Every day of the period has lines.',
  departments: (v: { names: string }) => `Departments without any line: ${v.names}.`,
  noDepartments: 'Every department that is counted by itself has lines.',
  gap: (v: { hours: string; from: string }) =>
    `The longest time without any line was ${v.hours} hours (from ${v.from} UTC).`,
  limits: [
    'A day counts as read once something of a later day was read. A stream that stopped while others went on cannot be told by this.',
    'Rejected lines and refused documents are counted from when they were read, for the whole installation, and for as long as the program keeps them.',
  ],
};

const sv: typeof en = {
  period: 'Period',
  periodValue: v => `${v.from} till och med ${v.through}`,
  complete: 'Läst till och med',
  nothingRead: 'inget är läst',
  whole: day => `${day}: hela perioden`,
  notWhole: day => `${day}: inte hela perioden`,
  records: 'Lästa anrop',
  rate: 'Rader som gick att läsa',
  rateValue: v => `${v.share} (${v.rejected} gick inte att läsa, från ${v.streams} strömmar)`,
  tunnels: 'Av anropen, genom tunnlar (bara värdnamnet är känt)',
  denied: 'Av anropen, stoppade av proxyn',
  unnamed: 'Av anropen, utan användarnamn',
  shared: 'Nät där många delar en adress',
  ofAll: v => `${v.count} (${v.share})`,
  countedHead: ['Bara räknat, och inte med i någon siffra', 'Antal'],
  countedWhat: {
    protected: 'anrop till skyddade webbplatser',
    unreviewed: 'anrop till listade webbplatser, av personer som inte granskas',
    unannounced: 'anrop i kategorier som inte var meddelade',
    tooOld: 'anrop som är äldre än vad som får sparas',
    authChallenges: 'proxyns begäran om inloggning',
    withoutSubject: 'fynd som inte kan knytas till någon',
    withdrawn: 'fynd som har återtagits',
    refused: 'dokument som lagret vägrade ta emot',
  },
  and: 'och',
  days: v => `Dagar utan någon rad: ${v.days}.`,
  noDays: 'Varje dag i perioden har rader.',
  departments: v => `Förvaltningar utan någon rad: ${v.names}.`,
  noDepartments: 'Varje förvaltning som räknas för sig har rader.',
  gap: v => `Längsta tiden utan någon rad var ${v.hours} timmar (från ${v.from} UTC).`,
  limits: [
    'En dag räknas som läst när något från en senare dag är läst. En ström som har stannat medan andra fortsätter syns inte på det sättet.',
    'Rader som inte gick att läsa och dokument som vägrades räknas från att de lästes, för hela installationen, och så länge programmet sparar dem.',
  ],
};

/** Words of coverage. */
export const REPORT_COVERAGE_TEXT = { en, sv };

/** Writes what figures rest on. */
export function coverageBlocks(coverage: ReportCoverage, lang: Lang): Block[] {
  const text = REPORT_COVERAGE_TEXT[lang];
  return [
    { kind: 'facts', rows: facts(coverage, lang) },
    { kind: 'table', head: text.countedHead, rows: countedRows(coverage, lang) },
    {
      kind: 'text',
      text:
        coverage.daysWithoutLines.length === 0
          ? text.noDays
          : text.days({ days: daysText(coverage.daysWithoutLines, lang) }),
    },
    {
      kind: 'text',
      text:
        coverage.departmentsWithoutLines.length === 0
          ? text.noDepartments
          : text.departments({ names: joined(coverage.departmentsWithoutLines, text.and) }),
    },
    ...gapBlocks(coverage, lang),
    { kind: 'list', items: text.limits },
  ];
}

function facts(coverage: ReportCoverage, lang: Lang): Fact[] {
  const text = REPORT_COVERAGE_TEXT[lang];
  const { from, through, records, rejected } = coverage;
  const number = (count: number) => countText(lang, count);
  const part = (count: number) =>
    text.ofAll({ count: number(count), share: shareText(count, records, lang) });
  return [
    { label: text.period, value: text.periodValue({ from, through }) },
    { label: text.complete, value: completeText(coverage, text) },
    { label: text.records, value: number(records) },
    {
      label: text.rate,
      value: text.rateValue({
        ...{ share: shareText(records, records + rejected, lang), rejected: number(rejected) },
        streams: number(coverage.rejectedStreams),
      }),
    },
    { label: text.tunnels, value: part(coverage.tunnels) },
    { label: text.denied, value: perMilleText(coverage.deniedPerMille, lang) },
    { label: text.unnamed, value: part(records - coverage.named) },
    { label: text.shared, value: number(coverage.sharedNetworks) },
  ];
}

function countedRows(coverage: ReportCoverage, lang: Lang): string[][] {
  const { countedWhat } = REPORT_COVERAGE_TEXT[lang];
  return COUNTED.map(kind => [countedWhat[kind], countText(lang, coverage[kind])]);
}

const COUNTED = [
  'protected',
  'unreviewed',
  'unannounced',
  'tooOld',
  'authChallenges',
  'withoutSubject',
  'withdrawn',
  'refused',
] as const;

function completeText({ completeThrough, isComplete }: ReportCoverage, text: typeof en): string {
  if (completeThrough === null) return text.nothingRead;
  return isComplete ? text.whole(completeThrough) : text.notWhole(completeThrough);
}

function gapBlocks({ longestGap }: ReportCoverage, lang: Lang): Block[] {
  if (longestGap === null) return [];
  const { hours, fromMs } = longestGap;
  const from = new Date(fromMs).toISOString().slice(0, 16).replace('T', ' ');
  return [{ kind: 'text', text: REPORT_COVERAGE_TEXT[lang].gap({ hours: countText(lang, hours), from }) }];
}

/** Days that follow each other as one: `2026-10-03–2026-10-04`. */
function daysText(days: readonly string[], lang: Lang): string {
  const runs: { first: string; last: string }[] = [];
  for (const day of days) {
    const run = runs.at(-1);
    if (run !== undefined && Date.parse(day) - Date.parse(run.last) === DAY_MS) run.last = day;
    else runs.push({ first: day, last: day });
  }
  const texts = runs.map(({ first, last }) => (first === last ? first : `${first}–${last}`));
  return joined(texts, REPORT_COVERAGE_TEXT[lang].and);
}

const DAY_MS = 86_400_000;

/** A share in percent, never rounded to all or to nothing. */
function shareText(count: number, of: number, lang: Lang): string {
  if (of === 0) return '–';
  const perMille = Math.round((count / of) * 1000);
  return perMilleText(count === 0 || count === of ? perMille : Math.min(Math.max(perMille, 1), 999), lang);
}

function perMilleText(perMille: number, lang: Lang): string {
  const text = (perMille / 10).toFixed(1);
  return lang === 'sv' ? `${text.replace('.', ',')}\u00a0%` : `${text}%`;
}
