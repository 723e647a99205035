import { expect } from 'chai';
import fc from 'fast-check';
import { chartTable, drawnBars, legendOf } from '../../src/text/chart.ts';
import { barSvg } from '../../src/text/chart-svg.ts';
import type { Chart } from '../../src/text/page.ts';

const chartOf = (...bars: (number | null)[][]): Chart => ({
  ...{ kind: 'chart', title: 'Besök', unit: 'besök', head: 'Enhet' },
  bars: bars.map((values, index) => ({
    label: `enhet ${index}`,
    parts: values.map((value, part) => ({ label: `del ${part}`, value })),
  })),
});

const markupOf = (chart: Chart, width: number | 'fluid' = 'fluid') =>
  drawnBars(chart, 'sv').map((bar, index) => `${barSvg(bar, { width, id: `b${index}`, words: bar.words })}`);

/** Lengths of the stretches, as they are drawn, in per cent. */
const lengthsOf = (svg: string) =>
  [...svg.matchAll(/<rect x="[\d.]+%" y="0.5" width="([\d.]+)%"/g)].map(([, length]) => Number(length));

describe('text/chart', () => {
  it('says in the table what the bars are drawn from, in the same order', () => {
    const chart = chartOf([3, null], [0, 1234]);
    expect(chartTable(chart, 'sv')).to.deep.equal({
      head: ['Enhet', 'del 0', 'del 1'],
      rows: [
        ['enhet 0', '3', 'dold'],
        ['enhet 1', '0', '1\u00a0234'],
      ],
    });
    expect(drawnBars(chart, 'sv').map(({ values }) => values)).to.deep.equal(['3 · dold', '0 · 1\u00a0234']);
  });

  it('draws bars whose lengths stand to each other as the figures of the table do', () => {
    const figures = fc.array(fc.array(fc.nat(5_000), { minLength: 3, maxLength: 3 }), {
      minLength: 1,
      maxLength: 20,
    });
    fc.assert(
      fc.property(figures, bars => {
        const longest = Math.max(1, ...bars.map(values => values.reduce((sum, value) => sum + value, 0)));
        const drawn = markupOf(chartOf(...bars)).map(lengthsOf);
        const expected = bars.map(values =>
          values.filter(value => value > 0).map(value => (value / longest) * 86),
        );
        expect(drawn.map(lengths => lengths.length)).to.deep.equal(expected.map(lengths => lengths.length));
        drawn.flat().forEach((length, index) => {
          expect(length).to.be.closeTo(expected.flat()[index]!, 0.0051);
        });
      }),
    );
  });

  it('§8.2 draws a hidden part as a box that is the same whatever it hides', () => {
    const [one] = markupOf(chartOf([5, null]));
    expect(one!.match(/stroke-dasharray/g)).to.have.length(1);
    expect(lengthsOf(one!)).to.deep.equal([86]);
    // Nothing that is shown changes with it: neither the scale nor the other bars.
    expect(drawnBars(chartOf([5, null], [2, 1]), 'sv')[1]!.end).to.equal(
      drawnBars(chartOf([5, 0], [2, 1]), 'sv')[1]!.end,
    );
  });

  it('says once that a bar is hidden where all of it is', () => {
    const [bar] = drawnBars(chartOf([null, null, null]), 'sv');
    expect([bar!.hidden, bar!.values]).to.deep.equal([1, 'dold']);
    expect(chartTable(chartOf([null, null]), 'sv').rows[0]).to.deep.equal(['enhet 0', 'dold', 'dold']);
  });

  it('tells parts apart by pattern, not by colour alone', () => {
    const fills = [...markupOf(chartOf([1, 1, 1, 1]))[0]!.matchAll(/fill="([^"]+)" stroke/g)].map(
      ([, fill]) => fill!,
    );
    expect(new Set(fills).size).to.equal(4);
    expect(fills.filter(fill => fill.startsWith('url(#'))).to.have.length(2);
  });

  it('gives every pattern of a page an id of its own', () => {
    const ids = markupOf(chartOf([1, 2, 3, 4], [1, 2, 3, 4])).flatMap(svg =>
      [...svg.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id!),
    );
    expect(ids.length).to.be.greaterThan(4);
    expect(new Set(ids).size).to.equal(ids.length);
  });

  it('explains its signs where there is more than one, or something hidden', () => {
    expect(legendOf(chartOf([1], [2]), 'sv')).to.deep.equal([]);
    expect(legendOf(chartOf([1], [null]), 'en')).to.deep.equal([{ series: null, label: 'hidden' }]);
    expect(legendOf(chartOf([1, 2]), 'en')).to.have.length(2);
    expect(legendOf({ ...chartOf([1, null]), hidden: '<5' }, 'sv').map(({ label }) => label)).to.deep.equal([
      'del 0',
      'del 1',
      '<5',
    ]);
  });

  it('draws nothing of a chart without bars, and has a table without rows', () => {
    expect(drawnBars(chartOf(), 'sv')).to.deep.equal([]);
    expect(chartTable(chartOf(), 'sv').rows).to.deep.equal([]);
  });
});
