import { expect } from 'chai';
import fc from 'fast-check';
import { canonicalHost } from '../../src/url/host.ts';
import { isPublicSuffix, siteOf } from '../../src/url/site.ts';
import { hostName } from './generators.ts';

describe('siteOf', () => {
  const table: [host: string, site: string][] = [
    ['a.b.example.com', 'example.com'],
    ['example.com', 'example.com'],
    ['a.example.co.uk', 'example.co.uk'],
    ['a.b.kobe.jp', 'a.b.kobe.jp'],
    ['x.a.b.kobe.jp', 'a.b.kobe.jp'],
    ['www.city.kobe.jp', 'city.kobe.jp'],
    ['x.one.github.io', 'one.github.io'],
    ['two.github.io', 'two.github.io'],
    ['github.io', 'github.io'],
    ['a.shishi.xn--55qx5d.cn', 'shishi.xn--55qx5d.cn'],
    ['a.b.example', 'b.example'],
    ['_dmarc.a.example.se', 'example.se'],
    ['co.uk', 'co.uk'],
    ['com', 'com'],
    ['intranet', 'intranet'],
    ['192.0.2.1', '192.0.2.1'],
    ['2001:db8::1', '2001:db8::1'],
    ['', ''],
  ];
  for (const [host, site] of table) {
    it(`takes ${JSON.stringify(host)} to ${JSON.stringify(site)}`, () => {
      expect(siteOf(host)).to.equal(site);
    });
  }

  it('is the same for a host and its site, and covers the host', () => {
    fc.assert(
      fc.property(hostName, written => {
        const host = canonicalHost(written);
        const site = siteOf(host);
        expect(siteOf(site)).to.equal(site);
        expect(host === site || host.endsWith(`.${site}`)).to.equal(true);
      }),
    );
  });
});

describe('isPublicSuffix', () => {
  for (const suffix of [
    'se',
    'com',
    'co.uk',
    'kobe.jp',
    'a.kobe.jp',
    'ck',
    'x.ck',
    'xn--fiqs8s',
    'xn--55qx5d.cn',
  ]) {
    it(`§4.1 says so of ${suffix}`, () => {
      expect(isPublicSuffix(suffix)).to.equal(true);
    });
  }
  for (const host of [
    'example.com',
    'city.kobe.jp',
    'github.io',
    'blogspot.com',
    'example',
    'intranet',
    '192.0.2.1',
    '::1',
    '',
  ]) {
    it(`§4.1 does not say so of ${JSON.stringify(host)}`, () => {
      expect(isPublicSuffix(host)).to.equal(false);
    });
  }
});
