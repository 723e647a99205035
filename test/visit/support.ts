// What the tests of visits share: rules, findings by chance that meet in visits, and ways to gather.
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { createZone } from '../../src/calendar/zone.ts';
import type { Finding } from '../../src/model/finding.ts';
import type { Visit } from '../../src/model/visit.ts';
import type { VisitRules } from '../../src/visit/visit-rules.ts';
import { visitsOf } from '../../src/visit/visits-of.ts';
import { aFinding, idOf } from '../finding/arbitrary.ts';

export const ZONE = createZone('Europe/Stockholm');

export const RULES: VisitRules = {
  thresholds: { records: 3, minutes: 2, bytes: 500_000, documentGapSeconds: 10, visitGapMinutes: 30 },
  zone: ZONE,
  hashId: text => createHash('sha256').update(text).digest('hex').slice(0, 32),
};

export const MINUTE_MS = 60_000;

/** Gives an instant by the local clock. */
export function at(day: string, minutes: number): number {
  return ZONE.startOfDayMs(day) + minutes * MINUTE_MS;
}

/** Gathers the visits of findings that are in order already. */
export async function gatherVisits(findings: Iterable<Finding>, rules = RULES): Promise<Visit[]> {
  const visits: Visit[] = [];
  for await (const visit of visitsOf(streamOf(findings), rules)) visits.push(visit);
  return visits;
}

/** Sorts by start alone; what begins together stays as it came. */
export function byStart(findings: readonly Finding[]): Finding[] {
  return [...findings].sort((a, b) => a.startMs - b.startMs);
}

export async function* streamOf(findings: Iterable<Finding>): AsyncGenerator<Finding> {
  yield* findings;
}

const texts = <T extends string>(...values: T[]) => fc.constantFrom(...values);

/** Around both midnights of a day of 23 and of one of 25 hours, in steps that meet now and then. */
const arbitraryStart = fc
  .tuple(
    fc.constantFrom(
      at('2026-03-28', 23 * 60),
      at('2026-03-29', 22 * 60),
      at('2026-10-25', 0),
      at('2026-10-25', 24 * 60),
    ),
    fc.integer({ min: 0, max: 36 }),
    fc.constantFrom(0, 0, 1, 9_999),
  )
  .map(([fromMs, steps, ms]) => fromMs + steps * 5 * MINUTE_MS + ms);

/** One record's facts, as they come together in a log. */
const arbitraryAnswer = fc.constantFrom<Partial<Finding>>(
  { mime: 'text/html', facts: factsOf({ document: true }) },
  { mime: 'text/html', facts: factsOf({ document: true }), status: 304 },
  { mime: 'text/html', facts: factsOf({ document: true }), status: 204 },
  { mime: 'text/html', facts: factsOf({ document: false }), status: 404, outcome: 'failure' },
  { mime: 'image/gif', facts: factsOf({ document: false }), bytes: 43 },
  { mime: 'text/css; charset=utf-8', facts: factsOf({ document: false }) },
  { mime: 'application/json', facts: factsOf({ document: false }), bytes: 400_000 },
  { mime: null, facts: factsOf({ document: null }), outcome: 'unknown', status: 0 },
  { mime: null, facts: { ...factsOf({ document: null }), tunnel: true }, method: 'CONNECT', bytes: 300_000 },
  { facts: { ...factsOf({ document: true }), matchedBy: 'expression' } },
  { facts: { ...factsOf({ document: true }), agent: 'background' } },
);

export function factsOf({ document }: { document: boolean | null }): Finding['facts'] {
  return { document, tunnel: false, matchedBy: 'host', agent: 'browser' };
}

const arbitraryJudgement = fc.oneof(
  { weight: 6, arbitrary: fc.constant<Partial<Finding>>({ verdict: 'examine' }) },
  {
    weight: 3,
    arbitrary: fc.constantFrom<Partial<Finding>>(
      { verdict: 'exempt', exemptions: ['U-1'] },
      { verdict: 'exempt', exemptions: ['U-2', 'U-1'] },
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom<Partial<Finding>>(
      { verdict: null, access: 'denied' },
      { verdict: 'withdrawn' },
      { subjectKind: 'none', subjectId: null },
    ),
  },
);

const arbitraryVisitFinding: fc.Arbitrary<Partial<Finding>> = fc
  .record({
    startMs: arbitraryStart,
    tenant: texts('kommun', 'kommun', 'bolag'),
    subjectId: texts('u26-aaaa', 'u26-bbbb', 'u26-bbbb'),
    category: texts('gambling', 'gambling', 'weapons'),
    registeredDomain: texts('casino.example', 'casino.example', ''),
    domain: texts('casino.example', 'www.casino.example'),
    referrer: texts('none', 'same', 'foreign', 'notLogged', 'notLogged', 'protected'),
    department: texts('Bygg', 'Social'),
    roles: fc.subarray(['lärare', 'utredare']),
    population: texts('staff', 'unknown'),
    confidence: texts('authenticated', 'lease', 'none'),
    class: texts('questionable', 'questionable', 'questionable', 'forbidden'),
    statutes: fc.subarray(['BrB 16:8', 'BrB 4:9c']),
    bytes: fc.option(fc.integer({ min: 0, max: 300_000 })),
    revision: fc.integer({ min: 0, max: 2 }),
  })
  .chain(common =>
    fc
      .tuple(arbitraryAnswer, arbitraryJudgement)
      .map(([answer, judgement]) => ({ ...common, ...answer, ...judgement })),
  );

/** What all findings of a log share now and then: no referrers at all, or one person on one site. */
const arbitraryLog = fc.constantFrom<Partial<Finding>>(
  {},
  { referrer: 'notLogged' },
  { tenant: 'kommun', subjectId: 'u26-aaaa', category: 'gambling', registeredDomain: 'casino.example' },
);

/** Findings that meet in visits, each with an id and a record of its own, in any order. */
export const arbitraryFindings: fc.Arbitrary<Finding[]> = fc
  .tuple(fc.array(arbitraryVisitFinding, { maxLength: 60, size: 'max' }), arbitraryLog)
  .map(([all, log]) =>
    all.map((changes, n) => {
      // Whoever has no subject goes on having none.
      const shared = changes.subjectKind === 'none' ? {} : log;
      return aFinding({ ...changes, ...shared, id: idOf(n), recordId: idOf(n + 1000) });
    }),
  );
