// The HR report as CSV: what a spreadsheet would obey is text, and what is hidden is a word.

import { expect } from 'chai';
import { parseString } from 'fast-csv';
import { hrReportCsv } from '../../src/cli/hr-report-csv.ts';
import { aReport } from '../report/hr-report-support.ts';

const read = (text: string): Promise<string[][]> =>
  new Promise((done, failed) => {
    const rows: string[][] = [];
    parseString(text)
      .on('data', row => rows.push(row))
      .on('error', failed)
      .on('end', () => done(rows));
  });

describe('the HR report as CSV', () => {
  it('lets no cell be a formula, whatever a department, a category or a reason is called (§8.1)', async () => {
    const signs = ['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', ' =1'];
    for (const sign of signs) {
      const rows = await read(
        await hrReportCsv(aReport({ department: sign, category: sign, reason: sign }), 'en'),
      );
      expect(rows.length).to.be.greaterThan(10);
      for (const cell of rows.flat())
        expect(cell, JSON.stringify(sign)).to.not.match(/^[\s\u00a0]*[=+\-@]|^[\t\r\n]/);
      expect(rows.flat().filter(cell => cell.startsWith("'"))).to.not.be.empty;
    }
  });

  it('says of a hidden figure that it is hidden, in the language, and 0 only of zero (§8.2)', async () => {
    for (const [lang, word] of [
      ['sv', 'dold'],
      ['en', 'hidden'],
    ] as const) {
      const rows = await read(await hrReportCsv(aReport(), lang));
      const of = (section: string, measure: string) =>
        rows.filter(row => row[0] === section && row[3] === measure).map(row => row[4]);
      expect(of('examine', 'visits A')).to.deep.equal(['7']);
      expect(of('exempt', 'visits')).to.deep.equal([word]);
      expect(of('attempts', 'requests')).to.deep.equal(['0']);
    }
  });
});
