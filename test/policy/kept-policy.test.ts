import { expect } from 'chai';
import { openKeptPolicy } from '../../src/policy/kept-policy.ts';
import type { PolicyRules } from '../../src/policy/rules.ts';
import { keepPolicy } from '../../src/subject/keep.ts';
import { readKept } from '../../src/subject/kept-body.ts';
import { exemption, policy, stockholm } from './support.ts';

const userIn = (epoch: number, tenant: string, name: string) => `u${epoch % 100}-${tenant}-${name}`;

function keptOf(over: Partial<PolicyRules>, ids: (tenant: string, name: string) => string | null) {
  const original = policy(over);
  const options = { hash: original.hash, epoch: 2026, zone: stockholm, userIn };
  const body = readKept('policy', keepPolicy(original.content, { ...options, tenants: ['kommun'] })!.body);
  return { original, kept: openKeptPolicy({ body, hash: original.hash, zone: stockholm, userIn: ids }) };
}

const in2026 = (tenant: string, name: string) => userIn(2026, tenant, name);

describe('a kept policy', () => {
  it('§5.7 is the policy, but for names and reasons', () => {
    const exemptions = [
      exemption({ id: 'E-1', sites: ['*.casino.example', 'räddning.example'], hours: '22:00-06:00' }),
      exemption({ id: 'E-2', users: [], roles: ['investigator'], weekdays: ['monday'] }),
    ];
    const { original, kept } = keptOf({ exemptions }, in2026);
    const { users, approvers, reason, ...rest } = original.exemptions.get('E-1')!;
    expect(kept.exemptions.get('E-1')).to.deep.include(rest);
    expect(kept.exemptions.get('E-1')).to.include({ reason: '' });
    expect(kept.exemptions.get('E-2')!.weekdays).to.deep.equal(new Set([1]));
    expect(kept.hash).to.equal(original.hash);
    expect(kept.mappedLists()).to.deep.equal(original.mappedLists());
    expect([...kept.categories.keys()]).to.deep.equal([...original.categories.keys()]);
    expect(JSON.stringify(kept.content)).not.to.match(/"anna"|"chief"|duties/);
    expect([users.has('anna'), approvers, reason]).to.deep.equal([true, ['chief'], 'duties']);
  });

  it('§5.3 covers by name whom the policy covered, and counts the names as it did', () => {
    const exemptions = [
      exemption({ id: 'one', tenant: 'energi', users: ['bo', 'anna', 'anna'] }),
      exemption({ id: 'all', users: ['bo'] }),
      exemption({ id: 'nobody', users: [], departments: ['School'] }),
    ];
    const { original, kept } = keptOf({ exemptions }, in2026);
    for (const id of ['one', 'all', 'nobody']) {
      const [before, after] = [original.exemptions.get(id)!.users, kept.exemptions.get(id)!.users];
      for (const name of ['bo', 'anna', 'eva', '']) expect(after.has(name)).to.equal(before.has(name));
      expect(after.size).to.equal(before.size);
    }
  });

  it('§3.5 covers nobody by name once the key is destroyed', () => {
    const { kept } = keptOf({ exemptions: [exemption({ users: ['bo'] })] }, () => null);
    expect(kept.exemptions.get('E-1')!.users.has('bo')).to.equal(false);
  });
});
