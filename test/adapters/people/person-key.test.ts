import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { expect } from 'chai';
import { makePersonKey, personKeyPath, readPersonKey } from '../../../src/adapters/people/person-key.ts';
import { checkKeys } from '../../../src/adapters/vault/check-keys.ts';
import type { GranskaError } from '../../../src/errors.ts';

const codeOf = (run: () => unknown): string => {
  try {
    run();
    return '';
  } catch (error) {
    return (error as GranskaError).code;
  }
};

describe('the private key of a person', () => {
  let keysDir: string;
  beforeEach(() => {
    keysDir = mkdtempSync(join(tmpdir(), 'granska-people-'));
  });
  afterEach(() => rmSync(keysDir, { recursive: true }));

  it('is made once, for its owner alone, and read again (§8.4)', () => {
    expect(readPersonKey(keysDir, 'åsa')).to.equal(null);
    const made = makePersonKey(keysDir, 'åsa');
    const path = personKeyPath(keysDir, 'åsa');
    expect([statSync(path).mode & 0o777, statSync(dirname(path)).mode & 0o777]).to.deep.equal([0o600, 0o700]);
    expect(readPersonKey(keysDir, 'åsa')).to.deep.equal(made);
    expect(readFileSync(path, 'utf8')).to.match(/^-----BEGIN PRIVATE KEY-----\n/);
    expect(codeOf(() => makePersonKey(keysDir, 'åsa'))).to.equal('REFUSED');
    expect(readPersonKey(keysDir, 'åsa')).to.deep.equal(made);
  });

  it('is not used where others may read it, or where it is no key', () => {
    makePersonKey(keysDir, 'bo');
    chmodSync(personKeyPath(keysDir, 'bo'), 0o640);
    expect(codeOf(() => readPersonKey(keysDir, 'bo'))).to.equal('KEYS');
    const found = checkKeys(keysDir, `${keysDir}-data`).map(problem => [
      basename(problem.file),
      problem.severity,
    ]);
    expect(found).to.deep.equal([['bo.key', 'error']]);
    chmodSync(personKeyPath(keysDir, 'bo'), 0o600);
    expect(checkKeys(keysDir, `${keysDir}-data`)).to.deep.equal([]);
    writeFileSync(personKeyPath(keysDir, 'bo'), 'no key');
    expect(codeOf(() => readPersonKey(keysDir, 'bo'))).to.equal('KEYS');
  });

  it('never leaves its folder, whatever somebody is called, and no two share a file', () => {
    const ids = ['../../etc/x', 'kommun\\bo', 'kommun/bo', '..', '.', 'a b', 'a%20b', 'bo', 'Bo', 'a\u0000b'];
    const paths = ids.map(id => personKeyPath(keysDir, id));
    for (const path of paths) expect(dirname(path)).to.equal(join(keysDir, 'people'));
    expect(new Set(paths).size).to.equal(ids.length);
  });
});
