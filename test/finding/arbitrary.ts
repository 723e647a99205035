// Findings by chance, and one to change: shared by the tests of everything that stores, shows or searches findings.
import fc from 'fast-check';
import type { Finding } from '../../src/model/finding.ts';
import { POPULATIONS } from '../../src/model/subject.ts';

const hex = (digits: number) =>
  fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: digits, maxLength: digits });
const texts = (...values: string[]) => fc.constantFrom(...values);
const someOf = (...values: string[]) => fc.subarray(values);

const START_MS = Date.UTC(2026, 9, 1);
const times = fc.integer({ min: START_MS, max: START_MS + 20_000 });

/** Few values per field, so that conditions hold now and then and sort keys tie. */
export const arbitraryFinding: fc.Arbitrary<Finding> = fc.record({
  id: hex(32),
  recordId: hex(32),
  tenant: texts('kommun', 'bolag'),
  stream: texts('a'.repeat(64), 'b'.repeat(64)),
  offset: fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }),
  path: fc.option(texts('/var/log/squid/access.log', 'logg åäö.gz')),
  stampMs: times,
  startMs: times,
  endMs: times,
  durationMs: fc.option(fc.integer({ min: 0, max: 1_000_000_000 })),
  ingestedMs: times,
  access: fc.constantFrom('allowed', 'denied'),
  outcome: fc.constantFrom('success', 'failure', 'unknown'),
  subjectKind: fc.constantFrom('user', 'client', 'none'),
  subjectId: fc.option(texts('u26-aaaa', 'u26-aabb', 'c261001-aaaa')),
  clientId: fc.option(texts('c261001-aaaa', 'c261001-bbbb')),
  confidence: fc.constantFrom('authenticated', 'lease', 'none'),
  population: fc.constantFrom(...POPULATIONS),
  department: texts(
    '',
    'Barn och utbildning',
    'barn och utbildning',
    'Äldreomsorg',
    '\ud835\udc00',
    '\uff21',
  ),
  roles: someOf('lärare', 'utredare', 'it'),
  scheme: texts('', 'http', 'https'),
  domain: texts(
    'example.com',
    'www.example.com',
    'notexample.com',
    'xn--rksmrgs-5wao1o.example',
    '192.0.2.7',
  ),
  registeredDomain: texts('example.com', 'notexample.com', '192.0.2.7'),
  port: fc.option(fc.integer({ min: 1, max: 65_535 })),
  urlPath: texts('', '/', '/Casino/100%', '/casino_1', '/r%C3%A4ksm%C3%B6rg%C3%A5s', '/a\\b'),
  method: texts('GET', 'CONNECT', ''),
  status: fc.constantFrom(0, 200, 304, 403, 404, 503),
  bytes: fc.option(fc.integer({ min: 0, max: 3 })),
  mime: fc.option(texts('text/html', 'image/png')),
  userAgent: fc.option(texts('Mozilla/5.0', 'curl/8')),
  vendor: texts('Squid', ''),
  product: texts('Squid', ''),
  observerName: fc.option(texts('proxy-1', 'proxy-åäö')),
  list: texts('gambling', 'spel'),
  listVersion: hex(8),
  entry: texts('example.com', 'example.com/casino_1', '192.0.2.7'),
  entryFile: texts('domains', 'urls'),
  entryLine: fc.integer({ min: 1, max: 1_000_000 }),
  via: fc.constantFrom(null, 'translate', 'cache', 'archive', 'redirect'),
  category: texts('gambling', 'pornography', 'våld'),
  class: fc.constantFrom('questionable', 'forbidden'),
  statutes: someOf('BrB 16:8', 'BrB 4:9c'),
  verdict: fc.constantFrom(null, 'examine', 'exempt', 'withdrawn'),
  exemptions: someOf('U-1', 'U-2'),
  otherExemptions: someOf('U-3'),
  referrer: fc.constantFrom('none', 'same', 'foreign', 'notLogged', 'protected'),
  facts: fc.record({
    document: fc.option(fc.boolean()),
    tunnel: fc.boolean(),
    matchedBy: fc.constantFrom('host', 'url'),
    agent: fc.constantFrom('browser', 'background', 'other', 'none', 'notLogged'),
  }),
  versions: fc.record({ lists: fc.option(hex(8)), policy: fc.option(hex(8)), directory: fc.option(hex(8)) }),
  revision: fc.constant(0),
});

/** Makes a finding that says what most do, with some fields changed. */
export function aFinding(changes: Partial<Finding> = {}): Finding {
  return {
    id: '0'.repeat(32),
    recordId: 'f'.repeat(32),
    tenant: 'kommun',
    stream: 'a'.repeat(64),
    offset: 0,
    path: 'access.log',
    stampMs: START_MS + 120,
    startMs: START_MS,
    endMs: START_MS + 120,
    durationMs: 120,
    ingestedMs: START_MS + 60_000,
    access: 'allowed',
    outcome: 'success',
    subjectKind: 'user',
    subjectId: 'u26-abcdefghijklmnopqrstuvwxyz',
    clientId: 'c261001-abcdefghijklmnopqrstuvwxyz',
    confidence: 'authenticated',
    population: 'staff',
    department: 'Barn och utbildning',
    roles: ['lärare'],
    scheme: 'https',
    domain: 'www.casino.example',
    registeredDomain: 'casino.example',
    port: 443,
    urlPath: '/lobby',
    method: 'GET',
    status: 200,
    bytes: 5120,
    mime: 'text/html',
    userAgent: 'Mozilla/5.0',
    vendor: 'Squid',
    product: 'Squid',
    observerName: null,
    list: 'gambling',
    listVersion: '1'.repeat(64),
    entry: 'casino.example',
    entryFile: 'domains',
    entryLine: 7,
    via: null,
    category: 'gambling',
    class: 'questionable',
    statutes: [],
    verdict: 'examine',
    exemptions: [],
    otherExemptions: [],
    referrer: 'none',
    facts: { document: true, tunnel: false, matchedBy: 'host', agent: 'browser' },
    versions: { lists: '2'.repeat(64), policy: '3'.repeat(64), directory: null },
    revision: 0,
    ...changes,
  };
}

/** Makes an id out of a number. */
export function idOf(n: number): string {
  return n.toString(16).padStart(32, '0');
}
