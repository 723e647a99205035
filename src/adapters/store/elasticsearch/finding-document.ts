// Finding ⇄ document: the ECS document of `finding/ecs.ts`, and beside it what searches compare and sort by where the
// stored text itself will not do.
import { type EcsFinding, fromEcs, toEcs } from '../../../finding/ecs.ts';
import type { StandingFinding } from '../../../model/finding.ts';
import { departmentKey, domainKey } from '../../../search/matches.ts';

/** A finding as it is indexed. */
export interface FindingDocument extends EcsFinding {
  granska: EcsFinding['granska'] & { sort: { domain: string; department: string } };
}

/** Writes a finding as its document. */
export function toDocument(finding: StandingFinding): FindingDocument {
  const document = toEcs(finding) as FindingDocument;
  document.granska.sort = {
    domain: domainKey(finding.domain),
    department: departmentKey(finding.department),
  };
  return document;
}

/** Reads a finding from its document. */
export function fromDocument(document: FindingDocument): StandingFinding {
  return fromEcs(document);
}
