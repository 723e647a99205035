import { expect } from 'chai';
import { createIdentity, DEFAULT_IDENTITY_RULES } from '../../src/subject/identity.ts';
import { namesSomebody } from '../../src/subject/names-somebody.ts';

const people = {
  tenants: ['Bolaget', 'Provby'],
  canonicalName: createIdentity({
    ...DEFAULT_IDENTITY_RULES,
    stripDomains: ['PROVBY'],
    stripRealms: ['provby.se'],
  }),
  has: (tenant: string, name: string) =>
    tenant === 'Provby' && ['anna.berg', 'åsa', 'x01', 'bo ek'].includes(name),
};

describe('namesSomebody (§3.6)', () => {
  for (const text of [
    'anna.berg',
    'told by Anna.Berg.',
    'PROVBY\\anna.berg said so',
    '(anna.berg@provby.se)',
    'seen with X01, yesterday',
    'meeting:x01/room 2',
    'Anna Berg had an assignment',
    'by “Bo Ek”',
    'A\u030asa was asked',
    "anna.berg's invoice",
    'asked(x01)',
  ]) {
    it(`finds whom ${JSON.stringify(text)} names`, () => expect(namesSomebody(text, people)).to.equal(true));
  }

  for (const text of ['', 'an assignment for SN 2026/112', 'anna', 'x012', 'the berg', 'bo and ek']) {
    it(`finds nobody in ${JSON.stringify(text)}`, () => expect(namesSomebody(text, people)).to.equal(false));
  }
});
