import type { ProofCategory } from '../model/proof.ts';
import type { Policy, PolicyCategory } from '../policy/policy.ts';

/** Says of a category what people were told of it. */
export function categoryFacts(category: PolicyCategory, policy: Policy): ProofCategory {
  const { announcedFrom } = policy.content.rules.categories[category.name] ?? {};
  return {
    name: category.name,
    ...category.names,
    class: category.class,
    announced: typeof announcedFrom === 'string' ? { all: announcedFrom } : (announcedFrom ?? {}),
  };
}
