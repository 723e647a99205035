import { expect } from 'chai';
import { createZone } from '../../src/calendar/zone.ts';
import { auditQuery } from '../../src/search/audit-query.ts';
import { parseQuery } from '../../src/search/parse-query.ts';

const zone = createZone('UTC');

function audited(text: string, known: string[] = []) {
  const query = parseQuery(text, { zone, from: '2026-10-01', limit: 5 });
  return auditQuery(query, {
    hide: () => 'HIDDEN',
    isKnown: (field, value) => known.includes(`${field}:${value}`),
  });
}

describe('what the audit chain keeps of a query', () => {
  it('§8.5 is readable where the values can name nobody', () => {
    expect(audited('verdict:examine,exempt -type:denied status:4xx exemption:*')).to.deep.equal({
      terms: ['verdict:examine,exempt', '-type:denied', 'status:4xx', 'exemption:*'],
      from: '2026-10-01T00:00:00.000Z',
      to: null,
      sort: '-start',
      limit: 5,
    });
  });

  it('is readable where findings have the value already, and hidden where they have not', () => {
    const known = ['department:Barn och utbildning', 'subject:u26-abc', 'category:gambling'];
    const text = 'department:"Barn och utbildning","Anna Lind" subject:u26-abc category:gambling,annalind';
    expect(audited(text, known).terms).to.deep.equal([
      'department:"Barn och utbildning",HIDDEN',
      'subject:u26-abc',
      'category:gambling,HIDDEN',
    ]);
  });

  it('§6.2 never holds a word, a host or a path, whether findings have it or not', () => {
    const typed = 'anna.lind domain:press.example site:press.example path:/anna entry:x.example source:anna';
    const text = JSON.stringify(audited(typed, ['domain:press.example', 'path:/anna']));
    expect(text).to.not.match(/anna|lind|press|x\.example/);
  });
});
