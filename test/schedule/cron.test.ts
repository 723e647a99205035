import { expect } from 'chai';
import fc from 'fast-check';
import { validate } from 'node-cron';
import { isMistake, readCron } from '../../src/schedule/cron.ts';
import { schedules } from './support.ts';

const BAD: [string, number, RegExp][] = [
  ['', 0, /0 fields in place of five/],
  ['0 6 1 *', 0, /4 fields/],
  ['0 0 6 1 * *', 0, /6 fields/],
  ['@monthly', 0, /1 fields/],
  ['60 6 1 * *', 0, /the minute cannot be read/],
  ['0 24 1 * *', 2, /the hour cannot be read/],
  ['0 6 0 * *', 4, /the day of the month/],
  ['0 6 L * *', 4, /the day of the month/],
  ['0 6 1 janu *', 6, /the month cannot be read.*such as feb/],
  ['0 6 * * 8', 8, /the weekday/],
  ['0 6 * * fri#1', 8, /the weekday/],
  ['0 6 5-2 * *', 4, /the day of the month/],
  ['0 6 */0 * *', 4, /the day of the month/],
  ['5/10 6 * * *', 0, /the minute/],
  ['0 6,, * * *', 2, /the hour/],
  ['0 6 -1 * *', 4, /the day of the month/],
  ['0  6   1 * mon', 7, /a day of the month and a weekday/],
];

describe('the text of a schedule', () => {
  for (const [text, column, message] of BAD) {
    it(`is refused with its place: ${JSON.stringify(text)}`, () => {
      const read = readCron(text);
      if (!isMistake(read)) throw new Error('was read');
      expect(read.message).to.match(message);
      expect(read.column).to.equal(column);
    });
  }

  it('is read with lists, ranges, steps and names in any case', () => {
    const read = readCron('5,35 */6 * Feb-Apr,12 SUN,2-4,7');
    if (isMistake(read)) throw new Error(read.message);
    expect(read.minutes).to.deep.equal([5, 35]);
    expect(read.hours).to.deep.equal([0, 6, 12, 18]);
    expect(read.days.size).to.equal(31);
    expect([...read.months]).to.deep.equal([2, 3, 4, 12]);
    expect([...read.weekdays].sort()).to.deep.equal([2, 3, 4, 7]);
  });

  it('is one that node-cron reads too, whenever it is read', () => {
    fc.assert(
      fc.property(schedules(), text => {
        expect(isMistake(readCron(text)), text).to.equal(false);
        expect(validate(text), text).to.equal(true);
      }),
    );
  });
});
