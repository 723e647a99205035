import { expect } from 'chai';
import fc from 'fast-check';
import { defang, refang } from '../../src/url/defang.ts';
import { hostName, ipv4 } from './generators.ts';

describe('defang', () => {
  const table: [address: string, shown: string][] = [
    ['http://example.com', 'hxxp://example[.]com'],
    ['https://www.example.com/a.html?b=c.d', 'hxxps://www[.]example[.]com/a.html?b=c.d'],
    ['HTTPS://Example.com/', 'hxxps://Example[.]com/'],
    ['ftp://example.com/a.zip', 'fxp://example[.]com/a.zip'],
    ['foo://example.com/a.b', 'foo://example[.]com/a.b'],
    ['example.com', 'example[.]com'],
    ['example.com:443', 'example[.]com:443'],
    ['example.com/dir/a.html', 'example[.]com/dir/a.html'],
    ['http://user@example.com:80/', 'hxxp://user@example[.]com:80/'],
    ['192.0.2.1', '192[.]0[.]2[.]1'],
    ['2001:db8::1', '2001:db8::1'],
    [
      'https://a.example/web/2020/http:/b.example/c.html',
      'hxxps://a[.]example/web/2020/hxxp:/b[.]example/c.html',
    ],
    [
      'https://a.example/?u=https%3A%2F%2Fb.example%2Fc.html',
      'hxxps://a[.]example/?u=hxxps%3A%2F%2Fb[.]example%2Fc.html',
    ],
    ['', ''],
    ['-', '-'],
  ];
  for (const [address, shown] of table) {
    it(`shows ${JSON.stringify(address)} as ${JSON.stringify(shown)}`, () => {
      expect(defang(address)).to.equal(shown);
    });
  }

  const address = fc
    .tuple(fc.constantFrom('http://', 'https://', 'ftp://', ''), fc.oneof(hostName, ipv4), fc.webPath())
    .map(parts => parts.join(''));

  it('leaves no scheme that a program opens, and no dotted host', () => {
    fc.assert(
      fc.property(address, text => {
        const shown = defang(text);
        expect(shown).to.not.match(/\b(?:https?|ftp):/i);
        expect(shown.replace(/^[a-z]+:\/\//, '').split('/')[0]).to.not.match(/[^[]\./);
      }),
    );
  });

  it('changes nothing the second time', () => {
    fc.assert(
      fc.property(address, text => {
        expect(defang(defang(text))).to.equal(defang(text));
      }),
    );
  });

  it('is undone by refang', () => {
    fc.assert(
      fc.property(address, text => {
        expect(refang(defang(text))).to.equal(text);
      }),
    );
  });
});
