// A subject: whom a finding concerns, and how surely.

/** Says what a subject is known by. */
export type SubjectKind = 'user' | 'client' | 'none';

/** Says how surely the subject is known. */
export type Confidence = 'authenticated' | 'lease' | 'none';

/** The groups of people that the policy treats apart. */
export type Population = 'staff' | 'elected' | 'pupil' | 'public' | 'guest' | 'server' | 'unknown';

/** Lists every population, in the order in which they are shown. */
export const POPULATIONS: readonly Population[] = [
  'staff',
  'elected',
  'pupil',
  'public',
  'guest',
  'server',
  'unknown',
];

/** Holds who a record is about, at the time of the record. Names in here never reach a store unsealed. */
export interface Subject {
  tenant: string;
  kind: SubjectKind;
  confidence: Confidence;
  /** Canonical user name (kind `user`), canonical client address (kind `client`), else `''`. */
  name: string;
  /** Canonical client address, whatever the kind; `''` where the log has none. */
  client: string;
  population: Population;
  department: string;
  /** Department that counts go to: the department itself, its parent or `''` (the tenant) where it is too small. */
  countedIn: string;
  roles: readonly string[];
}
