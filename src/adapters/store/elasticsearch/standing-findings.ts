// Findings as they stand now, by id, with the place that a change must name: where a finding lies is searched, for its
// class and month never change; what it says is read by its id, which is up to date before any refresh.
import type { StandingFinding } from '../../../model/finding.ts';
import type { Overwrite } from './bulk.ts';
import type { Connection } from './connection.ts';
import { type FindingDocument, fromDocument } from './finding-document.ts';
import type { Freshness } from './freshness.ts';
import { getMany } from './get-documents.ts';
import type { IndexNames } from './index-names.ts';
import type { Searcher } from './search.ts';

export interface StandingPlace {
  finding: StandingFinding;
  index: string;
  over: Overwrite;
}

export interface StandingFindings {
  /** Gives those of these findings that are there, by id. */
  find(ids: readonly string[]): Promise<Map<string, StandingPlace>>;
}

export interface StandingFindingsOptions {
  connection: Connection;
  names: IndexNames;
  searcher: Searcher;
  freshness: Freshness;
}

/** Creates what reads findings that are to be changed. */
export function createStandingFindings(options: StandingFindingsOptions): StandingFindings {
  const { connection, names, searcher, freshness } = options;

  async function indicesOf(ids: readonly string[]): Promise<{ _index: string; _id: string }[]> {
    const values = ids.filter(id => /^[0-9a-f]{32}$/.test(id));
    await freshness.refresh(names.findings);
    const { hits } = await searcher.once(names.findings, {
      query: { ids: { values } },
      size: values.length,
      _source: false,
      track_total_hits: false,
    });
    return hits.hits.map(hit => ({ _index: hit._index, _id: hit._id! }));
  }

  return {
    async find(ids) {
      const found = new Map<string, StandingPlace>();
      const places = await indicesOf(ids);
      if (places.length === 0) return found;
      for (const doc of await getMany<FindingDocument>(connection, names.findings, { docs: places })) {
        if (!doc.found) continue;
        const over = { seqNo: doc._seq_no!, primaryTerm: doc._primary_term! };
        found.set(doc._id, { finding: fromDocument(doc._source!), index: doc._index, over });
      }
      return found;
    },
  };
}
