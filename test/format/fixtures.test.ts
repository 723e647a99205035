// A file of the odd lines that real proxies write, each made up by us in the likeness of one.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { detect } from '../../src/format/detect.ts';
import { read } from './support.ts';

const path = join(import.meta.dirname, '../fixtures/squid/mixed.log');

describe('a log of odd lines', () => {
  const bytes = new Uint8Array(readFileSync(path));
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n');

  it('is squid, and surely so', () => {
    const found = detect(bytes, 0, bytes.length);
    expect([found.format.name, found.sure, found.lines]).to.deep.equal(['squid', true, lines.length - 4]);
  });

  it('is read but for the line that was cut', () => {
    const outcomes = lines.map(line => read('squid', line).outcome);
    expect(outcomes.slice(0, 4)).to.deep.equal([
      'skip:squidguard',
      'skip:squidguard',
      'skip:empty',
      'skip:comment',
    ]);
    expect(new Set(outcomes.slice(4, -1))).to.deep.equal(new Set(['record']));
    expect(outcomes.at(-1)).to.equal('reject:truncated');
  });

  it('names these users and nobody else', () => {
    const users = lines.slice(4, -1).map(line => read('squid', line).record.user);
    expect(users.filter(user => user !== '')).to.deep.equal([
      'anna',
      '%c3%a5sa',
      'per o',
      'kommun\\\\bo',
      'CN=Agent Smith,OU=fr,O=company',
      'CN=Tom BOMBADIL,OU=fr,O=company',
    ]);
  });

  it('§2.2 tells refusals and the challenge from answers of sites', () => {
    const records = lines.slice(4, -1).map(line => read('squid', line).record);
    expect(records.filter(record => record.access === 'denied').map(record => record.status)).to.deep.equal([
      200, 403, 407,
    ]);
    expect(records.filter(record => record.isAuthChallenge)).to.have.length(1);
  });
});
