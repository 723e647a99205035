import { expect } from 'chai';
import fc from 'fast-check';
import { HostMemo } from '../../../src/pipeline/fast/host-memo.ts';

function viewOf(host: string): DataView {
  const bytes = new Uint8Array(host.length + 8).fill(0x2e);
  new TextEncoder().encodeInto(host, bytes);
  return new DataView(bytes.buffer);
}

function remember(memo: HostMemo, host: string, hash: number, known: number): void {
  memo.remember(viewOf(host), { start: 0, length: host.length, hash }, known);
}

const find = (memo: HostMemo, host: string, hash: number) => memo.find(viewOf(host), 0, host.length, hash);

describe('the host memo', () => {
  it('says nothing but what was remembered of the very same host, whatever the hashes', () => {
    const host = fc.stringMatching(/^[a-c.]{1,60}$/);
    // Few hashes for many hosts: everything collides.
    fc.assert(
      fc.property(fc.array(fc.tuple(host, fc.nat(7), fc.boolean()), { maxLength: 60 }), steps => {
        const memo = new HostMemo();
        const remembered = new Map<string, number>();
        for (const [name, known, isRemembered] of steps) {
          const hash = name.length & 1;
          const found = find(memo, name, hash);
          if (found !== -1) expect(found).to.equal(remembered.get(name));
          if (!isRemembered) continue;
          remembered.set(name, remembered.get(name) ?? known);
          remember(memo, name, hash, remembered.get(name)!);
        }
      }),
    );
  });

  it('remembers a host', () => {
    const memo = new HostMemo();
    for (const host of ['a.example', 'ab.example', 'abc.example', 'abcd.example']) {
      remember(memo, host, host.length, 3);
      expect(find(memo, host, host.length)).to.equal(3);
      expect(find(memo, `${host.slice(0, -1)}f`, host.length)).to.equal(-1);
    }
  });

  it('keeps a host of use against one newcomer, not against two', () => {
    const memo = new HostMemo();
    remember(memo, 'busy.example', 1, 0);
    expect(find(memo, 'busy.example', 1)).to.equal(0);
    remember(memo, 'rare.example', 1, 0);
    expect(find(memo, 'rare.example', 1)).to.equal(-1);
    remember(memo, 'rare.example', 1, 0);
    expect(find(memo, 'rare.example', 1)).to.equal(0);
    expect(find(memo, 'busy.example', 1)).to.equal(-1);
  });

  it('does not remember a host that is longer than a place', () => {
    const memo = new HostMemo();
    const host = `${'a'.repeat(50)}.example`;
    remember(memo, host, 1, 0);
    expect(find(memo, host, 1)).to.equal(-1);
  });
});
