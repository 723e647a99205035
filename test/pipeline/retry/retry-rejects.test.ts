// Rejected lines read again into a store with transactions (§9.3).
import { expect } from 'chai';
import { createMemoryStore } from '../../../src/adapters/store/memory-store.ts';
import { formatNamed } from '../../../src/format/formats.ts';
import type { Store } from '../../../src/ports/store.ts';
import { createSealedMemory, type SealedMemory } from '../../adapters/rejects/sealed-memory.ts';
import { combinedLine, squidLine } from '../../cli/squid-log.ts';
import { aBatch, aStream, EVERYTHING, gather } from '../../contract/store.ts';
import { AT_MS, chunksOf, work } from '../support.ts';
import { killer, REJECTED_MS, rejectedOf, retry, STREAM, sealLines, untilKilled } from './support.ts';

const at = (minute: number) => ({ atMs: AT_MS + minute * 60_000, client: '10.20.0.7' });
/** A finding of two categories, a clear request, an elected person’s, an attempt. */
const READABLE = [
  squidLine({ ...at(1), url: 'http://mixed.example/a', user: 'anna' }),
  squidLine({ ...at(2), url: 'http://www.example.com/', user: 'anna' }),
  squidLine({ ...at(3), url: 'http://casino.example/', user: 'elected' }),
  squidLine({ ...at(4), url: 'http://casino.example/', user: 'bo', tag: 'TCP_DENIED/403' }),
];
const BROKEN = ['no line of any format', squidLine(at(5)).slice(0, 40)];
const LOG = [...READABLE, ...BROKEN].map(line => `${line}\n`).join('');
const NAME = `${STREAM.slice(0, 16)}-0.age`;

describe('a retry of rejected lines', () => {
  let store: Store;
  let sealed: SealedMemory;
  beforeEach(() => {
    store = createMemoryStore();
    sealed = createSealedMemory();
  });

  const written = () => ({ kind: 'transactions', store }) as const;
  const reject = async (lines = rejectedOf(LOG)) =>
    store.write(aBatch({ rejects: await sealLines(sealed, lines) }));
  const contentOf = async (of: Store) => ({
    findings: await gather(of.search(EVERYTHING)),
    usage: await of.usage(0, Number.MAX_SAFE_INTEGER),
    days: await of.days('0000', '9999'),
    rejects: (await of.rejects()).map(({ code, count }) => `${code} ${count}`).sort(),
  });

  /** What a scan comes to that could read the lines from the start. */
  const scanned = async () => contentOf((await work(chunksOf([LOG]))).store);

  it('§5.1 comes to what a scan would have: the same findings under the same ids, and the same counts', async () => {
    await reject();
    const { summary, files, left } = await retry({ written: written(), sealed });
    const { rejects: _, ...expected } = await scanned();
    expect(expected.findings).to.not.be.empty;
    expect(await contentOf(store)).to.deep.include(expected);
    expect(summary.lines).to.equal(6);
    expect(summary.lines).to.equal(summary.records + summary.rejected + summary.skipped);
    expect([summary.records, files, left.length]).to.deep.equal([4, 1, 0]);
    expect(summary.findings).to.deep.equal({ new: expected.findings.length, known: 0 });
  });

  it('§6.4 keeps what still fails under a name of its own, and no longer than before', async () => {
    await reject();
    await retry({ written: written(), sealed });
    const left = `${STREAM.slice(0, 16)}-0-2.age`;
    expect([...sealed.texts.keys()]).to.deep.equal([left]);
    const rows = await store.rejects();
    expect(rows.map(row => [row.file, row.rejectedMs])).to.deep.equal(rows.map(() => [left, REJECTED_MS]));
    expect(rows.reduce((sum, row) => sum + row.count, 0)).to.equal(2);
  });

  it('§2.1 does nothing the second time: no count grows, and no text is written anew', async () => {
    await reject();
    await retry({ written: written(), sealed });
    const before = await contentOf(store);
    const texts = [...sealed.texts.keys()];
    const { summary } = await retry({ written: written(), sealed });
    expect([summary.lines, summary.rejected, summary.findings.new]).to.deep.equal([2, 2, 0]);
    expect(await contentOf(store)).to.deep.equal(before);
    expect([...sealed.texts.keys()]).to.deep.equal(texts);
  });

  it('calls findings known that a scan with --again has stored meanwhile, and adds their counts', async () => {
    await reject();
    const { findings } = await scanned();
    await store.write(aBatch({ findings: findings.slice(0, 1) }));
    const { summary } = await retry({ written: written(), sealed });
    expect(summary.findings).to.deep.equal({ new: findings.length - 1, known: 1 });
    expect((await contentOf(store)).usage).to.deep.equal((await scanned()).usage);
  });

  it('§9.3 stopped at any step loses and doubles nothing', async () => {
    const { rejects: _, ...expected } = await scanned();
    let stops = 0;
    for (let stop = 0; ; stop++) {
      store = createMemoryStore();
      sealed = createSealedMemory();
      await reject();
      const kill = killer(stop);
      const outcome = await untilKilled(() =>
        retry({
          written: { kind: 'transactions', store: stopping(store, kill.step) },
          sealed: stoppingTexts(sealed, kill.step),
        }),
      );
      if (outcome === 'killed') stops++;
      await retry({ written: written(), sealed });
      expect(await contentOf(store), `stop ${stop}`).to.deep.include(expected);
      expect((await contentOf(store)).rejects, `stop ${stop}`).to.have.length(2);
      const named = new Set((await store.rejects()).map(row => row.file));
      // A text that nothing names is swept in time: a kill came just before it was to go.
      expect([...sealed.texts.keys()], `stop ${stop}`).to.include.members([...named]);
      expect(sealed.texts.size, `stop ${stop}`).to.be.at.most(2);
      if (outcome === 'ended') break;
    }
    expect(stops).to.be.at.least(5);
  });

  it('reads by the format that the stream is known by, else by that which read the line', async () => {
    const combined = `${combinedLine({ ...at(1), url: 'http://casino.example/', user: 'anna' })}\n`;
    const readWith = async (known: string | null, format: string | undefined) => {
      store = createMemoryStore();
      sealed = createSealedMemory();
      const { format: _, ...line } = rejectedOf(combined)[0]!;
      await reject([{ ...line, ...(format === undefined ? {} : { format }) }]);
      if (known !== null) {
        const state = aStream({ id: STREAM, format: known });
        await store.write(aBatch({ streams: [{ state, marks: [] }] }));
      }
      return (await retry({ written: written(), sealed })).summary.records;
    };
    expect(await readWith('combined', 'squid')).to.equal(1);
    expect(await readWith('squid', 'combined')).to.equal(0);
    expect(await readWith(null, 'combined')).to.equal(1);
    expect(await readWith(null, 'squid')).to.equal(0);
    // Nothing is known: what the lines look like.
    expect(await readWith(null, undefined)).to.equal(1);
  });

  it('reads by the format that is asked for', async () => {
    await reject(rejectedOf(`${combinedLine({ ...at(1), user: 'anna' })}\n`));
    const asked = { format: formatNamed('combined') };
    expect((await retry({ written: written(), sealed, asked })).summary.records).to.equal(1);
  });

  it('keeps the reason of a line that a format on trial does not read either', async () => {
    await reject(rejectedOf('no line of any format\n', { code: 'truncated' }));
    const texts = [...sealed.texts.keys()];
    const { summary } = await retry({
      written: written(),
      sealed,
      asked: { format: formatNamed('combined') },
    });
    expect(summary.rejects).to.deep.equal({ truncated: 1 });
    expect([...sealed.texts.keys()]).to.deep.equal(texts);
  });

  it('§3.1 leaves lines of an organization that is not known, and judges others as theirs', async () => {
    const origin = (tenant: string) => ({ origin: { tenant, format: null, proxy: 'proxy-2' } });
    const [first, second] = rejectedOf(LOG);
    await reject([
      { ...first!, code: 'tenant-unknown', ...origin('nobody') },
      { ...second!, code: 'tenant-unknown', ...origin('other') },
    ]);
    const { summary } = await retry({ written: written(), sealed });
    expect([summary.records, summary.rejects]).to.deep.equal([1, { 'tenant-unknown': 1 }]);
    // What was known of the line is known the next time too.
    const [text] = [...sealed.texts.values()];
    expect(JSON.parse(new TextDecoder().decode(text))).to.deep.include({
      ...origin('nobody'),
      path: first!.path,
    });
  });

  it('§3.1 takes the name of an organization as a worker does, however it is spelt', async () => {
    const origin = { tenant: ' other ', format: null, proxy: null };
    await reject(rejectedOf(`${READABLE[0]}\n`, { origin }));
    const { summary } = await retry({ written: written(), sealed });
    expect([summary.records, summary.rejects]).to.deep.equal([1, {}]);
  });

  it('leaves a line whose message names a format that there is none of', async () => {
    const origin = { tenant: null, format: 'nothing', proxy: null };
    await reject(rejectedOf(`${READABLE[0]}\n`, { code: 'format-unknown', origin }));
    expect((await retry({ written: written(), sealed })).summary.rejects).to.deep.equal({
      'format-unknown': 1,
    });
  });

  it('leaves a line whose message names no format, and guesses none', async () => {
    const origin = { tenant: null, format: null, proxy: null };
    const lines = rejectedOf(`${READABLE[0]}\n`, { code: 'format-unknown', origin });
    await reject(lines.map(({ format: _, ...line }) => line));
    expect((await retry({ written: written(), sealed })).summary.rejects).to.deep.equal({
      'format-unknown': 1,
    });
  });

  it('never reads what may be a part of a line', async () => {
    const [first, second, third] = rejectedOf(LOG);
    await reject([{ ...first!, code: 'too-long' }, { ...second!, code: 'continued' }, third!]);
    const { summary, untried } = await retry({ written: written(), sealed });
    expect([summary.records, summary.rejects, untried]).to.deep.equal([
      1,
      { 'too-long': 1, continued: 1 },
      2,
    ]);
  });

  it('tries one code alone, and leaves texts that have none of it closed', async () => {
    const [first, second, third] = rejectedOf(LOG);
    await reject([{ ...first!, code: 'quotes' }, second!]);
    await reject([third!]);
    const opened: string[] = [];
    const open = async (name: string) => {
      opened.push(name);
      return { kind: 'damaged' as const };
    };
    await retry({ written: written(), sealed, asked: { code: 'quotes' }, more: { open } });
    expect(opened).to.deep.equal([NAME]);
    const { summary, untried } = await retry({ written: written(), sealed, asked: { code: 'quotes' } });
    expect([summary.records, summary.rejects, untried]).to.deep.equal([1, { fields: 1 }, 1]);
  });

  it('§6.4 drops a text in which a protected site stands by now, and counts the line', async () => {
    await reject(rejectedOf('seen at halsa.example\nno line\n', { code: 'status' }));
    await retry({ written: written(), sealed });
    const rows = await store.rejects();
    expect(rows.map(row => [row.count, row.file === null]).sort()).to.deep.equal([
      [1, false],
      [1, true],
    ]);
    const texts = [...sealed.texts.values()].map(text => new TextDecoder().decode(text)).join('');
    expect(texts).to.not.contain('halsa');
  });

  it('keeps lines whose text was dropped at the scan counted', async () => {
    const [first] = rejectedOf(LOG);
    await reject([first!, { ...first!, offset: 900, text: null }]);
    const { summary } = await retry({ written: written(), sealed });
    expect(summary.lines).to.equal(1);
    expect((await store.rejects()).map(({ count, file }) => [count, file])).to.deep.equal([[1, null]]);
  });

  it('on trial writes nothing, and tells what it would come to', async () => {
    await reject();
    const before = [await contentOf(store), [...sealed.texts]];
    const { findings } = await scanned();
    const { summary } = await retry({ written: { kind: 'none', store }, sealed });
    expect([summary.records, summary.findings]).to.deep.equal([4, { new: findings.length, known: 0 }]);
    expect([await contentOf(store), [...sealed.texts]]).to.deep.equal(before);
  });

  it('§8.5 says what it will open before it opens anything, and opens nothing where that is refused', async () => {
    await reject();
    const calls: string[] = [];
    const refused = await retry({
      ...{ written: written(), sealed },
      more: {
        async open(name) {
          calls.push(`open ${name}`);
          return { kind: 'damaged' };
        },
        async beforeOpening(plan) {
          calls.push(`plan ${JSON.stringify(plan)}`);
          throw new Error('no line in the chain');
        },
      },
    }).then(
      () => false,
      () => true,
    );
    expect([refused, calls]).to.deep.equal([true, ['plan {"files":1,"lines":6}']]);
  });

  it('leaves a text that it cannot open as it is, and does the others', async () => {
    await reject();
    await reject(rejectedOf(`${READABLE[0]}\n`, { stream: 'b'.repeat(64) }));
    sealed.texts.set(NAME, new TextEncoder().encode('not what was sealed'));
    const { summary, left } = await retry({ written: written(), sealed });
    expect(left).to.deep.equal([{ file: NAME, because: 'damaged' }]);
    expect(summary.lines).to.equal(1);
    sealed.texts.delete(NAME);
    const again = await retry({ written: written(), sealed });
    expect(again.left).to.deep.equal([{ file: NAME, because: 'missing' }]);
    expect((await store.rejects()).filter(row => row.file === NAME)).to.not.be.empty;
  });

  it('ends between two texts when it is told to', async () => {
    await reject();
    await reject(rejectedOf(LOG, { stream: 'b'.repeat(64) }));
    const stop = new AbortController();
    const stoppingStore: Store = {
      ...store,
      write(batch) {
        stop.abort();
        return store.write(batch);
      },
    };
    const outcome = await retry({
      ...{ written: { kind: 'transactions', store: stoppingStore }, sealed, signal: stop.signal },
    });
    expect([outcome.files, outcome.interrupted]).to.deep.equal([1, true]);
    expect((await retry({ written: written(), sealed })).summary.records).to.equal(4);
  });
});

/** A store that may be stopped before and after its write. */
function stopping(store: Store, step: () => Promise<void>): Store {
  return {
    ...store,
    async write(batch) {
      await step();
      const result = await store.write(batch);
      await step();
      return result;
    },
  };
}

function stoppingTexts(sealed: SealedMemory, step: () => Promise<void>): SealedMemory {
  return {
    ...sealed,
    async write(name, text) {
      await step();
      await sealed.write(name, text);
      await step();
    },
    async remove(names) {
      await step();
      await sealed.remove(names);
      await step();
    },
  };
}
