// Later judgements as documents that are created once, under the finding's id and their number (§5.8).
import type { StandingVerdict } from '../../../model/verdict.ts';
import type { Revision } from '../../../ports/store.ts';
import type { BulkAction } from './bulk.ts';
import type { Connection } from './connection.ts';
import { getDocuments } from './get-documents.ts';
import type { IndexNames } from './index-names.ts';

export interface Judgements {
  /** Gives what stands under the number of each of these; null where nothing does. */
  there(revisions: readonly Revision[]): Promise<(Revision | null)[]>;
  /** Gives all that stand of a finding, by number from the first that there is. */
  of(findingId: string): Promise<Revision[]>;
  /** Gives what creates one. */
  creation(revision: Revision): BulkAction;
}

interface JudgementDocument {
  finding: string;
  revision: number;
  versions: { lists?: string; policy?: string; directory?: string };
  verdict?: StandingVerdict;
  exemptions?: readonly string[];
  other_exemptions?: readonly string[];
  reason: string;
  by: string;
  at: number;
}

/** Judgements that are asked for at once. */
const PAGE = 10;

/** Creates what reads judgements, and says how they are written. */
export function createJudgements(connection: Connection, names: IndexNames): Judgements {
  const index = names.fixed.judgements;

  async function get(ids: readonly string[]): Promise<(Revision | null)[]> {
    const documents = await getDocuments<JudgementDocument>(connection, index, ids);
    return documents.map(document => (document === null ? null : readRevision(document)));
  }

  return {
    there: revisions => get(revisions.map(({ findingId, revision }) => idOf(findingId, revision))),
    async of(findingId) {
      const found: Revision[] = [];
      for (let start = 0; ; start += PAGE) {
        const page = await get(Array.from({ length: PAGE }, (_, n) => idOf(findingId, start + n)));
        for (const revision of page) {
          if (revision === null) return found;
          found.push(revision);
        }
      }
    },
    creation: revision => ({
      kind: 'create',
      index,
      id: idOf(revision.findingId, revision.revision),
      document: writeRevision(revision),
    }),
  };
}

function idOf(findingId: string, revision: number): string {
  return `${findingId}:${revision}`;
}

function writeRevision(revision: Revision): JudgementDocument {
  const { findingId, versions, verdict, exemptions, otherExemptions, reason, by, atMs } = revision;
  const { lists, policy, directory } = versions;
  return {
    finding: findingId,
    revision: revision.revision,
    versions: {
      ...(lists === null ? {} : { lists }),
      ...(policy === null ? {} : { policy }),
      ...(directory === null ? {} : { directory }),
    },
    ...(verdict === null ? {} : { verdict }),
    exemptions,
    other_exemptions: otherExemptions,
    reason,
    by,
    at: atMs,
  };
}

function readRevision(document: JudgementDocument): Revision {
  const { lists = null, policy = null, directory = null } = document.versions;
  return {
    findingId: document.finding,
    revision: document.revision,
    versions: { lists, policy, directory },
    verdict: document.verdict ?? null,
    exemptions: document.exemptions ?? [],
    otherExemptions: document.other_exemptions ?? [],
    reason: document.reason,
    by: document.by,
    atMs: document.at,
  };
}
