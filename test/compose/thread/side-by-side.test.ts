import { expect } from 'chai';
import { joinReaders } from '../../../src/compose/thread/side-by-side.ts';
import type { Versions } from '../../../src/model/finding.ts';
import type { Gathered, LineEvent } from '../../../src/pipeline/lane.ts';
import type { Reader, Readers } from '../../../src/pipeline/reader.ts';

const BY = { clockMs: 0, format: null };

/** A thread that notes what it is given, and answers when it is told. */
function aThread(policy: string) {
  const given: string[] = [];
  const waiting: (() => void)[] = [];
  const readerOf = (versions: Versions): Reader => ({
    versions,
    async ready() {},
    read(event) {
      given.push(`${versions.policy}:${event.state.id}`);
      return new Promise<Gathered>(resolve => waiting.push(() => resolve({} as Gathered)));
    },
    keep: async () => [],
  });
  const versionsOf = (name: string): Versions => ({ lists: 'l', policy: name, directory: null });
  let current = readerOf(versionsOf(policy));
  let loaded: Reader | null = null;
  const readers: Readers = {
    current: () => current,
    refresh() {
      if (loaded !== null) current = loaded;
      loaded = null;
    },
    pinned: async versions => (versions.policy === 'gone' ? null : readerOf(versions)),
  };
  return {
    readers,
    given,
    answer: () => waiting.shift()?.(),
    load(name: string) {
      loaded = readerOf(versionsOf(name));
    },
  };
}

function lineOf(stream: string): LineEvent {
  return { kind: 'lines', state: { id: stream } } as LineEvent;
}

describe('reading threads side by side', () => {
  it('§9.4 give each stream one thread, and spread streams over all', () => {
    const threads = [aThread('now'), aThread('now')];
    const { read } = joinReaders(threads.map(thread => thread.readers)).current();
    for (const stream of ['a', 'b', 'c', 'b', 'a', 'd', 'a']) void read(lineOf(stream), BY);
    expect(threads[0]!.given).to.deep.equal(['now:a', 'now:c', 'now:a', 'now:a']);
    expect(threads[1]!.given).to.deep.equal(['now:b', 'now:b', 'now:d']);
  });

  it('§9.4 change to new versions only when all threads have them', () => {
    const [one, two] = [aThread('old'), aThread('old')];
    const joined = joinReaders([one.readers, two.readers]);
    one.load('new');
    joined.refresh();
    expect(joined.current().versions.policy).to.equal('old');
    void joined.current().read(lineOf('a'), BY);
    two.load('new');
    joined.refresh();
    expect(joined.current().versions.policy).to.equal('new');
    void joined.current().read(lineOf('a'), BY);
    expect(one.given).to.deep.equal(['old:a', 'new:a']);
  });

  it('§9.4 read by pinned versions in every thread, or not at all', async () => {
    const threads = [aThread('now'), aThread('now')];
    const joined = joinReaders(threads.map(thread => thread.readers));
    const reader = await joined.pinned({ lists: 'l', policy: 'then', directory: null });
    for (const stream of ['a', 'b']) void reader!.read(lineOf(stream), BY);
    expect(threads.map(thread => thread.given)).to.deep.equal([['then:a'], ['then:b']]);
    expect(await joined.pinned({ lists: 'l', policy: 'gone', directory: null })).to.equal(null);
  });

  it('§9.7 take in a bounded number of events', async () => {
    const threads = [aThread('now'), aThread('now')];
    const reader = joinReaders(threads.map(thread => thread.readers)).current();
    for (let n = 0; n < 6; n++) {
      await reader.ready();
      void reader.read(lineOf(String(n)), BY);
    }
    let isReady = false;
    const ready = reader.ready().then(() => {
      isReady = true;
    });
    await Promise.resolve();
    expect(isReady).to.equal(false);
    threads[0]!.answer();
    await ready;
    expect(isReady).to.equal(true);
  });

  it('do not begin with different versions', () => {
    const threads = [aThread('old'), aThread('new')];
    expect(() => joinReaders(threads.map(thread => thread.readers))).to.throw('different versions');
  });
});
