import { expect } from 'chai';
import * as fc from 'fast-check';
import type { Subject } from '../../src/model/subject.ts';
import { decide } from '../../src/policy/decide.ts';
import type { ExemptionRule } from '../../src/policy/rules.ts';
import { type Person, type WhoInput, whoCould } from '../../src/policy/who.ts';
import { exemption, policy, subject, target } from './support.ts';

const MONDAY_MS = Date.parse('2026-10-05T08:00:00Z');

const PEOPLE: readonly Person[] = [
  person('bo', { roles: ['investigator'] }),
  person('cecilia', { roles: ['investigator'], toMs: MONDAY_MS }),
  person('dario', { department: 'Tillsyn' }),
  person('eva', { roles: ['investigator'], tenant: 'other' }),
];

function person(user: string, over: Partial<Person> = {}): Person {
  const rest = { tenant: 'kommun', roles: [], department: 'Omsorg', fromMs: 0, toMs: Infinity };
  return { user, ...rest, ...over };
}

function ask(exemptions: ExemptionRule[], over: Partial<WhoInput> = {}) {
  const targets = [target('casino.example')];
  return whoCould(policy({ exemptions }), {
    ...{ atMs: MONDAY_MS, category: 'gambling', targets, people: PEOPLE },
    ...over,
  });
}

const NOBODY = { users: [], roles: [], departments: [] };

describe('policy/who', () => {
  it('says who held a role then, in the organisation of the decision', () => {
    const rule = exemption({ ...NOBODY, roles: ['investigator'], tenant: 'kommun' });
    expect(ask([rule])!.exemptions[0]!.roles).to.deep.equal([{ role: 'investigator', users: ['bo'] }]);
    expect(ask([rule], { atMs: MONDAY_MS - 1 })!.exemptions[0]!.roles[0]!.users).to.deep.equal([
      'bo',
      'cecilia',
    ]);
  });

  it('says how many a department has, and names whom the decision names', () => {
    const [found] = ask([exemption({ departments: ['Tillsyn'] })])!.exemptions;
    expect(found).to.deep.include({ users: ['anna'], departments: [{ department: 'Tillsyn', persons: 1 }] });
  });

  it('§5.3 leaves out what is not in force, by the instant', () => {
    const rule = exemption({ validFrom: '2026-10-05', validThrough: '2026-10-05' });
    const at = (time: string) => ask([rule], { atMs: Date.parse(time) })!.exemptions.length;
    expect([at('2026-10-04T21:59:59Z'), at('2026-10-04T22:00Z'), at('2026-10-05T21:59:59Z')]).to.deep.equal([
      0, 1, 1,
    ]);
    expect(at('2026-10-05T22:00Z')).to.equal(0);
  });

  it('§5.4 tells limits that say no apart, after what is open', () => {
    const rules = [
      exemption({ id: 'A', sites: ['odds.example'], weekdays: ['sunday'], hours: '12:00-13:00' }),
      exemption({ id: 'B', sites: ['casino.example'], weekdays: ['monday'], hours: '10:00-11:00' }),
    ];
    expect(ask(rules)!.exemptions.map(({ id, closed }) => [id, closed])).to.deep.equal([
      ['B', []],
      ['A', ['site', 'weekday', 'hours']],
    ]);
  });

  it('§5.6 says to whom the category had not been announced', () => {
    const told = policy({
      reviewed: ['staff', 'elected'],
      categories: {
        gambling: { lists: ['casino'], announcedFrom: { staff: '2026-10-05', elected: '2026-10-06' } },
      },
    });
    const input = {
      atMs: MONDAY_MS,
      category: 'gambling',
      targets: [target('casino.example')],
      people: null,
    };
    expect(whoCould(told, input)!.populations).to.deep.equal([
      { population: 'staff', announced: true },
      { population: 'elected', announced: false },
      { population: 'unknown', announced: true },
    ]);
    expect(whoCould(told, { ...input, category: 'weapons' })).to.equal(null);
  });

  it('§5.3 names a person under an exemption exactly where the verdict is exempt under it', () => {
    const names = ['anna', 'bo', 'dario'];
    const oneOf = <T>(...values: T[]) => fc.constantFrom(...values);
    const rule = fc.record({
      users: oneOf([], ['anna']),
      roles: oneOf([], ['investigator']),
      departments: oneOf([], ['Tillsyn']),
      sites: oneOf(null, ['casino.example'], ['odds.example']),
      weekdays: oneOf(null, ['monday'] as const, ['sunday'] as const),
      hours: oneOf(null, '09:00-11:00', '22:00-06:00'),
      validThrough: oneOf('2026-10-04', '2026-12-31'),
    });
    fc.assert(
      fc.property(fc.array(rule, { minLength: 1, maxLength: 4 }), rules => {
        const exemptions = rules.map((over, index) =>
          exemption({ ...over, id: `E-${index}`, weekdays: over.weekdays }),
        );
        const compiled = policy({ exemptions });
        const targets = [target('casino.example')];
        const people = [person('anna'), ...PEOPLE.filter(({ tenant }) => tenant === 'kommun')];
        const answer = whoCould(compiled, { atMs: MONDAY_MS, category: 'gambling', targets, people })!;
        const open = answer.exemptions.filter(({ closed }) => closed.length === 0);
        for (const name of names) {
          const row = people.find(({ user }) => user === name)!;
          const who: Subject = subject({ name, roles: row.roles, department: row.department });
          const said = open
            .filter(
              ({ users, roles, departments }) =>
                users.includes(name) ||
                roles.some(role => role.users.includes(name)) ||
                departments.some(({ department }) => department === row.department),
            )
            .map(({ id }) => id);
          const categories = [{ category: 'gambling', targets }];
          const { judgements } = decide(compiled, {
            startMs: MONDAY_MS,
            access: 'allowed',
            subject: who,
            categories,
          });
          expect(said.sort()).to.deep.equal([...judgements[0]!.exemptions].sort());
        }
      }),
    );
  });
});
