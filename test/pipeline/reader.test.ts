// A reader whose lane fails in the middle of an event.
import { expect } from 'chai';
import { formatNamed } from '../../src/format/formats.ts';
import type { Lane, LaneSet, LineEvent } from '../../src/pipeline/lane.ts';
import { createLocalReader } from '../../src/pipeline/reader.ts';
import { squidLine } from '../cli/squid-log.ts';
import { AT_MS, aLaneSet, chunksOf, NOW_MS } from './support.ts';

describe('a reader of lanes', () => {
  it('§9.4 gives nothing of an event that failed to the next one', async () => {
    const lanes = aLaneSet();
    const lane = lanes.of(null)!;
    let isFailing = true;
    const failing: Lane = {
      ...lane,
      read(chunk, format) {
        lane.read(chunk, format);
        if (isFailing) throw new Error('a record that cannot be judged');
      },
    };
    const set: LaneSet = { ...lanes, of: () => failing };
    const reader = createLocalReader(set);
    const text = `${squidLine({ url: 'http://casino.example/', user: 'anna', atMs: AT_MS, elapsedMs: 0 })}\n`;
    const [first, second] = chunksOf([text, text]) as LineEvent[];
    const by = { clockMs: NOW_MS, format: formatNamed('squid')! };
    expect(() => reader.read(first!, by)).to.throw('cannot be judged');
    isFailing = false;
    const { batch, summary, usage } = await reader.read(second!, by);
    expect(batch.findings.map(({ offset }) => offset)).to.deep.equal([text.length]);
    expect([summary.lines, usage[0]!.records]).to.deep.equal([1, 1]);
  });
});
