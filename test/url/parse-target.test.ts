import { expect } from 'chai';
import fc from 'fast-check';
import { blankTarget, type Target } from '../../src/model/target.ts';
import { canonicalHost } from '../../src/url/host.ts';
import { parseExact } from '../../src/url/parse-exact.ts';
import { parsePlainAuthority, parsePlainUrl } from '../../src/url/parse-plain.ts';
import { parseTarget } from '../../src/url/parse-target.ts';
import { requestTarget } from './generators.ts';

function parsed(raw: string, method = 'GET'): Target {
  const target = blankTarget();
  parseTarget(raw, method, target);
  return target;
}

describe('parseTarget', () => {
  const hosts: [raw: string, host: string, why: string][] = [
    ['http://a.example/', 'a.example', 'a plain host'],
    ['HTTP://WWW.A.Example/', 'www.a.example', 'upper case'],
    ['http://a.example./', 'a.example', 'one trailing dot'],
    ['http://a.example.:80/', 'a.example', 'a trailing dot before a port'],
    ['http://a.example?x', 'a.example', 'a query right after the host'],
    ['http://a.example#f', 'a.example', 'a fragment right after the host'],
    ['http://a.example;x/', 'a.example', 'a parameter right after the host'],
    ['http://good.example@bad.example/', 'bad.example', 'userinfo that looks like a host'],
    ['http://user:pass@bad.example/', 'bad.example', 'userinfo with a password'],
    ['http://user%40x@bad.example/', 'bad.example', 'userinfo with an encoded at sign'],
    ['http:\\\\a.example\\x', 'a.example', 'backslashes'],
    ['http:/a.example/', 'a.example', 'one slash'],
    ['http:a.example', 'a.example', 'no slash'],
    ['http:////a.example/', 'a.example', 'four slashes'],
    ['\t ht\ntp://a.ex\tample/ ', 'a.example', 'tabs, line feeds and spaces around'],
    ['http:// a.example/x', 'a.example', 'a space before the host'],
    ['http://a.example /x', 'a.example', 'a space after the host'],
    ['http://%61.ex%61mple/', 'a.example', 'percent-encoded letters'],
    ['http://a%2Eexample/', 'a.example', 'a percent-encoded dot'],
    ['http://rksmrgs.example/', 'rksmrgs.example', 'a name that only looks cut'],
    ['http://räksmörgås.example/', 'xn--rksmrgs-5wao1o.example', 'a raw international name'],
    [
      'http://R%C3%84KSM%C3%96RG%C3%85S.example/',
      'xn--rksmrgs-5wao1o.example',
      'an encoded international name',
    ],
    ['http://xn--rksmrgs-5wao1o.example/', 'xn--rksmrgs-5wao1o.example', 'an A-label'],
    ['http://räksmörgås。example/', 'xn--rksmrgs-5wao1o.example', 'an ideographic full stop'],
    ['http://ａ.example/', 'a.example', 'a full-width letter'],
    ['http://a\u00ad.example/', 'a.example', 'a soft hyphen'],
    ['http://xn--a.example/', 'xn--a.example', 'a broken A-label, which stays as it is written'],
    ['http://faß.example/', 'xn--fa-hia.example', 'a sharp s'],
    ['http://a_b.example/', 'a_b.example', 'an underscore'],
    ['http://-a-.example/', '-a-.example', 'hyphens at the ends of a label'],
    [
      `http://${'a'.repeat(70)}.example/`,
      `${'a'.repeat(70)}.example`,
      'a label that DNS would refuse (§4.1)',
    ],
    ['http://127.0.0.1/', '127.0.0.1', 'a dotted address'],
    ['http://127.0.0.1./', '127.0.0.1', 'a dotted address with a dot after it'],
    ['http://2130706433/', '127.0.0.1', 'a decimal address'],
    ['http://0x7f000001/', '127.0.0.1', 'a hexadecimal address'],
    ['http://0177.1/', '127.0.0.1', 'a short octal address'],
    ['http://127.0x0.1/', '127.0.0.1', 'an address of mixed notations'],
    ['http://１２７.0.0.1/', '127.0.0.1', 'full-width digits'],
    ['http://[2001:DB8:0::1]/', '2001:db8::1', 'an IPv6 address'],
    ['http://[::ffff:192.0.2.1]:8080/', '192.0.2.1', 'an IPv4 address mapped into IPv6'],
    ['http://[::FFFF:c000:201]/', '192.0.2.1', 'the same in hexadecimal'],
    ['ws://a.example/', 'a.example', 'a web socket'],
    ['ftp://a.example/', 'a.example', 'FTP'],
    ['gopher://A.Example/x', 'a.example', 'a scheme that the standard does not know'],
    ['foo://%61.example/x', 'a.example', 'the same with percent-encoding'],
    ['foo://räksmörgås.example', 'xn--rksmrgs-5wao1o.example', 'the same with an international name'],
    ['foo://[::ffff:192.0.2.1]/', '192.0.2.1', 'the same with an address'],
    ['a.example:8443', 'a.example', 'host and port under a method that is no CONNECT'],
    ['tunnel://a.example:443/', 'a.example', 'the tunnel notation of some appliances'],
  ];
  for (const [raw, host, why] of hosts) {
    it(`finds the host in spite of ${why}`, () => {
      expect(parsed(raw).host).to.equal(host);
    });
  }

  const opaque: [raw: string, method: string][] = [
    ...[
      '',
      '-',
      '*',
      '/ok',
      '/',
      'ahmet',
      'error:transaction-end-before-headers',
      'error:invalid-request',
    ].flatMap(raw => [[raw, 'GET'] as [string, string], [raw, 'CONNECT'] as [string, string]]),
    ...['http://', 'http:///', 'http://./', 'http://a b.example/', 'http://a.example:99999/'].map(
      raw => [raw, 'GET'] as [string, string],
    ),
    ...[
      'http://a.example:x/',
      'http://[::1',
      'http://[1::2::3]/',
      'http://256.1.1.1/',
      'http://1.2.3.4.5/',
    ].map(raw => [raw, 'GET'] as [string, string]),
    ...[
      'http://a%00.example/',
      'http://a<b.example/',
      'http://%/',
      'http://xn--a-å/',
      'http://a%2525.example/',
    ].map(raw => [raw, 'GET'] as [string, string]),
    ...['mailto:a@b.example', 'urn:x:y', 'data:text/html,x', 'about:blank', 'file:///etc/x', '<BADREQ>'].map(
      raw => [raw, 'GET'] as [string, string],
    ),
    ...[':443', 'a.example:99999', 'a.example:x', '::1:443', 'a b:443', '\x16\x03\x01', '256.0.0.1:443'].map(
      raw => [raw, 'CONNECT'] as [string, string],
    ),
  ];
  for (const [raw, method] of opaque) {
    it(`calls ${JSON.stringify(raw)} under ${method} opaque and leaves nothing of the target before it`, () => {
      const target = parsed('https://left.example:8443/over?from=before');
      expect(parseTarget(raw, method, target)).to.equal('opaque');
      expect(target).to.deep.equal(blankTarget());
    });
  }

  const tunnels: [raw: string, host: string, port: number | null][] = [
    ['a.example:443', 'a.example', 443],
    ['A.EXAMPLE.:443', 'a.example', 443],
    ['a.example', 'a.example', null],
    ['a.example:', 'a.example', null],
    ['https:443', 'https', 443],
    ['räksmörgås.example:443', 'xn--rksmrgs-5wao1o.example', 443],
    ['r%C3%A4ksm%C3%B6rg%C3%A5s.example:443', 'xn--rksmrgs-5wao1o.example', 443],
    ['[2001:DB8::1]:443', '2001:db8::1', 443],
    ['[::ffff:192.0.2.1]:443', '192.0.2.1', 443],
    ['192.0.2.1:8443', '192.0.2.1', 8443],
    ['3221225985:443', '192.0.2.1', 443],
    ['somebody@a.example:443', 'a.example', 443],
    ['tunnel://a.example:443/', 'a.example', 443],
    ['https://a.example/', 'a.example', 443],
    ['tcp://A.Example:993/', 'a.example', 993],
  ];
  for (const [raw, host, port] of tunnels) {
    it(`reads the tunnel ${raw} as host and port without scheme or path`, () => {
      const target = parsed(raw, 'CONNECT');
      expect(target).to.include({ host, port, scheme: '', path: '', query: '' });
    });
  }

  it('gives special schemes their own port and no other scheme any', () => {
    const ports = ['http', 'https', 'ws', 'wss', 'ftp', 'foo'].map(
      scheme => parsed(`${scheme}://a.example/`).port,
    );
    expect(ports).to.deep.equal([80, 443, 80, 443, 21, null]);
    expect(parsed('https://a.example:8443/').port).to.equal(8443);
    expect(parsed('http://a.example:0/').port).to.equal(0);
  });

  it('says of each host what kind it is', () => {
    const kinds = ['http://a.example', 'http://0x7f.1', 'http://[::1]', 'foo://1.2.3.4'].map(
      raw => parsed(raw).hostKind,
    );
    expect(kinds).to.deep.equal(['domain', 'ipv4', 'ipv6', 'ipv4']);
  });

  const paths: [written: string, path: string][] = [
    ['', '/'],
    ['/', '/'],
    ['/a/b', '/a/b'],
    ['//a///b', '/a/b'],
    ['/./a/./b', '/a/b'],
    ['/x/../a/y/%2e%2E/b', '/a/b'],
    ['/../../a', '/a'],
    ['/%61%2Fb', '/a%2Fb'],
    ['/%c3%a5', '/%C3%A5'],
    ['/å', '/%C3%A5'],
    ['/a%2', '/a%252'],
    ['/%%64b', '/%25db'],
    ['\\a\\b', '/a/b'],
    ['/a#f', '/a'],
    ['/a;v=1/b', '/a;v=1/b'],
    ['/.well-known/x', '/.well-known/x'],
  ];
  for (const [written, path] of paths) {
    it(`normalises the path ${JSON.stringify(written)} to ${path}`, () => {
      expect(parsed(`http://a.example${written}`).path).to.equal(path);
    });
  }

  it('keeps the query with its question mark, and nothing where the proxy cut it', () => {
    expect(parsed('http://a.example/b?c=d').query).to.equal('?c=d');
    expect(parsed('http://a.example/b?')).to.include({ path: '/b', query: '' });
    expect(parsed('http://a.example?')).to.include({ path: '/', query: '' });
  });

  it('reads every target on the plain path as on the exact one', () => {
    fc.assert(
      fc.property(requestTarget, fc.constantFrom('GET', 'CONNECT', '-'), (raw, method) => {
        const exact = blankTarget();
        const outcome = parseExact(raw, method, exact);
        const target = blankTarget();
        expect(parseTarget(raw, method, target)).to.equal(outcome);
        expect(target).to.deep.equal(exact);
      }),
      { numRuns: 4000 },
    );
  });

  it('takes the plain path for what most lines hold', () => {
    const urls = [
      'http://a.example/',
      'https://www.a-b.example:8443/c/d.html?e=f%20g',
      'http://A.Example?',
      'https://a.se',
    ];
    expect(urls.map(raw => parsePlainUrl(raw, blankTarget()))).to.deep.equal([true, true, true, true]);
    const authorities = ['a.example:443', 'WWW.A.example.:443'];
    expect(authorities.map(raw => parsePlainAuthority(raw, blankTarget()))).to.deep.equal([true, true]);
  });

  it('asks for the host that the URL class asks for, whatever the URL', () => {
    fc.assert(
      fc.property(requestTarget, raw => {
        const url = URL.parse(raw);
        fc.pre(url !== null && /^(?:https?|wss?|ftp):$/.test(url.protocol));
        fc.pre(!url!.hostname.includes(';') && !url!.hostname.startsWith('['));
        expect(parsed(raw).host).to.equal(url!.hostname.replace(/\.$/, ''));
      }),
      { numRuns: 2000 },
    );
  });

  it('reads its own answer as the same target', () => {
    fc.assert(
      fc.property(requestTarget, raw => {
        const target = parsed(raw);
        fc.pre(/^https?$/.test(target.scheme));
        const authority = target.hostKind === 'ipv6' ? `[${target.host}]` : target.host;
        // A host that keeps a dot at its end (`a..`) would lose that one too.
        fc.pre(!target.host.endsWith('.'));
        const again = parsed(`${target.scheme}://${authority}:${target.port}${target.path}${target.query}`);
        expect(again).to.deep.equal(target);
      }),
      { numRuns: 2000 },
    );
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.constantFrom('GET', 'CONNECT', ''), (raw, method) => {
        const target = blankTarget();
        const outcome = parseTarget(raw, method, target);
        expect(outcome === 'opaque').to.equal(target.host === '');
      }),
    );
  });
});

describe('canonicalHost', () => {
  it('takes IPv6 with and without brackets, and its own answers', () => {
    expect(canonicalHost('[2001:db8::1]')).to.equal('2001:db8::1');
    expect(canonicalHost('2001:DB8::0:1')).to.equal('2001:db8::1');
  });

  for (const written of [
    'a.example/b',
    'a.example:80',
    'x@a.example',
    'a.example?b',
    'a b',
    '',
    '[::1',
    '::1]',
    'a\tb',
  ]) {
    it(`refuses ${JSON.stringify(written)}, which is more or less than a host`, () => {
      expect(canonicalHost(written)).to.equal('');
    });
  }
});
