import { createHash } from 'node:crypto';
import { expect } from 'chai';
import fc from 'fast-check';
import { createCompiler } from '../../src/category/compile.ts';
import { type Image, openImage } from '../../src/category/image.ts';
import { createMatcher } from '../../src/category/matcher.ts';
import { type Overrides, readOverrides } from '../../src/category/overrides.ts';
import { blankTarget } from '../../src/model/target.ts';
import { parseTarget } from '../../src/url/parse-target.ts';
import { isPublicSuffix } from '../../src/url/site.ts';

const RULES = { parseTarget, isPublicSuffix };
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest();

type Texts = Partial<Record<'add' | 'remove' | 'never', string>>;

function overridesOf(texts: Texts, lists = ['casino', 'weapons']): Overrides {
  const read = readOverrides({ add: '', remove: '', never: '', ...texts }, lists, RULES);
  expect(read.mistakes).to.deep.equal([]);
  return read.overrides;
}

function compile(lists: Record<string, string>, overrides?: Overrides): Image {
  const compiler = createCompiler({
    ...RULES,
    createHash: () => createHash('sha256'),
    hintBytes: 1000,
    ...(overrides === undefined ? {} : { overrides }),
  });
  for (const [name, text] of Object.entries(lists)) {
    compiler.beginList(name, { licence: '', source: '', usage: '' });
    compiler.beginFile('domains', 'entries');
    const bytes = new TextEncoder().encode(text);
    compiler.add(bytes, 0, bytes.length);
    compiler.endFile();
  }
  return openImage(compiler.finish(), sha256);
}

function matched(image: Image, url: string, matcher = createMatcher(image, null)): string[] {
  const target = blankTarget();
  parseTarget(url, 'GET', target);
  return matcher.match(target).map(({ list, entry, file, line }) => `${list} ${entry} ${file}:${line}`);
}

const LISTS = { casino: 'casino.example\nblogs.example\nkiosk.example/odds\n', weapons: 'casino.example\n' };

describe('overrides (§4.3)', () => {
  it('take an entry out of one list and leave it in the others', () => {
    const image = compile(LISTS, overridesOf({ remove: 'casino,casino.example\n' }));
    expect(matched(image, 'http://www.casino.example/')).to.deep.equal(['weapons casino.example domains:1']);
    expect(matched(image, 'http://blogs.example/')).to.deep.equal(['casino blogs.example domains:2']);
  });

  it('take out an entry with a path', () => {
    const image = compile(
      LISTS,
      overridesOf({ remove: 'casino, hxxp://kiosk.example/odds/'.replace('hxxp', 'http') }),
    );
    expect(matched(image, 'http://kiosk.example/odds/today')).to.deep.equal([]);
  });

  it('keep a host and what is under it from matching, and nothing beside it', () => {
    const image = compile(LISTS, overridesOf({ never: 'casino,chess.blogs.example' }));
    expect(matched(image, 'http://chess.blogs.example/')).to.deep.equal([]);
    expect(matched(image, 'http://a.chess.blogs.example/')).to.deep.equal([]);
    for (const host of ['blogs.example', 'x.blogs.example', 'notchess.blogs.example']) {
      expect(matched(image, `http://${host}/`)).to.have.length(1);
    }
  });

  it('add entries, and tell which line of the overrides has them', () => {
    const image = compile(LISTS, overridesOf({ add: '# ours\n\nweapons,Armoury.example   # case 1\n' }));
    expect(matched(image, 'http://armoury.example/')).to.deep.equal([
      'weapons armoury.example overrides/add:3',
    ]);
  });

  it('count the strongest: never over remove over add', () => {
    const image = compile(
      LISTS,
      overridesOf({
        add: 'casino,a.example\ncasino,b.example',
        remove: 'casino,a.example',
        never: 'casino,b.example',
      }),
    );
    expect(matched(image, 'http://a.example/')).to.deep.equal([]);
    expect(matched(image, 'http://b.example/')).to.deep.equal([]);
  });

  it('leave the version of the feed as it is, and make the image another one', () => {
    const plain = compile(LISTS);
    const added = compile(LISTS, overridesOf({ add: 'casino,new.example' }));
    expect(added.lists[0]!.version).to.equal(plain.lists[0]!.version);
    const image = compile(LISTS, overridesOf({ never: 'casino,nowhere.example' }));
    expect(image.lists.map(list => list.version)).to.deep.equal(plain.lists.map(list => list.version));
    expect(image.version).to.not.equal(plain.version);
    expect(image.lists[0]!.overrides).to.deep.equal({
      added: 0,
      remove: [],
      removed: 0,
      never: ['nowhere.example'],
    });
  });

  it('change nothing in an image that has none, which older programs read on', () => {
    const plain = compile(LISTS);
    expect(compile(LISTS, new Map()).version).to.equal(plain.version);
    const formatOf = (image: Image) =>
      new DataView(image.bytes.buffer, image.bytes.byteOffset).getUint32(8, true);
    expect([
      formatOf(plain),
      formatOf(compile(LISTS, overridesOf({ never: 'casino,a.example' }))),
    ]).to.deep.equal([1, 2]);
  });

  const MISTAKES: [string, Texts, string][] = [
    ['without a list', { remove: '\ncasino.example' }, 'remove 2 no-list'],
    ['with a list that is not there', { never: 'casnio,a.example' }, 'never 1 unknown-list'],
    ['without an entry', { add: 'casino,' }, 'add 1 no-entry'],
    ['with a bare public suffix', { add: 'casino,co.uk' }, 'add 1 no-entry'],
    ['with a path that is never to be matched', { never: 'casino,a.example/b' }, 'never 1 path'],
  ];
  for (const [what, texts, expected] of MISTAKES) {
    it(`tell of a line ${what}`, () => {
      const { mistakes } = readOverrides({ add: '', remove: '', never: '', ...texts }, ['casino'], RULES);
      expect(mistakes.map(({ file, line, what: kind }) => `${file} ${line} ${kind}`)).to.deep.equal([
        expected,
      ]);
    });
  }

  it('equal a list that was written by hand, over lists and overrides made up', () => {
    const host = fc.constantFrom('a.example', 'b.example', 'x.a.example', 'y.x.a.example', 'xa.example');
    const hosts = fc.uniqueArray(host, { maxLength: 4 });
    fc.assert(
      fc.property(hosts, hosts, hosts, hosts, (feed, add, remove, never) => {
        const lines = (entries: readonly string[]) => entries.map(entry => `casino,${entry}\n`).join('');
        const texts = { add: lines(add), remove: lines(remove), never: lines(never) };
        const image = compile({ casino: feed.map(entry => `${entry}\n`).join('') }, overridesOf(texts));
        const matcher = createMatcher(image, null);
        const entries = new Set([...feed, ...add].filter(entry => !remove.includes(entry)));
        const isUnder = (at: string, entry: string) => at === entry || at.endsWith(`.${entry}`);
        for (const at of [
          'a.example',
          'b.example',
          'x.a.example',
          'y.x.a.example',
          'z.y.x.a.example',
          'xa.example',
        ]) {
          const isMatch =
            [...entries].some(entry => isUnder(at, entry)) && !never.some(entry => isUnder(at, entry));
          expect(matched(image, `http://${at}/`, matcher).length > 0, at).to.equal(isMatch);
        }
      }),
      { numRuns: 100 },
    );
  });
});
