import { expect } from 'chai';
import type { RunRequest, ScheduleRequest } from '../../src/cli/app.ts';
import { runWithSchedule } from '../../src/compose/run-with-schedule.ts';
import { GranskaError } from '../../src/errors.ts';
import { blankSummary } from '../../src/pipeline/summary.ts';

const OUTCOME = { summary: blankSummary({ lists: '', policy: '', directory: null }), failures: [] };
const NOTHING = { done: 0, failed: 0, left: 0 };

function aRequest(changes: Partial<RunRequest> = {}): RunRequest {
  return {
    once: false,
    signal: new AbortController().signal,
    onHangup: () => () => {},
    reports: { make: () => Promise.reject(new Error('no report is made here')) },
    ...changes,
  };
}

describe('a run that carries plans out too', () => {
  it('ends both together, and lets what is going on end first', async () => {
    const order: string[] = [];
    let finish: () => void = () => {};
    const outcome = await runWithSchedule(aRequest(), {
      async run() {
        order.push('run');
        return OUTCOME;
      },
      async schedule({ mode, signal }) {
        order.push(mode);
        signal.addEventListener('abort', () => setImmediate(() => finish()));
        await new Promise<void>(done => {
          finish = done;
        });
        order.push('drained');
        return NOTHING;
      },
      telemetry: { log() {} },
    });
    expect(outcome).to.equal(OUTCOME);
    expect(order).to.deep.equal(['go-on', 'run', 'drained']);
  });

  it('looks at plans after everything was read, with once, and not when it was told to stop', async () => {
    const order: string[] = [];
    const beside = {
      run: async () => {
        order.push('run');
        return OUTCOME;
      },
      schedule: async ({ mode }: ScheduleRequest) => {
        order.push(mode);
        return NOTHING;
      },
      telemetry: { log() {} },
    };
    await runWithSchedule(aRequest({ once: true }), beside);
    await runWithSchedule(aRequest({ once: true, signal: AbortSignal.abort() }), beside);
    expect(order).to.deep.equal(['run', 'once', 'run']);
  });

  it('tells in the log what is done and what failed by its code, and goes on reading', async () => {
    const told: unknown[] = [];
    const failure = { code: 'ENOTDIR', message: 'the system refused' };
    const outcome = await runWithSchedule(aRequest({ once: true }), {
      run: async () => OUTCOME,
      async schedule({ onEvent }) {
        onEvent({ kind: 'begun', plan: 'monthly', period: '2026-10' });
        onEvent({ kind: 'failed', plan: 'monthly', period: '2026-10', failure });
        throw new GranskaError('STORE', 'the store does not answer');
      },
      telemetry: { log: (...words) => told.push(words) },
    });
    expect(outcome).to.equal(OUTCOME);
    expect(told).to.deep.equal([
      ['info', 'plan-begun', { plan: 'monthly', period: '2026-10' }],
      ['error', 'plan-failed', { plan: 'monthly', period: '2026-10', code: 'ENOTDIR' }],
      ['error', 'schedule-troubled', { code: 'STORE' }],
    ]);
  });
});
