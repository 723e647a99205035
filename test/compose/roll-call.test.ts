import { expect } from 'chai';
import { createHealth } from '../../src/adapters/telemetry/health.ts';
import { createRollCall } from '../../src/compose/roll-call.ts';
import { told } from '../adapters/telemetry/kit.ts';

describe('the roll call of sources', () => {
  it('is ready while all are joined, and says so in the log once', async () => {
    const seen = told();
    const health = createHealth({ nowMs: () => 0 });
    health.clear('store-not-answering');
    const call = createRollCall([{ name: 'a' }, { name: 'b' }], { telemetry: seen.telemetry, health });
    const state = async () => [
      health.report().because.join(),
      await seen.value('granska_waiting{for="source"}'),
      seen.lines().length,
    ];
    call.joined('a');
    expect(await state()).to.deep.equal(['sources-not-joined', 0, 0]);
    call.joined('b');
    expect(await state()).to.deep.equal(['', 0, 1]);
    for (const _again of [1, 2]) {
      call.away('a');
      expect(await state()).to.deep.equal(['sources-not-joined', 1, 1]);
    }
    call.away('b');
    call.joined('a');
    expect(await state()).to.deep.equal(['sources-not-joined', 1, 1]);
    call.joined('b');
    expect(await state()).to.deep.equal(['', 0, 1]);
  });
});
