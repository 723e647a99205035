import { expect } from 'chai';
import type { Finding } from '../../src/model/finding.ts';
import type { Population } from '../../src/model/subject.ts';
import { FINDING_CHECKS, type FindingContext, type JudgingPolicy } from '../../src/proof/check-finding.ts';
import { aFinding } from '../finding/arbitrary.ts';

const USER = `u26-${'a'.repeat(26)}`;
const CLIENT = `c261005-${'b'.repeat(26)}`;
const ANNOUNCED_MS = Date.UTC(2026, 0, 1);

const policy: JudgingPolicy = {
  reviewed: new Set<Population>(['staff']),
  categories: new Map([
    [
      'gambling',
      {
        class: 'questionable' as const,
        announced: new Map<Population, number>([
          ['staff', ANNOUNCED_MS],
          ['unknown', ANNOUNCED_MS],
        ]),
      },
    ],
  ]),
};

const CONTEXT: FindingContext = {
  policy,
  isDirectoryKept: true,
  isCurrent: true,
  namesSomebody: text => text.includes('anna'),
  isProtected: () => false,
};

const RIGHT: Finding = aFinding({
  ...{ subjectKind: 'user', subjectId: USER, clientId: CLIENT, population: 'staff', verdict: 'examine' },
  ...{ category: 'gambling', class: 'questionable', startMs: ANNOUNCED_MS },
  ...{ domain: 'casino.example', urlPath: '/slots%3Fa', path: '/var/log/access.log', observerName: null },
  versions: { lists: 'l', policy: 'p', directory: 'd' },
});

function answers(finding: Partial<Finding>, context: Partial<FindingContext> = {}): string {
  return Object.entries(FINDING_CHECKS)
    .map(([name, check]) => [name, check({ ...RIGHT, ...finding }, { ...CONTEXT, ...context })])
    .filter(([, answer]) => answer !== 'holds')
    .map(([name, answer]) => `${name} ${answer}`)
    .join(', ');
}

const cases: [string, Partial<Finding>, Partial<FindingContext>, string][] = [
  ['one as it should be', {}, {}, ''],
  ['§6.3 a query string', { urlPath: '/slots?q=x' }, {}, 'no-query fails'],
  ['§6.3 a fragment', { urlPath: '/slots#x' }, {}, 'no-query fails'],
  ['§3.6 a name before an @', { domain: 'bo@casino.example' }, {}, 'no-query fails'],
  ['§3.5 a name for a pseudonym', { subjectId: 'anna.berg' }, {}, 'pseudonyms fails'],
  ['§3.5 an address for a pseudonym', { clientId: '10.20.0.7' }, {}, 'pseudonyms fails'],
  ['§3.5 a user known by the id of an address', { subjectId: CLIENT }, {}, 'pseudonyms fails'],
  ['§3.2 nobody with an id', { subjectKind: 'none' }, {}, 'pseudonyms fails'],
  ['§3.2 nobody', { subjectKind: 'none', subjectId: null, clientId: null }, {}, ''],
  ['§3.6 a folder named after somebody', { path: '/home/anna/a.log' }, {}, 'no-names fails'],
  ['§3.6 a proxy named after somebody', { observerName: 'anna-pc' }, {}, 'no-names fails'],
  ['no directory to compare with', {}, { namesSomebody: null }, 'no-names unclear'],
  ['§6.5 the other class', { class: 'forbidden' }, {}, 'class-apart fails'],
  ['§3.3 a pupil', { population: 'pupil' }, {}, 'reviewed-only fails, announced-only fails'],
  ['§3.3 somebody unknown, who goes with staff', { population: 'unknown' }, {}, ''],
  ['§5.6 the instant before the announcement', { startMs: ANNOUNCED_MS - 1 }, {}, 'announced-only fails'],
  ['§6.2 a protected site', {}, { isProtected: () => true }, 'protected-sites fails'],
  [
    '§6.2 a site that was protected later',
    {},
    { isProtected: () => true, isCurrent: false },
    'protected-sites unclear',
  ],
  [
    '§5.8 a withdrawn finding, which the last policy would not make',
    { verdict: 'withdrawn', population: 'pupil' },
    { isProtected: () => true },
    'class-apart unclear, reviewed-only unclear, announced-only unclear, protected-sites unclear',
  ],
  [
    '§5.7 a policy version that is not kept',
    {},
    { policy: null },
    'class-apart unclear, reviewed-only unclear, announced-only unclear, versions-known fails',
  ],
  ['§5.7 a directory version that is not kept', {}, { isDirectoryKept: false }, 'versions-known fails'],
  [
    '§5.7 no version of lists',
    { versions: { lists: null, policy: 'p', directory: 'd' } },
    {},
    'versions-known fails',
  ],
  [
    'a category that the policy has no more',
    { category: 'other' },
    {},
    'class-apart unclear, announced-only unclear',
  ],
];

describe('proof/check-finding', () => {
  for (const [name, finding, context, expected] of cases) {
    it(`answers "${expected}" to ${name}`, () => {
      expect(answers(finding, context)).to.equal(expected);
    });
  }
});
