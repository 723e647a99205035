import type { ReferrerRelation } from '../model/finding.ts';
import { blankTarget, type Target } from '../model/target.ts';
import { parseTarget } from './parse-target.ts';
import { siteOf } from './site.ts';
import { unwrap } from './unwrap.ts';

/**
 * Says how a referrer relates to a target (semantics 6.3), the only thing that is kept of it. `isProtected` is asked
 * about the referrer and about whatever is wrapped in it. A referrer that cannot be read is `foreign`.
 */
export function relate(
  referrer: string | null,
  target: Target,
  isProtected: (host: Target) => boolean,
): ReferrerRelation {
  if (referrer === null) return 'notLogged';
  if (referrer === '') return 'none';
  const from = blankTarget();
  if (parseTarget(referrer, 'GET', from) === 'opaque') return 'foreign';
  if (isProtected(from) || unwrap(from).some(inner => isProtected(inner.target))) return 'protected';
  return siteOf(from.host) === siteOf(target.host) ? 'same' : 'foreign';
}
