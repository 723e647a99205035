// `granska init [DIR]`: a commented configuration for somebody's own installation.
// In: a folder and the program's own neutral configuration; out: files, empty lists and keys, and what to do next.
// Invariant: nothing that exists is ever overwritten, and `granska check --config DIR` finds no mistake in the result.
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { EXIT, type ExitCode, GranskaError } from '../../errors.ts';
import { type Io, write } from '../io.ts';

export interface InitOptions {
  /** The folder to make, as the user named it. */
  dir: string;
  /** The program's folder, which holds the neutral `config/` and `categories/`. */
  packageRoot: string;
  /** Makes the keys in a folder (the vault does it). */
  makeKeys(keysDir: string): void | Promise<void>;
}

const DIRECTORY_HEADER = 'user,roles,department,population,validFrom,validThrough\n';
const NETWORKS_HEADER = 'cidr,tenant,population,department,shared,persons,validFrom,validThrough\n';
const DEPARTMENTS_HEADER = 'department,parent,tenant\n';

const IGNORED = '# What holds findings, names or keys is not for version control.\n/data/\n/keys/\n';

const TESTS = `# Tests of the policy: this user, this URL, this time, expect this verdict. \`granska check\` runs them.
# Verdicts: examine, exempt, attempt, none, protected, unreviewed, unannounced. \`at\` is by the local clock.
version: 1
tests: []
#  - name: social investigators may look at gambling
#    user: anna
#    url: https://casino.example/
#    at: 2026-10-05T10:00
#    expect: { verdict: exempt, category: gambling, exemption: E-1 }
`;

const PEOPLE = `# People who act. Once somebody is in it, set \`people: people.yaml\` in granska.yaml. Each makes their own key with
# \`granska people keygen --person ID\`, and puts the line that it prints here.
# Duties: analyst (asks to open a case), granter (answers), reviewer, signer, hr, dpo, registrar, operator.
version: 1
people: []
#  - id: anna                        # user name in the directory
#    accounts: [anna, anna-admin]    # all her accounts of the operating system: two accounts are one person
#    duties: [analyst, reviewer]
#    publicKey: …                    # 44 signs
#  - id: bo
#    accounts: [bo]
#    duties: [granter, signer]
`;

const LICENCE = 'licence: our own\nsource: compiled by this organization\n';

/** Makes a configuration folder; throws USAGE where any of its files exists. */
export async function runInit(options: InitOptions, io: Pick<Io, 'stdout'>): Promise<ExitCode> {
  const { dir, packageRoot } = options;
  const files = filesOf(packageRoot);
  refuseOverwriting(dir, files);
  for (const [name, content] of files) {
    mkdirSync(dirname(join(dir, name)), { recursive: true });
    writeFileSync(join(dir, name), content, { flag: 'wx' });
  }
  await options.makeKeys(join(dir, 'keys'));
  await write(io.stdout, nextSteps(dir));
  return EXIT.done;
}

/** Gives every file by its name: the neutral configuration with its paths, and one empty list for each of its own. */
function filesOf(packageRoot: string): Map<string, string> {
  const shipped = (name: string) => readFileSync(join(packageRoot, name), 'utf8');
  const files = new Map([
    ['granska.yaml', ownSettings(shipped('config/granska.yaml'))],
    ['policy.yaml', shipped('config/policy.yaml')],
    ['policy.tests.yaml', TESTS],
    ['directory.csv', DIRECTORY_HEADER],
    ['networks.csv', NETWORKS_HEADER],
    ['departments.csv', DEPARTMENTS_HEADER],
    ['people.yaml', PEOPLE],
    ['.gitignore', IGNORED],
    [join('categories', 'taxonomy.yaml'), shipped('categories/taxonomy.yaml')],
  ]);
  for (const list of foldersOf(join(packageRoot, 'categories'))) {
    files.set(join('categories', list, 'domains'), '');
    files.set(join('categories', list, 'licence.txt'), LICENCE);
  }
  return files;
}

function foldersOf(dir: string): string[] {
  return readdirSync(dir)
    .filter(name => statSync(join(dir, name)).isDirectory())
    .sort();
}

/** Turns the neutral settings into those of a folder that stands by itself. */
function ownSettings(neutral: string): string {
  return neutral
    .replace(
      /^# Granska: where things are[\s\S]*?# Every key/,
      '# Granska: where things are. Paths are relative to this file.\n# Every key',
    )
    .replaceAll('../categories', 'categories')
    .replace(/^# data: .*$/m, 'data: data')
    .replace(/^# keys: .*$/m, 'keys: keys');
}

function refuseOverwriting(dir: string, files: ReadonlyMap<string, string>): void {
  const existing = [...files.keys()].find(name => existsSync(join(dir, name)));
  if (existing === undefined) return;
  throw new GranskaError('USAGE', `${join(dir, existing)} exists already, and nothing was changed`, {
    hint: 'name a folder that is empty or does not exist yet',
  });
}

function nextSteps(dir: string): string {
  return `Made a configuration in ${dir}. Next:
  1. Name your organization in ${join(dir, 'granska.yaml')}; fill directory.csv and networks.csv, then uncomment them there.
  2. Put your lists into ${join(dir, 'categories')}, one folder each, and say in policy.yaml since when they are announced.
  3. Move ${join(dir, 'keys', 'private')} to a safe place: only who may see names needs it.
  4. granska check --config ${dir}
  5. granska scan LOG --config ${dir}
`;
}
