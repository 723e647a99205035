import { expect } from 'chai';
import { createLagTeller } from '../../src/compose/lag.ts';
import { told } from '../adapters/telemetry/kit.ts';

describe('the lag of several sources', () => {
  const partitionOf = (topic: string, endOffset: number) => ({
    ...{ topic, partition: 0, endOffset, readOffset: 10, storedOffset: null },
  });

  it('keeps what was last known of one that does not answer, and goes on with the others', async () => {
    const seen = told();
    let isAway = false;
    let endOffset = 100;
    const away = async () => {
      if (isAway) throw new Error('away');
      return [partitionOf('away', 50)];
    };
    const tell = createLagTeller(
      [{ lag: away }, { lag: null }, { lag: async () => [partitionOf('there', endOffset)] }],
      seen.telemetry,
    );
    await tell();
    isAway = true;
    endOffset = 200;
    await tell();
    expect(await seen.value('granska_lag_messages{topic="away",partition="0"}')).to.equal(40);
    expect(await seen.value('granska_lag_messages{topic="there",partition="0"}')).to.equal(190);
  });
});
