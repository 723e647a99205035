import { expect } from 'chai';
import fc from 'fast-check';
import { mayHold } from '../../src/category/filter.ts';
import { hashAddress, hashDomain } from '../../src/category/hash.ts';
import { createMatcher, type Matcher } from '../../src/category/matcher.ts';
import type { Target } from '../../src/model/target.ts';
import { compile, hostBytes, type Lists, target } from './support.ts';

function matcherOf(lists: Lists, listNames: readonly string[] | null = null): Matcher {
  return createMatcher(compile(lists), listNames);
}

function entries(matcher: Matcher, text: string): string[] {
  return matcher.match(target(text)).map(({ list, entry }) => `${list} ${entry}`);
}

function covers(matcher: Matcher, host: string): boolean {
  const { bytes, end } = hostBytes(host);
  return matcher.coversHost(bytes, 0, end);
}

/** Entries of one list as the naive twin keeps them. */
type NaiveLists = Map<string, { domains: string[]; urls: string[] }>;

/** The naive twin: every entry is held against the target, as §4.1 is worded. */
function naive(lists: NaiveLists, asked: Target): string[] {
  const found: string[] = [];
  const isUnder = (host: string) =>
    asked.host === host || (asked.hostKind === 'domain' && asked.host.endsWith(`.${host}`));
  for (const [name, { domains, urls }] of lists) {
    for (const host of domains) if (isUnder(host)) found.push(`${name} ${host}`);
    for (const url of urls) {
      const cut = url.indexOf('/');
      const path = url.slice(cut);
      const place = asked.path === '' ? '' : asked.path + asked.query;
      const next = place.charAt(path.length);
      const isWhole = next === '' || (path.includes('?') ? next === '&' : next === '/' || next === '?');
      if (isUnder(url.slice(0, cut)) && place.startsWith(path) && isWhole) found.push(`${name} ${url}`);
    }
  }
  return [...new Set(found)].sort();
}

describe('the matcher', () => {
  const lists: Lists = {
    gambling: { domains: 'casino.example\nbet.casino.example\n192.0.2.7\n2001:db8::1\n' },
    news: { urls: 'paper.example/games\n192.0.2.8/play\npaper.example/id?x=1\n' },
    words: { domains: 'lan\nlocalhost\n' },
  };
  const matcher = matcherOf(lists);

  it('§4.1 covers the host of an entry and all hosts under it, never a longer name', () => {
    expect(entries(matcher, 'http://casino.example/x')).to.deep.equal(['gambling casino.example']);
    expect(entries(matcher, 'http://a.b.casino.example/')).to.deep.equal(['gambling casino.example']);
    expect(entries(matcher, 'http://mycasino.example/')).to.deep.equal([]);
    expect(entries(matcher, 'http://casino.example.org/')).to.deep.equal([]);
    expect(entries(matcher, 'http://example/')).to.deep.equal([]);
  });

  it('§4.3 reports parent and child when both are listed, the nearest first', () => {
    expect(entries(matcher, 'http://www.bet.casino.example/')).to.deep.equal([
      'gambling bet.casino.example',
      'gambling casino.example',
    ]);
  });

  it('§4.1 covers a path at a slash, a question mark or the end', () => {
    for (const path of [
      '/games',
      '/games/',
      '/games/x',
      '/games?x',
      '/games#x',
      '/./games',
      '//games',
      '/%67ames',
    ]) {
      expect(entries(matcher, `http://paper.example${path}`), path).to.deep.equal([
        'news paper.example/games',
      ]);
    }
    for (const path of ['/', '/game', '/gamesroom', '/Games', '/x/games']) {
      expect(entries(matcher, `http://paper.example${path}`), path).to.deep.equal([]);
    }
    expect(entries(matcher, 'http://www.paper.example/games')).to.deep.equal(['news paper.example/games']);
  });

  it('covers a query that an entry names, at `&` or the end', () => {
    expect(entries(matcher, 'http://paper.example/id?x=1')).to.have.length(1);
    expect(entries(matcher, 'http://paper.example/id?x=1&y=2')).to.have.length(1);
    expect(entries(matcher, 'http://paper.example/id?x=12')).to.deep.equal([]);
    expect(entries(matcher, 'http://paper.example/id')).to.deep.equal([]);
  });

  it('§4.1 lets a tunnel match hosts only', () => {
    expect(entries(matcher, 'casino.example:443')).to.deep.equal(['gambling casino.example']);
    expect(entries(matcher, 'paper.example:443')).to.deep.equal([]);
    expect(covers(matcher, 'paper.example')).to.equal(true);
  });

  it('takes addresses whole, in every spelling', () => {
    for (const host of ['192.0.2.7', '0xC0.0.2.7', '3221225991', '[2001:db8:0::1]', '[::ffff:192.0.2.7]']) {
      expect(entries(matcher, `http://${host}/`), host).to.have.length(1);
    }
    expect(entries(matcher, 'http://1.192.0.2/')).to.deep.equal([]);
    expect(entries(matcher, 'http://192.0.2.8/play/x')).to.deep.equal(['news 192.0.2.8/play']);
    expect(entries(matcherOf({ x: { urls: '[2001:db8::1]/a\n' } }), 'http://[2001:db8::1]/a')).to.deep.equal([
      'x [2001:db8::1]/a',
    ]);
    expect(covers(matcher, '192.0.2.7')).to.equal(true);
    expect(covers(matcher, '192.0.2.9')).to.equal(false);
  });

  it('knows entries of one label, alone and above others', () => {
    expect(entries(matcher, 'http://localhost/')).to.deep.equal(['words localhost']);
    expect(entries(matcher, 'http://hidden.lan/')).to.deep.equal(['words lan']);
    expect(covers(matcher, 'a.hidden.lan')).to.equal(true);
    expect(covers(matcher, 'lan.example')).to.equal(false);
    expect(matcher.filter.hasOneLabelEntries).to.equal(true);
    expect(matcher.filter.oneLabel).to.have.length(2);
  });

  it('matches nothing where there is no host', () => {
    for (const text of ['error:invalid', '-:443', ':443'])
      expect(entries(matcher, text), text).to.deep.equal([]);
    expect(matcher.match({ ...target('http://casino.example/'), host: 'åäö.example' })).to.deep.equal([]);
  });

  it('counts upper-case letters in a host’s bytes as lower-case ones, and those of a path as they are', () => {
    expect(covers(matcher, 'WWW.Casino.EXAMPLE')).to.equal(true);
    const paths = matcherOf({ x: { urls: 'a.example/Dir\na.example/dir/Sub\n' } });
    expect(entries(paths, 'http://a.example/Dir')).to.deep.equal(['x a.example/Dir']);
    expect(entries(paths, 'http://a.example/dir/Sub')).to.deep.equal(['x a.example/dir/Sub']);
    expect(entries(paths, 'http://a.example/dir/sub')).to.deep.equal([]);
  });

  it('takes the lists that are named, and no others', () => {
    const one = matcherOf({ a: { domains: 'x.example\n' }, b: { domains: 'x.example\ny.example\n' } }, [
      'a',
      'gone',
    ]);
    expect(entries(one, 'http://x.example/')).to.deep.equal(['a x.example']);
    expect(entries(one, 'http://y.example/')).to.deep.equal([]);
    expect(covers(one, 'y.example')).to.equal(false);
    const none = matcherOf({ a: { domains: 'x.example\n' } }, []);
    expect(entries(none, 'http://x.example/')).to.deep.equal([]);
  });

  it('answers for a host in any buffer, and again in the first one', () => {
    const first = hostBytes('www.casino.example');
    const second = hostBytes('www.other.example');
    expect(matcher.coversHost(first.bytes, 0, first.end)).to.equal(true);
    expect(matcher.coversHost(second.bytes, 0, second.end)).to.equal(false);
    expect(matcher.coversHost(first.bytes, 4, first.end)).to.equal(true);
    const within = new Uint8Array(first.bytes.buffer, 4);
    expect(matcher.coversHost(within, 0, first.end - 4)).to.equal(true);
  });

  it('takes a host of any length', () => {
    const long = `${'a.'.repeat(2000)}casino.example`;
    expect(matcher.match({ ...target('http://casino.example/'), host: long })).to.have.length(1);
  });

  it('equals the naive twin on generated lists and targets', () => {
    const label = fc.constantFrom('a', 'b', 'cc', 'a-b', '_x', 'example', 'test');
    const domain = fc.array(label, { minLength: 2, maxLength: 4 }).map(labels => labels.join('.'));
    const address = fc.constantFrom('192.0.2.7', '2.7.0.192');
    const host = fc.oneof({ weight: 5, arbitrary: domain }, { weight: 1, arbitrary: address });
    const piece = fc.constantFrom('/a', '/b', '/ab', '/a/b', '/A', '/');
    const path = fc
      .array(piece, { minLength: 1, maxLength: 3 })
      .map(pieces => pieces.join('').replace(/\/+/g, '/'));
    const query = fc.constantFrom('', '', '?a=1', '?a=1&b=2', '?');
    const entryPath = fc.tuple(path, query).map(([p, q]) => (q.length > 1 ? p + q : p.replace(/\/$/, '')));
    const list = fc.record({
      domains: fc.array(host, { maxLength: 6 }),
      urls: fc.array(
        fc.tuple(host, entryPath).filter(([, p]) => p !== ''),
        { maxLength: 6 },
      ),
    });
    const asked = fc.oneof(
      fc.tuple(host, path, query).map(([h, p, q]) => `http://${h}${p}${q}`),
      host.map(h => `${h}:443`),
    );
    fc.assert(
      fc.property(
        fc.array(list, { minLength: 1, maxLength: 3 }),
        fc.array(asked, { minLength: 1, maxLength: 12 }),
        fc.nat(7),
        (rows, targets, mask) => {
          const given: Lists = {};
          const mapped: NaiveLists = new Map();
          rows.forEach(({ domains, urls }, n) => {
            const urlLines = urls.map(([h, p]) => h + p);
            given[`l${n}`] = { domains: domains.join('\n'), urls: urlLines.join('\n') };
            if ((mask >> n) & 1) mapped.set(`l${n}`, { domains, urls: urlLines });
          });
          const built = matcherOf(given, [...mapped.keys()]);
          for (const text of targets) {
            const read = target(text);
            const expected = naive(mapped, read);
            expect(entries(built, text).sort(), text).to.deep.equal(expected);
            if (expected.length > 0) expect(covers(built, read.host), read.host).to.equal(true);
          }
        },
      ),
      { numRuns: 400 },
    );
  });

  it('finds each of many entries at its own line, and none of as many others', () => {
    const names = Array.from({ length: 5000 }, (_, n) => `n${(n * 7919) % 100_003}.s${n % 50}.example`);
    const many = matcherOf({ x: { domains: names.join('\n') } });
    names.forEach((name, n) => {
      expect(many.match(target(`${name}:443`)).map(({ line }) => line)).to.deep.equal([n + 1]);
      expect(covers(many, `m${name}`)).to.equal(false);
    });
  });
});

describe('a collision of hashes', () => {
  /** Finds two names of which the numbers that `of` makes of them are one. */
  function collide(name: (n: number) => string, of: (name: string) => number): [string, string] {
    const seen = new Map<number, string>();
    for (let n = 0; n < 1_000_000; n++) {
      const text = name(n);
      const number = of(text);
      const other = seen.get(number);
      if (other !== undefined) return [other, text];
      seen.set(number, text);
    }
    throw new Error('no collision was found');
  }

  const hashOf = (host: string) => hashDomain(hostBytes(host).bytes, 0, host.length);
  const [one, other] = collide(n => `crafted${n}.example`, hashOf);

  it('§4.2 accuses nobody: the bytes of the entry decide', () => {
    expect(one).to.not.equal(other);
    expect(hashOf(one)).to.equal(hashOf(other));
    const matcher = matcherOf({ x: { domains: `${one}\n` } });
    expect(entries(matcher, `http://${one}/`)).to.deep.equal([`x ${one}`]);
    expect(entries(matcher, `http://${other}/`)).to.deep.equal([]);
    expect(covers(matcher, `www.${other}`)).to.equal(false);
  });

  it('lets both be listed, each under its own lists', () => {
    const matcher = matcherOf({
      x: { domains: `${one}\n` },
      y: { domains: `${other}\n`, urls: `${one}/a\n` },
    });
    expect(entries(matcher, `http://${one}/`)).to.deep.equal([`x ${one}`]);
    expect(entries(matcher, `http://${one}/a`)).to.deep.equal([`x ${one}`, `y ${one}/a`]);
    expect(entries(matcher, `http://${other}/`)).to.deep.equal([`y ${other}`]);
  });

  it('does not hide what lies under a name whose bit is set by another', () => {
    const bitOf = (host: string) => hashOf(host) >>> 6;
    const [listed, stranger] = collide(n => `bit${n}.example`, bitOf);
    const matcher = matcherOf({ x: { domains: `${listed}\n` } });
    expect(covers(matcher, listed)).to.equal(true);
    expect(covers(matcher, stranger)).to.equal(false);
  });

  it('between an address and a domain accuses nobody either', () => {
    const address = '192.0.2.7';
    expect(hashAddress(hostBytes(address).bytes, 0, address.length)).to.not.equal(hashOf(address));
    const matcher = matcherOf({ x: { domains: `${address}\n` } });
    expect(entries(matcher, 'http://2.7/')).to.deep.equal([]);
  });
});

describe('the filter', () => {
  it('holds every suffix of two or more labels of every entry of the mapped lists, and little else', () => {
    const label = fc.stringMatching(/^[a-z0-9]{1,6}$/);
    const domain = fc
      .array(label, { minLength: 1, maxLength: 5 })
      .map(labels => `${labels.join('.')}.example`);
    fc.assert(
      fc.property(fc.array(domain, { minLength: 1, maxLength: 20 }), domains => {
        const half = domains.length >> 1;
        const { filter } = matcherOf(
          {
            mapped: {
              domains: domains.slice(half).join('\n'),
              urls: domains
                .slice(half)
                .map(d => `u.${d}/x`)
                .join('\n'),
            },
            other: { domains: domains.slice(0, half).join('\n') },
          },
          ['mapped'],
        );
        const expected = new Set<number>();
        for (const name of domains.slice(half).flatMap(d => [d, `u.${d}`])) {
          const labels = name.split('.');
          for (let n = 0; n < labels.length - 1; n++) {
            const suffix = labels.slice(n).join('.');
            const hash = hashDomain(hostBytes(suffix).bytes, 0, suffix.length);
            expect(mayHold(filter.bits, hash), suffix).to.equal(true);
            expected.add(hash >>> 6);
          }
        }
        const set = filter.bits.reduce((sum, word) => sum + bitsIn(word), 0);
        expect(set).to.equal(expected.size);
        expect(filter.hasOneLabelEntries).to.equal(false);
      }),
      { numRuns: 15 },
    );
  });

  function bitsIn(word: number): number {
    let count = 0;
    for (let rest = word; rest !== 0; rest &= rest - 1) count++;
    return count;
  }
});
