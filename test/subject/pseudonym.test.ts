import { expect } from 'chai';
import fc from 'fast-check';
import { hmacSha256 } from '../../src/adapters/vault/hmac-sha256.ts';
import { createZone } from '../../src/calendar/zone.ts';
import { createPseudonyms, type PseudonymsOptions } from '../../src/subject/pseudonym.ts';

const zone = createZone('Europe/Stockholm');
const at = (text: string) => Date.parse(text);

function make(changed: Partial<PseudonymsOptions> = {}) {
  const epochKey = (year: number) => new Uint8Array(32).fill(year % 251);
  return createPseudonyms({ zone, hmac: hmacSha256, epochKey, ...changed });
}

describe('pseudonyms', () => {
  it('§3.5 look like u26-… for a user and c261125-… for an address', () => {
    const ids = make();
    expect(ids.user('kommun', 'bo', at('2026-11-25T12:00Z'))).to.match(/^u26-[a-z2-7]{26}$/);
    expect(ids.client('kommun', '10.1.2.3', at('2026-11-25T12:00Z'))).to.match(/^c261125-[a-z2-7]{26}$/);
  });

  it('§3.5 keep their value for good: it stands in stores', () => {
    const ids = make();
    expect(ids.user('kommun', 'åsa', at('2026-11-25T12:00Z'))).to.equal('u26-j6ptfmqc7yyh7e4donbdjny4wy');
    expect(ids.client('kommun', '10.1.2.3', at('2026-11-25T12:00Z'))).to.equal(
      'c261125-bbpmquahucq6ebbdnze5nwkvsu',
    );
  });

  it('§3.5 change with the local year, and for an address with the local day', () => {
    const ids = make();
    const user = (text: string) => ids.user('kommun', 'bo', at(text));
    const client = (text: string) => ids.client('kommun', '10.1.2.3', at(text));
    expect(user('2026-12-31T22:59:59Z')).to.equal(user('2026-01-01T00:00Z'));
    expect(user('2026-12-31T23:00Z')).to.match(/^u27-/);
    expect(client('2026-11-24T23:00Z')).to.equal(client('2026-11-25T22:59:59Z'));
    expect(client('2026-11-25T23:00Z')).to.match(/^c261126-/);
  });

  it('§3.5 are none where the epoch has lost its key, and say so without making one', () => {
    const asked: number[] = [];
    const ids = make({
      epochKey: year => {
        asked.push(year);
        return year === 2025 ? null : new Uint8Array(32);
      },
      isDestroyed: year => year === 2025,
    });
    expect(ids.isEpochOpen(at('2025-06-01T00:00Z'))).to.equal(false);
    expect(ids.isEpochOpen(at('2026-06-01T00:00Z'))).to.equal(true);
    expect(asked).to.deep.equal([]);
    expect(ids.user('kommun', 'bo', at('2025-06-01T00:00Z'))).to.equal(null);
    expect(ids.client('kommun', '10.1.2.3', at('2025-06-01T00:00Z'))).to.equal(null);
  });

  it('are not given from memory once the key is gone', () => {
    let key: Uint8Array | null = new Uint8Array(32);
    const ids = make({ epochKey: () => key });
    expect(ids.user('kommun', 'bo', 0)).to.match(/^u70-/);
    key = null;
    expect(ids.user('kommun', 'bo', 0)).to.equal(null);
    expect(ids.isEpochOpen(0)).to.equal(false);
  });

  it('§3.5 are the same for the same person and differ for any other tenant, name, epoch, day or kind', () => {
    const text = fc.oneof(
      fc.constantFrom('a', 'ab', '1:a', 'user', '', '10.1.2.3'),
      fc.string({ unit: 'grapheme' }),
    );
    const who = fc.record({
      kind: fc.constantFrom('user', 'client'),
      tenant: text,
      name: text,
      day: fc.constantFrom('2025-12-31', '2026-01-01', '2026-11-25'),
    });
    const ids = make();
    const idOf = (one: { kind: string; tenant: string; name: string; day: string }) => {
      const startMs = zone.startOfDayMs(one.day);
      return one.kind === 'user'
        ? ids.user(one.tenant, one.name, startMs)
        : ids.client(one.tenant, one.name, startMs);
    };
    const partOf = (one: { kind: string; day: string }) =>
      one.kind === 'user' ? one.day.slice(0, 4) : one.day;
    fc.assert(
      fc.property(who, who, (a, b) => {
        const isSame =
          a.kind === b.kind && a.tenant === b.tenant && a.name === b.name && partOf(a) === partOf(b);
        expect(idOf(a) === idOf(b)).to.equal(isSame);
        expect(idOf(a)).to.equal(idOf({ ...a }));
      }),
      { numRuns: 1000 },
    );
  });
});
