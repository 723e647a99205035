import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { createRejectFiles, type RejectFiles } from '../../../src/adapters/rejects/reject-files.ts';
import { GranskaError } from '../../../src/errors.ts';

const stream = 'ab'.repeat(32);
const DAY_S = 86_400;

describe('the files of sealed rejects', () => {
  let dataDir: string;
  let files: RejectFiles;
  beforeEach(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'granska-rejects-'));
    files = createRejectFiles({ dataDir, seal: async plain => plain });
  });
  afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

  const line = (offset: number, text: string | null, code: 'fields' | 'status' = 'fields') => ({
    stream,
    offset,
    code,
    text: text === null ? null : Buffer.from(text, 'latin1'),
  });

  it('§6.4 hold one file per transaction: what is text as text, other bytes as base64, what was dropped not at all', async () => {
    const name = await files.write([line(1, null), line(7, 'räv'), line(20, 'plain', 'status')]);
    expect(name).to.equal(`${stream.slice(0, 16)}-7.age`);
    const path = join(files.folder, name!);
    const rows = readFileSync(path, 'utf8')
      .trim()
      .split('\n')
      .map(row => JSON.parse(row));
    expect(rows).to.deep.equal([
      { stream, offset: 7, code: 'fields', base64: Buffer.from('räv', 'latin1').toString('base64') },
      { stream, offset: 20, code: 'status', text: 'plain' },
    ]);
    expect(statSync(path).mode & 0o777).to.equal(0o600);
    expect(await files.write([line(1, null)])).to.equal(null);
  });

  it('tell what is wrong and leave no half file where they cannot be written', async () => {
    writeFileSync(join(dataDir, 'rejects'), 'a file where the folder should be');
    const error = await files.write([line(7, 'räv')]).then(
      () => null,
      (thrown: unknown) => thrown,
    );
    expect(error).to.be.instanceOf(GranskaError).with.property('code', 'STORE');
    expect((error as GranskaError).message).to.match(/ \((EEXIST|ENOTDIR)\)$/);

    rmSync(join(dataDir, 'rejects'));
    // A folder of the file's own name: the draft is written, and cannot take its place.
    mkdirSync(join(files.folder, `${stream.slice(0, 16)}-7.age`, 'x'), { recursive: true });
    const second = await files.write([line(7, 'räv')]).then(
      () => null,
      (thrown: unknown) => thrown,
    );
    expect(second).to.be.instanceOf(GranskaError).with.property('code', 'STORE');
    expect(readdirSync(files.folder).filter(name => name.endsWith('.tmp'))).to.deep.equal([]);
  });

  it('are the same file where a transaction is done again', async () => {
    await files.write([line(7, 'a')]);
    await files.write([line(7, 'a'), line(9, 'b')]);
    expect(readdirSync(files.folder)).to.have.length(1);
  });

  it('§6.4 are swept once they are old and nothing names them', async () => {
    const now = Date.now();
    const named = await files.write([line(1, 'a')]);
    const lost = await files.write([line(2, 'b')]);
    const fresh = await files.write([line(3, 'c')]);
    writeFileSync(join(files.folder, `${lost}.tmp`), 'half');
    writeFileSync(join(files.folder, 'notes.txt'), 'somebody else’s');
    const old = now / 1000 - 20 * DAY_S;
    for (const name of [named!, lost!, `${lost}.tmp`, 'notes.txt'])
      utimesSync(join(files.folder, name), old, old);
    files.sweep(new Set([named, null]), now - 14 * DAY_S * 1000);
    expect(readdirSync(files.folder).sort()).to.deep.equal([named, fresh, 'notes.txt'].sort());
    createRejectFiles({ dataDir: join(dataDir, 'none'), seal: async plain => plain }).sweep(new Set(), now);
  });
});
