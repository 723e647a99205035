import { expect } from 'chai';
import fc from 'fast-check';
import { blankReading, isAddress, readListLine } from '../../src/category/list-line.ts';
import { parseTarget } from '../../src/url/parse-target.ts';
import { isPublicSuffix } from '../../src/url/site.ts';
import { target } from './support.ts';

const rules = { parseTarget, isPublicSuffix };

function read(line: string): { entries: string[]; cleaned: string[]; refused: string[] } {
  const out = blankReading();
  readListLine(line, rules, out);
  return {
    entries: out.entries.map(({ host, path }) => (path === '' ? host : `${host} ${path}`)),
    cleaned: [...out.cleaned],
    refused: [...out.refused],
  };
}

/** Line, entries, what was cleaned, what was refused. */
const LINES: [string, string[], string[]?, string[]?][] = [
  ['casino.example', ['casino.example']],
  ['', []],
  ['   ', []],
  ['# a comment', []],
  ['casino.example # a comment', ['casino.example']],
  ['casino.example\t#x', ['casino.example']],
  ['casino.example\r', ['casino.example'], ['carriage-return']],
  ['\uFEFFcasino.example', ['casino.example']],
  ['Casino.EXAMPLE', ['casino.example'], ['upper-case']],
  ['.casino.example', ['casino.example'], ['leading-dot']],
  ['casino.example.', ['casino.example'], ['trailing-dot']],
  ['*.casino.example', ['casino.example'], ['wildcard']],
  ['https://casino.example', ['casino.example'], ['scheme']],
  ['//casino.example', ['casino.example'], ['scheme']],
  ['casino.example:8080', ['casino.example'], ['port']],
  ['me:secret@casino.example', ['casino.example'], ['userinfo']],
  ['*.Casino.example.:443', ['casino.example'], ['port', 'wildcard', 'trailing-dot', 'upper-case']],
  ['spelbolag-åäö.example', ['xn--spelbolag--z5al6t.example'], ['host-spelling']],
  ['xn--spelbolag--z5al6t.example', ['xn--spelbolag--z5al6t.example']],
  ['XN--SPELBOLAG--Z5AL6T.example', ['xn--spelbolag--z5al6t.example'], ['host-spelling']],
  ['xn--a-ecp.ru-.example', ['xn--a-ecp.ru-.example']],
  ['_dmarc.my_site.example', ['_dmarc.my_site.example']],
  ['ends-in-.example', ['ends-in-.example']],
  ['192.0.2.7', ['192.0.2.7']],
  ['0xC0.0.2.7', ['192.0.2.7'], ['host-spelling']],
  ['3221225991', ['192.0.2.7'], ['host-spelling']],
  ['2001:DB8:0::1', ['2001:db8::1'], ['host-spelling']],
  ['[2001:db8::1]', ['2001:db8::1']],
  ['localhost', ['localhost']],
  ['casino.example/', ['casino.example']],
  ['casino.example/dir', ['casino.example /dir']],
  ['casino.example/dir/', ['casino.example /dir']],
  ['casino.example//a/./b/../c', ['casino.example /a/c'], ['path-spelling']],
  ['casino.example/%64ir', ['casino.example /dir'], ['path-spelling']],
  ['casino.example/Dir', ['casino.example /Dir']],
  ['casino.example/a?id=1', ['casino.example /a?id=1']],
  ['casino.example/a?', ['casino.example /a'], ['path-spelling']],
  ['192.0.2.7/games', ['192.0.2.7 /games']],
  ['casino.example/dir#part', ['casino.example /dir'], ['path-spelling']],
  ['casino.example/#part', ['casino.example'], ['path-spelling']],
  ['0.0.0.0 a.example b.example', ['a.example', 'b.example']],
  ['127.0.0.1\tads.example # why', ['ads.example']],
  [':: ads.example', ['ads.example']],
  ['127.0.0.1 localhost localhost.localdomain local', []],
  ['::1 ip6-localhost ip6-loopback', []],
  ['0.0.0.0 0.0.0.0', []],
  ['0.0.0.0 co.uk a.example', ['a.example'], [], ['public-suffix']],
  ['192.0.2.1 router.example', [], [], ['not-a-sink']],
  ['co.uk', [], [], ['public-suffix']],
  ['com', [], [], ['public-suffix']],
  ['*.se', [], ['wildcard'], ['public-suffix']],
  ['github.io', ['github.io']],
  ['co.uk/page', [], [], ['public-suffix']],
  ['.com/adverts/', [], ['leading-dot'], ['public-suffix']],
  ['two words', [], [], ['spaces']],
  ['a..b.example', [], [], ['not-a-host']],
  ['||ads.example^', [], [], ['other-syntax']],
  ['@@||ads.example^', [], [], ['other-syntax']],
  ['@@ads.example', [], [], ['other-syntax']],
  ['news.example##.banner', [], [], ['other-syntax']],
  ['news.example/x#@#.banner', [], [], ['other-syntax']],
  ['news.example#part', [], [], ['other-syntax']],
  ['ads.example$image', [], [], ['other-syntax']],
  ['ads.example/$x|y', ['ads.example /$x|y']],
  ['address=/ads.example/#', [], [], ['other-syntax']],
  ['local=/ads.example/', [], [], ['other-syntax']],
  ['[Adblock Plus 2.0]', [], [], ['spaces']],
  ['256.256.256.256', [], [], ['not-a-host']],
  ['name.123', [], [], ['not-a-host']],
  ['*', [], [], ['not-a-host']],
  ['.', [], ['leading-dot'], ['not-a-host']],
  ['/path/only', [], [], ['not-a-host']],
  ['ca*sino.example', [], [], ['not-a-host']],
  ['casino.example;other.example', [], [], ['not-a-host']],
  [`casino.example/${'é'.repeat(3000)}`, [], ['path-spelling'], ['too-long']],
];

describe('a line of a list', () => {
  for (const [line, entries, cleaned = [], refused = []] of LINES) {
    it(`reads ${JSON.stringify(line.slice(0, 60))}`, () => {
      expect(read(line)).to.deep.equal({ entries, cleaned, refused });
    });
  }

  it('§4.1 takes a broken A-label as targets are read, without checking what it stands for', () => {
    expect(read('xn--zzzzzz99999999.example').entries).to.deep.equal(['xn--zzzzzz99999999.example']);
    expect(target('http://xn--zzzzzz99999999.example/').host).to.equal('xn--zzzzzz99999999.example');
  });

  it('never makes a host entry of a url entry whose path cannot be read', () => {
    const out = blankReading();
    const refusing: typeof parseTarget = (raw, method, into) =>
      raw.endsWith('/path') ? 'opaque' : parseTarget(raw, method, into);
    readListLine('casino.example/path', { ...rules, parseTarget: refusing }, out);
    expect(out).to.deep.equal({ entries: [], cleaned: [], refused: ['not-a-host'] });
  });

  it('never throws, and gives hosts and paths that targets can have', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), line => {
        const out = blankReading();
        readListLine(line, rules, out);
        for (const { host, path } of out.entries) {
          expect(host).to.match(/^[a-z0-9._:-]+$/);
          expect(path).to.match(/^(\/.*)?$/s);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('spells the host of an entry as the same host in a target is spelled', () => {
    const label = fc.stringMatching(/^[a-zA-Z0-9åÄö_][a-zA-Z0-9åÄö_-]{0,8}$/);
    fc.assert(
      fc.property(fc.array(label, { minLength: 2, maxLength: 4 }), labels => {
        const host = `${labels.join('.')}.example`;
        const asked = target(`http://${host}/`).host;
        if (asked === '') return;
        expect(read(host).entries).to.deep.equal([asked]);
      }),
    );
  });

  it('tells addresses from domains', () => {
    expect(['192.0.2.7', '::1', '2001:db8::1'].every(isAddress)).to.equal(true);
    expect(['a.example', '7.example', 'localhost', '1a'].some(isAddress)).to.equal(false);
  });
});
