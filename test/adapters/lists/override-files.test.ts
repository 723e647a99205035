import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { openCachedImage } from '../../../src/adapters/lists/cached-image.ts';
import { compileFolders } from '../../../src/adapters/lists/compile-folders.ts';
import { addOverride, hasOverride } from '../../../src/adapters/lists/override-files.ts';
import { GranskaError } from '../../../src/errors.ts';

const REMOVE = { action: 'remove', list: 'casino', what: 'chess.example' } as const;

describe('the folder of overrides (§4.3)', () => {
  let root = '';
  let overridesDir = '';
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'granska-overrides-'));
    overridesDir = join(root, 'overrides');
    mkdirSync(join(root, 'lists', 'casino'), { recursive: true });
    writeFileSync(join(root, 'lists', 'casino', 'domains'), 'casino.example\nchess.example\n');
  });
  afterEach(() => rmSync(root, { recursive: true }));

  const image = () =>
    openCachedImage({
      listDirs: [join(root, 'lists')],
      overridesDir,
      dataDir: join(root, 'data'),
      mode: 'keep',
    });

  it('may be missing, and then changes nothing', () => {
    expect(image().version).to.equal(compileFolders([join(root, 'lists')]).version);
  });

  it('gives another image as soon as a line is added, and the feed stays as it was', () => {
    const before = image();
    addOverride(overridesDir, REMOVE, 'case 1');
    const after = image();
    expect(after.version).to.not.equal(before.version);
    expect([before.entries, after.entries]).to.deep.equal([2, 1]);
    expect(after.lists[0]!.overrides).to.deep.include({ remove: ['chess.example'], removed: 1 });
    expect(after.lists[0]!.version).to.equal(before.lists[0]!.version);
    expect(readFileSync(join(root, 'lists', 'casino', 'domains'), 'utf8')).to.equal(
      'casino.example\nchess.example\n',
    );
  });

  it('is asked for what was added, and holds it once', () => {
    expect(hasOverride(overridesDir, REMOVE)).to.equal(false);
    addOverride(overridesDir, REMOVE, 'case 1');
    addOverride(overridesDir, REMOVE, 'case 2');
    addOverride(overridesDir, { ...REMOVE, what: 'b.example' }, 'case 3');
    expect(hasOverride(overridesDir, REMOVE)).to.equal(true);
    expect(hasOverride(overridesDir, { ...REMOVE, action: 'never' })).to.equal(false);
    expect(readFileSync(join(overridesDir, 'remove'), 'utf8')).to.equal(
      'casino,chess.example   # case 1\ncasino,b.example   # case 3\n',
    );
  });

  it('takes what people wrote there, whose last line may lack its end', () => {
    mkdirSync(overridesDir);
    writeFileSync(join(overridesDir, 'remove'), '# ours\ncasino,casino.example');
    addOverride(overridesDir, REMOVE, 'case 1');
    expect(image().entries).to.equal(0);
  });

  it('refuses a line that cannot be used, with its place', () => {
    mkdirSync(overridesDir);
    writeFileSync(join(overridesDir, 'never'), '\ncasnio,chess.example\n');
    expect(image)
      .to.throw(GranskaError, /never, line 2 cannot be used: there is no list of that name/)
      .with.property('code', 'LISTS');
  });

  it('says so where it cannot be written', () => {
    writeFileSync(overridesDir, 'a file');
    expect(() => addOverride(overridesDir, REMOVE, 'case 1'))
      .to.throw(GranskaError, 'cannot be written')
      .with.property('code', 'LISTS');
  });
});
