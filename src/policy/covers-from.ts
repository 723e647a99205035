import type { ExemptionRule } from './rules.ts';

/**
 * Gives the first local day that an exemption covers: that of its decision where that came after `validFrom`, unless the
 * decision is retroactive, and was approved as that (§5.3).
 */
export function coversFrom({ validFrom, decided, retroactive }: CoveredDays): string {
  if (retroactive !== undefined || decided === undefined) return validFrom;
  return decided > validFrom ? decided : validFrom;
}

type CoveredDays = Pick<ExemptionRule, 'validFrom' | 'decided' | 'retroactive'>;
