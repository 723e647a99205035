import { expect } from 'chai';
import { createMatcher } from '../../../src/category/matcher.ts';
import type { Finding } from '../../../src/model/finding.ts';
import { matchesAsStored, matchesOf } from '../../../src/pipeline/rejudge/stored-matches.ts';
import { compile } from '../../category/support.ts';
import { aFinding } from '../../finding/arbitrary.ts';

const IMAGE = compile({
  casino: { domains: 'casino.example\n', urls: 'kiosk.example/odds\nforum.example/show.php?forum=5\n' },
  proxies: { domains: 'web.archive.org\n' },
});
const matcher = createMatcher(IMAGE, null);

function entriesOf(changes: Partial<Finding>): string[] {
  const finding = aFinding({ via: null, port: 80, scheme: 'http', urlPath: '/', ...changes });
  return matchesOf([finding], target => matcher.match(target)).map(
    ({ entry, via }) => `${entry}${via === null ? '' : ` through ${via}`}`,
  );
}

describe('matchesOf', () => {
  it('§4.1 matches what is stored of a target: its host, and its path where it has one', () => {
    expect(entriesOf({ domain: 'www.casino.example' })).to.deep.equal(['casino.example']);
    expect(entriesOf({ domain: 'kiosk.example', urlPath: '/odds/today' })).to.deep.equal([
      'kiosk.example/odds',
    ]);
    const tunnel = { domain: 'kiosk.example', urlPath: '', scheme: '' };
    const facts = { ...aFinding({}).facts, tunnel: true, matchedBy: 'host' as const };
    expect(entriesOf({ ...tunnel, entry: 'kiosk.example', facts })).to.deep.equal([]);
  });

  it('§3.6 a path that was not stored, as it named somebody, began with the entry that was found', () => {
    const facts = { ...aFinding({}).facts, matchedBy: 'url' as const };
    const dropped = { domain: 'kiosk.example', urlPath: '', entry: 'kiosk.example/odds', facts };
    expect(entriesOf(dropped)).to.deep.equal(['kiosk.example/odds']);
  });

  it('§5.7 finds again what an entry with a query found: no query is stored, but that much of it was asked', () => {
    const facts = { ...aFinding({}).facts, matchedBy: 'url' as const };
    const asked = {
      domain: 'forum.example',
      urlPath: '/show.php',
      entry: 'forum.example/show.php?forum=5',
      facts,
    };
    expect(entriesOf(asked)).to.deep.equal(['forum.example/show.php?forum=5']);
    expect(entriesOf({ ...asked, entry: 'forum.example/show.php?forum=6' })).to.deep.equal([]);
  });

  it('§4.3 finds again what a stored path wraps, and keeps how a stored target was wrapped', () => {
    const wrapper = { domain: 'web.archive.org', urlPath: '/web/2025/http:/casino.example/' };
    expect(entriesOf(wrapper)).to.deep.equal(['web.archive.org', 'casino.example through archive']);
    expect(entriesOf({ domain: 'casino.example', via: 'archive' })).to.deep.equal([
      'casino.example through archive',
    ]);
  });

  it('§5.7 gives what was stored where lists cannot be asked any more', () => {
    const finding = aFinding({ list: 'gone', entry: 'gone.example', domain: 'www.gone.example' });
    const [match] = matchesAsStored([finding]);
    expect(match).to.deep.include({ list: 'gone', entry: 'gone.example', version: finding.listVersion });
    expect(match?.target.host).to.equal('www.gone.example');
  });
});
