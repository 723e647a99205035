import { expect } from 'chai';
import fc from 'fast-check';
import { createUsageTable } from '../../src/pipeline/usage.ts';
import type { UsageCount } from '../../src/ports/store.ts';

const HOUR_MS = 3_600_000;

interface Request {
  hour: number;
  slot: number;
  bytes: number;
  denied: boolean;
  tunnel: boolean;
  named: boolean;
}

const request: fc.Arbitrary<Request> = fc.record({
  hour: fc.nat(5),
  slot: fc.nat(7),
  bytes: fc.nat(1e9),
  denied: fc.boolean(),
  tunnel: fc.boolean(),
  named: fc.boolean(),
});

// Two slots of one department (its users and its bare clients) and two tenants.
const ownerOf = (slot: number) => ({ tenant: slot > 5 ? 'b' : 'a', department: `d${slot >> 1}` });

/** The naive twin: one filter for each row. */
function naive(requests: readonly Request[]): UsageCount[] {
  const keys = requests.map(({ hour, slot }) => ({ hourMs: hour * HOUR_MS, ...ownerOf(slot) }));
  const texts = [
    ...new Set(keys.map(({ hourMs, tenant, department }) => `${hourMs} ${tenant} ${department}`)),
  ];
  return texts
    .map(text => {
      const [hour, tenant, department] = text.split(' ');
      const own = requests.filter(
        (_, i) => `${keys[i]!.hourMs} ${keys[i]!.tenant} ${keys[i]!.department}` === text,
      );
      return {
        tenant: tenant!,
        hourMs: Number(hour),
        department: department!,
        records: own.length,
        bytes: own.reduce((sum, { bytes }) => sum + bytes, 0),
        denied: own.filter(({ denied }) => denied).length,
        tunnels: own.filter(({ tunnel }) => tunnel).length,
        named: own.filter(({ named }) => named).length,
      };
    })
    .sort(
      (a, b) =>
        a.hourMs - b.hourMs || a.tenant.localeCompare(b.tenant) || a.department.localeCompare(b.department),
    );
}

describe('the usage table', () => {
  it('counts like the naive twin, whatever the order and however it is added', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(request, fc.boolean())), requests => {
        const usage = createUsageTable();
        for (const [{ hour, slot, ...use }, isMany] of requests) {
          const uses = {
            records: 1,
            bytes: use.bytes,
            denied: Number(use.denied),
            tunnels: Number(use.tunnel),
            named: Number(use.named),
          };
          if (isMany) usage.addMany(hour * HOUR_MS, slot, uses);
          else usage.add(hour * HOUR_MS, slot, use);
        }
        expect(usage.drain(ownerOf)).to.deep.equal(naive(requests.map(([one]) => one)));
      }),
    );
  });

  it('begins anew after it was drained, and keeps what it handed over unchanged', () => {
    const usage = createUsageTable();
    const use = { bytes: 10, denied: false, tunnel: true, named: true };
    usage.add(0, 1, use);
    const first = usage.drain(ownerOf);
    usage.add(0, 1, use);
    expect(usage.drain(ownerOf)).to.deep.equal(first);
    expect(first.map(({ records }) => records)).to.deep.equal([1]);
    expect(usage.drain(ownerOf)).to.deep.equal([]);
  });
});
