// All exemptions of an installation with where each stands: those of `policy.yaml`, then those that were granted in the product.
import type { Decision, WrittenExemption } from '../policy/decisions.ts';
import { isVoid } from '../policy/fold-decisions.ts';
import type { CheckedDecisions } from './check-decisions.ts';
import type { YamlFile } from './yaml-file.ts';

/** An exemption and its place. */
export interface PlacedExemption {
  exemption: WrittenExemption;
  /** The file as the user would name it. */
  file: string;
  line: number;
  /** Number of the decision that granted it; null where it stands in the policy file. */
  decision: number | null;
  /** True where it was ended before it began: it is no part of the policy. */
  isVoid: boolean;
}

/** Everything that exempts, and the decisions that were made in the product. */
export interface Exemptions {
  all: readonly PlacedExemption[];
  decisions: readonly Decision[];
}

/** Places the exemptions of a policy file and those of decisions. */
export function placeExemptions(
  file: Pick<YamlFile, 'name' | 'placeOf'>,
  written: readonly WrittenExemption[],
  checked: CheckedDecisions | null,
): Exemptions {
  const own = written.map((exemption, index) => ({
    ...{ exemption, file: file.name, line: file.placeOf(['exemptions', index]).line },
    ...{ decision: null, isVoid: false },
  }));
  const granted = (checked?.folded.exemptions ?? []).map(item => ({
    ...{ exemption: item.exemption, file: checked?.file ?? '', line: item.granted },
    ...{ decision: item.granted, isVoid: isVoid(item) },
  }));
  return { all: [...own, ...granted], decisions: checked?.decisions ?? [] };
}
