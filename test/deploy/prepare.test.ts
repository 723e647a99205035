// deploy/prepare.sh makes secrets that differ, in a folder that is closed, and never touches one that is there.
import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';

const run = promisify(execFile);
const SCRIPT = join(import.meta.dirname, '..', '..', 'deploy', 'prepare.sh');
const PASSWORDS = [
  'granska_analyst',
  'granska_search',
  'granska_worker',
  'kibana_server',
  'kibana_session_key',
  'operator',
];

describe('deploy/prepare.sh', () => {
  let parent: string;
  let folder: string;

  before(async () => {
    parent = mkdtempSync(join(tmpdir(), 'granska-prepare-'));
    folder = join(parent, 'secrets');
    await run('bash', [SCRIPT, folder]);
  });

  after(() => rmSync(parent, { recursive: true, force: true }));

  it('makes a long password each, all different, in a folder that others cannot enter', () => {
    expect(statSync(folder).mode & 0o777).to.equal(0o700);
    const files = ['ca.crt', 'ca.key', 'elasticsearch.crt', 'elasticsearch.key'];
    expect(readdirSync(folder)).to.have.members([...PASSWORDS, ...files]);
    const passwords = PASSWORDS.map(name => readFileSync(join(folder, name), 'utf8'));
    for (const password of passwords) expect(password).to.match(/^[0-9a-f]{48}$/);
    expect(new Set(passwords).size).to.equal(PASSWORDS.length);
    expect(statSync(join(folder, 'ca.key')).mode & 0o777).to.equal(0o400);
  });

  it('makes a certificate for the names that are used, signed by its own authority', async () => {
    const place = (name: string) => join(folder, name);
    const trusted = [
      'verify',
      '-CAfile',
      place('ca.crt'),
      '-purpose',
      'sslserver',
      place('elasticsearch.crt'),
    ];
    expect((await run('openssl', trusted)).stdout).to.match(/: OK/);
    const names = ['x509', '-in', place('elasticsearch.crt'), '-noout', '-ext', 'subjectAltName'];
    const { stdout } = await run('openssl', names);
    expect(stdout).to.include('DNS:elasticsearch, DNS:localhost, IP Address:127.0.0.1');
  });

  it('changes nothing the second time', async () => {
    const contents = () => readdirSync(folder).map(name => readFileSync(join(folder, name), 'utf8'));
    const before = contents();
    expect((await run('bash', [SCRIPT, folder])).stdout).to.equal('');
    expect(contents()).to.deep.equal(before);
  });
});
