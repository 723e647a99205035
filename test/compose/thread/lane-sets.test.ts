// What a reading thread keeps: enough for any number of open windows, and no more than it needs.
import { expect } from 'chai';
import { createLaneSets } from '../../../src/compose/thread/lane-sets.ts';
import type { LaneSet } from '../../../src/pipeline/lane.ts';

function aSet(policy: string): LaneSet {
  return {
    versions: { lists: 'l', policy, directory: null },
    of: () => null,
    keep: () => [],
  };
}

describe('the sets of a reading thread', () => {
  it('§9.4 gives windows of one version one set, however many streams have one', () => {
    const sets = createLaneSets();
    const current = aSet('now');
    const number = sets.add(current);
    const pinned = sets.add(aSet('before'));
    for (let stream = 0; stream < 100; stream++) {
      expect(sets.numberOf(aSet('before').versions)).to.equal(pinned);
    }
    expect(sets.get(number)).to.equal(current);
    expect(sets.numberOf(aSet('never').versions)).to.equal(null);
  });

  it('§3.2 gives the newest of several sets of the same versions: it has the leases that are known by now', () => {
    const sets = createLaneSets();
    const old = sets.add(aSet('now'));
    sets.add(aSet('other'));
    const current = sets.add(aSet('now'));
    sets.get(old);
    expect(sets.numberOf(aSet('now').versions)).to.equal(current);
  });

  it('§9.7 forgets what was not used for longest, and keeps what is read by', () => {
    const sets = createLaneSets();
    const current = sets.add(aSet('now'));
    const unused = sets.add(aSet('unused'));
    for (let n = 0; n < 200; n++) {
      sets.add(aSet(String(n)));
      expect(sets.get(current).versions.policy).to.equal('now');
    }
    expect(() => sets.get(unused)).to.throw('gone');
  });
});
