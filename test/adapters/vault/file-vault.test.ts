import { execFile } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { generateIdentity, identityToRecipient } from 'age-encryption';
import { expect } from 'chai';
import { checkKeys } from '../../../src/adapters/vault/check-keys.ts';
import { createFileVault } from '../../../src/adapters/vault/file-vault.ts';
import { hmacSha256 } from '../../../src/adapters/vault/hmac-sha256.ts';
import { GranskaError } from '../../../src/errors.ts';
import { unseal } from './unseal.ts';

const PLAIN = '{"u26-x":"åsa öberg"}';
const bytes = (text: string) => new TextEncoder().encode(text);

describe('the vault of files', () => {
  let root = '';
  let keysDir = '';
  let dataDir = '';
  let made: [string, string][] = [];
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'granska-vault-'));
    keysDir = join(root, 'keys');
    dataDir = join(root, 'data');
    made = [];
  });
  afterEach(() => rmSync(root, { recursive: true }));

  const open = (changed: { keysDir?: string; dataDir?: string } = {}) =>
    createFileVault({
      ...{ keysDir, dataDir, ...changed },
      nowMs: () => Date.parse('2026-11-25T10:00:00Z'),
      onMade: (path, advice) => made.push([path.slice(keysDir.length + 1), advice]),
    });
  const modeOf = (name: string) => statSync(join(keysDir, name)).mode & 0o777;
  const write = (name: string, content: string, mode = 0o600) => {
    mkdirSync(join(keysDir, name, '..'), { recursive: true, mode: 0o700 });
    writeFileSync(join(keysDir, name), content, { mode });
    chmodSync(join(keysDir, name), mode);
  };
  const errorOf = async (act: () => unknown): Promise<GranskaError> => {
    try {
      await act();
    } catch (error) {
      expect(error).to.be.instanceOf(GranskaError);
      return error as GranskaError;
    }
    throw new Error('nothing was refused');
  };

  it('§3.6 seals for the private key that it made, and tells where to take it', async () => {
    const sealed = await open().seal(bytes(PLAIN));
    expect(Buffer.from(sealed).toString('latin1')).to.match(/^age-encryption\.org\/v1\n/);
    expect(Buffer.from(sealed).includes('berg')).to.equal(false);
    expect(await unseal(sealed, readFileSync(join(keysDir, 'private/seal.key'), 'utf8'))).to.equal(PLAIN);
    expect(made.map(([path]) => path)).to.deep.equal(['private/seal.key', 'seal.pub']);
    expect(made[0]![1]).to.match(/^move the folder private\//);
  });

  it('§3.6 makes keys that only their owner may read', async () => {
    const vault = open();
    await vault.prepare();
    vault.epochKey(2026);
    for (const name of ['audit.key', 'epochs/2026.key', 'private/seal.key'])
      expect(modeOf(name)).to.equal(0o600);
    for (const name of ['', 'epochs', 'private']) expect(modeOf(name)).to.equal(0o700);
    expect(checkKeys(keysDir, dataDir)).to.deep.equal([]);
  });

  it('writes the private key as age-keygen does', async () => {
    await open().prepare();
    const recipient = readFileSync(join(keysDir, 'seal.pub'), 'utf8').trim();
    const [created, pub, identity, end] = readFileSync(join(keysDir, 'private/seal.key'), 'utf8').split('\n');
    expect(created).to.equal('# created: 2026-11-25T10:00:00Z');
    expect(pub).to.equal(`# public key: ${recipient}`);
    expect(await identityToRecipient(identity!)).to.equal(recipient);
    expect(end).to.equal('');
  });

  it('§3.6 neither needs nor reads the private key once the public one is there', async () => {
    const identity = await generateIdentity();
    write('seal.pub', `${await identityToRecipient(identity)}\n`, 0o644);
    expect(await unseal(await open().seal(bytes(PLAIN)), identity)).to.equal(PLAIN);
    expect(existsSync(join(keysDir, 'private'))).to.equal(false);
    write('private/seal.key', 'no key at all', 0o644);
    expect(await unseal(await open().seal(bytes(PLAIN)), identity)).to.equal(PLAIN);
    expect(made).to.deep.equal([]);
  });

  it('makes the public key from the private one where a crash came between them', async () => {
    await open().prepare();
    const recipient = readFileSync(join(keysDir, 'seal.pub'), 'utf8');
    rmSync(join(keysDir, 'seal.pub'));
    await open().prepare();
    expect(readFileSync(join(keysDir, 'seal.pub'), 'utf8')).to.equal(recipient);
  });

  it('seals what is empty, and what is longer than one block of age', async () => {
    const vault = open();
    for (const text of ['', 'x'.repeat(200_000)]) {
      const sealed = await vault.seal(bytes(text));
      expect(await unseal(sealed, readFileSync(join(keysDir, 'private/seal.key'), 'utf8'))).to.equal(text);
    }
  });

  it('§3.5 makes an epoch key once and gives it again', () => {
    const key = open().epochKey(2026)!;
    expect(key).to.have.length(32);
    expect(open().epochKey(2026)).to.deep.equal(key);
    expect(open().epochKey(2025)).not.to.deep.equal(key);
    expect(made.map(([path]) => path)).to.deep.equal(['epochs/2026.key', 'epochs/2025.key']);
    expect(readdirSync(join(keysDir, 'epochs')).sort()).to.deep.equal(['2025.key', '2026.key']);
  });

  it('§3.5 has no key for an epoch that was destroyed, and makes none', () => {
    write('epochs/2024.destroyed', '');
    write('epochs/2024.key', `${'ab'.repeat(32)}\n`);
    const vault = open();
    expect(vault.isDestroyed(2024)).to.equal(true);
    expect(vault.epochKey(2024)).to.equal(null);
    expect(vault.isDestroyed(2025)).to.equal(false);
    expect(readdirSync(join(keysDir, 'epochs'))).not.to.include('2025.key');
  });

  it('gives one audit key, kept over restarts', () => {
    expect(open().auditKey()).to.deep.equal(open().auditKey());
    expect(open().auditKey()).to.have.length(32);
  });

  it('gives the same keys to processes that start at the same time', async () => {
    const program = `
      import { createFileVault } from ${JSON.stringify(new URL('../../../src/adapters/vault/file-vault.ts', import.meta.url).href)};
      const vault = createFileVault({ keysDir: ${JSON.stringify(keysDir)}, dataDir: ${JSON.stringify(dataDir)}, nowMs: () => 0 });
      await vault.prepare();
      process.stdout.write(Buffer.from(vault.epochKey(2026)).toString('hex') + Buffer.from(vault.auditKey()).toString('hex'));
      process.stdout.write(Buffer.from(await vault.seal(new TextEncoder().encode('x'))).toString('hex').replace(/^/, ' '));`;
    const run = () => promisify(execFile)(process.execPath, ['--input-type=module', '-e', program]);
    const said = (await Promise.all([run(), run(), run()])).map(({ stdout }) => stdout.split(' '));
    expect(new Set(said.map(([keys]) => keys)).size).to.equal(1);
    const identity = readFileSync(join(keysDir, 'private/seal.key'), 'utf8');
    for (const [, sealed] of said) expect(await unseal(Buffer.from(sealed!, 'hex'), identity)).to.equal('x');
    expect(readdirSync(keysDir).sort()).to.deep.equal(['audit.key', 'epochs', 'private', 'seal.pub']);
  });

  it('refuses keys that others may read, and says what to do', async () => {
    open().epochKey(2026);
    const path = join(keysDir, 'epochs/2026.key');
    for (const mode of [0o640, 0o604, 0o620]) {
      chmodSync(path, mode);
      const error = await errorOf(() => open().epochKey(2026));
      expect(error).to.include({ code: 'KEYS', exit: 2, hint: `chmod 600 ${path}` });
    }
    expect(checkKeys(keysDir, dataDir).map(problem => problem.message)).to.deep.equal([
      'can be read or written by others',
    ]);
  });

  it('refuses damaged keys and never makes new ones over them', async () => {
    for (const content of ['', 'abc', 'ab'.repeat(31), 'zz'.repeat(32)]) {
      write('epochs/2026.key', content);
      expect((await errorOf(() => open().epochKey(2026))).code).to.equal('KEYS');
      expect(readFileSync(join(keysDir, 'epochs/2026.key'), 'utf8')).to.equal(content);
    }
    write('seal.pub', 'age1nothing\n', 0o644);
    expect((await errorOf(() => open().seal(bytes('x')))).code).to.equal('KEYS');
    expect(existsSync(join(keysDir, 'private'))).to.equal(false);
    expect(checkKeys(keysDir, dataDir).map(problem => problem.file.slice(keysDir.length + 1))).to.deep.equal([
      'epochs/2026.key',
      'seal.pub',
    ]);
  });

  const NESTED: readonly [string, string, string][] = [
    ['keys', 'keys', 'keys and data have the same folder'],
    ['data/keys', 'data', 'the keys folder lies in the data folder'],
    ['keys', 'keys/data/deep', 'the data folder lies in the keys folder'],
    ['link/keys', 'data', 'the keys folder lies in the data folder'],
  ];
  for (const [keys, data, message] of NESTED) {
    it(`§3.6 refuses keys in ${keys} with data in ${data}`, async () => {
      mkdirSync(dataDir);
      symlinkSync(dataDir, join(root, 'link'));
      const places = { keysDir: join(root, keys), dataDir: join(root, data) };
      expect(await errorOf(() => open(places))).to.include({ code: 'KEYS', message });
      expect(checkKeys(places.keysDir, places.dataDir).map(problem => problem.message)).to.include(message);
    });
  }

  it('takes folders that only begin alike for folders apart', () => {
    expect(checkKeys(join(root, 'data-keys'), dataDir)).to.deep.equal([]);
    expect(checkKeys(join(root, '..keys'), root)).to.have.length(1);
  });

  it('§3.6 finds a private key among the others, open private keys and folders that others may write in', async () => {
    await open().prepare();
    chmodSync(join(keysDir, 'private/seal.key'), 0o644);
    writeFileSync(join(keysDir, 'seal.key'), 'x');
    chmodSync(keysDir, 0o770);
    expect(checkKeys(keysDir, dataDir).map(({ message }) => message)).to.deep.equal([
      'can be written in by others',
      'can be read or written by others',
      'lies among the keys that a worker reads',
    ]);
  });

  it('§3.6 finds nothing wrong where the private folder was taken away', async () => {
    await open().prepare();
    renameSync(join(keysDir, 'private'), join(root, 'elsewhere'));
    expect(checkKeys(keysDir, dataDir)).to.deep.equal([]);
    await open().seal(bytes(PLAIN));
    expect(existsSync(join(keysDir, 'private'))).to.equal(false);
  });

  it('says which folder it cannot use', async () => {
    writeFileSync(keysDir, 'a file');
    expect((await errorOf(() => open().epochKey(2026))).code).to.equal('KEYS');
    expect(checkKeys(keysDir, dataDir).map(problem => problem.message)).to.deep.equal(['is no folder']);
  });

  it('makes keyed hashes as RFC 4231 has them', () => {
    const digest = hmacSha256(Buffer.from('Jefe'), 'what do ya want for nothing?');
    expect(Buffer.from(digest).toString('hex')).to.equal(
      '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
    );
  });
});
