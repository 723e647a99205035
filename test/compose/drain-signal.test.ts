import { expect } from 'chai';
import { drainSignal, whenAborted } from '../../src/compose/drain-signal.ts';

describe('the signal that ends the draining', () => {
  it('§10.2 comes some time after the other, also where that came before anybody listened', async () => {
    const stop = new AbortController();
    const [early, late] = [drainSignal(AbortSignal.abort(), 1), drainSignal(stop.signal, 1)];
    const come = (signal: AbortSignal) => new Promise<void>(resolve => whenAborted(signal, resolve));
    await come(early.signal);
    expect(late.signal.aborted).to.equal(false);
    stop.abort();
    await come(late.signal);
  });

  it('is told to whoever asks after it came, at once', () => {
    let times = 0;
    whenAborted(AbortSignal.abort(), () => times++);
    expect(times).to.equal(1);
  });
});
