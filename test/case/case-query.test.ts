import { expect } from 'chai';
import { createZone } from '../../src/calendar/zone.ts';
import { caseQuery } from '../../src/case/case-query.ts';
import { GranskaError } from '../../src/errors.ts';
import type { Case } from '../../src/model/case.ts';
import { parseQuery } from '../../src/search/parse-query.ts';
import { naiveCases } from './naive.ts';
import { aVisit, RULES } from './support.ts';

const zone = createZone('Europe/Stockholm');
const [found] = naiveCases(
  [
    aVisit({ digest: '00000001', department: 'Bygg', roles: ['lärare'] }),
    aVisit({ digest: '00000002', department: 'Social', site: 'poker.example', statutes: ['BrB 16:8'] }),
  ],
  [],
  RULES,
);

function wants(text: string): boolean {
  return caseQuery(parseQuery(text, { zone }).terms).wants(found as Case);
}

describe('caseQuery', () => {
  for (const text of [
    '',
    'subject:u26-b',
    'organization:Provby category:gambling',
    'department:bygg',
    'department:Social',
    'site:poker.example',
    'role:lärare,utredare',
    'statute:"BrB 16:8"',
    'kind:user class:questionable population:staff',
    '-category:weapons',
    'role:*',
    '-role:utredare',
  ]) {
    it(`takes a case that ${text === '' ? 'nothing is asked of' : `fits ${text}`}`, () =>
      expect(wants(text)).to.equal(true));
  }

  for (const text of [
    'subject:u26-x',
    '-department:Bygg',
    'site:other.example',
    '-statute:*',
    'class:forbidden',
  ]) {
    it(`leaves out a case that does not fit ${text}`, () => expect(wants(text)).to.equal(false));
  }

  it('reads by nothing that could differ within a case', () => {
    const { reading } = caseQuery(
      parseQuery('site:a.example category:x department:y subject:u', { zone }).terms,
    );
    expect(reading.map(term => term.kind === 'field' && term.field)).to.deep.equal(['category', 'subject']);
  });

  for (const text of ['casino', 'status:200', 'verdict:examine', 'domain:casino.example']) {
    it(`refuses ${text}, which is not about a whole case`, () => {
      expect(() => wants(text))
        .to.throw(GranskaError, 'not about a whole case')
        .with.property('code', 'QUERY');
    });
  }
});
