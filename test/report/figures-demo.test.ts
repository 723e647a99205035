// The figures of the sample municipality, held against a count over its raw log that shares no line with the program.
import { expect } from 'chai';
import type { FigureCell, Figures } from '../../src/model/figures.ts';
import { dayFigures, monthFigures } from '../../src/pipeline/month-figures.ts';
import { daysOfMonth } from '../../src/report/period.ts';
import { removePlaces } from '../cli/run.ts';
import { type BruteFigures, bruteForce } from './brute-force.ts';
import { DEMO, LISTS, type ScannedDemo, scanDemo } from './demo.ts';

describe('figures of the sample municipality', () => {
  let demo: ScannedDemo;
  before(async () => {
    demo = await scanDemo();
  });
  after(async () => {
    await demo.desk.close();
    removePlaces();
  });

  for (const [month, last] of [
    ['2026-09', '30'],
    ['2026-10', '31'],
  ] as const) {
    it(`are what a brute-force count finds in ${month}, figure by figure (§7, §8.2)`, async () => {
      const figures = await monthFigures(demo.desk, { ...demo.options, month });
      const brute = bruteForce(DEMO, LISTS, { from: `${month}-01`, through: `${month}-${last}` });
      expect(brute.cells.length).to.be.greaterThan(25);
      expect(cellsOf(figures)).to.deep.equal(bruteCells(brute));
      expect(decisionsOf(figures)).to.deep.equal(bruteDecisions(brute));
    });

    it(`of ${month} are the sums of their days, but for persons (§7.1)`, async () => {
      const { rules } = demo.options;
      const figures = await monthFigures(demo.desk, { ...demo.options, month });
      const sums = new Map<string, Sum>();
      for (const day of daysOfMonth(month, rules.zone)) {
        const { cells } = await dayFigures(demo.desk, { ...demo.options, day });
        for (const cell of cells) {
          const sum = sums.get(keyOf(cell)) ?? { visits: 0, records: 0, A: 0, B: 0, C: 0, D: 0 };
          sums.set(keyOf(cell), add(sum, cell));
        }
      }
      const none = { visits: 0, records: 0, A: 0, B: 0, C: 0, D: 0 };
      expect(Object.fromEntries(sums)).to.deep.equal(
        Object.fromEntries(figures.cells.map(cell => [keyOf(cell), add(none, cell)])),
      );
    });
  }
});

interface Sum {
  visits: number;
  records: number;
  A: number;
  B: number;
  C: number;
  D: number;
}

function add(sum: Sum, { visits, records, grades }: FigureCell): Sum {
  return {
    ...{
      visits: sum.visits + visits,
      records: sum.records + records,
      A: sum.A + grades.A,
      B: sum.B + grades.B,
    },
    ...{ C: sum.C + grades.C, D: sum.D + grades.D },
  };
}

function keyOf({ unit, category, kind }: FigureCell): string {
  return [unit, category, kind].join(' · ');
}

/** The units that the slow count has too: it knows no own parts. */
function isPlain(unit: string): boolean {
  return !unit.startsWith('o:');
}

function cellsOf({ cells }: Figures): Record<string, unknown> {
  return Object.fromEntries(
    cells
      .filter(({ unit }) => isPlain(unit))
      .map(({ unit, category, kind, ...counts }) => [[unit, category, kind].join(' · '), counts]),
  );
}

function bruteCells({ cells }: BruteFigures): Record<string, unknown> {
  return Object.fromEntries(
    cells.map(({ department, category, kind, ...counts }) => [
      [unitOf(department), category, kind].join(' · '),
      counts,
    ]),
  );
}

function decisionsOf({ decisions }: Figures): Record<string, number> {
  return Object.fromEntries(
    decisions
      .filter(({ unit }) => isPlain(unit))
      .map(({ unit, category, exemptions, visits }) => [
        [unit, category, exemptions.join('+')].join(' · '),
        visits,
      ]),
  );
}

function bruteDecisions({ decisions }: BruteFigures): Record<string, number> {
  return Object.fromEntries(
    decisions.map(({ department, category, ids, visits }) => [
      [unitOf(department), category, ids].join(' · '),
      visits,
    ]),
  );
}

function unitOf(department: string): string {
  return department === '' ? 't' : `d:${department}`;
}
