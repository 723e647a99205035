// The schema of `policy.tests.yaml`: this user, this URL, this time, expect this verdict.
import { z } from 'zod';
import { readInstant } from '../calendar/instant.ts';
import type { Zone } from '../calendar/zone.ts';
import { EXPECTED, type PolicyTest } from '../policy/tests.ts';
import { text, version, word } from './fields.ts';

const test = z.strictObject({
  name: text.optional().describe('what the test shows'),
  user: text.optional().describe('user name as a log has it'),
  client: text.optional().describe('client address'),
  url: text.describe('URL, or `host:port` with the method CONNECT'),
  at: z.string().describe('when, by the local clock (`2026-10-05T10:00`) or with an offset'),
  method: z
    .string()
    .regex(/^[A-Z]+$/)
    .optional()
    .describe('HTTP method; GET unless set'),
  status: z.int().min(0).max(999).optional().describe('HTTP status; 200 unless set'),
  denied: z.boolean().optional().describe('whether the proxy denied it'),
  expect: z
    .strictObject({
      verdict: z.enum(EXPECTED).describe('what must come'),
      category: word.optional().describe('in which category; all of them unless set'),
      exemption: word.optional().describe('under which exemption, as the one that is shown'),
    })
    .describe('what must come'),
});

/** The schema of `policy.tests.yaml`. */
export const testsSchema = z.strictObject({
  version,
  tests: z.array(test).describe('tests in order'),
});

type TestFile = z.output<typeof testsSchema>;

/** Makes policy tests of a valid file; `atMs` is NaN where the time is none. */
export function toTests(file: TestFile, zone: Zone, lineOf: (index: number) => number): PolicyTest[] {
  return file.tests.map((item, index) => ({
    name: item.name ?? `test ${index + 1}`,
    user: item.user ?? '',
    client: item.client ?? '',
    url: item.url,
    atMs: readInstant(item.at, zone),
    method: item.method ?? (/^[^/]+:\d+$/.test(item.url) ? 'CONNECT' : 'GET'),
    status: item.status ?? (item.denied === true ? 403 : 200),
    denied: item.denied ?? false,
    expect: {
      verdict: item.expect.verdict,
      category: item.expect.category ?? null,
      exemption: item.expect.exemption ?? null,
    },
    line: lineOf(index),
  }));
}
