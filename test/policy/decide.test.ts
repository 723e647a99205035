import { expect } from 'chai';
import fc from 'fast-check';
import type { Population, Subject } from '../../src/model/subject.ts';
import { type DecideInput, decide, isReviewed } from '../../src/policy/decide.ts';
import { type ExemptionRule, WEEKDAYS } from '../../src/policy/rules.ts';
import { exemption, policy, stockholm, subject, target, visit } from './support.ts';

const at = (text: string) => Date.parse(text);

/** Says under which exemptions a visit is exempt; `examine` where it is not. */
function answer(exemptions: ExemptionRule[], over: Partial<DecideInput> = {}): string {
  const [judgement] = decide(policy({ exemptions }), visit(over)).judgements;
  return judgement!.verdict === 'exempt' ? judgement!.exemptions.join(' ') : String(judgement!.verdict);
}

describe('policy/decide', () => {
  describe('§5.3 validity, by inclusive local days', () => {
    const spring = exemption({ validFrom: '2026-03-29', validThrough: '2026-03-29' });
    const autumn = exemption({ validFrom: '2026-10-25', validThrough: '2026-10-25' });
    const cases: [string, ExemptionRule, string, string][] = [
      ['the instant before a spring day', spring, '2026-03-28T22:59:59.999Z', 'examine'],
      ['the first instant of a spring day', spring, '2026-03-28T23:00:00Z', 'E-1'],
      ['the last instant of a spring day of 23 hours', spring, '2026-03-29T21:59:59.999Z', 'E-1'],
      ['the instant after a spring day', spring, '2026-03-29T22:00:00Z', 'examine'],
      ['the instant before an autumn day', autumn, '2026-10-24T21:59:59.999Z', 'examine'],
      ['the first instant of an autumn day', autumn, '2026-10-24T22:00:00Z', 'E-1'],
      ['the last instant of an autumn day of 25 hours', autumn, '2026-10-25T22:59:59.999Z', 'E-1'],
      ['the instant after an autumn day', autumn, '2026-10-25T23:00:00Z', 'examine'],
    ];
    for (const [name, rule, time, expected] of cases) {
      it(`answers ${expected} at ${name}`, () => {
        expect(answer([rule], { startMs: at(time) })).to.equal(expected);
      });
    }
  });

  describe('§1.3 weekdays and hours', () => {
    const office = exemption({ hours: '08:00-17:00', weekdays: ['monday', 'friday'] });
    const night = exemption({ hours: '22:00-06:00', weekdays: ['saturday'] });
    const whole = exemption({ hours: '00:00-24:00' });
    const cases: [string, ExemptionRule, string, string][] = [
      ['Monday 07:59', office, '2026-10-05T05:59:59Z', 'examine'],
      ['Monday 08:00', office, '2026-10-05T06:00:00Z', 'E-1'],
      ['Monday 16:59', office, '2026-10-05T14:59:59Z', 'E-1'],
      ['Monday 17:00', office, '2026-10-05T15:00:00Z', 'examine'],
      ['Tuesday 10:00', office, '2026-10-06T08:00:00Z', 'examine'],
      ['Friday 10:00', office, '2026-10-09T08:00:00Z', 'E-1'],
      ['Saturday 21:59', night, '2026-10-24T19:59:59Z', 'examine'],
      ['Saturday 22:00', night, '2026-10-24T20:00:00Z', 'E-1'],
      ['Sunday 02:30, the first time', night, '2026-10-25T00:30:00Z', 'E-1'],
      ['Sunday 02:30, the second time', night, '2026-10-25T01:30:00Z', 'E-1'],
      ['Sunday 05:59 after the clock went back', night, '2026-10-25T04:59:59Z', 'E-1'],
      ['Sunday 06:00', night, '2026-10-25T05:00:00Z', 'examine'],
      ['Sunday 22:00', night, '2026-10-25T21:00:00Z', 'examine'],
      ['Saturday 05:00, which began on Friday', night, '2026-10-24T03:00:00Z', 'examine'],
      ['Sunday 05:59 after the clock went forward', night, '2026-03-29T03:59:59Z', 'E-1'],
      ['Monday 00:00 of all hours', whole, '2026-10-04T22:00:00Z', 'E-1'],
      ['Monday 23:59 of all hours', whole, '2026-10-05T21:59:59Z', 'E-1'],
    ];
    for (const [name, rule, time, expected] of cases) {
      it(`answers ${expected} on ${name}`, () => {
        expect(answer([rule], { startMs: at(time) })).to.equal(expected);
      });
    }

    it('takes the night from Sunday to Monday as Sunday', () => {
      const sunday = exemption({ hours: '22:00-06:00', weekdays: ['sunday'] });
      expect(answer([sunday], { startMs: at('2026-10-05T00:00:00Z') })).to.equal('E-1');
      expect(answer([sunday], { startMs: at('2026-10-04T00:00:00Z') })).to.equal('examine');
    });
  });

  describe('§5.3 whom an exemption covers', () => {
    const byRole = exemption({ users: [], roles: ['investigator'] });
    const byDepartment = exemption({ users: [], departments: ['Omsorg'] });

    it('covers a user by name, and no address of that name', () => {
      expect(answer([exemption()])).to.equal('E-1');
      expect(answer([exemption()], { subject: subject({ name: 'bo' }) })).to.equal('examine');
      expect(answer([exemption()], { subject: subject({ kind: 'client' }) })).to.equal('examine');
    });

    it('covers by the role that was held then', () => {
      expect(answer([byRole], { subject: subject({ roles: ['investigator', 'clerk'] }) })).to.equal('E-1');
      expect(answer([byRole], { subject: subject({ roles: ['clerk'] }) })).to.equal('examine');
    });

    it('covers a department, its addresses included', () => {
      expect(answer([byDepartment])).to.equal('E-1');
      const client = subject({ kind: 'client', confidence: 'none', name: '192.0.2.1' });
      expect(answer([byDepartment], { subject: client })).to.equal('E-1');
      expect(answer([byDepartment], { subject: subject({ department: 'Skola' }) })).to.equal('examine');
    });

    it('covers whom any of users, roles and departments names', () => {
      const any = exemption({ users: ['bo'], roles: ['clerk'], departments: ['Omsorg'] });
      expect(answer([any])).to.equal('E-1');
    });

    it('covers one organization where it says so', () => {
      expect(answer([exemption({ tenant: 'kommun' })])).to.equal('E-1');
      expect(answer([exemption({ tenant: 'region' })])).to.equal('examine');
    });
  });

  describe('§5.3 sites', () => {
    const limited = exemption({ sites: ['casino.example', '192.0.2.80'] });
    const cases: [string[], string][] = [
      [['casino.example'], 'E-1'],
      [['www.casino.example'], 'E-1'],
      [['notcasino.example'], 'examine'],
      [['example'], 'examine'],
      [['192.0.2.80'], 'E-1'],
      [['2.80'], 'examine'],
      [['casino.example', 'www.casino.example'], 'E-1'],
      [['casino.example', 'poker.example'], 'examine'],
    ];
    for (const [hosts, expected] of cases) {
      it(`answers ${expected} on ${hosts.join(' with ')}`, () => {
        const categories = [{ category: 'gambling', targets: hosts.map(target) }];
        expect(answer([limited], { categories })).to.equal(expected);
      });
    }
  });

  describe('§5.4 which exemption is shown', () => {
    const who = subject({ roles: ['investigator'] });
    const user = { users: ['anna'] };
    const role = { users: [], roles: ['investigator'] };
    const department = { users: [], departments: ['Omsorg'] };
    const cases: [string, ExemptionRule[], string][] = [
      [
        'the most personal first',
        [
          exemption({ id: 'A', ...department }),
          exemption({ id: 'B', ...role }),
          exemption({ id: 'C', ...user }),
        ],
        'C B A',
      ],
      [
        'a role before a department that is limited to a site',
        [exemption({ id: 'A', ...department, sites: ['casino.example'] }), exemption({ id: 'B', ...role })],
        'B A',
      ],
      [
        'then site-limited, then hour-limited',
        [
          exemption({ id: 'A' }),
          exemption({ id: 'B', hours: '00:00-24:00' }),
          exemption({ id: 'C', sites: ['casino.example'] }),
          exemption({ id: 'D', sites: ['casino.example'], hours: '00:00-24:00' }),
        ],
        'D C B A',
      ],
      [
        'then the lowest id',
        [exemption({ id: 'B' }), exemption({ id: 'A' }), exemption({ id: 'a' })],
        'A B a',
      ],
    ];
    for (const [name, list, expected] of cases) {
      it(`shows ${name}, whatever the order in the file`, () => {
        expect(answer(list, { subject: who })).to.equal(expected);
        expect(answer([...list].reverse(), { subject: who })).to.equal(expected);
      });
    }
  });

  describe('§5.5 several categories', () => {
    const both = [
      { category: 'gambling', targets: [target('casino.example')] },
      { category: 'weapons', targets: [target('casino.example')] },
    ];

    it('exempts the one that is named, and shows it on the other as a fact', () => {
      const { judgements } = decide(policy({ exemptions: [exemption()] }), visit({ categories: both }));
      expect(
        judgements.map(item => [item.category, item.verdict, item.exemptions, item.otherExemptions]),
      ).to.deep.equal([
        ['gambling', 'exempt', ['E-1'], []],
        ['weapons', 'examine', [], ['E-1']],
      ]);
    });

    it('shows no exemption on the other that covers it anyway', () => {
      const wide = exemption({ categories: ['gambling', 'weapons'] });
      const { judgements } = decide(policy({ exemptions: [wide] }), visit({ categories: both }));
      expect(judgements.map(item => item.otherExemptions)).to.deep.equal([[], []]);
    });
  });

  it('§2.4 gives an attempt no verdict and no exemption', () => {
    const { judgements } = decide(policy({ exemptions: [exemption()] }), visit({ access: 'denied' }));
    expect(judgements).to.deep.equal([
      {
        category: 'gambling',
        class: 'questionable',
        statutes: [],
        verdict: null,
        exemptions: [],
        otherExemptions: [],
      },
    ]);
  });

  it('§5.3 names the statutes that were in force then', () => {
    const statutesAt = (time: string) =>
      decide(
        policy(),
        visit({ startMs: at(time), categories: [{ category: 'weapons', targets: [target('a.example')] }] }),
      ).judgements[0]!.statutes;
    expect(statutesAt('2026-06-30T21:59:59Z')).to.deep.equal(['vapenlagen 1996:67']);
    expect(statutesAt('2026-06-30T22:00:00Z')).to.deep.equal(['vapenlagen 2026:1']);
  });

  describe('§5.6 announcement', () => {
    const told = (announcedFrom?: string | Partial<Record<Population, string>>) =>
      policy({ categories: { gambling: { lists: ['casino'], announcedFrom } } });
    const unannounced = (
      announcedFrom: string | Partial<Record<Population, string>> | undefined,
      over: Partial<DecideInput>,
    ) => decide(told(announcedFrom), visit(over)).unannounced;

    it('counts only before the first day, for attempts too', () => {
      const before = { startMs: at('2026-09-30T21:59:59Z') };
      expect(unannounced('2026-10-01', before)).to.deep.equal(['gambling']);
      expect(unannounced('2026-10-01', { ...before, access: 'denied' })).to.deep.equal(['gambling']);
      expect(decide(told('2026-10-01'), visit(before)).judgements).to.deep.equal([]);
      expect(unannounced('2026-10-01', { startMs: at('2026-09-30T22:00:00Z') })).to.deep.equal([]);
    });

    it('takes a category without a day as never announced', () => {
      expect(unannounced(undefined, {})).to.deep.equal(['gambling']);
    });

    it('asks by population, and takes unknown as staff', () => {
      const days = { staff: '2026-01-01', elected: '2027-01-01' };
      const of = (population: Population) => unannounced(days, { subject: subject({ population }) });
      expect(of('staff')).to.deep.equal([]);
      expect(of('unknown')).to.deep.equal([]);
      expect(of('elected')).to.deep.equal(['gambling']);
      expect(of('pupil')).to.deep.equal(['gambling']);
    });
  });

  it('§3.3 reviews staff and unknown unless set', () => {
    const reviewed = (population: Population, list: Population[] = ['staff']) =>
      isReviewed(policy({ reviewed: list }), subject({ population }));
    expect(reviewed('staff')).to.equal(true);
    expect(reviewed('unknown')).to.equal(true);
    expect(reviewed('elected')).to.equal(false);
    expect(reviewed('elected', ['elected'])).to.equal(true);
    expect(reviewed('unknown', ['elected'])).to.equal(false);
    expect(reviewed('unknown', ['unknown'])).to.equal(true);
  });

  it('passes over a category that the policy does not have', () => {
    expect(decide(policy(), visit({ categories: [{ category: 'x', targets: [] }] }))).to.deep.equal({
      judgements: [],
      unannounced: [],
    });
  });

  it('equals a naive twin on random policies and visits', () => {
    fc.assert(
      fc.property(fc.array(anyExemption, { maxLength: 6 }), anyVisit, (list, input) => {
        const exemptions = list.map((rule, index) => ({ ...rule, id: `E-${index}` }));
        const got = decide(policy({ exemptions }), input);
        const expected = input.categories.map(({ category, targets }) => {
          const fitting = naiveFitting(exemptions, category, { ...input, targets });
          const others = input.categories.flatMap(other =>
            naiveFitting(exemptions, other.category, { ...input, targets: other.targets }),
          );
          return {
            category,
            verdict: input.access === 'denied' ? null : fitting.length > 0 ? 'exempt' : 'examine',
            exemptions: fitting,
            otherExemptions: [...new Set(others)].filter(id => !fitting.includes(id)).sort(),
          };
        });
        expect(
          got.judgements.map(({ category, verdict, exemptions: ids, otherExemptions }) => ({
            category,
            verdict,
            exemptions: ids,
            otherExemptions,
          })),
        ).to.deep.equal(expected);
      }),
      { numRuns: 1500 },
    );
  });
});

const HOURS = ['08:00-17:00', '22:00-06:00', '00:00-24:00', '02:00-03:00', '23:30-00:30'];
const DAYS = ['2026-03-28', '2026-03-29', '2026-03-30', '2026-10-24', '2026-10-25', '2026-10-26'];
const HOSTS = ['casino.example', 'www.casino.example', 'poker.example'];

const anyExemption: fc.Arbitrary<ExemptionRule> = fc
  .record({
    categories: fc.subarray(['gambling', 'drugs', 'weapons'], { minLength: 1 }),
    users: fc.subarray(['anna', 'bo']),
    roles: fc.subarray(['investigator', 'clerk']),
    departments: fc.subarray(['Omsorg', 'Skola']),
    sites: fc.option(fc.subarray(HOSTS, { minLength: 1 })),
    weekdays: fc.option(fc.subarray([...WEEKDAYS], { minLength: 1 })),
    hours: fc.option(fc.constantFrom(...HOURS)),
    days: fc.tuple(fc.constantFrom(...DAYS), fc.constantFrom(...DAYS)),
    tenant: fc.option(fc.constantFrom('kommun', 'region'), { nil: undefined }),
  })
  .map(({ days, ...over }) => {
    const [validFrom, validThrough] = [...days].sort() as [string, string];
    return exemption({ ...over, validFrom, validThrough });
  });

const anySubject: fc.Arbitrary<Subject> = fc
  .record({
    kind: fc.constantFrom('user' as const, 'user' as const, 'client' as const),
    name: fc.constantFrom('anna', 'bo'),
    department: fc.constantFrom('Omsorg', 'Skola', 'unassigned'),
    roles: fc.subarray(['investigator', 'clerk']),
    tenant: fc.constantFrom('kommun', 'region'),
  })
  .map(subject);

const anyVisit: fc.Arbitrary<DecideInput> = fc.record({
  startMs: fc.oneof(
    fc.integer({ min: at('2026-03-27T20:00:00Z'), max: at('2026-03-31T04:00:00Z') }),
    fc.integer({ min: at('2026-10-23T20:00:00Z'), max: at('2026-10-27T04:00:00Z') }),
  ),
  access: fc.constantFrom('allowed' as const, 'allowed' as const, 'denied' as const),
  subject: anySubject,
  categories: fc
    .subarray(['gambling', 'drugs', 'weapons'], { minLength: 1 })
    .chain(names =>
      fc.tuple(
        ...names.map(category =>
          fc.subarray(HOSTS, { minLength: 1 }).map(hosts => ({ category, targets: hosts.map(target) })),
        ),
      ),
    ),
});

/** The naive twin: clock faces and days as texts, the platform's own calendar, and rules as sentences. */
function naiveFitting(
  list: readonly ExemptionRule[],
  category: string,
  input: DecideInput & { targets: DecideInput['categories'][number]['targets'] },
): string[] {
  if (input.access === 'denied') return [];
  const format = new Intl.DateTimeFormat('sv-SE', {
    timeZone: stockholm.name,
    dateStyle: 'short',
    timeStyle: 'short',
  });
  const [day, clock] = format.format(input.startMs).split(' ') as [string, string];
  const dayBefore = new Date(Date.parse(`${day}T00:00:00Z`) - 86_400_000).toISOString().slice(0, 10);
  const weekdayOf = (text: string) => WEEKDAYS[(new Date(`${text}T00:00:00Z`).getUTCDay() + 6) % 7]!;
  const { subject: who } = input;
  const personal = (rule: ExemptionRule) => {
    if (who.kind === 'user' && rule.users.includes(who.name)) return 0;
    if (rule.roles.some(role => who.roles.includes(role))) return 1;
    return rule.departments.includes(who.department) ? 2 : 3;
  };
  const fitting = list.filter(rule => {
    if (!rule.categories.includes(category)) return false;
    if (rule.tenant !== undefined && rule.tenant !== who.tenant) return false;
    if (personal(rule) === 3) return false;
    if (day < rule.validFrom || day > rule.validThrough) return false;
    const isUnder = (host: string) => rule.sites?.some(site => `.${host}`.endsWith(`.${site}`)) ?? true;
    if (!input.targets.every(item => isUnder(item.host))) return false;
    const [from, to] = (rule.hours ?? '00:00-24:00').split('-') as [string, string];
    const wraps = to < from;
    if (wraps ? clock < from && clock >= to : clock < from || clock >= to) return false;
    const begunOn = wraps && clock < to ? dayBefore : day;
    return rule.weekdays?.includes(weekdayOf(begunOn)) ?? true;
  });
  const rank = (rule: ExemptionRule) =>
    `${personal(rule)}${rule.sites === null ? 1 : 0}${rule.hours === null ? 1 : 0}${rule.id}`;
  return fitting.sort((a, b) => (rank(a) < rank(b) ? -1 : 1)).map(rule => rule.id);
}
