// roster: what this stage asks of a directory. The port `Directory` has this shape; a stage does not know ports.
import type { Population } from '../model/subject.ts';

/** What is known of one user during one half-open interval. */
export interface RosterEntry {
  roles: readonly string[];
  department: string;
  population: Population;
  fromMs: number;
  toMs: number;
}

/** A department and where it belongs. */
export interface Department {
  department: string;
  /** Null where it stands directly under the tenant. */
  parent: string | null;
  tenant: string;
}

export interface Roster {
  entries(tenant: string, user: string): readonly RosterEntry[];
  departments(): readonly Department[];
  size(tenant: string, department: string, atMs: number): number;
}

/** The department of whom no file gives one. */
export const UNASSIGNED = 'unassigned';
