// A change of the configuration on its way to those who read lines: never half, never by one thread alone, and told as it is.
import { expect } from 'chai';
import { GranskaError } from '../../../src/errors.ts';
import { aThread, follow, judging, V1, V2, V3 } from './follow-kit.ts';

const HALF = new GranskaError('CONFIG', 'the configuration has mistakes', { hint: '' });
const short = (policy: string | null) => policy?.slice(0, 12);

describe('reading threads that follow the configuration', () => {
  it('§9.4 take a change up between windows, once all have it, and only then is it told', async () => {
    const disk = { now: V1 };
    const threads = [aThread(() => disk.now), aThread(() => disk.now)];
    const kit = await follow(
      threads.map(({ thread }) => thread),
      { disk },
    );
    disk.now = V2;
    await kit.reload();
    expect([kit.policy(), kit.logged('configuration-reloaded')]).to.deep.equal([V1.versions.policy, 0]);
    expect(await kit.inForce()).to.deep.equal([short(V1.versions.policy)]);
    await kit.window();
    expect([kit.policy(), kit.logged('configuration-reloaded')]).to.deep.equal([V1.versions.policy, 0]);
    await kit.window();
    expect([kit.policy(), kit.logged('configuration-reloaded')]).to.deep.equal([V2.versions.policy, 1]);
    expect(await kit.inForce()).to.deep.equal([short(V2.versions.policy)]);
    for (let n = 0; n < 3; n++) await kit.window();
    expect(threads[0]!.loads.length).to.equal(2);
    // Windows that are being written still ask the one before; then it goes.
    expect(threads[0]!.held).to.deep.equal([
      [1, null],
      [2, 1],
      [2, null],
    ]);
  });

  it('§9.4 try again where one met a half-written file; until then what was in force stays, with the warning', async () => {
    const disk = { now: V1 };
    let broken: Error | null = null;
    const threads = [aThread(() => disk.now), aThread(() => broken ?? disk.now)];
    const kit = await follow(
      threads.map(({ thread }) => thread),
      { disk },
    );
    disk.now = V2;
    broken = HALF;
    await kit.reload();
    await kit.window();
    expect(kit.warnings()).to.deep.equal(['configuration-refused']);
    expect(kit.texts.length).to.equal(1);
    // A signal reads everything anew, without a mistake: the warning stays while the old one judges.
    broken = null;
    await kit.reload();
    expect(kit.warnings()).to.deep.equal(['configuration-refused']);
    expect(kit.logged('configuration-reloaded')).to.equal(0);
    kit.clock.nowMs += 1_000;
    await kit.window();
    await kit.window();
    expect(kit.policy()).to.equal(V2.versions.policy);
    expect(kit.warnings()).to.deep.equal([]);
    expect(kit.logged('configuration-reloaded')).to.equal(1);
  });

  it('§9.7 try at a bounded rate, ever more seldom while nothing is read anew', async () => {
    const disk = { now: V1 };
    let found: Error | null = null;
    const one = aThread(() => found ?? disk.now);
    const kit = await follow([one.thread], { disk });
    disk.now = V2;
    found = HALF;
    await kit.reload();
    const tries: number[] = [];
    for (let second = 0; second <= 100; second++) {
      const before = one.loads.length;
      await kit.window();
      if (one.loads.length > before) tries.push(second);
      kit.clock.nowMs += 1_000;
    }
    expect(tries).to.deep.equal([0, 10, 30, 70]);
    // Somebody has looked into the files: the next try comes with the next window.
    await kit.reload();
    const before = one.loads.length;
    await kit.window();
    expect(one.loads.length).to.equal(before + 1);
  });

  it('§9.4 never judge by what this process has not read: it reads anew, and both have the same', async () => {
    const disk = { now: V1 };
    let changed: typeof V3 | null = null;
    const one = aThread(() => changed ?? disk.now);
    const kit = await follow([one.thread], { disk });
    disk.now = V2;
    await kit.reload();
    changed = V3;
    disk.now = V3;
    await kit.window();
    expect(kit.policy()).to.equal(V1.versions.policy);
    expect(kit.reloads()).to.equal(2);
    expect(kit.logged('configuration-reloaded')).to.equal(0);
    kit.clock.nowMs += 1_000;
    await kit.window();
    await kit.window();
    expect(kit.policy()).to.equal(V3.versions.policy);
    expect(kit.logged('configuration-reloaded')).to.equal(1);
    expect(await kit.inForce()).to.deep.equal([short(V3.versions.policy)]);
  });

  it('§3.2 tell loads apart by what is part of no version, too: leases, and how names are spelt', async () => {
    const disk = { now: V1 };
    const newer = judging(V1.versions.policy!, ' with newer leases');
    let ofThread = V1;
    const one = aThread(() => ofThread);
    const kit = await follow([one.thread], { disk });
    ofThread = newer;
    disk.now = judging(V1.versions.policy!, ' with leases');
    await kit.reload();
    await kit.window();
    await kit.window();
    expect(one.held.at(-1)).to.deep.equal([1, null]);
    expect(kit.logged('configuration-reloaded')).to.equal(0);
    disk.now = newer;
    await kit.reload();
    kit.clock.nowMs += 1_000;
    await kit.window();
    await kit.window();
    expect(one.held.at(-1)?.[1]).to.equal(1);
    expect(kit.logged('configuration-reloaded')).to.equal(1);
  });

  it('§9.4 let go of what they loaded and was overtaken before the next window', async () => {
    const disk = { now: V1 };
    const one = aThread(() => disk.now);
    const kit = await follow([one.thread], { disk });
    disk.now = V2;
    await kit.reload();
    await kit.window();
    disk.now = V1;
    await kit.reload();
    await kit.window();
    expect(kit.policy()).to.equal(V1.versions.policy);
    expect(one.held.at(-1)).to.deep.equal([1, null]);
    expect(kit.warnings()).to.deep.equal([]);
  });

  it('say so where the files never come to rest, and go on as before', async () => {
    const disk = { now: V1 };
    let isUnlike = false;
    const one = aThread(() => (isUnlike ? V3 : disk.now));
    const kit = await follow([one.thread], { disk });
    isUnlike = true;
    disk.now = V2;
    await kit.reload();
    for (let n = 0; n < 3; n++) {
      await kit.window();
      expect(kit.warnings().length).to.equal(Number(n === 2));
      kit.clock.nowMs += 1_000;
    }
    expect(kit.texts[0]).to.contain('change while they are being read');
    expect(kit.policy()).to.equal(V1.versions.policy);
  });

  it('§9.4 begin once all have the same, and this process has it', async () => {
    const disk = { now: V2 };
    const answers = [V1, V2, V2];
    const [one, two] = [aThread(() => answers.shift() ?? disk.now), aThread(() => disk.now)];
    const kit = await follow([one.thread, two.thread], { disk });
    expect(kit.policy()).to.equal(V2.versions.policy);
    expect(one.loads).to.deep.equal([V1, V2]);
    // Both alike, and unlike what this process had read: it reads anew.
    const later = { now: V1 };
    const third = aThread(() => {
      later.now = V3;
      return V3;
    });
    const other = await follow([third.thread], { disk: later });
    expect(other.policy()).to.equal(V3.versions.policy);
    expect(await other.inForce()).to.deep.equal([short(V3.versions.policy)]);
  });

  it('end with CONFIG where they cannot begin: what was wrong, or that the files change', async () => {
    const disk = { now: V1 };
    const failures: unknown[] = [];
    for (const found of [V3, HALF]) {
      const one = aThread(() => found);
      await follow([one.thread], { disk }).catch(error => failures.push(error));
      expect(one.loads.length).to.equal(5);
    }
    expect(failures.map(error => (error as GranskaError).code)).to.deep.equal(['CONFIG', 'CONFIG']);
    expect(failures[1]).to.equal(HALF);
  });

  it('do not wait for files once they are to stop', async () => {
    const one = aThread(() => HALF);
    const signal = AbortSignal.abort();
    const failure = await follow([one.thread], { disk: { now: V1 }, signal, beginPauseMs: 600_000 }).catch(
      error => error,
    );
    expect(failure).to.equal(HALF);
    expect(one.loads.length).to.equal(1);
  });

  it('§9.4 read by pinned versions in every thread, or not at all', async () => {
    const disk = { now: V1 };
    const kit = await follow([aThread(() => V1).thread, aThread(() => V1).thread], { disk });
    const pinned = await kit.readers.pinned({ lists: 'l', policy: 'then', directory: null });
    expect(pinned?.versions.policy).to.equal('then');
    expect(await kit.readers.pinned({ lists: 'l', policy: 'gone', directory: null })).to.equal(null);
  });
});
