import { expect } from 'chai';
import fc from 'fast-check';
import { canonicalHost } from '../../src/url/host.ts';
import { hostTokens } from '../../src/url/host-tokens.ts';
import { hostName, inUnicode, ipv4, percentEncode } from './generators.ts';

describe('hostTokens', () => {
  const table: [text: string, host: string][] = [
    ['GET http://a.example/ HTTP/1.1', 'a.example'],
    ['see A.EXAMPLE.', 'a.example'],
    ['http%3A%2F%2Fa.example%2Fb', 'a.example'],
    ['http%3A%2F%2F%5B2001%3Adb8%3A%3A1%5D%2F', '2001:db8::1'],
    ['at%202001:db8::1', '2001:db8::1'],
    ['http%253A%252F%252Fa.example', 'a.example'],
    ['user%40a.example', 'a.example'],
    ['user@a.example;x', 'a.example'],
    ['"a.example"', 'a.example'],
    ['«a.example»', 'a.example'],
    ['_a.example_', 'a.example'],
    ['100%a.example', 'a.example'],
    ['CONNECT a.example:443', 'a.example'],
    ['https-3A__www.a.example_b-3Fc', 'www.a.example'],
    ['www-a-example.translate.goog', 'www.a.example'],
    ['u=a1aHR0cHM6Ly9hLmV4YW1wbGUvYj9j&x', 'a.example'],
    ['räksmörgås.example', 'xn--rksmrgs-5wao1o.example'],
    ['»RÄKSMÖRGÅS.example«', 'xn--rksmrgs-5wao1o.example'],
    ['r%E4ksm%F6rg%E5s.example', 'xn--rksmrgs-5wao1o.example'],
    ['r%C3%A4ksm%C3%B6rg%C3%A5s.example', 'xn--rksmrgs-5wao1o.example'],
    ['r\\xC3\\xA4ksm\\xC3\\xB6rg\\xC3\\xA5s.example', 'xn--rksmrgs-5wao1o.example'],
    [Buffer.from('x räksmörgås.example y').toString('latin1'), 'xn--rksmrgs-5wao1o.example'],
    ['xn--rksmrgs-5wao1o.example', 'xn--rksmrgs-5wao1o.example'],
    ['a 192.0.2.1 b', '192.0.2.1'],
    ['http://3221225985/', '192.0.2.1'],
    ['[2001:DB8::1]:443', '2001:db8::1'],
    ['from 2001:db8::1.', '2001:db8::1'],
    ['[::ffff:192.0.2.1]', '192.0.2.1'],
  ];
  for (const [text, host] of table) {
    it(`§6.4 finds ${host} in ${JSON.stringify(text)}`, () => {
      expect(hostTokens(text)).to.include(host);
    });
  }

  it('§6.4 finds nothing where there is no host', () => {
    expect(hostTokens('')).to.deep.equal([]);
    expect(hostTokens('GET - NONE/- text/html')).to.deep.equal([]);
  });

  it('§6.4 gives each host once', () => {
    expect(hostTokens('a.example a.example A.example.')).to.deep.equal(['a.example']);
  });

  const before = fc.constantFrom(
    '',
    ' ',
    '"',
    'http://',
    'https%3A%2F%2F',
    'http%253a%252f%252f',
    '/',
    '@',
    '%20',
    'x=',
    '(',
    '\t',
  );
  const after = fc.constantFrom(
    '',
    ' ',
    '"',
    '/',
    '/path',
    ':443',
    '%2Fpath',
    '%253A80',
    '?q',
    '#f',
    '.',
    '. ',
    ',',
    ';',
    ')',
  );
  const spelling = fc.constantFrom<(host: string) => string>(
    host => host,
    host => host.toUpperCase(),
    inUnicode,
    host => percentEncode(inUnicode(host), () => false),
    host => percentEncode(host, index => index % 3 === 0),
    host =>
      percentEncode(
        percentEncode(host, () => true),
        index => index % 3 === 0,
      ),
    host => Buffer.from(inUnicode(host)).toString('latin1'),
    host => `${host.replace(/-/g, '--').replace(/\./g, '-')}.translate.goog`,
  );

  it('§6.4 finds any host in any spelling between any delimiters', () => {
    fc.assert(
      fc.property(before, fc.oneof(hostName, ipv4), spelling, after, (prefix, written, spell, suffix) => {
        const host = canonicalHost(written);
        fc.pre(
          host !== '' &&
            host.slice(2, 4) !== '--' &&
            !host.includes('xn--') === !/xn--|[^\x00-\x7f]/.test(written),
        );
        const spelled = spell(host);
        // A translator writes such names otherwise: the test of `unwrap` has them.
        fc.pre(!spelled.endsWith('.translate.goog') || !/^..--|xn--/.test(spelled));
        expect(hostTokens(prefix + spelled + suffix)).to.include(host);
      }),
      { numRuns: 1000 },
    );
  });

  it('never throws, and gives canonical hosts only', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), text => {
        for (const host of hostTokens(text))
          expect(canonicalHost(`${host}.`.replace(/:.*\.$|(?<=\.)\.$/, '') || host)).to.not.equal('');
      }),
    );
  });

  const nasty: [what: string, text: string][] = [
    ['percent signs encoded over and over', `${'%25'.repeat(20_000)}61.example`],
    ['very many labels', 'a.'.repeat(30_000)],
    ['hexadecimal digits without end', 'a'.repeat(60_000)],
    ['colons without end', ':'.repeat(60_000)],
    ['hyphens without end', `${'-'.repeat(60_000)}x`],
    ['escapes without end', '\\x41%41'.repeat(8_000)],
    ['base64 without end', `aHR0c${'Y'.repeat(60_000)}`],
  ];
  for (const [what, text] of nasty) {
    it(`still finds a host behind ${what}`, () => {
      expect(hostTokens(`${text} b.example`)).to.include('b.example');
    });
  }
});
