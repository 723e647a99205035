import type { Zone } from '../calendar/zone.ts';
import type { Thresholds } from '../policy/rules.ts';

/** What findings are gathered into visits and graded by. */
export interface VisitRules {
  /** Of the policy that the visits are graded by. */
  thresholds: Thresholds;
  /** The tenant's clock, which has the midnights. */
  zone: Zone;
  /** Hashes a text into hex digits, always as many. */
  hashId(text: string): string;
}
