import { expect } from 'chai';
import { hmacSha256 } from '../../src/adapters/vault/hmac-sha256.ts';
import { createZone } from '../../src/calendar/zone.ts';
import type { PolicyContent } from '../../src/policy/policy.ts';
import { type DirectoryContent, keepDirectory, keepPolicy } from '../../src/subject/keep.ts';
import {
  EVERY_TENANT,
  type KeptDirectory,
  type KeptPolicy,
  keyIdOf,
  readKept,
} from '../../src/subject/kept-body.ts';
import { createPseudonyms } from '../../src/subject/pseudonym.ts';

const zone = createZone('Europe/Stockholm');
const ids = createPseudonyms({
  zone,
  hmac: hmacSha256,
  epochKey: year => (year === 2020 ? null : new Uint8Array(32).fill(year % 251)),
});
const day = (name: string) => zone.startOfDayMs(name);
const options = { hash: 'ab12', epoch: 2026, zone, userIn: ids.userIn };

const person = (user: string, changed: Partial<DirectoryContent['users'][number]> = {}) => ({
  ...{ tenant: 'kommun', user, roles: ['teacher'], department: 'School', population: 'staff' as const },
  ...{ fromMs: -Infinity, toMs: Infinity, ...changed },
});

const CONTENT: DirectoryContent = {
  tenant: 'kommun',
  namesUsers: true,
  users: [
    person('anna.eriksson', { toMs: day('2026-01-01') }),
    person('bo.lindqvist', { toMs: day('2026-07-01') }),
    person('bo.lindqvist', { fromMs: day('2026-07-01'), roles: [] }),
    person('cecilia.nord', { tenant: 'energi' }),
    person('david.ek', { fromMs: day('2027-01-01') }),
  ],
  departments: [{ department: 'School', parent: null, tenant: 'kommun' }],
  networks: [
    {
      ...{ cidr: '10.2.0.0/16', tenant: null, population: 'pupil', department: 'School', shared: false },
      ...{ persons: null, fromMs: -Infinity, toMs: day('2027-01-01') },
    },
  ],
};

const POLICY: PolicyContent = {
  version: 1,
  timezone: 'Europe/Stockholm',
  taxonomy: { categories: {} },
  rules: {
    ...{ reviewed: ['staff'], smallGroup: 5, categories: {}, protected: { lists: [] }, roles: {} },
    ...{ retention: null, live: null, minimumConfidence: 'lease' as const },
    thresholds: { records: 3, minutes: 2, bytes: 500_000, documentGapSeconds: 10, visitGapMinutes: 30 },
    exemptions: ['kommun', undefined].map((tenant, index) => ({
      ...{ id: `x${index}`, tenant, categories: ['gambling'], users: ['bo.lindqvist'] },
      ...{ roles: [], departments: [], sites: null, weekdays: null, hours: null },
      ...{ reason: 'Bo Lindqvist examines it', caseNumber: 'KS 2026/1', approvers: ['cecilia.nord'] },
      ...{ validFrom: '2026-01-01', validThrough: '2026-12-31' },
    })),
  },
};

describe('kept versions', () => {
  it('§5.7 hold the id that findings of the epoch carry, and no name', () => {
    const kept = keepDirectory(CONTENT, options)!;
    const body = JSON.parse(kept.body) as KeptDirectory;
    expect(kept).to.include({ kind: 'directory', hash: 'ab12', epoch: 2026 });
    const own = body.users.filter(row => row.id === ids.user('kommun', 'bo.lindqvist', day('2026-03-01')));
    expect(own).to.deep.equal([
      {
        ...{
          id: own[0]!.id,
          tenant: 'kommun',
          roles: ['teacher'],
          department: 'School',
          population: 'staff',
        },
        ...{ from: null, to: day('2026-07-01') },
      },
      {
        ...{ id: own[0]!.id, tenant: 'kommun', roles: [], department: 'School', population: 'staff' },
        ...{ from: day('2026-07-01'), to: null },
      },
    ]);
    expect(kept.body).not.to.match(/lindqvist|eriksson|nord|david/i);
  });

  it('§5.7 hold only who was there in the epoch, in an order that tells nothing', () => {
    const body = JSON.parse(keepDirectory(CONTENT, options)!.body) as KeptDirectory;
    const found = body.users.map(row => row.id);
    expect(found).to.have.length(3);
    expect(found).to.deep.equal([...found].sort());
    expect(body.networks).to.deep.equal([
      {
        ...{ cidr: '10.2.0.0/16', tenant: null, population: 'pupil', department: 'School', shared: false },
        ...{ persons: null, from: null, to: day('2027-01-01') },
      },
    ]);
  });

  it('§5.7 replace the users and approvers of a policy, for each tenant that a rule holds in', () => {
    const kept = keepPolicy(POLICY, { ...options, tenants: ['kommun', 'energi'] })!;
    const { content, inTenants } = JSON.parse(kept.body) as KeptPolicy;
    const [one, all] = content.rules.exemptions;
    const idOf = (tenant: string, name: string) => ids.userIn(2026, tenant, name)!;
    expect(one!.users).to.deep.equal([idOf('kommun', 'bo.lindqvist')]);
    expect(one!.approvers).to.deep.equal([idOf('kommun', 'cecilia.nord')]);
    expect(all!.users).to.deep.equal([idOf(EVERY_TENANT, 'bo.lindqvist')]);
    expect(inTenants).to.deep.equal([
      { exemption: 'x1', tenant: 'kommun', users: [idOf('kommun', 'bo.lindqvist')] },
      { exemption: 'x1', tenant: 'energi', users: [idOf('energi', 'bo.lindqvist')] },
    ]);
    expect(one!).to.include({ id: 'x0', caseNumber: 'KS 2026/1', reason: '' });
    expect(kept.body).not.to.match(/lindqvist|nord/i);
  });

  it('§5.7 name every tenant of the files, and the key by which their ids were made', () => {
    const later = person('eva.berg', { tenant: 'vatten', fromMs: day('2027-01-01') });
    const content = { ...CONTENT, users: [...CONTENT.users, later] };
    const body = readKept('directory', keepDirectory(content, options)!.body);
    expect(body.tenants).to.deep.equal(['kommun', 'energi', 'vatten']);
    expect(body.keyId).to.equal(keyIdOf(2026, ids.userIn));
    expect(body.keyId).not.to.equal(keyIdOf(2027, ids.userIn));
  });

  it('§5.7 say so by their schema where a network is shared in a way that older programs do not know', () => {
    const [row] = CONTENT.networks!;
    const kiosk = { ...CONTENT, networks: [{ ...row!, shared: 'kiosk' as const }] };
    const { body } = keepDirectory(kiosk, options)!;
    expect(readKept('directory', body)).to.deep.include({ schema: 'granska.kept-directory/2' });
    expect(readKept('directory', body).networks![0]!.shared).to.equal('kiosk');
    const shared = { ...CONTENT, networks: [{ ...row!, shared: true }] };
    expect(readKept('directory', keepDirectory(shared, options)!.body).schema).to.equal(
      'granska.kept-directory/1',
    );
  });

  it('§5.7 are refused where they are of another kind or schema', () => {
    const { body } = keepDirectory(CONTENT, options)!;
    for (const text of [body.replace('directory/1', 'directory/3'), body.slice(1), 'null', '"x"']) {
      expect(() => readKept('directory', text), text.slice(0, 20)).to.throw('cannot be read');
    }
    expect(() => readKept('policy', body)).to.throw('a kept version of the policy');
  });

  it('§3.5 are not made for an epoch whose key was destroyed', () => {
    const lost = { ...options, epoch: 2020 };
    expect(keepDirectory(CONTENT, lost)).to.equal(null);
    expect(keepPolicy(POLICY, { ...lost, tenants: ['kommun'] })).to.equal(null);
  });
});
