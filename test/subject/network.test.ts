import { expect } from 'chai';
import fc from 'fast-check';
import { formatAddress, parseAddress } from '../../src/subject/address.ts';
import { createNetworks, formatCidr, type NetworkEntry, parseCidr } from '../../src/subject/network.ts';

const entry = (cidr: string, changed: Partial<NetworkEntry> = {}): NetworkEntry => ({
  ...{ cidr, tenant: null, population: null, department: null, shared: false, persons: null },
  ...{ fromMs: -Infinity, toMs: Infinity, ...changed },
});

/** The slow and plain answer: compares bit by bit, row by row. */
function naiveFind(entries: readonly NetworkEntry[], client: string, atMs: number): NetworkEntry | null {
  let best: NetworkEntry | null = null;
  const longest = () => (best === null ? -1 : Number(best.cidr.split('/')[1]));
  for (const row of entries) {
    const prefix = Number(row.cidr.split('/')[1]);
    if (row.fromMs > atMs || row.toMs <= atMs || prefix <= longest()) continue;
    const [network, address] = [bits(row.cidr.split('/')[0]!), bits(client)];
    if (network.length === address.length && network.slice(0, prefix) === address.slice(0, prefix))
      best = row;
  }
  return best;
}

function bits(address: string): string {
  return (parseAddress(address) ?? []).map(group => group.toString(2).padStart(16, '0')).join('');
}

const CIDRS: readonly [string, string | null][] = [
  ['10.0.0.0/8', '10.0.0.0/8'],
  ['10.1.2.3', '10.1.2.3/32'],
  ['0.0.0.0/0', '0.0.0.0/0'],
  ['2001:DB8::/32', '2001:db8::/32'],
  ['::/0', '::/0'],
  ['::ffff:10.0.0.0/104', '10.0.0.0/8'],
  ['2001:db8::1', '2001:db8::1/128'],
  ['10.0.0.1/8', null],
  ['10.0.0.0/33', null],
  ['2001:db8::/129', null],
  ['::ffff:10.0.0.0/95', null],
  ['10.0.0/8', null],
  ['10.0.0.0/', null],
  ['10.0.0.0-10.0.0.9', null],
  ['10.0.0.0:80', null],
  ['kommun.se', null],
  ['', null],
];

describe('networks', () => {
  for (const [text, canonical] of CIDRS) {
    it(`reads ${JSON.stringify(text)} as ${canonical ?? 'no network'}`, () => {
      const cidr = parseCidr(text);
      expect(cidr && formatCidr(cidr)).to.equal(canonical);
    });
  }

  it('§3.3 takes the longest prefix that is in force, else the next shorter one', () => {
    const wide = entry('10.0.0.0/8');
    const early = entry('10.2.0.0/16', { toMs: 100 });
    const late = entry('10.2.0.0/16', { fromMs: 200 });
    const networks = createNetworks([wide, late, early]);
    expect(networks.find('10.2.3.4', 99)).to.equal(early);
    expect(networks.find('10.2.3.4', 100)).to.equal(wide);
    expect(networks.find('10.2.3.4', 200)).to.equal(late);
    expect(networks.find('10.3.3.4', 200)).to.equal(wide);
    expect(networks.find('11.0.0.1', 200)).to.equal(null);
    expect(networks.find('pc7', 200)).to.equal(null);
    expect(networks.validity('10.2.3.4', 150)).to.deep.equal({ fromMs: 100, toMs: 200 });
  });

  const address = fc.oneof(
    fc.array(fc.constantFrom(0, 0x0a01, 0x0a02, 0xffff), { minLength: 2, maxLength: 2 }),
    fc.array(fc.constantFrom(0x2001, 0xdb8, 0, 0xffff), { minLength: 8, maxLength: 8 }),
  );
  const row = fc
    .tuple(address, fc.double({ min: 0, max: 1, noNaN: true }), fc.integer({ min: 0, max: 9 }), fc.nat(9))
    .map(([groups, share, fromMs, lengthMs]) => {
      const prefix = Math.round(share * groups.length * 16);
      return entry(formatCidr({ groups, prefix }), { fromMs, toMs: fromMs + lengthMs });
    });

  it('finds what a scan of all rows finds, and says truly how long it holds', () => {
    fc.assert(
      fc.property(fc.array(row, { maxLength: 30 }), address, fc.nat(20), (rows, groups, atMs) => {
        const apart = rows.filter(
          (one, index) =>
            !rows
              .slice(0, index)
              .some(other => other.cidr === one.cidr && other.fromMs < one.toMs && one.fromMs < other.toMs),
        );
        const networks = createNetworks(apart);
        const client = formatAddress(groups);
        expect(networks.find(client, atMs)).to.equal(naiveFind(apart, client, atMs));
        const { fromMs, toMs } = networks.validity(client, atMs);
        for (let at = 0; at < 20; at++) {
          if (at < fromMs || at >= toMs) continue;
          expect(networks.find(client, at)).to.equal(networks.find(client, atMs));
        }
      }),
      { numRuns: 1000 },
    );
  });
});
