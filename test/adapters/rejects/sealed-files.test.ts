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
import { createSealedFiles } from '../../../src/adapters/rejects/sealed-files.ts';
import { GranskaError } from '../../../src/errors.ts';
import type { SealedTexts } from '../../../src/ports/sealed-texts.ts';

const NAME = 'abababababababab-7.age';
const text = (of: string) => new TextEncoder().encode(of);

describe('sealed texts in files', () => {
  let dataDir: string;
  let folder: string;
  let files: SealedTexts;
  beforeEach(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'granska-sealed-'));
    folder = join(dataDir, 'rejects');
    files = createSealedFiles({ folder });
  });
  afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

  const refusal = async (run: () => Promise<unknown>): Promise<unknown> => {
    try {
      await run();
      return null;
    } catch (error) {
      return error;
    }
  };

  it('§6.4 can be read by their owner only, and come back as they were', async () => {
    await files.write(NAME, text('sealed'));
    expect(files.place).to.equal(folder);
    expect(statSync(join(folder, NAME)).mode & 0o777).to.equal(0o600);
    expect(statSync(folder).mode & 0o777).to.equal(0o700);
    expect(await files.read(NAME)).to.deep.equal(text('sealed'));
    expect(await files.read('abababababababab-8.age')).to.equal(null);
  });

  it('are replaced where a transaction is done again', async () => {
    await files.write(NAME, text('first'));
    await files.write(NAME, text('second'));
    expect(readdirSync(folder)).to.deep.equal([NAME]);
    expect(await files.read(NAME)).to.deep.equal(text('second'));
  });

  it('tell what is wrong and leave no half file where they cannot be written', async () => {
    writeFileSync(folder, 'a file where the folder should be');
    const error = await refusal(() => files.write(NAME, text('sealed')));
    expect(error).to.be.instanceOf(GranskaError).with.property('code', 'STORE');
    expect((error as GranskaError).message).to.match(/ \((EEXIST|ENOTDIR)\)$/);

    rmSync(folder);
    // A folder of the file's own name: the draft is written, and cannot take its place.
    mkdirSync(join(folder, NAME, 'x'), { recursive: true });
    const second = await refusal(() => files.write(NAME, text('sealed')));
    expect(second).to.be.instanceOf(GranskaError).with.property('code', 'STORE');
    expect(readdirSync(folder)).to.deep.equal([NAME]);
  });

  it('go by their own names only: whatever a store says, no other file is read, written or deleted', async () => {
    mkdirSync(folder);
    const outside = join(dataDir, 'granska.db');
    writeFileSync(outside, 'the store');
    writeFileSync(join(folder, 'notes.txt'), 'somebody else’s');
    for (const name of ['../granska.db', 'notes.txt', `x/${NAME}`, `${NAME}/../../granska.db`]) {
      expect(await files.read(name), name).to.equal(null);
      await files.remove([name]);
      expect(await refusal(() => files.write(name, text('x')))).to.be.instanceOf(TypeError);
    }
    expect(readFileSync(outside, 'utf8')).to.equal('the store');
    expect(readdirSync(folder)).to.deep.equal(['notes.txt']);
  });

  it('name what is older than an instant, drafts of a crash among them, and nothing that is not theirs', async () => {
    expect(await files.olderThan(Date.now())).to.deep.equal([]);
    const names = [NAME, 'abababababababab-8-2.age', 'abababababababab-9-1f0a93bc-dead.age'];
    for (const name of [...names, 'abababababababab-99.age']) await files.write(name, text('sealed'));
    writeFileSync(join(folder, `${NAME}.tmp`), 'half');
    writeFileSync(join(folder, 'notes.txt'), 'somebody else’s');
    for (const name of [...names, `${NAME}.tmp`, 'notes.txt']) utimesSync(join(folder, name), 1_000, 1_000);
    const old = await files.olderThan(2_000_000);
    expect(old).to.deep.equal([NAME, `${NAME}.tmp`, ...names.slice(1)].sort());
    await files.remove([...old, 'abababababababab-1.age']);
    expect(readdirSync(folder).sort()).to.deep.equal(['abababababababab-99.age', 'notes.txt']);
  });
});
