// What an HR report rests on: the policy, what was done before it came into force, and the versions that judged.
import type { HrWriter } from './hr-report-writer.ts';
import type { Section } from './page.ts';
import { POPULATION_TEXT } from './populations.ts';

/** Writes the section of policy and versions. */
export function groundSection({ report, text, lang }: HrWriter): Section {
  const { ground } = text;
  const { policy, versions } = report;
  const hashes = (all: readonly string[]) =>
    all.length === 0 ? ground.none : all.map(hash => hash.slice(0, 16)).join(', ');
  return {
    heading: text.headings.ground,
    blocks: [
      {
        kind: 'facts',
        rows: [
          { label: ground.policyFrom, value: policy.from },
          { label: ground.notice, value: ground.document(policy.notice.date, policy.notice.reference) },
          {
            label: ground.negotiation,
            value: ground.document(policy.negotiation.date, policy.negotiation.reference),
          },
          {
            label: ground.reviewed,
            value: policy.reviewed.map(population => POPULATION_TEXT[lang][population]).join(', '),
          },
          { label: ground.confidence, value: text.known[policy.minimumConfidence] },
          { label: ground.smallGroup, value: ground.people(report.smallGroup) },
          { label: ground.timezone, value: report.timezone },
          { label: ground.policyVersion, value: hashes(versions.policy) },
          { label: ground.listsVersion, value: hashes(versions.lists) },
          { label: ground.directoryVersion, value: hashes(versions.directory) },
        ],
      },
    ],
  };
}
