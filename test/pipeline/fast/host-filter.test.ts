import { expect } from 'chai';
import fc from 'fast-check';
import { FILTER_WORDS } from '../../../src/category/filter.ts';
import { extendWords, finish, SEED } from '../../../src/category/hash.ts';
import { createMatcher } from '../../../src/category/matcher.ts';
import { createHostFilter, hasBelow, hasEntry } from '../../../src/pipeline/fast/host-filter.ts';
import { HostWalk } from '../../../src/pipeline/fast/host-walk.ts';
import { lastDot } from '../../../src/pipeline/fast/last-dot.ts';
import { compile } from '../../category/support.ts';

const label = fc.stringMatching(/^[a-c]{1,5}$/);
const host = fc.array(label, { minLength: 2, maxLength: 5 }).map(labels => labels.join('.'));

describe('the host filter', () => {
  it('never says no of a hash that the table or the other filter knows, 0 included', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(0, 1, 2 ** 31, 2 ** 32 - 1, 0x12345678, 63, 64), { maxLength: 5 }),
        hashes => {
          const bits = new Uint32Array(FILTER_WORDS);
          for (const hash of hashes) bits[hash >>> 11]! |= 1 << ((hash >>> 6) & 31);
          const pairs = createHostFilter(
            bits,
            Int32Array.from(hashes, hash => (hash === 0 ? 1 : hash | 0)),
          );
          for (const hash of hashes) {
            expect(hasBelow(pairs, hash)).to.equal(1);
            expect(hasEntry(pairs, hash)).to.equal(1);
          }
          expect(hasBelow(pairs, 0x7000_0000)).to.equal(0);
          expect(hasEntry(pairs, 0x7000_0000)).to.equal(0);
        },
      ),
      { numRuns: 20 },
    );
  });
});

describe('the last dot', () => {
  it('is where lastIndexOf finds it, within the host', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a./-]{0,14}$/), text => {
        const before = 'ECT ';
        const bytes = new TextEncoder().encode(before + text);
        const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
        const found = lastDot(view, before.length, bytes.length);
        expect(found).to.equal(before.length + text.lastIndexOf('.'));
      }),
    );
  });
});

describe('the host walk', () => {
  it('says yes wherever the matcher does, and no elsewhere', () => {
    fc.assert(
      fc.property(
        fc.array(host, { maxLength: 6 }),
        fc.array(host, { minLength: 1, maxLength: 8 }),
        (entries, asked) => {
          const image = compile({ list: { domains: `${entries.join('\n')}\n` } });
          const matcher = createMatcher(image, null);
          const walk = new HostWalk(matcher, image);
          for (const name of [...asked, ...entries, ...entries.map(entry => `x.${entry}`)]) {
            const bytes = new TextEncoder().encode(`://${name}:443     `);
            const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
            const place = { bytes, view, start: 3, end: 3 + name.length };
            const dot = lastDot(view, place.start, place.end);
            const suffix = lastDot(view, place.start, dot) + 1;
            const state = extendWords(extendWords(SEED, view, dot + 1, place.end), view, suffix, dot);
            expect(finish(state)).to.be.a('number');
            expect(walk.mayCover(place, suffix, state)).to.equal(
              matcher.coversHost(bytes, place.start, place.end),
            );
          }
        },
      ),
      { numRuns: 40 },
    );
  });
});
