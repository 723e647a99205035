import { expect } from 'chai';
import fc from 'fast-check';
import { createParseAlarm } from '../../src/pipeline/parse-alarm.ts';
import { createParseRate } from '../../src/pipeline/parse-rate.ts';

const GOOD = { records: 1, rejected: 0 };
const BAD = { records: 0, rejected: 1 };

describe('the parse rate', () => {
  it('says nothing before there were enough lines', () => {
    const rate = createParseRate({ minimum: 0.9, lines: 100 });
    for (let n = 0; n < 99; n++) expect(rate.add(BAD)).to.equal(null);
    expect(rate.rate()).to.equal(null);
    expect(rate.add(BAD)).to.equal('fell');
    expect(rate.rate()).to.equal(0);
  });

  it('falls below the minimum, not at it', () => {
    const at = createParseRate({ minimum: 0.9, lines: 100 });
    expect(at.add({ records: 90, rejected: 10 })).to.equal(null);
    const below = createParseRate({ minimum: 0.9, lines: 100 });
    expect(below.add({ records: 89, rejected: 11 })).to.equal('fell');
  });

  it('does not flutter: it rises a quarter of the way up only', () => {
    const rate = createParseRate({ minimum: 0.9, lines: 100 });
    expect(rate.add({ records: 80, rejected: 20 })).to.equal('fell');
    expect(rate.add({ records: 92, rejected: 8 })).to.equal(null);
    expect(rate.add({ records: 93, rejected: 7 })).to.equal('rose');
    expect(rate.add({ records: 91, rejected: 9 })).to.equal(null);
  });

  it('speaks once of each crossing, fall and rise in turn', () => {
    const rate = createParseRate({ minimum: 0.9, lines: 10 });
    const said: string[] = [];
    for (let round = 0; round < 3; round++) {
      for (let n = 0; n < 50; n++) said.push(rate.add(GOOD) ?? '');
      for (let n = 0; n < 50; n++) said.push(rate.add(BAD) ?? '');
    }
    expect(said.filter(Boolean)).to.deep.equal(['fell', 'rose', 'fell', 'rose', 'fell']);
  });

  it('never falls where the minimum is 0, and rises again where it is 1', () => {
    const none = createParseRate({ minimum: 0, lines: 1 });
    for (let n = 0; n < 20; n++) expect(none.add(BAD)).to.equal(null);
    const all = createParseRate({ minimum: 1, lines: 8 });
    expect(all.add({ records: 8, rejected: 1 })).to.equal('fell');
    expect(all.add({ records: 8, rejected: 0 })).to.equal('rose');
  });

  it('is of the last lines: of the whole at first, then of some of its last additions, enough and not many more', () => {
    const additions = fc.array(fc.record({ records: fc.nat(40), rejected: fc.nat(40) }), { maxLength: 80 });
    fc.assert(
      fc.property(additions, fc.integer({ min: 1, max: 200 }), (all, lines) => {
        const rate = createParseRate({ minimum: 0.5, lines });
        const seen: typeof all = [];
        for (const addition of all) {
          rate.add(addition);
          seen.push(addition);
          expect(suffixRates(seen, lines)).to.include(rate.rate());
        }
      }),
    );
  });
});

describe('the alarm of the parse rate', () => {
  it('tells once of the fall and once of the rise, and keeps number and warning between them', () => {
    const { alarm, said } = heard();
    alarm.add('proxy', { records: 5, rejected: 0 });
    alarm.add('proxy', { records: 0, rejected: 10 });
    alarm.add('proxy', { records: 1, rejected: 9 });
    alarm.add('proxy', { records: 10, rejected: 0 });
    expect(said).to.deep.equal([
      'raise parse-rate-low',
      'error parse-rate-low proxy 0',
      '0 low',
      '0.1 low',
      'clear parse-rate-low',
      'info parse-rate-restored proxy 1',
      '1 normal',
    ]);
  });

  it('is not hidden by a source of which all can be read, and lasts until the last one has risen', () => {
    const { alarm, said } = heard();
    alarm.add('small', { records: 2, rejected: 8 });
    alarm.add('large', { records: 1_000, rejected: 0 });
    alarm.add('other', { records: 1, rejected: 9 });
    alarm.add('small', { records: 10, rejected: 0 });
    alarm.add('other', { records: 10, rejected: 0 });
    expect(said.filter(line => !/error|info/.test(line))).to.deep.equal([
      'raise parse-rate-low',
      '0.2 low',
      '0.2 low',
      'raise parse-rate-low',
      '0.1 low',
      '0.1 low',
      'clear parse-rate-low',
      '1 normal',
    ]);
  });

  function heard() {
    const said: string[] = [];
    const alarm = createParseAlarm(
      { minimum: 0.9, lines: 10 },
      {
        telemetry: {
          log: (level, event, fields) =>
            void said.push(`${level} ${event} ${fields?.source} ${fields?.rate}`),
          parseRate: (rate, is) => void said.push(`${rate} ${is}`),
        },
        health: {
          raise: sign => void said.push(`raise ${sign}`),
          clear: sign => void said.push(`clear ${sign}`),
        },
      },
    );
    return { alarm, said };
  }
});

/** Rates of all ends of what was added that a window may be: null where there is not enough. */
function suffixRates(
  seen: readonly { records: number; rejected: number }[],
  lines: number,
): (number | null)[] {
  const largest = Math.max(...seen.map(one => one.records + one.rejected));
  const rates: (number | null)[] = [];
  let records = 0;
  let all = 0;
  for (const one of seen.toReversed()) {
    records += one.records;
    all += one.records + one.rejected;
    if (all >= lines && all < lines + lines / 8 + largest) rates.push(records / all);
  }
  return all < lines ? [null] : rates;
}
