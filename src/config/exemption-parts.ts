// What the checks of one exemption share: its valid parts, what they are held against, and who of the directory was there then.
import type { WrittenExemption } from '../policy/decisions.ts';
import type { DirectoryEntry } from '../ports/directory.ts';
import type { PolicyContext } from './policy-context.ts';
import type { Problem } from './problem.ts';

/** What is valid of one exemption; what is missing or wrong the schema has reported. */
export type ExemptionParts = Partial<WrittenExemption>;

/** What an exemption is checked against: the policy's context and the names that the policy itself has. */
export interface ExemptionContext extends PolicyContext {
  categories: readonly string[];
  roles: readonly string[];
  /** True for what was decided in the product before: it was held to the installation of that day, and stays written. */
  isDecided?: boolean;
}

/**
 * Says how grave it is that an exemption does not fit the installation any more: people move, departments and categories
 * go. In a file that can be put right; a decision that was made cannot, and nothing else may stop for it.
 */
export function severityOfMisfit({ isDecided }: ExemptionContext): Problem['severity'] {
  return isDecided === true ? 'warning' : 'error';
}

/** Gives the directory's entries of a name, in every organization. */
export function entriesOf(name: string, { directory, tenants }: ExemptionContext): readonly DirectoryEntry[] {
  return tenants.flatMap(tenant => directory?.entries(tenant, name) ?? []);
}

/** Tells whether an entry holds at some time of an exemption's validity. */
export function overlaps(entry: DirectoryEntry, rule: ExemptionParts, { zone }: ExemptionContext): boolean {
  const fromMs = rule.validFrom === undefined ? -Infinity : zone.startOfDayMs(rule.validFrom);
  const toMs =
    rule.validThrough === undefined ? Infinity : zone.startOfDayMs(zone.nextDay(rule.validThrough));
  return entry.fromMs < toMs && entry.toMs > fromMs;
}
