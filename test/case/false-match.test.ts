import { expect } from 'chai';
import { correctionOf, overrideIdOf } from '../../src/case/false-match.ts';
import type { Finding } from '../../src/model/finding.ts';
import { aFinding } from '../finding/arbitrary.ts';
import { hash } from './support.ts';

const facts = aFinding().facts;

describe('correctionOf', () => {
  const cases: [string, Partial<Finding>, [string, string]][] = [
    [
      'takes out the entry that is the visited host',
      { domain: 'a.example', entry: 'a.example' },
      ['remove', 'a.example'],
    ],
    [
      'takes www. for the host itself',
      { domain: 'www.a.example', entry: 'a.example' },
      ['remove', 'a.example'],
    ],
    [
      'excepts only the visited host where the entry covers more',
      { domain: 'chess.blogs.example', entry: 'blogs.example' },
      ['never', 'chess.blogs.example'],
    ],
    [
      'takes out an entry for a path',
      { domain: 'a.example', entry: 'a.example/odds', facts: { ...facts, matchedBy: 'url' } },
      ['remove', 'a.example/odds'],
    ],
  ];
  for (const [what, changes, expected] of cases) {
    it(`${what} (§4.3)`, () => {
      const correction = correctionOf(aFinding({ list: 'gambling', ...changes }));
      expect([correction.action, correction.what]).to.deep.equal(expected);
      expect(correction).to.include({ list: 'gambling', site: changes.domain, entry: changes.entry });
    });
  }

  it('gives the same correction the same id, and another one another', () => {
    const one = { action: 'remove', list: 'a', what: 'b.example' } as const;
    expect(overrideIdOf(one, hash)).to.match(/^[0-9a-f]{12}$/);
    expect(overrideIdOf({ ...one }, hash)).to.equal(overrideIdOf(one, hash));
    const others = [
      { ...one, action: 'never' as const },
      { ...one, list: 'c' },
      { ...one, what: 'd.example' },
    ];
    for (const other of others) expect(overrideIdOf(other, hash)).to.not.equal(overrideIdOf(one, hash));
  });
});
