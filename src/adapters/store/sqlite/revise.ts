// Later judgements → one transaction (§5.8): the first judgement of a finding as number 0, the new one after the last,
// and the finding's row, which shows the newest. Findings that were not there are created, once.
// Invariant: what a judgement says is in `judgement` before the row shows it, so that the row can be read back from there.
import type { DatabaseSync } from 'node:sqlite';
import type { Finding, StandingFinding } from '../../../model/finding.ts';
import type { Rejudged, RejudgeResult } from '../../../ports/desk-store.ts';
import type { Revision } from '../../../ports/store.ts';
import { firstRevision } from '../../../search/first-revision.ts';
import { judgedBy, type Standing, standingOf } from '../../../search/later-judgement.ts';
import { FINDING_TABLES } from './finding-row.ts';
import { bytesOfId, isId } from './hex.ts';
import { inTransaction } from './in-transaction.ts';
import { createStoreReader, readRevision } from './read-store.ts';
import { createTextWriter } from './texts.ts';
import { createFindingWriter, createVersionWriter } from './write-batch.ts';

export interface Rejudger {
  revise(batch: Rejudged): RejudgeResult;
}

/** Creates what judges anew over one connection that writes. */
export function createRejudger(db: DatabaseSync): Rejudger {
  const reader = createStoreReader(db);
  const texts = createTextWriter(db);
  const writeFindings = createFindingWriter(db, texts);
  const writeVersions = createVersionWriter(db);
  const find = db.prepare('SELECT * FROM judgement WHERE finding = ? AND revision = ?');
  const add = db.prepare(`
    INSERT INTO judgement (finding, revision, lists, policy, directory, verdict, exemptions, other_exemptions, reason,
      judged_by, judged_ms)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
  const show = {
    questionable: db.prepare(showSql('questionable')),
    forbidden: db.prepare(showSql('forbidden')),
  };

  function judge(revision: Revision): Standing {
    const { findingId } = revision;
    const finding = isId(findingId) ? reader.standingFinding(findingId) : null;
    const row = finding === null ? undefined : find.get(bytesOfId(findingId), revision.revision);
    const standing = standingOf(revision, finding, row === undefined ? null : readRevision(findingId, row));
    if (finding === null || standing !== 'next') return standing;
    if (finding.revision === 0) addJudgement(firstRevision(finding));
    addJudgement(revision);
    showJudgement(judgedBy(finding, revision));
    return standing;
  }

  function addJudgement({ findingId, revision, versions, reason, by, atMs, ...judged }: Revision): void {
    const { lists, policy, directory } = versions;
    const exemptions = [JSON.stringify(judged.exemptions), JSON.stringify(judged.otherExemptions)];
    const key = [bytesOfId(findingId), revision];
    add.run(...key, lists, policy, directory, judged.verdict, ...exemptions, reason, by, atMs);
  }

  function showJudgement({ id, versions, ...finding }: StandingFinding): void {
    const numbered = (text: string | null) => (text === null ? null : texts.numberOf(text));
    show[finding.class].run(
      finding.verdict,
      JSON.stringify(finding.exemptions),
      JSON.stringify(finding.otherExemptions),
      numbered(versions.lists),
      numbered(versions.policy),
      numbered(versions.directory),
      finding.revision,
      bytesOfId(id),
    );
  }

  function writeAll(batch: Rejudged): RejudgeResult {
    const overtaken: string[] = [];
    const sums = { next: 0, known: 0, overtaken: 0 };
    writeVersions(batch.versions);
    for (const revision of batch.revisions) {
      const standing = judge(revision);
      sums[standing]++;
      if (standing === 'overtaken') overtaken.push(revision.findingId);
    }
    const added = writeFindings(batch.findings);
    return { revised: sums.next, added, known: sums.known + batch.findings.length - added, overtaken };
  }

  return {
    revise(batch) {
      try {
        return inTransaction(db, () => writeAll(batch));
      } catch (error) {
        texts.forget();
        throw error;
      }
    },
  };
}

function showSql(category: Finding['class']): string {
  return `
    UPDATE ${FINDING_TABLES[category]} SET verdict = ?, exemptions = ?, other_exemptions = ?, lists = ?, policy = ?,
      directory = ?, revision = ? WHERE id = ?`;
}
