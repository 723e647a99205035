// The store's indices and aliases, all under one prefix. Findings lie by class and by the month (UTC) of
// `event.start` (§9.6): `granska-findings-forbidden-2026.10`. Names, rejects and sealed texts lie apart, so that
// roles can tell them apart (§6.5).

import { GranskaError } from '../../../errors.ts';
import type { Finding } from '../../../model/finding.ts';
import type { CategoryClass } from '../../../model/verdict.ts';

/** What the store keeps in one index of its own each. */
export const FIXED = [
  'meta',
  'judgements',
  'ledger',
  'usage',
  'days',
  'streams',
  'marks',
  'names',
  'name-ids',
  'rejects',
  'deadletters',
  'sealed',
  'sealed-dates',
  'versions',
] as const;
export type FixedIndex = (typeof FIXED)[number];

export interface IndexNames {
  prefix: string;
  fixed: Readonly<Record<FixedIndex, string>>;
  /** All findings, as a pattern: a reader that may not see a class gets the others. */
  findings: string;
  /** The alias of all findings, and of those of a class: for people and dashboards. */
  alias: string;
  classAlias(category: CategoryClass): string;
  /** The pattern of one class's months. */
  classPattern(category: CategoryClass): string;
  /** The index that a finding lies in. */
  month(finding: Finding): string;
  /** Tells whether an index is one that findings lie in. */
  isMonth(index: string): boolean;
}

/** Makes the names under a prefix. */
export function createIndexNames(prefix: string): IndexNames {
  // Without a hyphen: no pattern of one store can cover an index of another.
  if (!/^[a-z][a-z0-9_]{0,63}$/.test(prefix)) {
    throw new GranskaError('CONFIG', 'the prefix of the Elasticsearch store cannot be used', {
      hint: 'lower-case letters, digits and underscores, a letter first: granska',
    });
  }
  const alias = `${prefix}-findings`;
  const monthOf = createMonths();
  const classAlias = (category: CategoryClass) => `${alias}-${category}`;
  const month = new RegExp(`^${alias}-(?:questionable|forbidden)-\\d{4}\\.\\d\\d$`);
  return {
    prefix,
    fixed: Object.fromEntries(FIXED.map(name => [name, `${prefix}-${name}`])) as Record<FixedIndex, string>,
    findings: `${alias}-*`,
    alias,
    classAlias,
    classPattern: category => `${classAlias(category)}-*`,
    month: finding => `${classAlias(finding.class)}-${monthOf(finding.startMs)}`,
    isMonth: index => month.test(index),
  };
}

/** Makes what names the month (UTC) of an instant. Findings come in time order: nearly all are of the month before. */
function createMonths(): (atMs: number) => string {
  let near = { fromMs: 0, toMs: 0, name: '' };
  return atMs => {
    if (atMs >= near.fromMs && atMs < near.toMs) return near.name;
    const at = new Date(atMs);
    const [year, month] = [at.getUTCFullYear(), at.getUTCMonth()];
    const name = at.toISOString().slice(0, 7).replace('-', '.');
    near = { fromMs: Date.UTC(year, month), toMs: Date.UTC(year, month + 1), name };
    return name;
  };
}
