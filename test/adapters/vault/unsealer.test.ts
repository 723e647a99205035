import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { createFileVault, KEY_PLACES } from '../../../src/adapters/vault/file-vault.ts';
import { createUnsealer } from '../../../src/adapters/vault/unsealer.ts';
import { GranskaError } from '../../../src/errors.ts';

const PLAIN = new TextEncoder().encode('räv');

describe('the unsealer', () => {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'granska-unseal-'));
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  const makeVault = (name: string) =>
    createFileVault({ keysDir: join(dir, name), dataDir: join(dir, 'data'), nowMs: () => 0 });
  const keyOf = (name: string) => join(dir, name, KEY_PLACES.identity);

  const refusal = (path: string): GranskaError => {
    try {
      createUnsealer(path);
    } catch (error) {
      if (error instanceof GranskaError) return error;
      throw error;
    }
    throw new Error('nothing was refused');
  };

  it('opens what the vault sealed, and says where it is sealed for another key or damaged', async () => {
    const sealed = await makeVault('keys').seal(PLAIN);
    const other = await makeVault('other').seal(PLAIN);
    const unseal = createUnsealer(keyOf('keys'));
    expect(await unseal(sealed)).to.deep.equal({ kind: 'opened', plain: PLAIN });
    expect(await unseal(other)).to.deep.equal({ kind: 'other-key' });
    const last = sealed.length - 1;
    expect(await unseal(sealed.with(last, sealed[last]! ^ 1))).to.deep.equal({ kind: 'damaged' });
    expect(await unseal(sealed.slice(0, 10))).to.deep.equal({ kind: 'damaged' });
    expect(await unseal(new Uint8Array())).to.deep.equal({ kind: 'damaged' });
  });

  it('opens by any of several identities of a file', async () => {
    const sealed = [await makeVault('keys').seal(PLAIN), await makeVault('other').seal(PLAIN)];
    const both = join(dir, 'both.key');
    writeFileSync(both, readFileSync(keyOf('keys'), 'utf8') + readFileSync(keyOf('other'), 'utf8'), {
      mode: 0o600,
    });
    const unseal = createUnsealer(both);
    for (const text of sealed) expect((await unseal(text)).kind).to.equal('opened');
  });

  it('§3.6 says who has the key where it is not there, and refuses one that others can read', async () => {
    const missing = refusal(keyOf('keys'));
    expect([missing.code, missing.exit]).to.deep.equal(['KEYS', 2]);
    expect(missing.hint).to.contain('--identity FILE');
    await makeVault('keys').seal(PLAIN);
    chmodSync(keyOf('keys'), 0o644);
    expect(refusal(keyOf('keys')).hint).to.contain('chmod 600');
  });

  it('refuses a file that holds no identity, and one that is broken, without quoting it', () => {
    for (const text of ['', 'age1abc\n', 'AGE-SECRET-KEY-1QQQ\n']) {
      const path = join(dir, 'some.key');
      writeFileSync(path, text, { mode: 0o600 });
      const error = refusal(path);
      expect(error.code).to.equal('KEYS');
      expect(error.message).to.equal(`${path} holds no age identity`);
    }
  });
});
