import fc from 'fast-check';
import type { Query, QueryField, QueryTerm } from '../../src/model/query.ts';

const values: Record<QueryField, string[]> = {
  id: ['0', 'a', 'ab', 'g'],
  record: ['1', 'ff'],
  organization: ['kommun', 'bolag', ''],
  category: ['gambling', 'våld', 'Gambling'],
  class: ['questionable', 'forbidden'],
  verdict: ['examine', 'exempt', 'withdrawn', 'attempt'],
  type: ['allowed', 'denied'],
  outcome: ['success', 'unknown'],
  department: ['barn och utbildning', 'ÄLDREOMSORG', '', 'Barn'],
  population: ['staff', 'pupil'],
  role: ['lärare', 'it', 'lär'],
  subject: ['u26-', 'u26-aa', 'u26-aaaa', 'c', '', '_26'],
  kind: ['user', 'none'],
  client: ['c261001-a', 'c261002'],
  domain: ['example.com', 'com', 'www.example.com', 'e', '2.7', ''],
  site: ['example.com', 'notexample.com'],
  path: ['/', '/casino', '/Casino', '/casino_', '%', ''],
  method: ['GET', 'get', ''],
  status: ['200', '4xx', '0', '0200', '2', 'abc'],
  list: ['gambling', 'spel'],
  entry: ['example.com', 'example.com/casino_1', 'casino'],
  exemption: ['U-1', 'U-2', 'U-3'],
  statute: ['BrB 16:8', 'BrB'],
  via: ['translate', 'redirect'],
  referrer: ['foreign', 'protected'],
  observer: ['proxy-1', 'proxy', ''],
  source: ['default', 'proxy-2', ''],
};

const fieldTerm: fc.Arbitrary<QueryTerm> = fc
  .constantFrom(...(Object.keys(values) as QueryField[]))
  .chain(field =>
    fc.record({
      kind: fc.constant('field' as const),
      field: fc.constant(field),
      values: fc.uniqueArray(fc.constantFrom(...values[field], '*'), { minLength: 1, maxLength: 3 }),
      negated: fc.boolean(),
    }),
  );

const wordTerm: fc.Arbitrary<QueryTerm> = fc.record({
  kind: fc.constant('word' as const),
  word: fc.constantFrom('casino', 'CASINO', '100%', '_1', 'räksmörgås', 'Räksm', '\\', 'example', 'zzz'),
  negated: fc.boolean(),
});

const time = fc.option(fc.integer({ min: Date.UTC(2026, 9, 1), max: Date.UTC(2026, 9, 1) + 20_000 }));

/** Queries by chance, over values that the findings of `test/finding/arbitrary.ts` have now and then. */
export const arbitraryQuery: fc.Arbitrary<Query> = fc.record({
  terms: fc.array(fc.oneof(fieldTerm, wordTerm), { maxLength: 3 }),
  fromMs: time,
  toMs: time,
  sort: fc.constantFrom('start', 'category', 'domain', 'department', 'subject', 'bytes'),
  descending: fc.boolean(),
  limit: fc.option(fc.integer({ min: 0, max: 20 })),
});
