import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect } from 'chai';
import { compileFolders } from '../../../src/adapters/lists/compile-folders.ts';
import { findLists, readPieces } from '../../../src/adapters/lists/folder.ts';
import { loadImageFile, writeImageFile } from '../../../src/adapters/lists/image-file.ts';
import { createMatcher } from '../../../src/category/matcher.ts';
import { type ErrorCode, GranskaError } from '../../../src/errors.ts';
import { target } from '../../category/support.ts';

describe('lists on the disk', () => {
  let root: string;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'granska-lists-'));
  });

  afterEach(() => rmSync(root, { recursive: true, force: true }));

  function put(files: Record<string, string>): void {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(root, name)), { recursive: true });
      writeFileSync(join(root, name), text);
    }
  }

  function failure(act: () => unknown): { code: ErrorCode; text: string } {
    try {
      act();
    } catch (error) {
      if (error instanceof GranskaError) return { code: error.code, text: `${error.message} ${error.hint}` };
      throw error;
    }
    throw new Error('nothing was refused');
  }

  function found(...paths: string[]): string[] {
    return findLists(paths.map(path => join(root, path))).map(
      ({ name, files }) => `${name}: ${files.map(file => `${file.name} ${file.kind}`).join(', ')}`,
    );
  }

  it('are the folders in a folder, in order of name, with the files of squidGuard', () => {
    put({
      'b/domains': 'b.example\n',
      'a/urls': 'a.example/x\n',
      'a/domains': '',
      'a/expressions': 'x\n',
      'a/very_restrictive': 'x\n',
      'a/licence.txt': 'licence: CC0\n',
      'a/README.txt': 'text\n',
      'empty/notes': 'none\n',
      '.hidden/domains': 'h.example\n',
      'a/.domains.swp': 'x',
    });
    expect(found('.')).to.deep.equal([
      'a: domains entries, expressions expressions, urls entries',
      'b: domains entries',
    ]);
  });

  it('are a folder that is itself a list, or a file, alone or beside others', () => {
    put({
      'x/domains': 'a.example\n',
      'loose/ads.hosts': '0.0.0.0 a.example\n',
      'loose/list/more.txt': 'b.example\n',
    });
    expect(found('x')).to.deep.equal(['x: domains entries']);
    expect(found('x/')).to.deep.equal(['x: domains entries']);
    expect(found('loose/ads.hosts')).to.deep.equal(['ads: ads.hosts entries']);
    expect(found('loose')).to.deep.equal(['ads: ads.hosts entries', 'list: more.txt entries']);
  });

  it('are found through links, and a link that leads nowhere is passed over', () => {
    put({ 'real/domains': 'a.example\n' });
    mkdirSync(join(root, 'lists'));
    symlinkSync(join(root, 'real'), join(root, 'lists/alias'));
    symlinkSync(join(root, 'gone'), join(root, 'lists/broken'));
    expect(found('lists')).to.deep.equal(['alias: domains entries']);
  });

  it('are described by licence.txt of their own or of the folder above, and by usage', () => {
    put({
      'licence.txt': 'Licence: CC-BY-SA-4.0\nSource: the university\n',
      'a/domains': '',
      'a/licence.txt': 'licence: EUPL-1.2\n',
      'a/usage': '# kind\nblack\nadult\n',
      'b/domains': '',
    });
    expect(findLists([root]).map(({ about }) => about)).to.deep.equal([
      { licence: 'EUPL-1.2', source: 'the university', usage: 'black, adult' },
      { licence: 'CC-BY-SA-4.0', source: 'the university', usage: '' },
    ]);
  });

  it('are refused where one name is there twice, a name cannot be written in a line, or there is no list', () => {
    put({ 'one/a/domains': '', 'two/a/domains': '', 'odd/x,y/domains': '', 'none/text': '' });
    const twice = failure(() => found('one', 'two'));
    expect(twice.code).to.equal('LISTS');
    expect(twice.text).to.contain('“a”').and.contain('rename');
    expect(failure(() => found('odd')).code).to.equal('LISTS');
    expect(failure(() => found('none')).text).to.contain('no list');
    expect(failure(() => found('missing')).text).to.contain('ENOENT');
  });

  it('say what cannot be read', () => {
    const ignore = () => {};
    expect(failure(() => readPieces(join(root, 'gone'), new Uint8Array(8), ignore)).text).to.contain(
      'ENOENT',
    );
    expect(failure(() => readPieces(root, new Uint8Array(8), ignore)).text).to.contain('EISDIR');
  });

  it('compile into the same image whatever the order of the folders', () => {
    put({
      'one/a/domains': 'x.example\ny.example\n',
      'two/b/domains': 'y.example\n',
      'two/b/urls': 'z.example/p\n',
    });
    const forth = compileFolders([join(root, 'one'), join(root, 'two')]);
    const back = compileFolders([join(root, 'two'), join(root, 'one')]);
    expect(back.version).to.equal(forth.version);
    expect(forth.lists.map(({ name, entries }) => [name, entries])).to.deep.equal([
      ['a', 2],
      ['b', 2],
    ]);
  });

  it('are read in pieces without losing a line', () => {
    const names = Array.from({ length: 150_000 }, (_, n) => `host-${n}.example`);
    put({ 'big/domains': names.join('\n') });
    const matcher = createMatcher(compileFolders([join(root, 'big')]), null);
    for (const n of [0, 57_000, 149_999]) {
      expect(matcher.match(target(`${names[n]}:443`)).map(({ line }) => line)).to.deep.equal([n + 1]);
    }
  });

  it('go into a file and come back in shared memory', () => {
    put({ 'a/domains': 'x.example\n' });
    const out = join(root, 'lists.image');
    const compiled = compileFolders([join(root, 'a')], { out });
    const loaded = loadImageFile(out);
    expect(loaded.version).to.equal(compiled.version);
    expect(loaded.bytes.buffer).to.be.instanceOf(SharedArrayBuffer);
    expect(createMatcher(loaded, null).match(target('http://x.example/'))).to.have.length(1);
    expect(readdirSync(root).sort()).to.deep.equal(['a', 'lists.image']);
  });

  it('leave the image that was there when a new one cannot be written', () => {
    put({ 'a/domains': 'x.example\n', kept: 'old' });
    const error = failure(() => writeImageFile(join(root, 'gone/x.image'), new Uint8Array(9)));
    expect(error.code).to.equal('LISTS');
    mkdirSync(join(root, 'folder.image'));
    expect(failure(() => writeImageFile(join(root, 'folder.image'), new Uint8Array(9))).code).to.equal(
      'LISTS',
    );
    expect(readdirSync(root).sort()).to.deep.equal(['a', 'folder.image', 'kept']);
    expect(readFileSync(join(root, 'kept'), 'utf8')).to.equal('old');
  });

  it('say which image is missing, cut or none', () => {
    put({
      'a/domains': 'x.example\n',
      text: 'GRANSKA but no image, only a text that is long enough to be one',
    });
    const out = join(root, 'x.image');
    compileFolders([join(root, 'a')], { out });
    truncateSync(out, 300);
    expect(failure(() => loadImageFile(out)).code).to.equal('DAMAGED');
    expect(failure(() => loadImageFile(join(root, 'text'))).code).to.equal('DAMAGED');
    expect(failure(() => loadImageFile(join(root, 'missing'))).code).to.equal('LISTS');
    expect(failure(() => loadImageFile(root)).code).to.equal('LISTS');
    expect(existsSync(out)).to.equal(true);
  });
});
