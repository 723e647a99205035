// Surroundings: what a proof has to know beside the store: folders, keys, people and lists, as they were found.
import type { StandingFinding } from '../model/finding.ts';
import type { Proof, ProofPlace } from '../model/proof.ts';

export interface Surroundings {
  store: Proof['access']['store'];
  places: readonly ProofPlace[];
  listen: string | null;
  /** Epochs that have a key or had one. */
  epochs: readonly { epoch: number; key: 'there' | 'destroyed' }[];
  privateKey: Proof['reidentify']['privateKey'];
  /** Null where there is no directory. */
  directory: { users: number; changedMs: number | null } | null;
  /** Tells whether the list image of a version is kept here. */
  hasLists(hash: string): boolean;
  /** Tells whether a text names somebody of the directory; null where there is none. */
  namesSomebody: ((text: string) => boolean) | null;
  /** Tells whether the lists of today protect the site of a finding. */
  isProtected(finding: StandingFinding): boolean;
  /** Tells whether a department was big enough to be counted by itself (§8.2); `unknown` where nothing names it now. */
  sizeOf(tenant: string, department: string, atMs: number): 'enough' | 'small' | 'unknown';
}
