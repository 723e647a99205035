import { expect } from 'chai';
import fc from 'fast-check';
import type { Image } from '../../../src/category/image.ts';
import { createMatcher, type Matcher } from '../../../src/category/matcher.ts';
import { compile, type Lists } from '../../category/support.ts';
import { log } from './lines.ts';
import { runExact, runFast, slotByNetwork, slotOf } from './support.ts';

const LISTS: Lists = {
  gambling: { domains: 'casino.example\nads.busy.example\n192.0.2.7\n', urls: 'paper.example/games\n' },
};
const WITH_ONE_LABEL: Lists = { ...LISTS, hidden: { domains: 'corp\nlan\n' } };

const image = compile(LISTS);
const matcher = createMatcher(image, null);

function lineOf(
  changes: Partial<Record<'stamp' | 'elapsed' | 'client' | 'result' | 'bytes' | 'request' | 'tail', string>>,
) {
  const { stamp, elapsed, client, result, bytes, request, tail } = {
    stamp: '1795563829.595',
    elapsed: '    95',
    client: '10.1.2.3',
    result: 'TCP_TUNNEL/200',
    bytes: '4592',
    request: 'CONNECT www.plain.example:443',
    tail: 'anna HIER_DIRECT/192.0.2.80 -',
    ...changes,
  };
  return `${stamp} ${elapsed} ${client} ${result} ${bytes} ${request} ${tail}\n`;
}

function scan(text: string, using: { image: Image; matcher: Matcher } = { image, matcher }) {
  return runFast(using.matcher, new TextEncoder().encode(text), { table: using.image });
}

describe('the fast scan', () => {
  for (const [title, changes] of [
    ['a tunnel', {}],
    ['a page', { result: 'TCP_MISS/200', request: 'GET http://www.plain.example/a/b.html?' }],
    ['a page over TLS, with a port', { result: 'TCP_HIT/200', request: 'POST https://plain.example:8443/' }],
    ['a refused request', { result: 'TCP_DENIED/403' }],
    ['a request without a name', { tail: '- HIER_NONE/- text/html' }],
    ['a plain address', { request: 'CONNECT 198.51.100.7:443' }],
    ['a host of one label', { request: 'GET http://intranet/' }],
    ['a site of which another host is listed', { request: 'CONNECT cdn.busy.example:443' }],
    ['a tunnel to a search engine', { request: 'CONNECT www.google.se:443' }],
    ['a wrapper with nothing in it', { request: 'GET http://web.archive.org/', result: 'TCP_MISS/200' }],
    ['a line with a carriage return', { tail: 'anna HIER_DIRECT/192.0.2.80 -\r' }],
    ['an IPv6 client', { client: '2001:db8::7' }],
    [
      'a line with referrer and user agent',
      { tail: 'anna HIER_DIRECT/192.0.2.123 - "-" "Mozilla/5.0 (X11; 5) OPR"' },
    ],
  ] as const) {
    it(`lets go of ${title}`, () => {
      const { letGo, result } = scan(lineOf(changes));
      expect(letGo).to.equal(1);
      expect(result.others).to.deep.equal([]);
    });
  }

  for (const [title, changes] of [
    ['a listed host', { request: 'CONNECT casino.example:443' }],
    ['a host under a listed one, in capitals', { request: 'CONNECT A.B.CASINO.Example:443' }],
    ['a host with listed paths, whatever the path', { request: 'GET http://paper.example/news' }],
    ['a listed address', { request: 'CONNECT 192.0.2.7:443' }],
    ['an address in another spelling', { request: 'GET http://0300.0.2.7/' }],
    ['a name with userinfo', { request: 'GET http://user@plain.example/' }],
    ['an encoded host', { request: 'GET http://pl%61in.example/' }],
    ['a translated site', { request: 'CONNECT casino-example.translate.goog:443' }],
    ['an archived page', { request: 'GET http://web.archive.org/web/2020/http:/plain.example/' }],
    ['a redirect with a query', { request: 'GET http://www.google.com/url?q=http://plain.example/' }],
    ['a challenge (§2.3)', { result: 'TCP_DENIED/407' }],
    ['a stamp of the future (§1.4)', { stamp: '1795700000.000' }],
    ['a record that began too early', { stamp: '1790800000.000', elapsed: '999999999' }],
    ['a name that is not ASCII', { tail: 'j\u00e5n HIER_DIRECT/192.0.2.80 -' }],
    ['a name with a space', { tail: 'per o HIER_DIRECT/192.0.2.80 -' }],
    ['an appended column', { tail: 'anna HIER_DIRECT/192.0.2.80 - extra' }],
    ['appended headers', { tail: 'anna HIER_DIRECT/192.0.2.80 - [Host: a] [b]' }],
    ['a user agent with an escape', { tail: 'anna HIER_DIRECT/192.0.2.80 - "-" "a\\"b"' }],
    [
      'a user agent that might be a second record',
      { tail: 'anna HIER_DIRECT/192.0.2.80 - "-" "a1795563829.603 95 b"' },
    ],
    ['a user agent that might be a hierarchy', { tail: 'anna HIER_DIRECT/192.0.2.80 - "-" "a NONE/- b"' }],
    ['a user agent without an end', { tail: 'anna HIER_DIRECT/192.0.2.80 - "-" "a' }],
    ['a broken line', { bytes: 'many' }],
    ['a line without a method', { request: 'http://www.plain.example/' }],
    ['an address with one slash too many', { request: 'GET http:///www.plain.example/' }],
    ['another kind of line', { stamp: '# 1795563829.595' }],
  ] as const) {
    it(`hands on ${title}`, () => {
      const text = lineOf(changes);
      expect(scan(text).letGo).to.equal(0);
      expect(scan(lineOf({}) + text + lineOf({})).letGo).to.equal(2);
    });
  }

  it('hands on lines in order, untouched, with their ends', () => {
    const slow = [
      lineOf({ request: 'CONNECT casino.example:443' }),
      '\n',
      '# x\n',
      lineOf({ result: 'TCP_DENIED/407' }),
    ];
    const lines = slow.flatMap(text => [lineOf({}), text]);
    const found = scan(lines.join(''));
    const starts = lines.map((_, i) => lines.slice(0, i).join('').length + 8);
    const wanted = [1, 3, 5, 7];
    expect([...found.scan.slowStarts.slice(0, 4)]).to.deep.equal(wanted.map(i => starts[i]));
    expect([...found.scan.slowEnds.slice(0, 4)]).to.deep.equal(
      wanted.map(i => starts[i]! + lines[i]!.length - 1),
    );
    expect(found.letGo).to.equal(4);
  });

  it('stops where it has handed on as much as it can hold, and goes on from there', () => {
    const listed = lineOf({ request: 'CONNECT casino.example:443' });
    const { result, letGo } = scan((listed + listed + lineOf({})).repeat(6000));
    expect(result.lines).to.equal(18_000);
    expect(letGo).to.equal(6000);
    expect(result.others).to.have.length(12_000);
  });

  it('takes a listed single label for all hosts under it', () => {
    const oneLabel = compile(WITH_ONE_LABEL);
    const using = { image: oneLabel, matcher: createMatcher(oneLabel, null) };
    expect(scan(lineOf({ request: 'CONNECT abc.corp:80' }), using).letGo).to.equal(0);
    expect(scan(lineOf({ request: 'GET http://lan/' }), using).letGo).to.equal(0);
    expect(scan(lineOf({ request: 'CONNECT abc.plain.example:80' }), using).letGo).to.equal(1);
  });

  it('looks only for the lists that are mapped', () => {
    const none = { image, matcher: createMatcher(image, []) };
    expect(scan(lineOf({ request: 'CONNECT casino.example:443' }), none).letGo).to.equal(1);
  });

  it('counts where a person belonged at the beginning of the request', () => {
    const text = lineOf({ stamp: '1795564800.100' }) + lineOf({ stamp: '1795564800.100', elapsed: '   200' });
    const { result, letGo } = scan(text);
    expect(letGo).to.equal(2);
    expect(result.usage.map(({ hourMs, records }) => [hourMs, records])).to.deep.equal([
      [1_795_561_200_000, 1],
      [1_795_564_800_000, 1],
    ]);
  });

  it('hands on a person of whom the resolver says nothing that holds', () => {
    expect(scan(lineOf({ tail: 'gone1 HIER_DIRECT/192.0.2.80 -' })).letGo).to.equal(0);
    expect(scan(lineOf({ tail: '... HIER_DIRECT/192.0.2.80 -' })).letGo).to.equal(0);
  });

  it('keeps apart more people than it can remember', () => {
    const lines = Array.from({ length: 150_000 }, (_, i) =>
      lineOf({ tail: `user${i % 75_000} HIER_NONE/- -` }),
    );
    const bytes = new TextEncoder().encode(lines.join(''));
    const { result, letGo } = runFast(matcher, bytes, { table: image });
    expect(letGo).to.equal(lines.length);
    expect(result).to.deep.equal(runExact(matcher, bytes));
  }).timeout(60_000);

  it('does without spare bytes behind the lines', () => {
    const text = lineOf({}).repeat(3);
    const bytes = new TextEncoder().encode(text);
    for (const spare of [0, 1, 5, 63]) {
      const { result } = runFast(matcher, bytes, { table: image, spare });
      expect(result).to.deep.equal(runExact(matcher, bytes));
    }
  });
});

describe('the fast scan and the exact path behind it', () => {
  const check = (lists: Lists, slots: typeof slotOf) => {
    const listImage = compile(lists);
    const listMatcher = createMatcher(listImage, null);
    fc.assert(
      fc.property(log, fc.constantFrom(64, 64, 0), (bytes, spare) => {
        // A log ends with a line feed here; what lacks one never comes to the scan.
        bytes[bytes.length - 1] = 0x0a;
        const fast = runFast(listMatcher, bytes, { table: listImage, slots, spare });
        expect(fast.result).to.deep.equal(runExact(listMatcher, bytes, slots));
      }),
      { numRuns: 250 },
    );
  };

  it('equal the exact path alone, on any lines', () => check(LISTS, slotOf));

  it('equal it where a single label is listed', () => check(WITH_ONE_LABEL, slotOf));

  it('equal it where networks move everybody', () => check(LISTS, slotByNetwork));
});
