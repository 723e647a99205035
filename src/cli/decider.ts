// Who decides something at the command line, and what may be written as a reason.
import { GranskaError } from '../errors.ts';

export interface Decider {
  /** Account of the operating system. */
  account: string;
  nowMs(): number;
  /** Tells whether a text names somebody of the directory; null where there is no directory. */
  namesSomebody(text: string): boolean | null;
}

/** The longest reason. */
const MAX_SIGNS = 2000;

/** What is said of every reason that is stored. */
export const REASON_STAYS = 'the reason is kept for good and shown with the decision: no name belongs in it';

/**
 * Gives a reason as it is stored. Throws USAGE, by the name of the option it was typed in, for an empty or long one, and for
 * one that names somebody.
 */
export function requireReason(
  typed: string,
  decider: Pick<Decider, 'namesSomebody'>,
  option: '--reason' | '--remark' = '--reason',
): string {
  const reason = typed.normalize('NFC').replace(/\s+/g, ' ').trim();
  if (reason === '' || reason.length > MAX_SIGNS || /\p{Cc}/u.test(reason)) {
    throw new GranskaError('USAGE', `${option} is empty, too long or holds signs that do not print`, {
      hint: `say in up to ${MAX_SIGNS} signs why; whoever reads the decision later has nothing else`,
    });
  }
  if (decider.namesSomebody(reason) === true) {
    throw new GranskaError('USAGE', `${option} names somebody of the directory`, {
      hint: 'what is stored holds pseudonyms only: leave out names, and words that are an account, such as "head" where there is one',
    });
  }
  return reason;
}

/** Says, where there is no directory, that nobody could look for names. */
export function reasonRemarks(decider: Pick<Decider, 'namesSomebody'>): string[] {
  const isUnknown = decider.namesSomebody('') === null;
  return [REASON_STAYS, ...(isUnknown ? ['without a directory nothing could be looked for in it'] : [])];
}
