import { expect } from 'chai';
import { createWaker, type Waker } from '../../../src/adapters/schedule/cron.ts';

describe('what wakes a process at set times', () => {
  let waker: Waker | null = null;
  afterEach(() => waker?.stop());

  it('wakes at a schedule, with nothing on the console', async () => {
    const said: unknown[] = [];
    const { warn, error, log } = console;
    Object.assign(console, { warn: (...words: unknown[]) => said.push(words), error: warn, log: warn });
    try {
      await new Promise<void>(done => {
        waker = createWaker({ timezone: 'Europe/Stockholm', wake: done });
        // Each second, which no configuration can ask for.
        waker.set(['* * * * * *']);
      });
    } finally {
      Object.assign(console, { warn, error, log });
    }
    expect(said).to.deep.equal([]);
  });

  it('takes up new schedules and leaves the old ones', async () => {
    const woken: string[] = [];
    let done: () => void = () => {};
    waker = createWaker({
      timezone: 'UTC',
      wake() {
        woken.push('woken');
        done();
      },
    });
    waker.set(['* * * * * *', '0 6 1 * *']);
    waker.set(['0 6 1 * *']);
    // A second later than the one that was taken away.
    const other = await new Promise<Waker>(resolve => {
      const made = createWaker({ timezone: 'UTC', wake: () => resolve(made) });
      made.set(['* * * * * *']);
    });
    other.stop();
    expect(woken).to.deep.equal([]);
    waker.set(['* * * * * *']);
    await new Promise<void>(resolve => {
      done = resolve;
    });
    expect(woken).to.have.length(1);
  });
});
