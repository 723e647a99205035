import { expect } from 'chai';
import fc from 'fast-check';
import { extend, extendWords, finish, hashAddress, hashDomain, SEED } from '../../src/category/hash.ts';
import { hostBytes } from './support.ts';

describe('hash of host suffixes', () => {
  it('is the same by words as byte by byte, whatever lies behind the label', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), fc.nat(8), fc.integer(), (label, before, state) => {
        const bytes = new Uint8Array(before + label.length + 8).fill(0xaa);
        bytes.set(label, before);
        const view = new DataView(bytes.buffer);
        const end = before + label.length;
        expect(extendWords(state, view, before, end)).to.equal(extend(state, bytes, before, end));
      }),
    );
  });

  it('follows the recipe of its heading', () => {
    const bytes = new TextEncoder().encode('Ab.cde');
    let h = Math.imul(SEED ^ 3, 0x9e3779b1);
    h = Math.imul(h ^ 0x656463, 0x85ebca6b);
    h ^= h >>> 15;
    h = Math.imul(h ^ 2, 0x9e3779b1);
    h = Math.imul(h ^ 0x6261, 0x85ebca6b);
    h ^= h >>> 15;
    expect(hashDomain(bytes, 0, bytes.length)).to.equal(finish(h));
  });

  it('goes on from a parent suffix to its child', () => {
    const { bytes, end } = hostBytes('www.example.com');
    let state = extend(SEED, bytes, 12, 15);
    state = extend(state, bytes, 4, 11);
    expect(finish(state)).to.equal(hashDomain(bytes, 4, end));
    expect(finish(extend(state, bytes, 0, 3))).to.equal(hashDomain(bytes, 0, end));
  });

  it('is blind to case, and not to where the labels part', () => {
    const of = (host: string) => hashDomain(hostBytes(host).bytes, 0, host.length);
    expect(of('WWW.Example.COM')).to.equal(of('www.example.com'));
    expect(of('ab.c')).to.not.equal(of('a.bc'));
    expect(of('a.b')).to.not.equal(of('b.a'));
  });

  it('takes an address as one label', () => {
    const { bytes, end } = hostBytes('192.0.2.7');
    expect(hashAddress(bytes, 0, end)).to.equal(finish(extend(SEED, bytes, 0, end)));
    expect(hashAddress(bytes, 0, end)).to.not.equal(hashDomain(bytes, 0, end));
  });

  it('spreads similar names evenly over the filter and over the table', () => {
    const names = 200_000;
    const hashes = new Set<number>();
    const slots = new Uint32Array(1024);
    for (let n = 0; n < names; n++) {
      const { bytes, end } = hostBytes(`w${n}.example.se`);
      const hash = hashDomain(bytes, 0, end);
      hashes.add(hash);
      slots[hash >>> 22]!++;
    }
    // 200,000 draws from 2^32 meet about five times.
    expect(names - hashes.size).to.be.below(30);
    const mean = names / 1024;
    expect(Math.max(...slots)).to.be.below(mean + 6 * Math.sqrt(mean));
    expect(Math.min(...slots)).to.be.above(mean - 6 * Math.sqrt(mean));
  });
});
