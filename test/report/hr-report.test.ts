// The cut of one unit out of the figures of the whole organisation.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { z } from 'zod';
import { GranskaError } from '../../src/errors.ts';
import { unitsOf } from '../../src/report/hr-report.ts';
import { ROOT } from '../cli/run.ts';
import { HR_REPORT_SCHEMA } from './hr-report-schema.ts';
import { aReport, figuresOf } from './hr-report-support.ts';

describe('hrReport', () => {
  it('takes the unit and all below it, and nothing of others (§8.1)', () => {
    const { report } = aReport();
    expect(report.units.map(({ id }) => id)).to.deep.equal(['d:Bygg']);
    expect(report.cells.map(({ unit }) => unit)).to.deep.equal(['d:Bygg']);
    expect(unitsOf(figuresOf('Bygg'), null)).to.have.length(4);
  });

  it('tells no decision of a cell whose decisions are hidden (§8.2)', () => {
    expect(aReport().report.decisions).to.deep.equal([]);
  });

  it('adds up the visits of each decision over what is shown, once for each of two that cover a visit', () => {
    const figures = figuresOf('Bygg');
    const decisions = [
      { exemptions: ['E-1'], visits: 5 },
      { exemptions: ['E-1', 'E-2'], visits: 6 },
    ];
    const cells = figures.cells.map(cell => ({ ...cell, decisions }));
    const { report } = aReport({ parts: { figures: { ...figures, cells } } });
    expect(report.decisions.map(({ id, visits }) => [id, visits])).to.deep.equal([
      ['E-1', 11],
      ['E-2', 6],
    ]);
  });

  it('refuses a department that there is none of, and names the nearest', () => {
    expect(() => unitsOf(figuresOf('Byggnad'), 'Bygnad'))
      .to.throw(GranskaError)
      .with.property('hint')
      .that.contains('did you mean Byggnad');
  });
});

describe('the schema of the HR report', () => {
  it('stands in the reference as it is checked here', () => {
    const file = join(ROOT, 'docs', 'reference', 'hr-report.schema.json');
    const { $schema, ...schema } = z.toJSONSchema(HR_REPORT_SCHEMA);
    const title = 'The HR report, as granska report hr --format json prints it';
    expect(JSON.parse(readFileSync(file, 'utf8'))).to.deep.equal({ $schema, title, ...schema });
  });
});
