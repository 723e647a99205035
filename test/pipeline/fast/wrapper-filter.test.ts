import { expect } from 'chai';
import fc from 'fast-check';
import { extend, SEED } from '../../../src/category/hash.ts';
import { blankTarget } from '../../../src/model/target.ts';
import { createWrapperFilter, mayHide, ROOM } from '../../../src/pipeline/fast/wrapper-filter.ts';
import { parseTarget } from '../../../src/url/parse-target.ts';
import { unwrap } from '../../../src/url/unwrap.ts';
import { WRAPPER_DOMAINS } from '../../../src/url/wrappers.ts';

const filter = createWrapperFilter();

/** Asks the filter as the scan does: about a host, and then about what follows it. */
function hides(host: string, rest: string, isTunnel = false): boolean {
  const bytes = new TextEncoder().encode(host + rest);
  const labels = host.split('.').slice(-2).reverse();
  const state = labels.reduce((chained, label) => {
    const label8 = new TextEncoder().encode(label);
    return extend(chained, label8, 0, label8.length);
  }, SEED);
  const rooms = filter.roomsOf(bytes, { start: 0, end: host.length }, state);
  if ((rooms & ROOM.label) !== 0) return true;
  return !isTunnel && rooms !== 0 && mayHide(bytes, { hostEnd: host.length, urlEnd: bytes.length }, rooms);
}

const path = fc
  .array(
    fc.constantFrom(
      ...[
        '/',
        '/web/',
        '/2020',
        '/translate',
        '/url',
        '/amp/s/',
        '/l.php',
        '/l/',
        '/ck/a',
        '/proxy_u/x',
        '/cache',
        '/wayback/1/',
      ],
      ...[
        '?',
        '&',
        'u=',
        'url=',
        'q=',
        'cache:',
        'a=',
        'adurl=',
        'uddg=',
        'a1aHR0cDovL2EuZXhhbXBsZS8',
        '/v3/__',
        '__;',
        '/RU=',
      ],
      ...[
        'http://a.example/',
        'http%3A%2F%2Fa.example',
        'a.example',
        'a%2eexample',
        'https:/a.example',
        '%253A',
        '/save/',
        ':8080',
      ],
    ),
    { maxLength: 6 },
  )
  .map(parts => parts.join(''))
  .filter(text => text === '' || text.startsWith('/') || text.startsWith('?'));

describe('the wrapper filter', () => {
  it('§4.3 sees every address in which unwrap finds another one', () => {
    const host = fc
      .tuple(
        fc.constantFrom('', 'www.', 'a-example.', 'x.b--c-example.'),
        fc.constantFrom(...WRAPPER_DOMAINS),
      )
      .map(parts => parts.join(''));
    fc.assert(
      fc.property(host, path, (name, rest) => {
        const target = blankTarget();
        parseTarget(`http://${name}${rest}`, 'GET', target);
        if (unwrap(target).length > 0) expect(hides(name, rest)).to.equal(true);
      }),
      { numRuns: 5000 },
    );
  });

  it('lets tunnels to a search engine go, but none to a translated site', () => {
    expect(hides('www.google.com', '', true)).to.equal(false);
    expect(hides('a-example.translate.goog', '', true)).to.equal(true);
  });

  it('lets an address go that has no room for another one', () => {
    expect(hides('www.google.com', '/complete/search')).to.equal(false);
    expect(hides('www.google.com', '/complete/search?')).to.equal(false);
    expect(hides('web.archive.org', '/')).to.equal(false);
    expect(hides('plain.example', '/url?q=http://a.example')).to.equal(false);
  });
});
