import { expect } from 'chai';
import fc from 'fast-check';
import { createIsoTime, recordToEcs } from '../../src/cli/record-to-ecs.ts';
import { blankRecord } from '../../src/model/record.ts';

describe('cli/record-to-ecs', () => {
  it('writes times as toISOString does, in any order', () => {
    const isoTime = createIsoTime();
    const timeMs = fc.integer({ min: -1_000_000, max: 253_402_300_799_999 });
    fc.assert(
      fc.property(fc.array(fc.oneof(timeMs, fc.integer({ min: 0, max: 3_000 }))), times => {
        expect(times.map(isoTime)).to.deep.equal(times.map(time => new Date(time).toISOString()));
      }),
    );
  });

  it('leaves out every key that the record has nothing for', () => {
    const document = recordToEcs(blankRecord(), null, { offset: 7, isoTime: createIsoTime() });
    const epoch = '1970-01-01T00:00:00.000Z';
    expect(document).to.deep.equal({
      '@timestamp': epoch,
      event: { start: epoch, end: epoch, type: 'allowed', outcome: 'unknown' },
      log: { offset: 7 },
    });
  });

  it('puts a client that is a host name where ECS wants it', () => {
    const context = { offset: 0, isoTime: createIsoTime() };
    const source = (client: string) => recordToEcs({ ...blankRecord(), client }, null, context).source;
    expect(source('pc-17.office.example')).to.deep.equal({ address: 'pc-17.office.example' });
    expect(source('192.0.2.7')).to.deep.equal({ ip: '192.0.2.7' });
    expect(source('[2001:db8::1]')).to.deep.equal({ ip: '2001:db8::1' });
    expect(source('')).to.equal(undefined);
  });
});
