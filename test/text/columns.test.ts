import { expect } from 'chai';
import { isShortCode, numberColumns } from '../../src/text/columns.ts';

describe('text/columns', () => {
  it('finds columns of counts and shares, also where some are hidden or missing', () => {
    const rows = [
      ['Kultur', '12', 'dold', '3', '0,4 %', '2026-10-01'],
      ['Skola', '1\u00a0234', '7', '–', '12 %', '2026-10-02'],
      ['Vård', '0', '<5', '', '100 %', '2026-10-03'],
    ];
    expect([...numberColumns(rows)]).to.deep.equal([1, 2, 3, 4]);
  });

  it('leaves the first column, and columns without any count, to the left', () => {
    expect([...numberColumns([['1', 'ja', 'dold']])]).to.deep.equal([]);
    expect([...numberColumns([])]).to.deep.equal([]);
    expect([
      ...numberColumns([
        ['a', '12'],
        ['b', 'KS 2026/12'],
      ]),
    ]).to.deep.equal([]);
  });

  it('keeps dates and short ids on one line, and no words', () => {
    expect(['2026-10-01', 'c-9f3a7c21', 'KS2026/1', '14:05'].every(isShortCode)).to.equal(true);
    expect(['Socialförvaltningen', 'a b 1', 'a1'.repeat(20), ''].some(isShortCode)).to.equal(false);
  });
});
