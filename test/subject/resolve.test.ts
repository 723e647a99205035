import { expect } from 'chai';
import fc from 'fast-check';
import { createZone } from '../../src/calendar/zone.ts';
import type { Subject } from '../../src/model/subject.ts';
import { DEFAULT_IDENTITY_RULES } from '../../src/subject/identity.ts';
import { createIntervalsBuilder, type IntervalRow } from '../../src/subject/intervals.ts';
import { createNetworks, type NetworkEntry } from '../../src/subject/network.ts';
import { createSubjectResolver, type SubjectResolverOptions } from '../../src/subject/resolve.ts';
import type { Roster, RosterEntry } from '../../src/subject/roster.ts';

const zone = createZone('Europe/Stockholm');
const NOON = Date.parse('2026-11-25T11:00Z');

const network = (cidr: string, changed: Partial<NetworkEntry> = {}): NetworkEntry => ({
  ...{ cidr, tenant: null, population: null, department: null, shared: false, persons: null },
  ...{ fromMs: -Infinity, toMs: Infinity, ...changed },
});

const entry = (changed: Partial<RosterEntry> = {}): RosterEntry => ({
  ...{ roles: ['teacher'], department: 'School', population: 'staff' },
  ...{ fromMs: -Infinity, toMs: Infinity, ...changed },
});

function roster(users: Record<string, readonly RosterEntry[]>, size: Roster['size'] = () => 9): Roster {
  return {
    entries: (tenant, user) => users[`${tenant}/${user}`] ?? [],
    departments: () => [
      { department: 'School', parent: 'Education', tenant: 'kommun' },
      { department: 'Education', parent: null, tenant: 'kommun' },
    ],
    size,
  };
}

function resolver(changed: Partial<SubjectResolverOptions> = {}) {
  return createSubjectResolver({
    ...{
      tenant: 'kommun',
      zone,
      rules: DEFAULT_IDENTITY_RULES,
      directory: null,
      networks: null,
      smallGroup: 5,
    },
    ...changed,
  });
}

function leases(...rows: readonly Partial<IntervalRow>[]) {
  const builder = createIntervalsBuilder();
  for (const row of rows) {
    const day = { startMs: NOON - 3_600_000, endMs: NOON + 3_600_000 };
    builder.add({ tenant: 'kommun', user: 'bo', client: '10.1.2.3', ...day, ...row });
  }
  return builder.build();
}

const SHARED = createNetworks([
  network('10.5.0.0/16', { population: 'staff', department: 'Office', shared: 'terminal-server' }),
  network('10.6.0.0/16', { population: 'public', department: 'Library', shared: 'kiosk' }),
  network('10.7.0.0/16', { population: 'guest', shared: 'guest' }),
  network('10.8.0.0/16', { population: 'staff', department: 'Office', shared: true }),
  network('10.1.0.0/16', { population: 'staff', department: 'Office' }),
]);
const TEAM = {
  ...DEFAULT_IDENTITY_RULES,
  sharedAccounts: ['KASSA', 'Reception'],
  aliases: { kassa2: 'kassa' },
};

const NETWORKS = createNetworks([
  network('10.0.0.0/8', { population: 'staff', department: 'Office' }),
  network('10.2.0.0/16', { population: 'pupil', department: 'School' }),
  network('10.3.0.0/16', { population: 'public', department: 'Library', shared: true }),
  network('10.4.0.0/16', { tenant: 'energi', population: 'staff', department: 'Plant' }),
]);
const BO = roster({ 'kommun/bo': [entry()] });

const CASES: readonly [string, Partial<SubjectResolverOptions>, [string, string], Partial<Subject>][] = [
  [
    '§3.2 an authenticated name is a user',
    {},
    ['Bo', '10.1.2.3'],
    { kind: 'user', confidence: 'authenticated', name: 'bo', client: '10.1.2.3' },
  ],
  [
    '§3.2 an address alone is a client',
    {},
    ['-', '::ffff:10.1.2.3'],
    { kind: 'client', confidence: 'none', name: '10.1.2.3', client: '10.1.2.3' },
  ],
  [
    '§3.2 nothing at all is nobody',
    {},
    ['-', '-'],
    { kind: 'none', confidence: 'none', name: '', client: '' },
  ],
  [
    '§3.2 an address on a shared network is nobody',
    { networks: NETWORKS },
    ['-', '10.3.0.1'],
    { kind: 'none', name: '', client: '10.3.0.1', population: 'public', department: 'Library' },
  ],
  [
    '§3.2 an authenticated name on a shared network is still a user',
    { networks: NETWORKS },
    ['bo', '10.3.0.1'],
    { kind: 'user', name: 'bo' },
  ],
  [
    '§3.3 without a directory everyone is staff in department unassigned',
    {},
    ['bo', '10.1.2.3'],
    { population: 'staff', department: 'unassigned', countedIn: 'unassigned', roles: [] },
  ],
  [
    '§3.3 without networks a client is staff in department unassigned',
    {},
    ['-', '10.1.2.3'],
    { population: 'staff', department: 'unassigned', countedIn: 'unassigned' },
  ],
  [
    '§3.3 without a directory the network says who is no staff',
    { networks: NETWORKS },
    ['bo', '10.2.0.1'],
    { population: 'pupil', department: 'School' },
  ],
  [
    '§3.3 the directory says population, department and roles',
    { directory: BO, networks: NETWORKS },
    ['bo', '10.2.0.1'],
    { population: 'staff', department: 'School', roles: ['teacher'] },
  ],
  [
    '§3.3 a user who is not in the directory is unknown',
    { directory: BO },
    ['eva', '10.2.0.1'],
    { kind: 'user', population: 'unknown', department: 'unassigned', roles: [] },
  ],
  [
    '§3.3 whom the directory does not know has the department of the network',
    { directory: BO, networks: NETWORKS },
    ['eva', '10.2.0.1'],
    { population: 'unknown', department: 'School' },
  ],
  [
    '§3.3 an address that no network covers is unknown',
    { networks: NETWORKS },
    ['-', '11.0.0.1'],
    { kind: 'client', population: 'unknown', department: 'unassigned' },
  ],
  [
    '§3.1 the network names the tenant',
    { networks: NETWORKS },
    ['-', '10.4.0.1'],
    { tenant: 'energi', population: 'staff', department: 'Plant' },
  ],
  [
    '§3.1 the same name in another tenant is another person',
    { directory: BO, networks: NETWORKS },
    ['bo', '10.4.0.1'],
    { tenant: 'energi', population: 'unknown', department: 'Plant', roles: [] },
  ],
  [
    '§3.1 the source names the tenant of an address that no network covers',
    { namedTenant: 'energi', networks: NETWORKS },
    ['bo', '11.0.0.1'],
    { tenant: 'energi', kind: 'user', name: 'bo', population: 'staff', department: 'unassigned' },
  ],
  [
    '§3.1 a name is looked up in the tenant that the source names',
    {
      namedTenant: 'energi',
      directory: roster({ 'kommun/bo': [entry()], 'energi/bo': [entry({ roles: [] })] }),
    },
    ['bo', ''],
    { tenant: 'energi', kind: 'user', name: 'bo', roles: [] },
  ],
  [
    '§3.1 source and network that name the same tenant agree',
    { namedTenant: 'energi', networks: NETWORKS },
    ['-', '10.4.0.1'],
    { tenant: 'energi', kind: 'client', population: 'staff', department: 'Plant' },
  ],
  [
    '§3.1 where the network is of another tenant, the record is nobody’s, with nothing of either',
    { namedTenant: 'energi', directory: roster({ 'energi/bo': [entry()] }), networks: NETWORKS },
    ['bo', '10.2.0.1'],
    {
      ...{ tenant: 'energi', kind: 'none', confidence: 'none', name: '', client: '10.2.0.1', roles: [] },
      ...{ population: 'pupil', department: 'unassigned' },
    },
  ],
  [
    '§3.1 the configured tenant too can be named by the source, against the network',
    { namedTenant: 'kommun', directory: BO, networks: NETWORKS },
    ['bo', '10.4.0.1'],
    { tenant: 'kommun', kind: 'none', name: '', population: 'staff', department: 'unassigned', roles: [] },
  ],
  [
    '§8.2 persons of a network without a tenant are those of the configured one, whoever the source names',
    {
      namedTenant: 'energi',
      networks: createNetworks([
        network('10.0.0.0/8', { department: 'Office', persons: 50 }),
        network('10.4.0.0/16', { tenant: 'energi', department: 'Office', persons: 1 }),
      ]),
    },
    ['-', '10.4.0.1'],
    { tenant: 'energi', department: 'Office', countedIn: '' },
  ],
  [
    '§3.2 a lease that covers the moment names a user, less surely than the proxy does',
    { directory: BO, intervals: leases({}) },
    ['-', '10.1.2.3'],
    {
      ...{ kind: 'user', confidence: 'lease', name: 'bo', client: '10.1.2.3' },
      ...{ department: 'School', population: 'staff', roles: ['teacher'] },
    },
  ],
  [
    '§3.2 a lease of another moment names nobody',
    { directory: BO, intervals: leases({ endMs: NOON }) },
    ['-', '10.1.2.3'],
    { kind: 'client', confidence: 'none', name: '10.1.2.3', roles: [] },
  ],
  [
    '§3.2 leases of two users at the same moment name nobody',
    { directory: BO, intervals: leases({}, { user: 'eva' }) },
    ['-', '10.1.2.3'],
    { kind: 'client', confidence: 'none', name: '10.1.2.3' },
  ],
  [
    '§3.2 a name that the proxy authenticated stands against a lease',
    { directory: BO, intervals: leases({ user: 'eva' }) },
    ['bo', '10.1.2.3'],
    { kind: 'user', confidence: 'authenticated', name: 'bo' },
  ],
  [
    '§3.2 a lease of somebody who is in no directory names somebody unknown',
    { directory: BO, intervals: leases({ user: 'eva' }) },
    ['-', '10.1.2.3'],
    { kind: 'user', confidence: 'lease', name: 'eva', population: 'unknown' },
  ],
  [
    '§3.1 a lease of another tenant names nobody',
    { intervals: leases({ tenant: 'energi' }) },
    ['-', '10.1.2.3'],
    { kind: 'client' },
  ],
  ...['10.5.0.1', '10.6.0.1', '10.7.0.1', '10.8.0.1'].map((client): (typeof CASES)[number] => [
    `§3.2 a lease says nothing of an address that many share (${client})`,
    { networks: SHARED, intervals: leases({ client }) },
    ['-', client],
    { kind: 'none', confidence: 'none', name: '' },
  ]),
  ...['10.5.0.1', '10.8.0.1'].map((client): (typeof CASES)[number] => [
    `§3.2 a name that the proxy authenticated stands on a terminal server (${client})`,
    { networks: SHARED, directory: BO },
    ['bo', client],
    { kind: 'user', confidence: 'authenticated', name: 'bo', department: 'School' },
  ]),
  ...['10.6.0.1', '10.7.0.1'].map((client): (typeof CASES)[number] => [
    `§3.2 on a kiosk and a guest network even an authenticated name is nobody’s (${client})`,
    { networks: SHARED, directory: BO },
    ['bo', client],
    { kind: 'none', confidence: 'none', name: '', roles: [] },
  ]),
  [
    '§3.2 what a kiosk is for says who is there, not the directory',
    { networks: SHARED, directory: BO },
    ['bo', '10.6.0.1'],
    { population: 'public', department: 'Library' },
  ],
  ...['kassa', 'Kassa', 'KASSA2', 'reception'].map((account): (typeof CASES)[number] => [
    `§3.4 an account that several people use is nobody, however it is spelt (${account})`,
    { rules: TEAM, directory: roster({ 'kommun/kassa': [entry({ roles: [] })] }), networks: SHARED },
    [account, '10.1.2.3'],
    { kind: 'none', confidence: 'none', name: '', department: account === 'reception' ? 'Office' : 'School' },
  ]),
  [
    '§3.4 a lease of such an account names nobody, not even the address',
    { rules: TEAM, intervals: leases({ user: 'kassa' }) },
    ['-', '10.1.2.3'],
    { kind: 'none', confidence: 'none', name: '', client: '10.1.2.3' },
  ],
  ['§8.2 a big department is counted by itself', { directory: BO }, ['bo', ''], { countedIn: 'School' }],
  [
    '§8.2 a small one is counted in its parent',
    { directory: roster({ 'kommun/bo': [entry()] }, (_tenant, name) => (name === 'School' ? 4 : 5)) },
    ['bo', ''],
    { department: 'School', countedIn: 'Education' },
  ],
  [
    '§8.2 with a directory those in no department are too few to be counted apart',
    { directory: roster({}, () => 0) },
    ['eva', ''],
    { department: 'unassigned', countedIn: '' },
  ],
  [
    '§8.2 without a directory the persons of the networks are the size',
    { networks: createNetworks([network('10.0.0.0/8', { department: 'Office', persons: 5 })]) },
    ['-', '10.0.0.1'],
    { department: 'Office', countedIn: 'Office' },
  ],
  [
    '§8.2 a department of which no size is known is counted in the tenant',
    { networks: NETWORKS },
    ['-', '10.2.0.1'],
    { department: 'School', countedIn: '' },
  ],
];

describe('the resolver of subjects', () => {
  for (const [title, options, [user, client], expected] of CASES) {
    it(title, () => {
      expect(resolver(options).resolve(user, client, NOON)).to.deep.include(expected);
    });
  }

  it('§5.3 takes roles, department and population as they were at the time', () => {
    const changeMs = zone.startOfDayMs('2026-11-25');
    const directory = roster({
      'kommun/bo': [
        entry({ toMs: changeMs }),
        entry({ fromMs: changeMs, roles: [], population: 'elected', department: 'Education' }),
      ],
    });
    const { resolve, validity } = resolver({ directory });
    expect(resolve('bo', '', changeMs - 1)).to.include({ department: 'School', population: 'staff' });
    expect(resolve('bo', '', changeMs)).to.include({ department: 'Education', population: 'elected' });
    expect(resolve('bo', '', changeMs - 1)).to.include({ department: 'School' });
    expect(validity('bo', '', NOON)).to.deep.equal({
      fromMs: changeMs,
      toMs: zone.startOfDayMs('2026-12-01'),
    });
  });

  it('§8.2 takes sizes on the first day of the local month and keeps them all through it', () => {
    const asked: number[] = [];
    const directory = roster({ 'kommun/bo': [entry()] }, (_tenant, _department, atMs) => {
      asked.push(atMs);
      return atMs < zone.startOfDayMs('2026-12-01') ? 5 : 0;
    });
    const { resolve } = resolver({ directory });
    expect(resolve('bo', '', Date.parse('2026-11-30T22:59Z')).countedIn).to.equal('School');
    expect(resolve('bo', '', Date.parse('2026-11-30T23:00Z')).countedIn).to.equal('');
    expect(new Set(asked)).to.deep.equal(
      new Set(['2026-11-01', '2026-12-01'].map(day => zone.startOfDayMs(day))),
    );
  });

  it('says whether the client matters for a named user', () => {
    expect(resolver().clientMatters).to.equal(false);
    expect(resolver({ networks: NETWORKS }).clientMatters).to.equal(true);
    expect(resolver({ intervals: leases() }).clientMatters).to.equal(true);
  });

  it('gives what a fresh resolver gives, whatever was asked before, and validity tells how long', () => {
    const dayMs = 86_400_000;
    const interval = fc.tuple(fc.nat(60), fc.nat(60)).map(([day, days]) => ({
      fromMs: NOON + (day - 30) * dayMs,
      toMs: NOON + (day - 30 + days) * dayMs,
    }));
    const person = fc
      .record({ first: interval, gap: fc.nat(9), second: fc.nat(9) })
      .map(({ first, gap, second }) => [
        entry(first),
        entry({ roles: [], fromMs: first.toMs + gap * dayMs, toMs: first.toMs + (gap + second) * dayMs }),
      ]);
    const named = fc.constantFrom(null, 'kommun', 'energi');
    const lease = fc.record({
      ...{ user: fc.constantFrom('bo', 'eva', 'kassa'), client: fc.constantFrom('10.2.0.1', '10.9.9.9') },
      during: interval,
    });
    const ask = fc.tuple(
      fc.constantFrom('bo', 'BO', 'eva', 'kassa', '-', '-'),
      fc.constantFrom('10.2.0.1', '::ffff:10.2.0.1', '10.9.9.9', '-'),
      fc.integer({ min: -40, max: 40 }),
    );
    fc.assert(
      fc.property(
        person,
        fc.tuple(interval, fc.constantFrom(true, false, 'kiosk' as const, 'terminal-server' as const)),
        fc.array(ask, { minLength: 2, maxLength: 12 }),
        named,
        fc.array(lease, { maxLength: 5 }),
        (...drawn) => {
          const [rows, [during, shared], asks, namedTenant, given] = drawn;
          const options = {
            namedTenant,
            rules: TEAM,
            intervals: leases(
              ...given.map(({ user, client, during: { fromMs, toMs } }) => ({
                ...{ user, client, startMs: fromMs, endMs: toMs },
              })),
            ),
            directory: roster({ 'kommun/bo': rows.filter(row => row.fromMs < row.toMs) }),
            networks: createNetworks([network('10.2.0.0/16', { ...during, population: 'guest', shared })]),
          };
          const warm = resolver(options);
          for (const [user, client, day] of asks) {
            const atMs = NOON + day * dayMs;
            const answer = warm.resolve(user, client, atMs);
            expect(answer).to.deep.equal(resolver(options).resolve(user, client, atMs));
            const { fromMs, toMs } = warm.validity(user, client, atMs);
            expect(fromMs <= atMs && atMs < toMs).to.equal(true);
            for (const edgeMs of [fromMs, toMs - 1]) {
              expect(resolver(options).resolve(user, client, edgeMs)).to.deep.equal(answer);
            }
          }
        },
      ),
      { numRuns: 600 },
    );
  });
});
