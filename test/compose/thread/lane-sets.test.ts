// What a reading thread keeps: all that may still be asked for, enough for any number of open windows, and no more.
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
    const number = sets.addLoaded(current);
    const pinned = sets.addPinned(aSet('before'));
    for (let stream = 0; stream < 100; stream++) {
      expect(sets.numberOf(aSet('before').versions)).to.equal(pinned);
    }
    expect(sets.get(number)).to.equal(current);
    expect(sets.numberOf(aSet('never').versions)).to.equal(null);
  });

  it('§3.2 gives the newest of several sets of the same versions: it has the leases that are known by now', () => {
    const sets = createLaneSets();
    const old = sets.addLoaded(aSet('now'));
    sets.addPinned(aSet('other'));
    const current = sets.addLoaded(aSet('now'));
    sets.keepLoaded([current, old]);
    sets.get(old);
    expect(sets.numberOf(aSet('now').versions)).to.equal(current);
  });

  it('§9.4 gives no set for a window that was loaded and is not in force', () => {
    const sets = createLaneSets();
    const current = sets.addLoaded(aSet('now'));
    sets.keepLoaded([current]);
    sets.addLoaded(aSet('next'));
    expect(sets.numberOf(aSet('next').versions)).to.equal(null);
    expect(sets.numberOf(aSet('now').versions)).to.equal(current);
  });

  it('§9.4 keeps what is in force however many sets come beside it, read by or not', () => {
    const sets = createLaneSets();
    const before = sets.addLoaded(aSet('before'));
    const current = sets.addLoaded(aSet('now'));
    sets.keepLoaded([current, before]);
    for (let n = 0; n < 200; n++) {
      sets.addPinned(aSet(String(n)));
      sets.addLoaded(aSet(`loaded ${n}`));
    }
    expect(sets.get(current)?.versions.policy).to.equal('now');
    expect(sets.get(before)?.versions.policy).to.equal('before');
    sets.keepLoaded([current]);
    expect(sets.get(before)).to.equal(null);
  });

  it('§9.7 forgets the window’s set that was not used for longest, and takes it in again under its number', () => {
    const sets = createLaneSets();
    const used = sets.addPinned(aSet('used'));
    const unused = sets.addPinned(aSet('unused'));
    for (let n = 0; n < 200; n++) {
      sets.addPinned(aSet(String(n)));
      expect(sets.get(used)?.versions.policy).to.equal('used');
    }
    expect(sets.get(unused)).to.equal(null);
    expect(sets.addPinned(aSet('unused'), unused)).to.equal(unused);
    expect(sets.get(unused)?.versions.policy).to.equal('unused');
  });
});
