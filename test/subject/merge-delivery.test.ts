import { expect } from 'chai';
import fc from 'fast-check';
import type { RosterRow } from '../../src/subject/create-roster.ts';
import { inForceAt, mergeDelivery } from '../../src/subject/merge-delivery.ts';

const row = (user: string, changed: Partial<RosterRow> = {}): RosterRow => ({
  ...{ tenant: 'kommun', user, roles: [], department: 'School', population: 'staff' },
  ...{ fromMs: -Infinity, toMs: Infinity, ...changed },
});
const AS_OF = 100;
const merge = (history: RosterRow[], delivery: RosterRow[]) =>
  mergeDelivery({ history, delivery, asOfMs: AS_OF });
const counts = { unchanged: 0, changed: 0, arrived: 0, vanished: 0, notNamed: 0 };

const CASES: readonly [string, RosterRow[], RosterRow[], RosterRow[], Partial<typeof counts>][] = [
  [
    'keeps whom it brings unchanged',
    [row('bo', { fromMs: 5 })],
    [row('bo')],
    [row('bo', { fromMs: 5 })],
    { unchanged: 1 },
  ],
  [
    'keeps what is planned for whom it brings unchanged',
    [row('bo', { toMs: 150 }), row('bo', { fromMs: 150, department: 'Office' })],
    [row('bo')],
    [row('bo', { toMs: 150 }), row('bo', { fromMs: 150, department: 'Office' })],
    { unchanged: 1 },
  ],
  [
    'ends a row and begins another where facts have changed',
    [row('bo')],
    [row('bo', { roles: ['head'] })],
    [row('bo', { toMs: AS_OF }), row('bo', { fromMs: AS_OF, roles: ['head'] })],
    { changed: 1 },
  ],
  [
    'keeps what is planned, and the planned end, for whom it brings changed',
    [row('bo', { toMs: 150 }), row('bo', { fromMs: 150, roles: ['head'] }), row('eva', { toMs: 180 })],
    [row('bo', { department: 'Office' }), row('eva', { department: 'Office' })],
    [
      row('bo', { toMs: AS_OF }),
      row('bo', { fromMs: AS_OF, toMs: 150, department: 'Office' }),
      row('bo', { fromMs: 150, roles: ['head'] }),
      row('eva', { toMs: AS_OF }),
      row('eva', { fromMs: AS_OF, toMs: 180, department: 'Office' }),
    ],
    { changed: 2 },
  ],
  [
    'keeps what is planned for whom it brings sooner',
    [row('eva', { fromMs: 200, roles: ['head'] })],
    [row('eva')],
    [row('eva', { fromMs: AS_OF, toMs: 200 }), row('eva', { fromMs: 200, roles: ['head'] })],
    { arrived: 1 },
  ],
  [
    'begins somebody new on its day',
    [row('bo')],
    [row('bo'), row('eva')],
    [row('bo'), row('eva', { fromMs: AS_OF })],
    { unchanged: 1, arrived: 1 },
  ],
  [
    'does not begin somebody before its day',
    [],
    [row('eva', { fromMs: 5 })],
    [row('eva', { fromMs: AS_OF })],
    { arrived: 1 },
  ],
  [
    'ends whom it does not name, who keeps the past',
    [row('bo'), row('eva')],
    [row('eva')],
    [row('bo', { toMs: AS_OF }), row('eva')],
    { vanished: 1, unchanged: 1 },
  ],
  [
    'leaves alone who has left',
    [row('bo', { toMs: 50 }), row('eva')],
    [row('eva')],
    [row('bo', { toMs: 50 }), row('eva')],
    { unchanged: 1 },
  ],
  [
    'takes back who had left, with the gap',
    [row('bo', { toMs: 50 })],
    [row('bo')],
    [row('bo', { toMs: 50 }), row('bo', { fromMs: AS_OF })],
    { arrived: 1 },
  ],
  [
    'keeps who is to come and is not brought yet',
    [row('eva', { fromMs: 200 })],
    [row('bo')],
    [row('bo', { fromMs: AS_OF }), row('eva', { fromMs: 200 })],
    { arrived: 1 },
  ],
  [
    'plans what it says with days',
    [row('bo')],
    [row('bo', { toMs: 150 }), row('bo', { fromMs: 150, roles: ['head'] })],
    [row('bo', { toMs: 150 }), row('bo', { fromMs: 150, roles: ['head'] })],
    { changed: 1 },
  ],
  [
    'counts whom it brings for later only as vanished now',
    [row('bo')],
    [row('bo', { fromMs: 150 })],
    [row('bo', { toMs: AS_OF }), row('bo', { fromMs: 150 })],
    { vanished: 1 },
  ],
  [
    'does not touch an organisation that it does not name',
    [row('bo'), row('bo', { tenant: 'energi' })],
    [row('bo')],
    [row('bo', { tenant: 'energi' }), row('bo')],
    { unchanged: 1, notNamed: 1 },
  ],
  [
    'of nobody ends everybody',
    [row('bo'), row('bo', { tenant: 'energi' })],
    [],
    [row('bo', { tenant: 'energi', toMs: AS_OF }), row('bo', { toMs: AS_OF })],
    { vanished: 2 },
  ],
];

describe('a delivery', () => {
  for (const [title, history, delivery, rows, changed] of CASES) {
    it(`§3.3 ${title}`, () => {
      expect(merge(history, delivery)).to.deep.equal({ rows, counts: { ...counts, ...changed } });
    });
  }

  /** Rows of few people without overlap, with edges on both sides of the day. */
  function people(): fc.Arbitrary<RosterRow[]> {
    const facts = fc.record({
      department: fc.constantFrom('School', 'Office'),
      population: fc.constantFrom('staff' as const, 'elected' as const),
      roles: fc.subarray(['a', 'b']),
    });
    const edge = fc.constantFrom(-Infinity, 20, 60, 99, AS_OF, 101, 140, 180, Infinity);
    return fc
      .array(
        fc.tuple(
          fc.constantFrom('bo', 'eva', 'disa'),
          fc.constantFrom('kommun', 'kommun', 'energi'),
          fc.uniqueArray(edge, { minLength: 2, maxLength: 5 }),
          fc.array(facts, { minLength: 4, maxLength: 4 }),
        ),
        { maxLength: 4 },
      )
      .map(all => {
        const byPerson = new Map(all.map(one => [`${one[1]} ${one[0]}`, one]));
        return [...byPerson.values()].flatMap(([user, tenant, edges, drawn]) => {
          const sorted = [...edges].sort((a, b) => (a < b ? -1 : 1));
          return sorted
            .slice(1)
            .map(
              (toMs, index): RosterRow => ({ user, tenant, ...drawn[index]!, fromMs: sorted[index]!, toMs }),
            )
            .filter((_, index) => index % 2 === 0 || sorted.length < 4);
        });
      });
  }

  const factsAt = (rows: readonly RosterRow[], [tenant, user]: readonly string[], atMs: number) => {
    const found = rows.filter(
      one => one.tenant === tenant && one.user === user && one.fromMs <= atMs && atMs < one.toMs,
    );
    return found.map(({ roles, department, population }) => ({ roles, department, population }));
  };
  const EVERYBODY = ['kommun', 'energi'].flatMap(tenant => ['bo', 'eva', 'disa'].map(user => [tenant, user]));

  it('§5.3 changes nothing of the past, for anybody, and says what holds from its day on', () => {
    fc.assert(
      fc.property(people(), people(), (history, delivery) => {
        const { rows, counts: counted } = merge(history, delivery);
        const tenants = new Set(delivery.map(one => one.tenant));
        for (const person of EVERYBODY) {
          for (const atMs of [-1e9, 19, 20, 40, 60, 98, 99, 99.9]) {
            expect(factsAt(rows, person, atMs)).to.deep.equal(factsAt(history, person, atMs));
          }
          const isNamed = tenants.size === 0 || tenants.has(person[0]!);
          const said = factsAt(isNamed ? delivery : history, person, AS_OF);
          expect(factsAt(rows, person, AS_OF)).to.deep.equal(said);
        }
        for (const person of EVERYBODY) {
          for (const atMs of [AS_OF, 101, 150, 1e9]) {
            expect(factsAt(rows, person, atMs).length, 'no overlap').to.be.at.most(1);
          }
        }
        const { unchanged, changed, vanished, notNamed } = counted;
        expect(unchanged + changed + vanished + notNamed).to.equal(inForceAt(history, AS_OF));
      }),
      { numRuns: 2_000 },
    );
  });

  it('§3.3 changes nothing the second time', () => {
    fc.assert(
      fc.property(people(), people(), (history, delivery) => {
        const { rows } = merge(history, delivery);
        const again = merge(rows, delivery);
        expect(again.rows).to.deep.equal(rows);
        expect(again.counts).to.deep.include({ changed: 0, arrived: 0, vanished: 0 });
      }),
      { numRuns: 1_000 },
    );
  });
});
