import { expect } from 'chai';
import fc from 'fast-check';
import { canonicalClient, formatAddress, parseAddress } from '../../src/subject/address.ts';

const SPELLINGS: readonly [string, string][] = [
  ['10.1.2.3', '10.1.2.3'],
  [' 10.1.2.3 ', '10.1.2.3'],
  ['10.1.2.3:51234', '10.1.2.3'],
  ['255.255.255.255', '255.255.255.255'],
  ['::FFFF:10.1.2.3', '10.1.2.3'],
  ['::ffff:a01:203', '10.1.2.3'],
  ['[::ffff:10.1.2.3]:80', '10.1.2.3'],
  ['2001:DB8:0:0:0:0:0:1', '2001:db8::1'],
  ['2001:db8:0:0:1:0:0:0', '2001:db8:0:0:1::'],
  ['2001:db8::1:0:0:1', '2001:db8::1:0:0:1'],
  ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
  ['[2001:db8::1]:8080', '2001:db8::1'],
  ['fe80::1%eth0', 'fe80::1'],
  ['::', '::'],
  ['::1', '::1'],
  ['0::1.', '::1'],
  ['PC7.Kommun.SE.', 'pc7.kommun.se'],
  ['010.001.002.003', '010.001.002.003'],
  ['256.1.1.1', '256.1.1.1'],
  ['1::2::3', '1::2::3'],
  ['-', ''],
  ['', ''],
];

describe('client addresses', () => {
  for (const [raw, address] of SPELLINGS) {
    it(`§3.2 takes ${JSON.stringify(raw)} for ${JSON.stringify(address)}`, () => {
      expect(canonicalClient(raw)).to.equal(address);
    });
  }

  it('writes every IPv6 address as the URL standard does', () => {
    const groups = fc.array(fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 0xffff })), {
      minLength: 8,
      maxLength: 8,
    });
    fc.assert(
      fc.property(groups, address => {
        const spelled = address.map(group => group.toString(16)).join(':');
        const standard = new URL(`http://[${spelled}]/`).hostname.slice(1, -1);
        expect(formatAddress(address)).to.equal(standard);
      }),
      { numRuns: 2000 },
    );
  });

  it('reads back what it wrote', () => {
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), text => {
        const groups = parseAddress(text);
        expect(groups).not.to.equal(null);
        expect(parseAddress(formatAddress(groups!))).to.deep.equal(groups);
      }),
      { numRuns: 2000 },
    );
  });

  it('is idempotent and total whatever the text', () => {
    const part = fc.constantFrom(
      '0',
      '1',
      'ff',
      ':',
      '::',
      '.',
      '[',
      ']',
      '%',
      ' ',
      'PC',
      '-',
      'İ',
      '10.1.2.3',
    );
    const text = fc.oneof(
      fc.array(part, { maxLength: 12 }).map(parts => parts.join('')),
      fc.string({ unit: 'binary' }),
    );
    fc.assert(
      fc.property(text, raw => {
        const once = canonicalClient(raw);
        expect(canonicalClient(once)).to.equal(once);
      }),
      { numRuns: 3000 },
    );
  });
});
