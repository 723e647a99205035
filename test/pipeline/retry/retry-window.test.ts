// Rejected lines read again into a store without transactions (§9.4, §9.5): each sealed text is a window of its own.
import { expect } from 'chai';
import { formatNamed } from '../../../src/format/formats.ts';
import type { Versions } from '../../../src/model/finding.ts';
import type { Lanes } from '../../../src/pipeline/lane.ts';
import type { Asked } from '../../../src/pipeline/retry/read-again.ts';
import type { RetryOutcome } from '../../../src/pipeline/retry/retry.ts';
import type { RejectBatch } from '../../../src/ports/store.ts';
import type { WindowStore } from '../../../src/ports/window-store.ts';
import { createSealedMemory, type SealedMemory } from '../../adapters/rejects/sealed-memory.ts';
import { combinedLine, squidLine } from '../../cli/squid-log.ts';
import { blankWindows, openWindows, type Windows } from '../memory-windows.ts';
import { AT_MS, aLaneSet, aPolicy, fixedLanes, NOW_MS } from '../support.ts';
import { Killed, killer, REJECTED_MS, rejectedOf, retry, STREAM, sealLines, untilKilled } from './support.ts';

const at = (minute: number) => ({ atMs: AT_MS + minute * 60_000, client: '10.20.0.7', user: 'anna' });
const SQUID = [
  squidLine({ ...at(1), url: 'http://mixed.example/a' }),
  squidLine({ ...at(2), url: 'http://www.example.com/' }),
  squidLine({ ...at(3), url: 'http://casino.example/', user: 'elected' }),
];
const COMBINED = [combinedLine({ ...at(4), url: 'http://casino.example/' })];
const LOG = [...SQUID, ...COMBINED, 'no line of any format'].map(line => `${line}\n`).join('');

interface Bench {
  windows: Windows;
  sealed: SealedMemory;
}

/** What is there before a retry: a stream that a worker has read, and what it rejected. */
async function begin(lines = rejectedOf(LOG)): Promise<Bench> {
  const bench = { windows: blankWindows(), sealed: createSealedMemory() };
  const rejects = await sealLines(bench.sealed, lines, 'several');
  rejects.forEach((row, place) => {
    bench.windows.rejects.set(`worker ${place}`, row);
  });
  closeStream(bench.windows, LOG.length);
  return bench;
}

function closeStream(windows: Windows, position: number): void {
  const state = { id: STREAM, source: 's', firstLine: 'f', ordinal: 0, position, endsInHalfLine: false };
  windows.streams.set(STREAM, { state, pin: null, holder: 0 });
}

interface Run {
  step?(step: string): Promise<void>;
  lanes?: Lanes;
  asked?: Partial<Asked>;
}

/** Runs a retry as a process of its own; its sealed texts may be stopped as well as its store. */
function run(
  { windows, sealed }: Bench,
  { step = async () => {}, lanes, asked }: Run = {},
): Promise<RetryOutcome> {
  const store = openWindows(windows, step) as unknown as WindowStore;
  const texts: SealedMemory = {
    ...sealed,
    async write(name, text) {
      await step('seal');
      await sealed.write(name, text);
    },
    async remove(names) {
      await step('remove');
      await sealed.remove(names);
    },
  };
  return retry({
    ...{ written: { kind: 'windows', store }, sealed: texts },
    ...(lanes === undefined ? {} : { lanes }),
    ...(asked === undefined ? {} : { asked }),
  });
}

/** What counts of all that is stored: not who wrote it, nor when. */
function contentOf({ windows }: Bench) {
  const sums = new Map<string, number>();
  for (const { row } of windows.usage.values())
    add(sums, `${row.tenant} ${row.hourMs} ${row.department}`, row.records);
  for (const { row } of windows.days.values()) add(sums, `${row.tenant} ${row.day} ${row.kind}`, row.count);
  return {
    findings: [...windows.findings.values()]
      .map(({ id, verdict, category }) => `${id} ${category} ${verdict}`)
      .sort(),
    counts: [...sums].map(([key, sum]) => `${key} ${sum}`).sort(),
    rejects: tally([...windows.rejects.values()]),
  };
}

function add(sums: Map<string, number>, key: string, more: number): void {
  sums.set(key, (sums.get(key) ?? 0) + more);
}

function tally(rows: readonly RejectBatch[]): string[] {
  const sums = new Map<string, number>();
  for (const { code, count, rejectedMs } of rows) add(sums, `${code} since ${rejectedMs}`, count);
  return [...sums].map(([key, sum]) => `${key} ${sum}`).sort();
}

/** Each row has its text, with as many lines as it says. */
function expectTexts({ windows, sealed }: Bench, what: string): void {
  const counts = new Map<string, number>();
  for (const { file, count } of windows.rejects.values()) if (file !== null) add(counts, file, count);
  for (const [file, count] of counts) {
    const text = new TextDecoder().decode(sealed.texts.get(file));
    expect(text.split('\n').length - 1, `${what}: ${file}`).to.equal(count);
  }
}

describe('a retry of rejected lines in windows', () => {
  let undisturbed: ReturnType<typeof contentOf>;
  before(async () => {
    const bench = await begin();
    const { summary } = await run(bench);
    expect([summary.lines, summary.records, summary.rejected]).to.deep.equal([5, 3, 2]);
    undisturbed = contentOf(bench);
    expect(undisturbed.findings).to.not.be.empty;
    expect(undisturbed.rejects).to.deep.equal([`unknown-format since ${REJECTED_MS} 2`]);
    expect(bench.sealed.texts.size).to.equal(1);
  });

  it('§9.5 stopped at any step, and begun again, loses and doubles nothing', async () => {
    let stops = 0;
    for (let stop = 0; ; stop++) {
      const bench = await begin();
      const kill = killer(stop);
      const outcome = await untilKilled(() => run(bench, { step: kill.step }));
      if (outcome === 'killed') stops++;
      await run(bench);
      expect(contentOf(bench), `stop ${stop}`).to.deep.equal(undisturbed);
      expectTexts(bench, `stop ${stop}`);
      // The text that was read is gone, whatever the moment: its window says that it is done.
      expect(bench.sealed.texts.size, `stop ${stop}`).to.equal(1);
      if (outcome === 'ended') break;
    }
    expect(stops).to.be.at.least(9);
  });

  it('§9.5 stopped at any step, twice, loses and doubles nothing', async () => {
    for (let first = 0; first < 12; first++) {
      for (const second of [1, 4, 7, 10]) {
        const bench = await begin();
        await untilKilled(() => run(bench, { step: killer(first).step }));
        await untilKilled(() => run(bench, { step: killer(second).step }));
        await run(bench);
        expect(contentOf(bench), `stops ${first}, ${second}`).to.deep.equal(undisturbed);
        expectTexts(bench, `stops ${first}, ${second}`);
      }
    }
  });

  it('§9.5 overtaken at any step by another, and waking late, loses and doubles nothing', async () => {
    let overtaken = 0;
    for (let pause = 0; ; pause++) {
      const bench = await begin();
      let calls = 0;
      let hasPaused = false;
      const outcome = await run(bench, {
        async step() {
          if (calls++ !== pause) return;
          hasPaused = true;
          await run(bench);
        },
      });
      if (!hasPaused) break;
      if (outcome.left.some(text => text.because === 'taken-over')) overtaken++;
      await run(bench);
      expect(contentOf(bench), `pause ${pause}`).to.deep.equal(undisturbed);
      expectTexts(bench, `pause ${pause}`);
    }
    expect(overtaken).to.be.at.least(3);
  });

  it('§9.4 what broke off is done again as it was asked, whatever is asked by then', async () => {
    const asked = { format: formatNamed('combined'), code: 'fields' as const };
    const whole = await begin();
    await run(whole, { asked });
    const expected = contentOf(whole);
    expect(expected).to.not.deep.equal(undisturbed);
    let isResumed = false;
    for (let stop = 0; ; stop++) {
      const bench = await begin();
      const outcome = await untilKilled(() => run(bench, { asked, step: killer(stop).step }));
      const isPinned = [...bench.windows.streams.values()].some(
        stream => stream.pin !== null && stream.pin.end > 0,
      );
      // The lines of another code than before would be tried the second time.
      await run(bench, { asked: { code: 'quotes' } });
      const isDone = bench.windows.findings.size > 0 || bench.windows.closed.some(({ end }) => end > 0);
      if (isDone) expect(contentOf(bench), `stop ${stop}`).to.deep.equal(expected);
      isResumed ||= isPinned && isDone;
      if (outcome === 'ended') break;
    }
    expect(isResumed).to.equal(true);
  });

  it('§9.4 what broke off is judged by the versions and the clock of its pin, or left', async () => {
    const [before, after]: Versions[] = ['before', 'after'].map(policy => ({
      lists: 'l',
      policy,
      directory: null,
    })) as [Versions, Versions];
    const old = aLaneSet({}, before);
    const other = aPolicy({ reviewed: ['elected'] });
    const today = aLaneSet({ policy: other }, after!);
    const bench = await begin();
    const stopAtClose = async (step: string) => {
      if (step === 'close') throw new Killed('killed');
    };
    await untilKilled(() => run(bench, { lanes: fixedLanes(old), step: stopAtClose }));
    const lost = await run(bench, { lanes: fixedLanes(today) });
    expect(lost.left.map(text => text.because)).to.include('versions');
    const asked: Versions[] = [];
    const lanes: Lanes = {
      ...fixedLanes(today),
      async pinned(versions) {
        asked.push(versions);
        return old;
      },
    };
    await run(bench, { lanes });
    expect(asked).to.deep.equal([before]);
    expect(contentOf(bench)).to.deep.equal(undisturbed);
    const closed = bench.windows.closed.find(({ end }) => end > 0);
    expect([closed?.versions, closed?.clockMs]).to.deep.equal([before, NOW_MS]);
  });

  it('§9.4 leaves what a worker rejected in a window that is not closed', async () => {
    const bench = await begin();
    closeStream(bench.windows, 0);
    const { left, summary } = await run(bench);
    expect([left.map(text => text.because), summary.lines]).to.deep.equal([['unfinished'], 0]);
    expect(bench.windows.findings.size).to.equal(0);
    closeStream(bench.windows, LOG.length);
    await run(bench);
    expect(contentOf(bench)).to.deep.equal(undisturbed);
  });

  it('§9.5 forgets what one that was overtaken records of lines that were read again by then', async () => {
    const bench = await begin();
    const late = [...bench.windows.rejects];
    await run(bench);
    for (const [key, row] of late) bench.windows.rejects.set(key, row);
    const { summary, left } = await run(bench);
    expect(contentOf(bench)).to.deep.equal(undisturbed);
    expect([summary.records, left]).to.deep.equal([0, []]);
  });

  it('leaves a text alone that no row names and no retry has begun: somebody is about to name it', async () => {
    const bench = await begin();
    const [line] = rejectedOf(`${SQUID[0]}\n`, { stream: 'b'.repeat(64) });
    const [row] = await sealLines(bench.sealed, [line!], 'several');
    await run(bench);
    expect(bench.sealed.texts.has(row!.file!)).to.equal(true);
    expect(contentOf(bench)).to.deep.equal(undisturbed);
  });
});
