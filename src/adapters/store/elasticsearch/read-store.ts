// What is read from the store's indices. Findings of all classes and months are read as one, through a pattern, so
// that a reader whose role does not allow a class is given the others.
import type { Finding, StandingFinding } from '../../../model/finding.ts';
import type { Query, QueryTerm } from '../../../model/query.ts';
import type { StreamMark, StreamState } from '../../../model/stream.ts';
import type { DayCount, ReadStore, Revision, StoreTotals, UsageCount } from '../../../ports/store.ts';
import { isShown, PROTECTED } from '../../../search/is-shown.ts';
import { historyOf } from '../../../search/later-judgement.ts';
import { ANY, ATTEMPT } from '../../../search/matches.ts';
import { sortFacet } from '../../../search/sort-facet.ts';
import type { Connection } from './connection.ts';
import { type FindingDocument, fromDocument } from './finding-document.ts';
import type { Freshness } from './freshness.ts';
import { getDocument, getMany } from './get-documents.ts';
import type { FixedIndex, IndexNames } from './index-names.ts';
import { createJudgements } from './judgements.ts';
import { type Dsl, filterOf, SHOWN, type StreamsOf, sortOf } from './query-dsl.ts';
import type { Searcher } from './search.ts';
import { readVersion } from './set-up.ts';
import { readStream, type StreamDocument } from './stream-document.ts';
import { bodyOf, versionId } from './version-document.ts';

export type StoreReader = Omit<ReadStore, 'rejects' | 'deadLetters' | 'close'>;

export interface ReaderOptions {
  connection: Connection;
  names: IndexNames;
  searcher: Searcher;
  freshness: Freshness;
}

/** Creates the reader of one store. */
export function createStoreReader(options: ReaderOptions): StoreReader {
  const { connection, names, searcher, freshness } = options;
  const { fixed } = names;
  const judgements = createJudgements(connection, names);

  function get<T>(name: FixedIndex, id: string): Promise<T | null> {
    return getDocument<T>(connection, fixed[name], id);
  }

  async function finding(id: string): Promise<Finding | null> {
    if (!/^[0-9a-f]{32}$/.test(id)) return null;
    await freshness.ensure(names.findings);
    const { hits } = await searcher.once(names.findings, { query: { ids: { values: [id] } }, size: 1 });
    const document = hits.hits[0]?._source as FindingDocument | undefined;
    const found = document === undefined ? null : fromDocument(document);
    return found !== null && isShown(found) ? found : null;
  }

  /** Makes the filter of a query on findings that can be searched, those that no reading shows among them. */
  async function prepareStanding(query: Query): Promise<Dsl> {
    await freshness.ensure(names.findings);
    return filterOf(query, await findStreams(query));
  }

  /** Makes the filter of a query on findings that may be shown. */
  async function prepare(query: Query): Promise<Dsl> {
    return { bool: { filter: [await prepareStanding(query), SHOWN] } };
  }

  async function findStreams(query: Query): Promise<StreamsOf> {
    const found = new Map<QueryTerm, string[]>();
    for (const term of query.terms) {
      if (term.kind !== 'field' || term.field !== 'source') continue;
      await freshness.ensure(fixed.streams);
      found.set(term, await gather(streamIds(term.values)));
    }
    return term => found.get(term) ?? [];
  }

  async function* streamIds(sources: readonly string[]): AsyncGenerator<string> {
    const asked = sources.filter(source => source !== '' && source.isWellFormed());
    const isAny = sources.includes(ANY);
    const filter: Dsl = isAny
      ? { bool: { must_not: [{ term: { source: '' } }] } }
      : { terms: { source: asked } };
    const streams = searcher.hits({ index: fixed.streams, filter, sort: [{ id: 'asc' }], limit: null });
    for await (const { id } of streams) yield id;
  }

  async function* search(query: Query): AsyncGenerator<Finding> {
    for await (const found of read(query, prepare)) if (isShown(found)) yield found;
  }

  async function* read(query: Query, make: typeof prepare): AsyncGenerator<StandingFinding> {
    if (query.limit === 0) return;
    const filter = await make(query);
    const hits = searcher.hits<FindingDocument>({
      index: names.findings,
      filter,
      sort: sortOf(query),
      limit: query.limit,
    });
    for await (const { document } of hits) yield fromDocument(document);
  }

  async function count(query: Query): Promise<number> {
    const filter = await prepare(query);
    const { hits } = await searcher.once(names.findings, { query: filter, size: 0, track_total_hits: true });
    const total = totalOf(hits.total);
    return query.limit === null ? total : Math.min(total, query.limit);
  }

  async function facet(query: Query, field: FacetField): Promise<Map<string, number>> {
    const filter = await prepare(query);
    const counts = new Map<string, number>();
    const groups = searcher.groups({ index: names.findings, filter, by: [FACET_FIELDS[field]] });
    for await (const { key, count: n } of groups) {
      counts.set(key[0] === null ? MISSING[field] : String(key[0]), n);
    }
    return sortFacet(counts);
  }

  async function totals(): Promise<StoreTotals> {
    await freshness.ensure(names.findings);
    const { aggregations, hits } = await searcher.once(names.findings, {
      size: 0,
      track_total_hits: true,
      aggs: {
        examine: { filter: { term: { 'granska.verdict': 'examine' } } },
        exempt: { filter: { term: { 'granska.verdict': 'exempt' } } },
        withdrawn: { filter: { terms: { 'granska.verdict': ['withdrawn', PROTECTED] } } },
        attempts: { missing: { field: 'granska.verdict' } },
        first: { min: { field: 'event.start' } },
        last: { max: { field: 'event.start' } },
      },
    });
    const got = (aggregations ?? {}) as Record<string, { doc_count?: number; value?: number | null }>;
    const all = { index: names.findings, filter: { match_all: {} }, by: ['organization.name'] };
    return {
      findings: totalOf(hits.total),
      examine: got.examine?.doc_count ?? 0,
      exempt: got.exempt?.doc_count ?? 0,
      attempts: got.attempts?.doc_count ?? 0,
      withdrawn: got.withdrawn?.doc_count ?? 0,
      firstMs: got.first?.value ?? null,
      lastMs: got.last?.value ?? null,
      tenants: (await gather(searcher.groups(all))).map(group => String(group.key[0])),
    };
  }

  async function revisions(findingId: string): Promise<Revision[]> {
    const first = await finding(findingId);
    if (first === null) return [];
    // The finding first: what is added meanwhile is then told beside it, never missing.
    return historyOf(first, await judgements.of(findingId));
  }

  async function stream(id: string): Promise<StreamState | null> {
    // By its id: what was written a moment ago is there.
    const document = await get<StreamDocument>('streams', id);
    return document === null ? null : readStream(document);
  }

  async function streams(source: string, firstLine: string): Promise<StreamState[]> {
    // Of this and any other worker: what was stored last decides where reading goes on.
    await freshness.refresh(fixed.streams);
    const found = searcher.hits<StreamDocument>({
      index: fixed.streams,
      filter: { bool: { filter: [{ term: { source } }, { term: { first_line: firstLine } }] } },
      sort: [{ ordinal: 'asc' }],
      limit: null,
    });
    return (await gather(found)).map(hit => readStream(hit.document));
  }

  async function marks(streamId: string): Promise<StreamMark[]> {
    await freshness.refresh(fixed.marks);
    const found = searcher.hits<{ end: number; digest: string }>({
      index: fixed.marks,
      filter: { term: { stream: streamId } },
      sort: [{ end: 'asc' }],
      limit: null,
    });
    return (await gather(found)).map(({ document }) => ({
      end: document.end,
      digest: bytesOf(document.digest),
    }));
  }

  async function usage(fromMs: number, toMs: number): Promise<UsageCount[]> {
    await freshness.ensure(fixed.usage);
    const range = {
      ...(Number.isFinite(fromMs) ? { gte: fromMs } : {}),
      ...(Number.isFinite(toMs) ? { lt: toMs } : {}),
      format: 'epoch_millis',
    };
    const groups = searcher.groups({
      index: fixed.usage,
      filter: { range: { hour: range } },
      by: ['hour', 'organization', 'department'],
      sums: ['records', 'bytes', 'denied', 'tunnels', 'named'],
    });
    return (await gather(groups)).map(({ key, sums }) => ({
      tenant: String(key[1]),
      hourMs: Number(key[0]),
      department: String(key[2]),
      records: sums[0]!,
      bytes: sums[1]!,
      denied: sums[2]!,
      tunnels: sums[3]!,
      named: sums[4]!,
    }));
  }

  async function days(fromDay: string, toDay: string): Promise<DayCount[]> {
    await freshness.ensure(fixed.days);
    const groups = searcher.groups({
      index: fixed.days,
      filter: { range: { day: { gte: fromDay, lte: toDay } } },
      by: ['day', 'organization', 'kind'],
      sums: ['count'],
    });
    return (await gather(groups)).map(({ key, sums }) => ({
      tenant: String(key[1]),
      day: String(key[0]),
      kind: key[2] as DayCount['kind'],
      count: sums[0]!,
    }));
  }

  async function knownNames(ids: readonly string[]): Promise<Set<string>> {
    const known = new Set<string>();
    const index = fixed['name-ids'];
    for (let start = 0; start < ids.length; start += MAX_IDS) {
      const asked = ids.slice(start, start + MAX_IDS);
      const docs = await getMany(connection, index, { ids: asked, _source: false });
      for (const doc of docs) if (doc.found) known.add(doc._id);
    }
    return known;
  }

  return {
    schemaVersion: () => readVersion(connection, names),
    finding,
    search,
    standing: query => read(query, prepareStanding),
    count,
    facet,
    revisions,
    stream,
    streams,
    marks,
    usage,
    days,
    totals,
    knownNames,
    async sealedName(id) {
      const named = await get<{ envelope: string }>('name-ids', id);
      if (named === null) return null;
      const envelope = await get<{ body: string }>('names', named.envelope);
      return envelope === null ? null : bytesOf(envelope.body);
    },
    async keptVersion(kind, hash, epoch) {
      const document = await get<{ body: string }>('versions', versionId(kind, hash, epoch));
      return document === null ? null : bodyOf(document);
    },
  };
}

type FacetField = Parameters<ReadStore['facet']>[1];

const FACET_FIELDS: Readonly<Record<FacetField, string>> = {
  category: 'granska.category',
  verdict: 'granska.verdict',
  class: 'granska.class',
  department: 'granska.department',
  domain: 'url.domain',
};

/** What a facet calls findings without the field. */
const MISSING: Readonly<Record<FacetField, string>> = {
  category: '',
  verdict: ATTEMPT,
  class: '',
  department: '',
  domain: '',
};

/** Ids that are asked for at once. */
const MAX_IDS = 5_000;

async function gather<T>(values: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const value of values) all.push(value);
  return all;
}

/** Reads how many an answer counted. */
export function totalOf(total: number | { value: number } | undefined): number {
  return typeof total === 'number' ? total : (total?.value ?? 0);
}

function bytesOf(base64: string): Uint8Array {
  return new Uint8Array(Buffer.from(base64, 'base64'));
}
