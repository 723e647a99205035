// All that a store says of itself, in a form that two stores can be compared by. In: a store; out: plain data.
// Invariant: nothing that two runs over the same log must agree on is left out; what rightly differs (when a finding was
// stored and, where the streams are others, ids and positions) is.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openReadStore } from '../../../src/compose/open-store.ts';
import type { Config } from '../../../src/config/config.ts';
import type { Finding } from '../../../src/model/finding.ts';
import type { Query } from '../../../src/model/query.ts';
import type { DayCount, ReadStore, StoreTotals, UsageCount } from '../../../src/ports/store.ts';
import { unseal } from '../../adapters/vault/unseal.ts';

/** Whether two stores were filled from the same streams, and so have the same ids; or only with the same lines. */
export type Likeness = 'same streams' | 'same lines';

export interface Account {
  /** Each finding as JSON, sorted. */
  findings: string[];
  /** Values and counts, in the order in which the store gives them. */
  facets: Record<Facet, [string, number][]>;
  usage: UsageCount[];
  days: DayCount[];
  /** Rejected lines by code. */
  rejects: Record<string, number>;
  deadLetters: number;
  totals: StoreTotals;
  /** Sealed names of the findings' users, opened. */
  names: [string, string][];
}

type Facet = Parameters<ReadStore['facet']>[1];

const FACETS: readonly Facet[] = ['category', 'verdict', 'class', 'department', 'domain'];
const ALL: Query = { terms: [], fromMs: null, toMs: null, sort: 'start', descending: false, limit: null };

/** Reads all that a store holds. */
export async function accountOf(config: Config, likeness: Likeness): Promise<Account> {
  const store = await openReadStore(config);
  try {
    const findings: string[] = [];
    const subjects = new Set<string>();
    for await (const finding of store.search(ALL)) {
      findings.push(JSON.stringify(comparable(finding, likeness)));
      if (finding.subjectKind === 'user') subjects.add(finding.subjectId!);
    }
    const facets = {} as Account['facets'];
    for (const field of FACETS) facets[field] = [...(await store.facet(ALL, field))];
    const letters = await store.deadLetters();
    return {
      findings: findings.sort(),
      facets,
      usage: sortedAsJson(await store.usage(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY)),
      days: sortedAsJson(await store.days('0000-01-01', '9999-12-31')),
      rejects: await rejectsOf(store),
      deadLetters: letters.reduce((sum, { count }) => sum + count, 0),
      totals: await store.totals(),
      names: await namesOf(store, { subjects: [...subjects].sort(), config }),
    };
  } finally {
    await store.close();
  }
}

function comparable(finding: Finding, likeness: Likeness): Partial<Finding> {
  const { ingestedMs, ...kept } = finding;
  if (likeness === 'same streams') return kept;
  const { id, recordId, stream, offset, path, ...ofLine } = kept;
  return ofLine;
}

async function rejectsOf(store: ReadStore): Promise<Record<string, number>> {
  const rejects: Record<string, number> = {};
  for (const { code, count } of await store.rejects()) rejects[code] = (rejects[code] ?? 0) + count;
  return Object.fromEntries(Object.entries(rejects).sort());
}

async function namesOf(
  store: ReadStore,
  { subjects, config }: { subjects: readonly string[]; config: Config },
): Promise<[string, string][]> {
  const identity = readFileSync(join(config.keysDir, 'private', 'seal.key'), 'utf8');
  const opened = new Map<string, Record<string, string>>();
  const names: [string, string][] = [];
  for (const id of subjects) {
    const sealed = await store.sealedName(id);
    if (sealed === null) continue;
    const hash = createHash('sha256').update(sealed).digest('hex');
    const known = opened.get(hash) ?? (JSON.parse(await unseal(sealed, identity)) as Record<string, string>);
    opened.set(hash, known);
    names.push([id, known[id]!]);
  }
  return names;
}

function sortedAsJson<T>(values: readonly T[]): T[] {
  const byText = values.map(
    value => [JSON.stringify(value, Object.keys(value as object).sort()), value] as const,
  );
  return byText.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([text]) => JSON.parse(text) as T);
}
