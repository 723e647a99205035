import { expect } from 'chai';
import { GranskaError } from '../../src/errors.ts';
import type { Visit } from '../../src/model/visit.ts';
import { visitMatches } from '../../src/visit/visit-matches.ts';
import { EVERY_VISIT, isKeyTerm, parseVisitQuery } from '../../src/visit/visit-query.ts';
import { aFinding } from '../finding/arbitrary.ts';
import { at, gatherVisits, ZONE } from './support.ts';

const parse = (text: string) => parseVisitQuery(text, { zone: ZONE });

describe('a query of visits', () => {
  let visit: Visit;
  before(async () => {
    [visit] = (await gatherVisits([
      aFinding({
        startMs: at('2026-10-05', 600),
        statutes: ['BrB 16:8'],
        verdict: 'exempt',
        exemptions: ['U-1'],
      }),
    ])) as [Visit];
  });

  const HOLDING = [
    '',
    'organization:kommun',
    'category:gambling,weapons',
    'class:questionable',
    'verdict:exempt',
    'verdict:*',
    'department:"barn OCH utbildning"',
    'population:staff',
    'role:lärare',
    'subject:u26-abc',
    'kind:user',
    'site:casino[.]example',
    'exemption:U-1',
    'statute:"BrB 16:8"',
    'grade:A',
    'grade:a,c',
    '-grade:B,D',
    '-verdict:examine category:gambling grade:A site:casino.example',
  ];
  for (const text of HOLDING) {
    it(`takes ${text === '' ? 'nothing for everything' : text}`, () => {
      expect(visitMatches(parse(text))(visit)).to.equal(true);
    });
  }

  for (const text of [
    'grade:B',
    '-grade:A',
    'verdict:examine',
    'role:it',
    'site:poker.example',
    '-exemption:*',
  ]) {
    it(`does not find by ${text} what is otherwise`, () => {
      expect(visitMatches(parse(text))(visit)).to.equal(false);
    });
  }

  for (const text of [
    'status:200',
    'domain:www.casino.example',
    'path:/lobby',
    'list:gambling',
    'client:c261001',
    'id:00',
    'record:00',
    'referrer:none',
    'outcome:success',
    'type:denied',
    'method:GET',
    'via:*',
    'observer:*',
    'source:default',
    'entry:casino.example',
    'casino',
    '-casino',
    'verdict:attempt',
  ]) {
    it(`§7.1 refuses ${text}, by which a visit would be cut, and says what to do`, () => {
      const refused = catchError(() => parse(`category:gambling ${text}`));
      expect(refused.code).to.equal('QUERY');
      expect(refused.hint).to.contain('granska search');
    });
  }

  it('§1.1 takes a visit by its start, in a half-open range', () => {
    const within = (fromMs: number, toMs: number) => visitMatches({ ...EVERY_VISIT, fromMs, toMs })(visit);
    expect(within(visit.startMs, visit.startMs + 1)).to.equal(true);
    expect(within(visit.startMs + 1, visit.startMs + 2)).to.equal(false);
    expect(within(0, visit.startMs)).to.equal(false);
  });

  it('tells the place of a mistake behind a grade, and that of a grade that is none', () => {
    expect(catchError(() => parse('grade:A verdict:exmpt')).message).to.contain('sign 17');
    expect(catchError(() => parse('-grade:A,E')).message).to.contain('sign 10');
  });

  it('asks the store for nothing but what all findings of a visit share', () => {
    const terms = parse('subject:u26 class:forbidden -department:Bygg grade:A -site:a.example').terms;
    expect(terms.filter(isKeyTerm).map(({ field }) => field)).to.deep.equal(['subject', 'site']);
  });
});

function catchError(run: () => unknown): GranskaError {
  try {
    run();
  } catch (error) {
    if (error instanceof GranskaError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}
