// Which findings of a batch are there already, over both classes and all months (§9.5). The id of a finding follows
// from its stream and place (§5.1), so what lies beyond the last place that a stream has findings at is new, and costs
// nothing to ask. What does not is looked up by id: a second reading, or one that goes on after a break. In the same
// index the server itself refuses an id twice; this is for a list or a policy that has moved a finding to the other
// class, or a format that has moved it to another month.
import type { Finding } from '../../../model/finding.ts';
import type { Connection } from './connection.ts';
import type { Freshness } from './freshness.ts';
import type { IndexNames } from './index-names.ts';
import type { Searcher } from './search.ts';

export interface KnownFindings {
  /** Gives the findings of a batch that may be created, each id once; notes that they will have been. */
  newOf(findings: readonly Finding[]): Promise<Finding[]>;
  /** Gives those of these ids that are there, in whatever class and month. */
  existing(ids: readonly string[]): Promise<Set<string>>;
  /** Forgets where streams end: another worker may have read on meanwhile. */
  forget(streamIds: readonly string[]): void;
}

/** Streams whose last place is remembered. */
const MAX_STREAMS = 10_000;
/** Ids that are looked for at once. */
const MAX_IDS = 10_000;
const MAX_ASKED_STREAMS = 1_000;

/** Creates the memory of one store that writes. */
export function createKnownFindings(options: {
  connection: Connection;
  names: IndexNames;
  searcher: Searcher;
  freshness: Freshness;
}): KnownFindings {
  const { names, searcher, freshness } = options;
  /** The greatest offset of a stream's findings; -1 where it has none. */
  const lastOffsets = new Map<string, number>();

  async function learn(streamIds: readonly string[]): Promise<void> {
    if (streamIds.length === 0) return;
    await freshness.refresh(names.findings);
    for (let start = 0; start < streamIds.length; start += MAX_ASKED_STREAMS) {
      const asked = streamIds.slice(start, start + MAX_ASKED_STREAMS);
      const { aggregations } = await searcher.once(names.findings, {
        size: 0,
        query: { terms: { 'granska.stream.id': asked } },
        aggs: {
          streams: {
            terms: { field: 'granska.stream.id', size: asked.length },
            aggs: { last: { max: { field: 'log.offset' } } },
          },
        },
      });
      const found = (aggregations?.streams ?? { buckets: [] }) as unknown as {
        buckets: { key: string; last: { value: number } }[];
      };
      const lasts = new Map(found.buckets.map(bucket => [bucket.key, bucket.last.value]));
      for (const id of asked) lastOffsets.set(id, lasts.get(id) ?? -1);
    }
  }

  async function existing(ids: readonly string[]): Promise<Set<string>> {
    const known = new Set<string>();
    if (ids.length === 0) return known;
    await freshness.ensure(names.findings);
    for (let start = 0; start < ids.length; start += MAX_IDS) {
      const values = ids.slice(start, start + MAX_IDS);
      const { hits } = await searcher.once(names.findings, {
        query: { ids: { values } },
        size: values.length,
        _source: false,
        track_total_hits: false,
      });
      for (const hit of hits.hits) known.add(hit._id!);
    }
    return known;
  }

  return {
    existing,
    async newOf(findings) {
      const unique = new Map<string, Finding>();
      for (const finding of findings) if (!unique.has(finding.id)) unique.set(finding.id, finding);
      const candidates = [...unique.values()];
      const streams = new Set(candidates.map(finding => finding.stream));
      if (lastOffsets.size + streams.size > MAX_STREAMS) lastOffsets.clear();
      await learn([...streams].filter(id => !lastOffsets.has(id)));
      const asked = candidates.filter(finding => finding.offset <= lastOffsets.get(finding.stream)!);
      const known = await existing(asked.map(finding => finding.id));
      for (const { stream, offset } of candidates) {
        if (offset > lastOffsets.get(stream)!) lastOffsets.set(stream, offset);
      }
      return known.size === 0 ? candidates : candidates.filter(finding => !known.has(finding.id));
    },
    forget(streamIds) {
      for (const id of streamIds) lastOffsets.delete(id);
    },
  };
}
