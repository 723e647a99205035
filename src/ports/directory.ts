// Directory: who has which roles, department and population, when.
import type { Population } from '../model/subject.ts';

/** What is known of one user during one interval. */
export interface DirectoryEntry {
  roles: readonly string[];
  department: string;
  population: Population;
  /** Half-open interval, milliseconds UTC; ±Infinity where it is open. */
  fromMs: number;
  toMs: number;
}

export interface Directory {
  /** Entries of a canonical user name in time order, without overlap; empty where the user is not in it. */
  entries(tenant: string, user: string): readonly DirectoryEntry[];
  /** Departments that the directory or departments file names. */
  departments(): readonly { department: string; parent: string | null; tenant: string }[];
  /** Persons in a department on a local day's first instant: what decides whether it is counted by itself. */
  size(tenant: string, department: string, atMs: number): number;
}
