import { expect } from 'chai';
import fc from 'fast-check';
import { createIntervalsBuilder, type IntervalRow, type Intervals } from '../../src/subject/intervals.ts';
import { holderOf, someRows } from './interval-rows.ts';

const row = (user: string, startMs: number, endMs: number, client = '10.1.2.3'): IntervalRow => ({
  ...{ tenant: 'kommun', user, client, startMs, endMs },
});

function build(rows: readonly IntervalRow[]): Intervals {
  const builder = createIntervalsBuilder();
  for (const one of rows) builder.add(one);
  return builder.build();
}

const at = (intervals: Intervals, atMs: number) => intervals.find('kommun', '10.1.2.3', atMs);

describe('leases and log-ons', () => {
  it('§3.2 cover their first instant and not their last', () => {
    const intervals = build([row('bo', 100, 200)]);
    expect([99, 100, 199, 200].map(atMs => at(intervals, atMs))).to.deep.equal(['', 'bo', 'bo', '']);
  });

  it('§3.2 name nobody where those of two users cover the same moment', () => {
    const intervals = build([row('bo', 100, 200), row('eva', 150, 250)]);
    expect([149, 150, 199, 200].map(atMs => at(intervals, atMs))).to.deep.equal(['bo', '', '', 'eva']);
  });

  it('§3.2 are one where a user’s own overlap, as renewed ones do', () => {
    const intervals = build([row('bo', 100, 200), row('bo', 150, 250), row('bo', 100, 120)]);
    expect([100, 199, 249, 250].map(atMs => at(intervals, atMs))).to.deep.equal(['bo', 'bo', 'bo', '']);
    expect(intervals.validity('kommun', '10.1.2.3', 170)).to.deep.equal({ fromMs: 100, toMs: 250 });
  });

  it('§3.2 pass from one user to the next at the same instant', () => {
    const intervals = build([row('eva', 200, 300), row('bo', 100, 200)]);
    expect([199, 200].map(atMs => at(intervals, atMs))).to.deep.equal(['bo', 'eva']);
  });

  it('§3.1 are those of their tenant', () => {
    const intervals = build([row('bo', 100, 200)]);
    expect(intervals.find('energi', '10.1.2.3', 150)).to.equal('');
    expect(intervals.find('kommun', '10.1.2.30', 150)).to.equal('');
  });

  it('cover nothing where they end before they begin', () => {
    const intervals = build([row('bo', 200, 100), row('bo', 100, 100), row('bo', Number.NaN, 100)]);
    expect(intervals.rows).to.equal(0);
    expect(at(intervals, 100)).to.equal('');
  });

  it('§3.2 answer as looking through all of them does, whatever their order, and say how long that holds', () => {
    fc.assert(
      fc.property(someRows(), fc.integer({ min: -1, max: 26 }), (rows, atMs) => {
        const intervals = build(rows);
        for (const tenant of ['kommun', 'energi']) {
          for (const client of ['10.1.2.3', '10.1.2.4']) {
            const holder = intervals.find(tenant, client, atMs);
            expect(holder).to.equal(holderOf(rows, { tenant, client, atMs }));
            const { fromMs, toMs } = intervals.validity(tenant, client, atMs);
            expect(fromMs <= atMs && atMs < toMs).to.equal(true);
            for (const edgeMs of [Math.max(fromMs, -9), Math.min(toMs, 99) - 1]) {
              expect(holderOf(rows, { tenant, client, atMs: edgeMs })).to.equal(holder);
            }
          }
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it('hold many rows in little time and memory', () => {
    const builder = createIntervalsBuilder();
    for (let n = 0; n < 300_000; n++) {
      builder.add(row(`u${n % 5_000}`, n * 10, n * 10 + 9, `10.${n % 200}.${n % 250}.1`));
    }
    const intervals = builder.build();
    expect(intervals.rows).to.equal(300_000);
    expect(intervals.users).to.have.length(5_000);
    expect(intervals.find('kommun', '10.7.7.1', 70)).to.equal('u7');
    expect(intervals.find('kommun', '10.7.7.1', 79)).to.equal('');
  });
});
