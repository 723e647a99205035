// What a policy is checked against: everything that its words can name.
import type { Zone } from '../calendar/zone.ts';
import type { Taxonomy } from '../policy/rules.ts';
import type { Directory } from '../ports/directory.ts';

/** What a policy is checked against. */
export interface PolicyContext {
  /** Null where the taxonomy itself cannot be read: then nothing is said about it. */
  taxonomy: Taxonomy | null;
  /** Names of the lists that there are; null where that is not known. */
  lists: readonly string[] | null;
  zone: Zone;
  /** Today's local day; absent where nobody asked the clock. */
  today?: string | undefined;
  directory: Directory | null;
  /** Departments that the directory, departments or networks files name. */
  departments: readonly string[];
  /** Organizations of the installation, the configured one first. */
  tenants: readonly string[];
  canonicalName(raw: string): string;
  /** Tells whether a host is a bare public suffix. */
  isPublicSuffix(host: string): boolean;
}
