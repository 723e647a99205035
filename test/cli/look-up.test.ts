import { expect } from 'chai';
import fc from 'fast-check';
import { createLookUp } from '../../src/cli/look-up.ts';
import { findPlainHost } from '../../src/cli/plain-host.ts';
import { compile } from '../category/support.ts';

const image = compile({
  gambling: {
    domains: 'casino.example\n192.0.2.7\n2001:db8::1\nspel.xn--rv-via.example\n',
    urls: 'news.example/poker\n',
  },
  proxies: { domains: 'translate.goog\ncasino.example\n' },
});
const lookUp = createLookUp({ image, listNames: null, categoriesOf: null });

function isClear(address: string): boolean {
  const encoded = new TextEncoder().encode(address);
  const bytes = new Uint8Array(encoded.length + 8);
  bytes.set(encoded);
  return lookUp.isClear(bytes, 0, encoded.length);
}

function plainHost(address: string): string | null {
  const bytes = new TextEncoder().encode(address);
  const out = { start: -1, end: -1 };
  findPlainHost(bytes, 0, bytes.length, out);
  return out.start < 0 ? null : address.slice(out.start, out.end);
}

describe('looking up an address', () => {
  const CATEGORIES: [string, string[]][] = [
    ['http://casino.example/', ['gambling', 'proxies']],
    ['https://user@WWW.Casino.example.:8443/x?y#z', ['gambling', 'proxies']],
    ['casino.example', ['gambling', 'proxies']],
    ['casino.example:443', ['gambling', 'proxies']],
    ['casino.example.:443', ['gambling', 'proxies']],
    ['casino.example/x', ['gambling', 'proxies']],
    ['  https://casino.example/ ', ['gambling', 'proxies']],
    ['\tcasino.example:443 ', ['gambling', 'proxies']],
    ['casino.example?x', ['gambling', 'proxies']],
    ['//casino.example/', ['gambling', 'proxies']],
    ['news.example/poker/1', ['gambling']],
    ['news.example:443', []],
    ['news.example', []],
    ['192.0.2.7', ['gambling']],
    ['3221225991', ['gambling']],
    ['2001:db8::1', ['gambling']],
    ['[2001:db8::1]:443', ['gambling']],
    ['spel.räv.example', ['gambling']],
    ['https://casino-example.translate.goog/x', ['gambling', 'proxies']],
    ['https://web.archive.org/web/2020/http://news.example/poker', ['gambling']],
    ['', []],
    ['-', []],
    ['error:invalid', []],
    ['two words', []],
  ];
  for (const [address, categories] of CATEGORIES) {
    it(`answers ${categories.join(', ') || 'nothing'} for ${JSON.stringify(address)}`, () => {
      expect(lookUp.answer(address).categories).to.deep.equal(categories);
    });
  }

  it('§4.3 says how a wrapped target was unwrapped', () => {
    const { host, hits } = lookUp.answer('https://casino-example.translate.goog/x');
    expect(host).to.equal('casino-example.translate.goog');
    expect(hits.map(({ category, match }) => [category, match.list, match.entry, match.via])).to.deep.equal([
      [null, 'proxies', 'translate.goog', null],
      [null, 'gambling', 'casino.example', 'translate'],
      [null, 'proxies', 'casino.example', 'translate'],
    ]);
  });

  it('answers with the categories that the lists feed', () => {
    const feeds: Record<string, string[]> = { gambling: ['gambling', 'betting'] };
    const mapped = createLookUp({ image, listNames: null, categoriesOf: list => feeds[list] ?? [] });
    const { categories, hits } = mapped.answer('casino.example');
    expect(categories).to.deep.equal(['betting', 'gambling']);
    expect(hits.map(({ category, match }) => [category, match.list])).to.deep.equal([
      ['gambling', 'gambling'],
      ['betting', 'gambling'],
    ]);
  });

  it('lets plain addresses go quickly, and never a wrapper', () => {
    expect(isClear('http://other.example/casino.example')).to.equal(true);
    expect(isClear('other.example:443')).to.equal(true);
    expect(isClear('https://web.archive.org/web/2020/http://news.example/poker')).to.equal(false);
    expect(isClear('http://casino.example/')).to.equal(false);
  });

  it('says quickly that nothing is listed only where the exact way finds nothing', () => {
    const host = fc.constantFrom(
      'casino.example',
      'www.Casino.EXAMPLE',
      'news.example',
      'other.example',
      'casino.example.org',
      'xn--rv-via.example',
      'spel.xn--rv-via.example',
      'casino%2eexample',
      'casino。example',
      '192.0.2.7',
      '192.0.519',
      'web.archive.org',
      'localhost',
      'a..example',
      '',
    );
    const prefix = fc.constantFrom(
      '',
      'http://',
      'HTTPS://',
      'http:',
      'http:///',
      'ftp://',
      'u@',
      'http://u:p@',
      ' ',
      '.',
      '//',
      '\\',
    );
    const suffix = fc.constantFrom(
      '',
      '.',
      ':',
      ':80',
      ':80x',
      ':8@casino.example',
      '/',
      '/poker',
      '?x',
      '#x',
      ' ',
      '\t',
      '/web/2020/http://casino.example/',
      '\\x',
      '@casino.example',
    );
    fc.assert(
      fc.property(prefix, host, suffix, fc.constantFrom('', ...':./?#@%\\\t x'), (a, b, c, d) => {
        const address = a + b + c + d;
        if (isClear(address))
          expect(lookUp.answer(address).categories, JSON.stringify(address)).to.deep.equal([]);
      }),
      { numRuns: 5000 },
    );
  });
});

describe('a plain host', () => {
  const HOSTS: [string, string | null][] = [
    ['http://www.example.com/x', 'www.example.com'],
    ['HTTPS://Example.com', 'Example.com'],
    ['example.com', 'example.com'],
    ['example.com:443', 'example.com'],
    ['http://example.com:80/', 'example.com'],
    ['http://example.com:80?x', 'example.com'],
    ['example.com?x', 'example.com'],
    ['example.com#x', 'example.com'],
    ['https:443', 'https'],
    ['http://a_b-c.example', 'a_b-c.example'],
    ['http://192.0.2.7/', null],
    ['http://example.com./', null],
    ['http://.example.com/', null],
    ['http://a..b/', null],
    ['http://xn--a.example/', null],
    ['http://user@example.com/', null],
    ['http://user:80@example.com/', null],
    ['http://example.com:/', null],
    ['http://example.com:8x', null],
    ['http://exämple.com/', null],
    ['http://example.com\\x', null],
    ['ftp://example.com/', null],
    ['', null],
    ['http://', null],
    ['-', null],
  ];
  for (const [address, host] of HOSTS) {
    it(`is ${host ?? 'not found'} in ${JSON.stringify(address)}`, () => {
      expect(plainHost(address)).to.equal(host);
    });
  }
});
