// signing: whoever runs the program says something and signs it (§8.4). In: the account of the operating system, the people
// of the configuration and the keys folder; out: the port `Signing`.
// Invariant: who acts is found by the account alone, never by what is typed; nothing is signed with a key that the
// configuration does not name, since nobody could verify it. No error holds a name.
import { GranskaError } from '../../errors.ts';
import type { Duty, Person } from '../../model/person.ts';
import type { People, Signing } from '../../ports/people.ts';
import { STATEMENT_SCHEMA, signedText } from '../../sign/statement.ts';
import { signText } from './ed25519.ts';
import { readPersonKey } from './person-key.ts';

export interface SigningOptions {
  /** Account of the operating system that is at work. */
  account: string;
  people: People;
  keysDir: string;
  nowMs(): number;
}

/** Creates what acts for one account. */
export function createSigning({ account, people, keysDir, nowMs }: SigningOptions): Signing {
  function person(): Person {
    const found = people.byAccount(account);
    if (found !== null) return found;
    const isNone = people.all().length === 0;
    throw new GranskaError('REFUSED', "your account is nobody's, so nothing can be done or signed by it", {
      hint: isNone
        ? 'name a file of people in granska.yaml ("people: people.yaml"), with the accounts and duties of each'
        : 'add it to the accounts of its person in people.yaml',
    });
  }

  return {
    acting(duty: Duty) {
      const found = person();
      if (found.duties.includes(duty)) return found;
      throw new GranskaError('REFUSED', `this takes the duty ${duty}, which you do not have`, {
        hint: 'whoever runs the product gives duties, in people.yaml',
      });
    },
    async sign(kind, body) {
      const { id, publicKey } = person();
      const key = readPersonKey(keysDir, id);
      if (key === null) {
        throw new GranskaError('REFUSED', 'you have no private key here, so nothing can be signed', {
          hint: 'make one with "granska people keygen --person ID", and put the line that it prints into people.yaml',
        });
      }
      if (key.publicKey !== publicKey) {
        const isNone = publicKey === null;
        const what = isNone
          ? 'people.yaml has no public key of yours'
          : 'your private key is not the one that people.yaml names';
        throw new GranskaError('REFUSED', `${what}, so nobody could verify what you sign`, {
          hint: 'put the line that "granska people keygen" printed into people.yaml, or bring the right key back',
        });
      }
      const said = { schema: STATEMENT_SCHEMA, kind, person: id, atMs: nowMs(), body } as const;
      return { ...said, signature: signText(key.privatePem, signedText(said)) };
    },
  };
}
