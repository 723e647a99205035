import type { Person } from '../../model/person.ts';
import type { People } from '../../ports/people.ts';
import { verifyStatement } from '../../sign/statement.ts';
import { verifyText } from './ed25519.ts';

/** Creates the people of a configuration, which is known to name each person, account and key once. */
export function createPeople(persons: readonly Person[]): People {
  const byId = new Map(persons.map(person => [person.id, person]));
  const byAccount = new Map(persons.flatMap(person => person.accounts.map(account => [account, person])));
  const find = (id: string) => byId.get(id) ?? null;
  return {
    all: () => persons,
    find,
    byAccount: account => byAccount.get(account.normalize('NFC')) ?? null,
    verify: statement => verifyStatement(statement, { find, verifyText }) === 'valid',
  };
}
