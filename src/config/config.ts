// Config: `granska.yaml` once it is read, with its defaults, its paths made absolute and its folders chosen.
import type { Zone } from '../calendar/zone.ts';
import type { IdentityRules } from '../subject/identity.ts';

/** Holds the configuration of one installation. Paths are absolute. */
export interface Config {
  /** The configuration file, and the folder that its paths start from. */
  file: string;
  root: string;
  /** The tenant that logs belong to unless a network says otherwise. */
  organization: string;
  zone: Zone;
  policyFile: string;
  policyTestsFile: string | null;
  directoryFile: string | null;
  networksFile: string | null;
  departmentsFile: string | null;
  listDirs: readonly string[];
  taxonomyFile: string;
  identity: IdentityRules;
  maxLineBytes: number;
  rejectsKeepDays: number;
  dataDir: string;
  keysDir: string;
}
