// `granska people keygen | list`: the keys of people who act, and what the configuration says of them (§8.4).
// Invariant: whoever makes a key makes their own, so that nobody else has ever held it; a private key is never printed.
import { EXIT, type ExitCode, GranskaError } from '../../errors.ts';
import type { People } from '../../ports/people.ts';
import type { MadeKey } from '../app.ts';
import { withoutControls } from '../display-width.ts';
import { type Io, write } from '../io.ts';
import { counted } from '../numbers.ts';
import { alignTable } from '../table.ts';

export interface PeopleDeps {
  people: People;
  /** Account of the operating system. */
  account: string;
  /** Gives a name as the directory has it. */
  canonicalName(raw: string): string;
  makePersonKey(id: string): Promise<MadeKey>;
}

/** Makes the key of whoever runs the program. Throws REFUSED where the account is not that person's, or there is a key. */
export async function runPeopleKeygen(
  options: { person: string },
  deps: PeopleDeps,
  io: Io,
): Promise<ExitCode> {
  const person = deps.people.find(deps.canonicalName(options.person));
  if (person === null) {
    throw new GranskaError('USAGE', '--person names nobody of people.yaml', {
      hint: '"granska people list" shows who is in it; add the person with accounts and duties first',
    });
  }
  if (deps.people.byAccount(deps.account)?.id !== person.id) {
    throw new GranskaError(
      'REFUSED',
      'your account is not one of this person, and each makes their own key',
      {
        hint: 'whose key it is must be the only one who ever held it: let them run this',
      },
    );
  }
  const { file, publicKey } = await deps.makePersonKey(person.id);
  await write(io.stdout, `    publicKey: ${publicKey}\n`);
  const isOther = person.publicKey !== null;
  const lines = [
    `made ${file}: only you may read it; keep a copy in a safe place`,
    'put the line above beside your accounts and duties in people.yaml',
    ...(isOther
      ? ['people.yaml has another key of yours: what was signed with that one will count for nothing']
      : []),
  ];
  await write(io.stderr, `${lines.join('\n')}\n`);
  return EXIT.done;
}

/** Prints who acts. */
export async function runPeopleList({ people }: Pick<PeopleDeps, 'people'>, io: Io): Promise<ExitCode> {
  const rows = people
    .all()
    .map(({ id, accounts, duties, publicKey }) => [
      withoutControls(id),
      withoutControls(accounts.join(', ')) || '-',
      duties.join(', '),
      publicKey === null ? 'no' : 'yes',
    ]);
  if (rows.length > 0) {
    const head = ['person', 'accounts', 'duties', 'key'];
    await write(io.stdout, `${alignTable([head, ...rows], { rightFrom: 99, indent: 0 })}\n`);
  }
  await write(io.stderr, `${counted(rows.length, 'person', 'persons')}\n`);
  return EXIT.done;
}
