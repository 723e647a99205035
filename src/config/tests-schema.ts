// The schema of `policy.tests.yaml`: this user, this URL, this time, expect this; one by one, or as rows of tables.
// Invariant: a row's columns are the keys of a test, those of its `expect` beside the others: one meaning for both ways to write.
import { z } from 'zod';
import { POPULATIONS } from '../model/subject.ts';
import { EXPECTED, REFERRERS } from '../policy/policy-test.ts';
import { text, version, word } from './fields.ts';

const GIVEN = {
  name: text.optional().describe('what the test shows'),
  user: text.optional().describe('user name as a log has it'),
  client: text.optional().describe('client address'),
  url: text.describe('URL, or `host:port` with the method CONNECT'),
  at: z
    .string()
    .optional()
    .describe('when it begins, by the local clock (`2026-10-05T10:00`) or with an offset'),
  endedAt: z
    .string()
    .optional()
    .describe('in place of `at`: when it ends, as Squid logs it; it begins `elapsed` seconds before'),
  elapsed: z.number().min(0).max(31_622_400).optional().describe('seconds that it takes'),
  method: z
    .string()
    .regex(/^[A-Z]+$/, { message: 'must be capital letters' })
    .optional()
    .describe('HTTP method; GET unless set'),
  status: z.int().min(0).max(999).optional().describe('HTTP status; 200 unless set'),
  denied: z.boolean().optional().describe('whether the proxy denied it'),
  bytes: z.int().min(0).optional().describe('bytes of the answer; not logged unless set'),
  mime: text.optional().describe('mime type of the answer; not logged unless set'),
  referrer: z
    .enum(REFERRERS)
    .optional()
    .describe('how the referrer relates to the target; `notLogged` unless set'),
  agent: text.optional().describe('user agent; not logged unless set'),
  repeat: z
    .string()
    .regex(/^[1-9]\d{0,3}x\d{1,5}s$/, { message: 'must be a number of records and seconds: "3x60s"' })
    .optional()
    .describe('so many of these records, and seconds from one to the next: `3x60s`'),
} as const;

const EXPECT = {
  verdict: z.enum(EXPECTED).describe('what must come'),
  category: word.optional().describe('in which category; all of them unless set'),
  exemption: word.optional().describe('under which exemption, as the one that is shown'),
  kind: z.enum(['user', 'client', 'none']).optional().describe('what the subject is known by'),
  confidence: z.enum(['authenticated', 'lease', 'none']).optional().describe('how surely it is known'),
  population: z.enum(POPULATIONS).optional().describe('population of the subject then'),
  department: text.optional().describe('department of the subject then'),
  grade: z.enum(['A', 'B', 'C', 'D']).optional().describe('grade of every visit that comes of it'),
  case: z.enum(['yes', 'no']).optional().describe('whether it may come to a case'),
} as const;

const test = z.strictObject({
  ...GIVEN,
  expect: z.strictObject(EXPECT).describe('what must come'),
});

/** What stands in a row, and in `given`, by column: any of the keys of a test and of its `expect`. */
export const rowSchema = z.strictObject({
  ...GIVEN,
  ...EXPECT,
  url: GIVEN.url.optional(),
  verdict: EXPECT.verdict.optional(),
});

/** One row, by column. */
export type TestRow = z.output<typeof rowSchema>;

/** Every column that a table can have. */
export const COLUMNS = Object.keys(rowSchema.shape) as (keyof TestRow)[];

const table = z.strictObject({
  name: text.describe('what the table shows'),
  given: rowSchema.optional().describe('what holds for every row that does not say otherwise'),
  columns: z
    .array(z.enum(COLUMNS))
    .min(1)
    .refine(columns => new Set(columns).size === columns.length, 'the same column is there twice')
    .describe('keys of a test and of its `expect`, in the order of the cells'),
  rows: z
    .array(z.array(z.union([z.string(), z.number(), z.boolean(), z.null()])))
    .min(1)
    .max(100_000)
    .describe('tests, one a row; an empty cell takes what is given, `-` takes nothing'),
});

/** The schema of `policy.tests.yaml`. */
export const testsSchema = z.strictObject({
  version,
  tests: z.array(test).default([]).describe('tests in order'),
  tables: z.array(table).default([]).describe('tests as rows of tables'),
});
