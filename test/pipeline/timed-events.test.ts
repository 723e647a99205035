// When what was read is due, whatever the clock does.
import { expect } from 'chai';
import { createTimedEvents } from '../../src/pipeline/timed-events.ts';
import type { LiveEvent } from '../../src/ports/source.ts';

const SETTLE: LiveEvent = { kind: 'settle' };

/** Gives one event, and then is silent. */
async function* silentAfterOne(): AsyncGenerator<LiveEvent> {
  yield SETTLE;
  await new Promise(() => {});
}

describe('the events of a run', () => {
  it('§9.4 are written in time by a clock that was set back', async () => {
    let nowMs = 1_000_000_000;
    const events = createTimedEvents(silentAfterOne(), { flushMs: 10, nowMs: () => nowMs });
    const kinds: string[] = [];
    for await (const { kind } of events) {
      kinds.push(kind);
      if (kind === 'due') break;
      events.noteRead();
      nowMs -= 3_600_000;
    }
    expect(kinds).to.deep.equal(['settle', 'due']);
  });

  it('§1.4 are due before an event that comes long after the one before, so that a clock of now judges it', async () => {
    let nowMs = 0;
    async function* slept(): AsyncGenerator<LiveEvent> {
      yield SETTLE;
      nowMs += 3_600_000;
      yield SETTLE;
    }
    const events = createTimedEvents(slept(), { flushMs: 10_000, nowMs: () => nowMs });
    const kinds: string[] = [];
    for await (const { kind } of events) {
      kinds.push(kind);
      if (kind === 'due') events.noteWritten();
      else events.noteRead();
    }
    expect(kinds).to.deep.equal(['settle', 'due', 'settle']);
  });

  it('§9.4 are interrupted though a source never falls silent', async () => {
    let nowMs = 0;
    async function* busy(): AsyncGenerator<LiveEvent> {
      for (;;) yield SETTLE;
    }
    const events = createTimedEvents(busy(), { flushMs: 10, nowMs: () => nowMs });
    let taken = 0;
    for await (const { kind } of events) {
      if (kind === 'due') break;
      events.noteRead();
      nowMs += 3;
      taken++;
    }
    expect(taken).to.equal(4);
  });
});
