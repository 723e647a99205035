import { createHash } from 'node:crypto';
import { expect } from 'chai';
import fc from 'fast-check';
import { createIds } from '../../src/finding/identity.ts';

const ids = createIds(text => createHash('sha256').update(text).digest());

describe('the ids of records and findings', () => {
  it('§5.1 are 128 bits of SHA-256 over the place, and for ever the same', () => {
    const place = { offset: 170, category: 'gambling' };
    const digest = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 32);
    expect(ids.record('kommun', 'ab', 170)).to.equal(digest('6:record6:kommun2:ab3:170'));
    expect(ids.finding('kommun', 'ab', place)).to.equal(digest('7:finding6:kommun2:ab3:1708:gambling'));
  });

  it('differ wherever the places differ, however the parts are cut', () => {
    const part = fc.constantFrom('', '1', '1:', '11', ':1', 'a', '1:a');
    const place = fc.tuple(part, part, fc.nat(12), part);
    fc.assert(
      fc.property(place, place, (a, b) => {
        const [one, other] = [a, b].map(([tenant, stream, offset, category]) =>
          ids.finding(tenant, stream, { offset, category }),
        );
        expect(one === other).to.equal(JSON.stringify(a) === JSON.stringify(b));
      }),
      { numRuns: 2_000 },
    );
  });

  it('of a record is never that of a finding', () => {
    expect(ids.record('kommun', 'ab', 1)).to.not.equal(
      ids.finding('kommun', 'ab', { offset: 1, category: '' }),
    );
  });
});
