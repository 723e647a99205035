// People who act, and what they sign (§8.4).
import type { Duty, Person } from '../model/person.ts';
import type { Statement } from '../model/statement.ts';

export interface People {
  all(): readonly Person[];
  find(id: string): Person | null;
  byAccount(account: string): Person | null;
  /** Tells whether a statement was signed by the person that it names. */
  verify(statement: Statement): boolean;
}

/** Acts for whoever runs the program. */
export interface Signing {
  /** Gives the person who acts; throws REFUSED where the account is nobody's or the duty is not theirs. */
  acting(duty: Duty): Person;
  /** Signs with the key of the person who acts; throws REFUSED where there is none that fits. */
  sign(kind: string, body: Readonly<Record<string, unknown>>): Promise<Statement>;
}
