// policy-test: one policy test as it is read from `policy.tests.yaml`, and what the whole chain says of it.
// Data only; `tests.ts` compares the two.
import type { ReferrerRelation } from '../model/finding.ts';
import type { Confidence, Population, SubjectKind } from '../model/subject.ts';
import type { Grade } from '../model/visit.ts';
import type { Decision } from './decide.ts';

/** What a test can expect of a visit. */
export const EXPECTED = [
  'examine',
  'exempt',
  'attempt',
  'none',
  'protected',
  'unreviewed',
  'unannounced',
  'authChallenge',
  'tooOld',
] as const;

export type ExpectedVerdict = (typeof EXPECTED)[number];

/** How the referrer of a test can relate to its target. */
export const REFERRERS = ['none', 'same', 'foreign', 'notLogged'] as const satisfies ReferrerRelation[];

/** What a test expects; null where it does not say. */
export interface Expectation {
  verdict: ExpectedVerdict;
  category: string | null;
  /** The one that is shown. */
  exemption: string | null;
  kind: SubjectKind | null;
  confidence: Confidence | null;
  population: Population | null;
  department: string | null;
  grade: Grade | null;
  case: 'yes' | 'no' | null;
}

/** Holds one policy test, validated. */
export interface PolicyTest {
  /** The name given, or `test 3`; of a row, its table and number. */
  name: string;
  /** As a log would have it; `''` for none. */
  user: string;
  client: string;
  url: string;
  /** When the first record begins. */
  atMs: number;
  /** Null where the log does not say. */
  elapsedMs: number | null;
  method: string;
  status: number;
  /** True where the proxy denied the request. */
  denied: boolean;
  /** Null where the log does not say. */
  bytes: number | null;
  mime: string | null;
  referrer: (typeof REFERRERS)[number];
  agent: string | null;
  /** So many records alike, and the time from one to the next. */
  records: number;
  gapMs: number;
  expect: Expectation;
  /** Null outside of tables; rows are counted from 1. */
  table: string | null;
  row: number | null;
  /** Line of the test in its file. */
  line: number;
}

/** What the whole chain said of one record; the pipeline's answer to a record has this shape. */
export interface RecordOutcome {
  kind: 'tooOld' | 'authChallenge' | 'protected' | 'unreviewed' | 'clear' | 'flagged';
  /** Null unless `flagged`. */
  decision: Decision | null;
  subject: { kind: SubjectKind; confidence: Confidence; population: Population; department: string };
}

/** What the whole chain said of one test. */
export interface TestOutcome {
  /** One for each record of the test; never empty. */
  records: readonly RecordOutcome[];
  /** The visits that its findings make. */
  visits: readonly { category: string; grade: Grade }[];
  /** Categories in which it may come to a case. */
  cases: readonly string[];
}
