import { expect } from 'chai';
import fc from 'fast-check';
import { blankTarget, type Target } from '../../src/model/target.ts';
import { canonicalHost } from '../../src/url/host.ts';
import { parseTarget } from '../../src/url/parse-target.ts';
import { mayWrap, unwrap } from '../../src/url/unwrap.ts';
import { WRAPPER_DOMAINS, WRAPPERS } from '../../src/url/wrappers.ts';
import { hostName, inUnicode } from './generators.ts';

function parsed(raw: string, method = 'GET'): Target {
  const target = blankTarget();
  parseTarget(raw, method, target);
  return target;
}

function unwrapped(raw: string, method = 'GET'): string[] {
  return unwrap(parsed(raw, method)).map(({ via, target }) => {
    const scheme = target.scheme === '' ? '' : `${target.scheme}://`;
    return `${via} ${scheme}${target.host}${target.path}${target.query}`;
  });
}

const B64 = 'aHR0cHM6Ly9hLmV4YW1wbGUvYj9j';

describe('unwrap', () => {
  const table: [raw: string, inner: string][] = [
    [
      'https://a-b--c-example.translate.goog/d?_x_tr_sl=en&e=f&_x_tr_tl=sv',
      'translate https://a.b-c.example/d?e=f',
    ],
    ['https://a-example.translate.goog/?_x_tr_sl=en&_x_tr_hl=sv', 'translate https://a.example/'],
    ['https://0-en--us-a-example-0.translate.goog/', 'translate https://en-us.a.example/'],
    [
      'https://translate.google.se/translate?sl=auto&u=http%3A%2F%2Fa.example%2Fb',
      'translate http://a.example/b',
    ],
    ['https://translate.google.co.uk/translate?u=a.example', 'translate http://a.example/'],
    ['http://www.google.com/translate_c?hl=en&u=http://a.example/b', 'translate http://a.example/b'],
    [
      'http://www.microsofttranslator.com/bv.aspx?from=en&a=http%3A%2F%2Fa.example',
      'translate http://a.example/',
    ],
    ['https://translate.yandex.ru/translate?url=https://a.example/', 'translate https://a.example/'],
    [
      'https://translated.turbopages.org/proxy_u/en-ru.ru.1a-2b/https/a.example/b',
      'translate http://a.example/b',
    ],
    [
      'http://webcache.googleusercontent.com/search?q=cache:abcDEF_12-45:a.example/b+words&hl=sv',
      'cache http://a.example/b',
    ],
    ['https://www.google.se/search?q=cache:https://a.example/b', 'cache https://a.example/b'],
    ['http://cc.bingj.com/cache.aspx?q=x&d=1&u=http%3a%2f%2fa.example%2f', 'cache http://a.example/'],
    [
      'https://hghltd.yandex.net/yandbtm?fmode=inject&url=http%3A%2F%2Fa.example%2F',
      'cache http://a.example/',
    ],
    ['https://www.google.com/amp/s/a.example/b', 'cache http://a.example/b'],
    ['https://a-example.cdn.ampproject.org/c/s/a.example/b?c', 'cache http://a.example/b?c'],
    ['https://a-example.cdn.ampproject.org/x', 'cache https://a.example/x'],
    ['https://web.archive.org/web/20200102030405/http://a.example/b?c', 'archive http://a.example/b?c'],
    ['https://web.archive.org/web/20200102030405id_/https://a.example/', 'archive https://a.example/'],
    ['https://web.archive.org/web/2020/a.example/b', 'archive http://a.example/b'],
    ['https://web.archive.org/web/2020*/a.example', 'archive http://a.example/'],
    ['https://web.archive.org/web/http%3A%2F%2Fa.example', 'archive http://a.example/'],
    ['https://web.archive.org/save/https://a.example/', 'archive https://a.example/'],
    ['https://archive.ph/20200102030405/http://a.example/b', 'archive http://a.example/b'],
    ['https://archive.today/newest/a.example', 'archive http://a.example/'],
    ['https://archive.is/o/AbC12/https://a.example/', 'archive https://a.example/'],
    ['https://archive.ph/https://a.example/b', 'archive https://a.example/b'],
    ['https://archive.md/?run=1&url=https%3A%2F%2Fa.example', 'archive https://a.example/'],
    [
      'https://www.google.se/url?sa=t&q=two+words&url=https%3A%2F%2Fa.example%2F&ved=x',
      'redirect https://a.example/',
    ],
    ['https://google.com.br/url?q=https://a.example/b', 'redirect https://a.example/b'],
    [
      'https://l.facebook.com/l.php?u=https%3A%2F%2Fa.example%2Fb%3Ffbclid%3Dx&h=y',
      'redirect https://a.example/b?fbclid=x',
    ],
    ['https://duckduckgo.com/l/?kh=-1&uddg=https%253A%252F%252Fa.example', 'redirect https://a.example/'],
    ['https://www.youtube.com/redirect?event=x&q=https%3A%2F%2Fa.example', 'redirect https://a.example/'],
    ['https://t.umblr.com/redirect?z=http%3A%2F%2Fa.example&t=x', 'redirect http://a.example/'],
    ['https://out.reddit.com/t3_x?url=https%3A%2F%2Fa.example', 'redirect https://a.example/'],
    ['https://steamcommunity.com/linkfilter/?url=https://a.example', 'redirect https://a.example/'],
    ['https://vk.com/away.php?to=https%3A%2F%2Fa.example', 'redirect https://a.example/'],
    [`https://www.bing.com/ck/a?!&&p=1&u=a1${B64}&ntb=1`, 'redirect https://a.example/b?c'],
    [
      'https://r.search.yahoo.com/_ylt=A/RV=2/RE=1/RU=https%3a%2f%2fa.example%2fb/RK=2/RS=x',
      'redirect https://a.example/b',
    ],
    [
      'https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fa.example%2F&data=x',
      'redirect https://a.example/',
    ],
    [
      'https://urldefense.proofpoint.com/v2/url?u=https-3A__a.example_b-3Fc-3Dd&d=x',
      'redirect https://a.example/b?c=d',
    ],
    ['https://urldefense.com/v3/__https://a.example/b__;!!x!y$', 'redirect https://a.example/b'],
    ['https://secure-web.cisco.com/1abc/https%3A%2F%2Fa.example%2Fb', 'redirect https://a.example/b'],
    [`https://eu.protection.sophos.com/?d=a.example&u=${B64}`, 'redirect https://a.example/b?c'],
    ['https://href.li/?https://a.example/b', 'redirect https://a.example/b'],
  ];
  for (const [raw, inner] of table) {
    it(`§4.3 sees through ${raw}`, () => {
      expect(unwrapped(raw)).to.deep.equal([inner]);
      expect(mayWrap(parsed(raw).host)).to.equal(true);
    });
  }

  const plain = [
    'https://a.example/url?q=https://b.example/',
    'https://nottranslate.goog/?u=https://b.example/',
    'https://translate.goog/x',
    'https://translate.goog.a.example/x',
    'https://notgoogle.se/url?q=https://b.example/',
    'https://google.com.a.example/url?q=https://b.example/',
    'https://google.example/url?q=https://b.example/',
    'https://myweb.archive.org.example/web/2020/http://b.example/',
    'https://www.google.se/search?q=two+words',
    'https://www.google.se/search?q=https://b.example/',
    'https://www.google.se/url?q=two+words',
    'https://www.google.se/url?q=/search',
    'https://www.google.se/maps?q=https://b.example/',
    'https://web.archive.org/web/',
    'https://archive.ph/AbC12',
    'https://www.bing.com/ck/a?u=a1%%%',
    'https://single-.translate.goog/',
    'https://word.translate.goog/',
    'https://xn--a.translate.goog/',
    'https://l.facebook.com/l.php?u=javascript:alert(1)',
  ];
  for (const raw of plain) {
    it(`leaves ${raw} as it is`, () => {
      expect(unwrapped(raw)).to.deep.equal([]);
    });
  }

  it('sees a translated site through a tunnel, of which only the host is known', () => {
    expect(unwrapped('a-b--c-example.translate.goog:443', 'CONNECT')).to.deep.equal([
      'translate a.b-c.example',
    ]);
    expect(unwrapped('www.google.se:443', 'CONNECT')).to.deep.equal([]);
  });

  it('gives each level of a wrapper in a wrapper, the outermost first', () => {
    const inner = encodeURIComponent('https://web.archive.org/web/2020/http://a.example/');
    expect(unwrapped(`https://translate.google.se/translate?u=${inner}`)).to.deep.equal([
      'translate https://web.archive.org/web/2020/http:/a.example/',
      'archive http://a.example/',
    ]);
  });

  it('stops at the fourth level', () => {
    const deep = `${'https://href.li/?'.repeat(12)}https://a.example/`;
    expect(unwrapped(deep)).to.have.length(4);
  });

  it('finds any host that a translator made a label of', () => {
    fc.assert(
      fc.property(hostName, written => {
        const host = canonicalHost(written);
        fc.pre(host !== '');
        const label = inUnicode(host).replace(/-/g, '--').replace(/\./g, '-');
        const isAmbiguous = label.slice(2, 4) === '--';
        const encoded = canonicalHost(`${isAmbiguous ? `0-${label}-0` : label}.translate.goog`);
        fc.pre(encoded !== '');
        expect(unwrap(parsed(`https://${encoded}/`)).map(inner => inner.target.host)).to.deep.equal([host]);
      }),
    );
  });

  it('finds any URL that a redirect carries, however often it is encoded', () => {
    fc.assert(
      fc.property(hostName, fc.webPath(), fc.nat(3), (host, path, times) => {
        let carried = `https://${host}${path}`;
        const inner = parsed(carried);
        fc.pre(inner.host !== '');
        for (let i = 0; i <= times; i++) carried = encodeURIComponent(carried);
        const [found] = unwrap(parsed(`https://l.facebook.com/l.php?h=x&u=${carried}&s=1`));
        expect(found?.target.host).to.equal(inner.host);
      }),
    );
  });

  it('never throws and never finds an opaque target', () => {
    const domain = fc.constantFrom(...WRAPPER_DOMAINS);
    const rest = fc.oneof(
      fc.string(),
      fc.webUrl().map(url => `/url?q=${url}&u=${url}&url=${url}`),
    );
    fc.assert(
      fc.property(domain, rest, (host, text) => {
        for (const inner of unwrap(parsed(`http://x.${host}/${text}`))) {
          expect(inner.target.hostKind).to.not.equal('opaque');
        }
      }),
    );
  });

  it('knows a wrapper under any number of labels, and no longer name that ends alike', () => {
    for (const domain of WRAPPER_DOMAINS) {
      expect([domain, mayWrap(domain)]).to.deep.equal([domain, true]);
      expect([domain, mayWrap(`${'a.'.repeat(100)}${domain}`)]).to.deep.equal([domain, true]);
      expect([domain, mayWrap(`${'a'.repeat(100)}${domain}`)]).to.deep.equal([
        domain,
        isUnderAnother(domain),
      ]);
    }
  });

  it('knows each wrapper by a canonical host', () => {
    for (const [domain, wrappers] of WRAPPERS) {
      expect(canonicalHost(domain)).to.equal(domain);
      expect(wrappers).to.not.be.empty;
    }
  });
});

function isUnderAnother(domain: string): boolean {
  return WRAPPER_DOMAINS.some(other => domain.endsWith(`.${other}`));
}
