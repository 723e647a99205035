// to-tests: a valid `policy.tests.yaml` → the policy tests in it. Times become instants here; one that is none is NaN.
import { readInstant } from '../calendar/instant.ts';
import type { Zone } from '../calendar/zone.ts';
import type { PolicyTest } from '../policy/policy-test.ts';
import { rowSchema, type TestRow } from './tests-schema.ts';
import { type WrittenTest, writtenTests } from './written-tests.ts';
import type { Path } from './yaml-file.ts';

/** Makes the policy tests of a valid file, those of its tables last. */
export function toTests(data: unknown, zone: Zone, lineOf: (path: Path) => number): PolicyTest[] {
  return writtenTests(data)
    .filter(({ kind }) => kind !== 'given')
    .map(written => toTest(written, zone, lineOf(written.path)));
}

function toTest(written: WrittenTest, zone: Zone, line: number): PolicyTest {
  const item = rowSchema.parse(written.values);
  const url = item.url ?? '';
  const elapsedMs = item.elapsed === undefined ? null : item.elapsed * 1000;
  const [records, gapMs] = repeatOf(item.repeat);
  return {
    name: nameOf(written, item),
    user: item.user ?? '',
    client: item.client ?? '',
    url,
    atMs: startOf(item, elapsedMs ?? 0, zone),
    elapsedMs,
    method: item.method ?? (/^[^/]+:\d+$/.test(url) ? 'CONNECT' : 'GET'),
    status: item.status ?? (item.denied === true ? 403 : 200),
    denied: item.denied ?? false,
    bytes: item.bytes ?? null,
    mime: item.mime ?? null,
    referrer: item.referrer ?? 'notLogged',
    agent: item.agent ?? null,
    records,
    gapMs,
    expect: {
      verdict: item.verdict ?? 'none',
      category: item.category ?? null,
      exemption: item.exemption ?? null,
      kind: item.kind ?? null,
      confidence: item.confidence ?? null,
      population: item.population ?? null,
      department: item.department ?? null,
      grade: item.grade ?? null,
      case: item.case ?? null,
    },
    table: written.table,
    row: written.table === null ? null : written.number,
    line,
  };
}

function nameOf({ table, number }: WrittenTest, { name }: TestRow): string {
  if (table === null) return name ?? `test ${number}`;
  return name === undefined ? `${table}, row ${number}` : `${table}, row ${number}: ${name}`;
}

/** The start decides (§1.1): a stamp of the end lies `elapsed` behind it. */
function startOf({ at, endedAt }: TestRow, elapsedMs: number, zone: Zone): number {
  if (at !== undefined) return readInstant(at, zone);
  return endedAt === undefined ? Number.NaN : readInstant(endedAt, zone) - elapsedMs;
}

function repeatOf(text: string | undefined): [records: number, gapMs: number] {
  const match = /^(\d+)x(\d+)s$/.exec(text ?? '');
  return match === null ? [1, 0] : [Number(match[1]), Number(match[2]) * 1000];
}
