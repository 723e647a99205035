import { expect } from 'chai';
import fc from 'fast-check';
import { MAX_LINE_BYTES } from '../../src/category/compile.ts';
import { createMatcher } from '../../src/category/matcher.ts';
import { compile, compileBytes, type Lists, newCompiler, sha256, target } from './support.ts';

const LISTS: Lists = {
  gambling: { domains: 'casino.example\npoker.example\ncasino.example\n', urls: 'news.example/poker\n' },
  anonymisers: { domains: 'proxy.example\ncasino.example\n' },
  warez: { hosts: '0.0.0.0 a.example b.example\n', urls: 'news.example/poker\nnews.example/warez\n' },
};

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

function reversed(lists: Lists): Lists {
  return Object.fromEntries(Object.entries(lists).reverse());
}

/** Every list that has a host or a url, with file and line, through the image. */
function explained(lists: Lists, text: string): string[] {
  return createMatcher(compile(lists), null)
    .match(target(text))
    .map(({ list, entry, file, line }) => `${list} ${entry} ${file}:${line}`);
}

describe('compiling lists', () => {
  it('gives the same bytes for the same lists', () => {
    expect(hex(compileBytes(LISTS))).to.equal(hex(compileBytes(LISTS)));
  });

  it('gives the same bytes in whatever order the lists come', () => {
    expect(hex(compileBytes(reversed(LISTS)))).to.equal(hex(compileBytes(LISTS)));
  });

  it('gives the same bytes wherever the pieces of a file are cut', () => {
    const lists: Lists = {
      a: {
        domains: 'casino.example\r\n*.X.example\nÅ.example\n\n# note\nlast.example',
        urls: 'a.example/b\n',
      },
      b: { expressions: 'one\ntwo\n# three\n\nfour' },
    };
    const whole = hex(compileBytes(lists));
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 5 }), pieces => {
        expect(hex(compileBytes(lists, pieces))).to.equal(whole);
      }),
      { numRuns: 60 },
    );
  });

  it('merges an entry that stands twice, in one list or in several, and counts it', () => {
    const image = compile(LISTS);
    const counts = image.lists.map(({ name, entries, duplicates }) => [name, entries, duplicates]);
    expect(counts).to.deep.equal([
      ['anonymisers', 2, 0],
      ['gambling', 3, 1],
      ['warez', 4, 0],
    ]);
    expect([image.entries, image.hosts]).to.deep.equal([7, 6]);
  });

  it('§4.2 keeps file and first line of every entry for every list that has it', () => {
    expect(explained(LISTS, 'http://casino.example/')).to.deep.equal([
      'anonymisers casino.example domains:2',
      'gambling casino.example domains:1',
    ]);
    expect(explained(LISTS, 'http://news.example/poker/x')).to.deep.equal([
      'gambling news.example/poker urls:1',
      'warez news.example/poker urls:1',
    ]);
    expect(explained(LISTS, 'http://news.example/warez')).to.deep.equal(['warez news.example/warez urls:2']);
    expect(explained(LISTS, 'http://b.example/')).to.deep.equal(['warez b.example hosts:1']);
  });

  it('counts lines through files that are empty or lack their last line feed', () => {
    const lists: Lists = { x: { domains: 'a.example\nb.example', hosts: '', urls: '\nc.example/d' } };
    expect(explained(lists, 'http://b.example/')).to.deep.equal(['x b.example domains:2']);
    expect(explained(lists, 'http://c.example/d')).to.deep.equal(['x c.example/d urls:2']);
    expect(compile(lists).lists[0]!.files).to.deep.equal([
      { name: 'domains', lines: 2, firstLine: 1 },
      { name: 'hosts', lines: 0, firstLine: 3 },
      { name: 'urls', lines: 2, firstLine: 3 },
    ]);
  });

  it('gives a list the version that sha256sum of its files, hashed again, prints', () => {
    const sum = (text: string) => hex(sha256(new TextEncoder().encode(text)));
    const { domains, urls } = LISTS.gambling as { domains: string; urls: string };
    const list = compile(LISTS).lists.find(({ name }) => name === 'gambling')!;
    expect(list.version).to.equal(sum(`${sum(domains)}  domains\n${sum(urls)}  urls\n`));
    expect([list.licence, list.source]).to.deep.equal(['licence of gambling', 'source of gambling']);
  });

  it('§4.1 refuses a bare public suffix, and says where the first one stood', () => {
    const [list] = compile({ x: { domains: 'a.example\nco.uk\nse\nCOM\n' } }).lists;
    expect(list!.refused).to.deep.equal({ 'public-suffix': { count: 3, file: 'domains', line: 2 } });
    expect([list!.entries, list!.lines]).to.deep.equal([1, 4]);
  });

  it('counts what was cleaned, and says where the first of each kind stood', () => {
    const [list] = compile({ x: { domains: 'a.example\nB.example\r\nC.example\n' } }).lists;
    expect(list!.cleaned).to.deep.equal({
      'carriage-return': { count: 1, file: 'domains', line: 2 },
      'upper-case': { count: 2, file: 'domains', line: 2 },
    });
  });

  it('reads, counts and leaves off expressions', () => {
    const image = compile({ x: { expressions: '(^|/)casino\n# no\n\n.*poker\n', domains: 'a.example\n' } });
    expect([image.lists[0]!.expressions, image.entries]).to.deep.equal([2, 1]);
    expect(explained({ x: { expressions: 'casino\n' } }, 'http://casino.example/')).to.deep.equal([]);
  });

  it('refuses a line that is too long, in one piece or in many, and reads on behind it', () => {
    const text = `${'a'.repeat(MAX_LINE_BYTES + 1)}\n${'é'.repeat(MAX_LINE_BYTES)}\nb.example\n`;
    for (const pieces of [[1 << 20], [1000], [MAX_LINE_BYTES, 3]]) {
      const bytes = compileBytes({ x: { domains: text } }, pieces);
      expect(hex(bytes)).to.equal(hex(compileBytes({ x: { domains: text } })));
    }
    const [list] = compile({ x: { domains: text } }).lists;
    expect(list!.refused).to.deep.equal({ 'too-long': { count: 2, file: 'domains', line: 1 } });
    expect(explained({ x: { domains: text } }, 'http://b.example/')).to.deep.equal(['x b.example domains:3']);
  });

  it('takes a line of the greatest length', () => {
    const path = `/${'x'.repeat(MAX_LINE_BYTES - 'a.example/'.length)}`;
    expect(explained({ x: { urls: `a.example${path}\n` } }, `http://a.example${path}`)).to.have.length(1);
  });

  it('keeps sets, licences and names of any size', () => {
    const lists: Lists = {};
    for (let n = 0; n < 200; n++) {
      const domains = Array.from({ length: 60 }, (_, k) => `d${(n * k) % 61}.example`);
      lists[`list-${'x'.repeat(100)}-${n}`] = {
        [`${'å'.repeat(80)}.txt`]: `${domains.join('\n')}\nse\nUPPER.example`,
      };
    }
    const image = compile(lists);
    expect(image.lists).to.have.length(200);
    expect(createMatcher(image, null).match(target('http://upper.example/'))).to.have.length(200);
  });

  it('reads Latin-1 where a line is not UTF-8', () => {
    const compiler = newCompiler();
    const bytes = Buffer.from('a.example\nr\xe4v.example\n', 'latin1');
    compiler.beginList('x', { licence: '', source: '', usage: '' });
    compiler.beginFile('domains', 'entries');
    compiler.add(bytes, 0, bytes.length);
    compiler.endFile();
    const utf8 = { x: { domains: 'a.example\nräv.example\n' } };
    expect(Buffer.from(compiler.finish()).includes('xn--rv-via.example')).to.equal(true);
    expect(explained(utf8, 'http://räv.example/')).to.deep.equal(['x xn--rv-via.example domains:2']);
  });

  it('makes an image of nothing at all', () => {
    const image = compile({});
    expect([image.lists.length, image.entries]).to.deep.equal([0, 0]);
    expect(createMatcher(image, null).match(target('http://a.example/'))).to.deep.equal([]);
  });

  it('reads plain domains by their bytes exactly as any other line', () => {
    // A comment behind the name keeps it from the quick way and changes nothing else.
    const name = fc.stringMatching(/^[a-c0-1_.-]{1,12}(\.se|\.co\.uk|\.example|x)?$/);
    fc.assert(
      fc.property(fc.array(name, { maxLength: 12 }), names => {
        const quick = compile({ x: { domains: names.map(n => `${n}\n`).join('') } });
        const exact = compile({ x: { domains: names.map(n => `${n} # note\n`).join('') } });
        expect(hex(quick.records)).to.equal(hex(exact.records));
        expect(quick.lists[0]!.refused).to.deep.equal(exact.lists[0]!.refused);
        expect(quick.lists[0]!.entries).to.equal(exact.lists[0]!.entries);
      }),
      { numRuns: 300 },
    );
  });

  it('grows beyond the hint that it was given', () => {
    const names = Array.from({ length: 20_000 }, (_, n) => `site-number-${n}.example`);
    const image = compile({ x: { domains: `${names.join('\n')}\n` } });
    const matcher = createMatcher(image, null);
    expect(image.entries).to.equal(20_000);
    for (const n of [0, 4096, 19_999]) {
      expect(matcher.match(target(`http://${names[n]}/`)).map(({ line }) => line)).to.deep.equal([n + 1]);
    }
  });
});
