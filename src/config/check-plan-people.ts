// check-plan-people: who reviews and who signs a plan (§8.4). In: a plan and the people who act; out: problems at their places.
// Invariant: a plan that passes can be decided by one person and signed by another. No message repeats a name.
import type { Duty, Person } from '../model/person.ts';
import { createIdentity, type IdentityRules } from '../subject/identity.ts';
import type { Path, YamlFile } from './yaml-file.ts';

interface PlanPeople {
  reviewers: readonly string[];
  signers: readonly string[];
  persons: readonly Person[];
  identity: IdentityRules;
}

/** Checks that those who are named act, have the duty, and are two. */
export function checkPlanPeople(file: YamlFile, at: Path, plan: PlanPeople): void {
  checkDuties(file, [...at, 'reviewers'], { ...plan, names: plan.reviewers, duty: 'reviewer' });
  checkDuties(file, [...at, 'signers'], { ...plan, names: plan.signers, duty: 'signer' });
  const canonicalName = createIdentity(plan.identity);
  const reviewers = new Set(plan.reviewers.map(canonicalName));
  if (reviewers.size !== 1) return;
  for (const [index, signer] of plan.signers.entries()) {
    if (!reviewers.has(canonicalName(signer))) continue;
    file.report([...at, 'signers', index], 'is the only reviewer too: nobody signs what they decided', {
      hint: 'name another reviewer, or let another person sign',
    });
  }
}

function checkDuties(
  file: YamlFile,
  at: Path,
  { names, duty, persons, identity }: PlanPeople & { names: readonly string[]; duty: Duty },
): void {
  const canonicalName = createIdentity(identity);
  const seen = new Set<string>();
  for (const [index, name] of names.entries()) {
    const id = canonicalName(name);
    const person = persons.find(item => item.id === id);
    if (person === undefined) {
      file.report([...at, index], 'is nobody of the file of people', {
        hint: 'name it under people in granska.yaml',
      });
    } else if (!person.duties.includes(duty)) {
      file.report([...at, index], `has not the duty ${duty}`, { hint: 'give it in the file of people' });
    } else if (seen.has(id)) file.report([...at, index], 'is the same person as another one');
    seen.add(id);
  }
}
