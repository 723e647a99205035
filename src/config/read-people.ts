// The file of people → persons, and every mistake in it (§8.4). Invariant: each person, account and key stands once, whatever
// its spelling, so that nobody is two persons; a file with a mistake gives nobody. No message repeats a name.
import type { Duty, Person } from '../model/person.ts';
import { createIdentity, createSharedAccounts } from '../subject/identity.ts';
import type { Config } from './config.ts';
import { type PeopleFile, peopleSchema } from './people-schema.ts';
import { hasErrors } from './problem.ts';
import type { KnownPeople } from './read-policy.ts';
import { openFile, type Reading } from './reading.ts';
import { validate } from './validate.ts';
import type { Path, YamlFile } from './yaml-file.ts';

/** Reads who acts; nobody where no file is named, null where it has mistakes. */
export function readPeople(
  config: Pick<Config, 'peopleFile' | 'identity' | 'organization'>,
  input: Reading & { opened: KnownPeople | null },
): readonly Person[] | null {
  if (config.peopleFile === null) return [];
  const file = openFile(config.peopleFile, input);
  if (file === null) return null;
  const data = validate(peopleSchema, file);
  if (data !== null) check({ file, data, config, opened: input.opened });
  input.problems.push(...file.problems);
  if (data === null || hasErrors(file.problems)) return null;
  const canonicalName = createIdentity(config.identity);
  return data.people.map(({ id, accounts, duties, publicKey = null }) => ({
    id: canonicalName(id),
    accounts: accounts.map(account => account.normalize('NFC')),
    duties,
    publicKey,
  }));
}

interface Checking {
  file: YamlFile;
  data: PeopleFile;
  config: Pick<Config, 'identity' | 'organization'>;
  opened: KnownPeople | null;
}

function check(checking: Checking): void {
  checkIds(checking);
  checkAccounts(checking);
  checkKeys(checking);
  for (const duty of ['granter', 'signer'] as const) checkEnough(checking, duty);
}

function checkIds({ file, data, config, opened }: Checking): void {
  const canonicalName = createIdentity(config.identity);
  const isShared = createSharedAccounts(config.identity);
  const tenants = [...new Set([config.organization, ...(opened?.tenants ?? [])])];
  const directory = opened?.directory ?? null;
  const seen = new Set<string>();
  for (const [index, person] of data.people.entries()) {
    const at: Path = ['people', index, 'id'];
    const id = canonicalName(person.id);
    if (id === '') file.report(at, 'stands for nobody by the identity rules');
    else if (isShared(id)) file.report(at, 'is an account that several people use', { hint: ONE_PERSON });
    else if (seen.has(id)) {
      file.report(at, 'is the same person as another one', {
        hint: 'put all accounts of a person under one id',
      });
    } else if (directory !== null && tenants.every(tenant => directory.entries(tenant, id).length === 0)) {
      file.report(at, 'is not in the directory: whether a case is their own cannot be told', {
        hint: 'write the user name that the proxy logs for this person',
        severity: 'warning',
      });
    }
    seen.add(id);
  }
}

const ONE_PERSON = 'name accounts that one person alone uses';

function checkAccounts({ file, data, config }: Checking): void {
  const canonicalName = createIdentity(config.identity);
  const isShared = createSharedAccounts(config.identity);
  const ids = data.people.map(({ id }) => canonicalName(id));
  const seen = new Set<string>();
  const owners = new Map<string, number>();
  for (const [index, person] of data.people.entries()) {
    for (const [number, account] of person.accounts.entries()) {
      const at: Path = ['people', index, 'accounts', number];
      const name = canonicalName(account);
      // On some systems upper and lower case are the same account.
      const key = account.normalize('NFC').toLowerCase();
      if (seen.has(key)) file.report(at, 'stands here twice: an account belongs to one person');
      else if (isShared(name)) file.report(at, 'is an account that several people use', { hint: ONE_PERSON });
      else if (ids.some((id, other) => id === name && name !== ids[index] && other !== index)) {
        file.report(at, 'is the id of another person', {
          hint: 'whoever uses it would act as somebody else',
        });
      } else if ((owners.get(name) ?? index) !== index) {
        file.report(at, 'is an account of another person, by the identity rules', {
          hint: 'put all accounts of a person under one id',
        });
      }
      seen.add(key);
      if (name !== '') owners.set(name, index);
    }
  }
}

function checkKeys({ file, data }: Checking): void {
  const seen = new Set<string>();
  for (const [index, { publicKey }] of data.people.entries()) {
    if (publicKey === undefined) continue;
    if (seen.has(publicKey)) {
      file.report(['people', index, 'publicKey'], 'is the key of another person too', {
        hint: 'each makes a key of their own with `granska people keygen`',
      });
    }
    seen.add(publicKey);
  }
}

/** What takes a second person takes two who may. */
function checkEnough({ file, data }: Checking, duty: Duty): void {
  const able = data.people.filter(({ accounts, duties }) => accounts.length > 0 && duties.includes(duty));
  if (able.length >= 2) return;
  file.report(['people'], `${able.length === 0 ? 'nobody has' : 'only one person has'} the duty ${duty}`, {
    hint: 'with two, one can answer for what the other began',
    severity: 'warning',
  });
}
