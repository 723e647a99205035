import { expect } from 'chai';
import { maxOpenOf } from '../../../../src/adapters/source/follow/max-open.ts';

describe('how many files are held open', () => {
  const limits = (soft: string) =>
    `Limit                     Soft Limit           Hard Limit           Units     \nMax open files            ${soft.padEnd(20)} 524288               files     \n`;

  it('§9.7 is half of what the process may open, shared by its sources, and at most 1,024', () => {
    expect(maxOpenOf(1, limits('1024'))).to.equal(512);
    expect(maxOpenOf(2, limits('1024'))).to.equal(256);
    expect(maxOpenOf(1, limits('524288'))).to.equal(1_024);
    expect(maxOpenOf(9, limits('64'))).to.equal(8);
  });

  it('is 1,024 where the system sets or tells no limit', () => {
    expect([maxOpenOf(1, limits('unlimited')), maxOpenOf(1, '')]).to.deep.equal([1_024, 1_024]);
  });
});
