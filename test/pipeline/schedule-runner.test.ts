import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { createMemoryStore } from '../../src/adapters/store/memory-store.ts';
import { storePath } from '../../src/adapters/store/sqlite/open-database.ts';
import { createSqliteDesk } from '../../src/adapters/store/sqlite/sqlite-desk.ts';
import { createSqliteStore } from '../../src/adapters/store/sqlite/sqlite-store.ts';
import { GranskaError } from '../../src/errors.ts';
import { CLAIM_MS } from '../../src/pipeline/schedule-runner.ts';
import type { Ledger } from '../../src/ports/desk-store.ts';
import { foldRuns } from '../../src/schedule/plan-runs.ts';
import { planStatus } from '../../src/schedule/plan-status.ts';
import { aClock, aPlan, DONE, GOING, startProcess, ZONE } from './schedule-support.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const MONTHS_OF_2026 = Array.from({ length: 12 }, (_, n) => `monthly/2026-${String(n + 1).padStart(2, '0')}`);

/** One ledger as several processes open it. */
interface Opened {
  open(): Ledger;
  close(): Promise<void>;
}

const LEDGERS: [string, (folder: string) => Opened][] = [
  [
    'the memory store',
    () => {
      const store = createMemoryStore();
      return { open: () => store, close: async () => {} };
    },
  ],
  [
    'SQLite',
    folder => {
      const path = storePath(mkdtempSync(join(folder, 'data-')));
      const opened = [createSqliteStore({ path, mode: 'write' })] as { close(): Promise<void> }[];
      return {
        open() {
          const desk = createSqliteDesk({ path });
          opened.push(desk);
          return desk;
        },
        async close() {
          for (const store of opened) await store.close();
        },
      };
    },
  ],
];

describe('plans under a clock', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'granska-schedule-'));
  });
  after(() => rmSync(folder, { recursive: true }));

  for (const [name, make] of LEDGERS) {
    describe(`over ${name}`, () => {
      let ledger: Opened;
      beforeEach(() => {
        ledger = make(folder);
      });
      afterEach(() => ledger.close());

      const statusOf = async (clock: { nowMs(): number }, plan = aPlan()) =>
        planStatus(plan, foldRuns(await ledger.open().entries('run', plan.id)), {
          zone: ZONE,
          nowMs: clock.nowMs(),
        });

      it('a year of monthly reviews comes to twelve, through weeks down, both changes of the clock and the year’s end', async () => {
        const clock = aClock('2026-01-20T10:00:00Z');
        let process = startProcess(ledger.open(), clock);
        const carried: string[] = [];
        let wakes = 0;
        const endMs = Date.parse('2027-01-15T00:00:00Z');
        while (clock.nowMs() < endMs) {
          const day = ZONE.dayOf(clock.nowMs());
          // Down for weeks, in which two months end; and on both days on which the clock changes.
          const isDown =
            (day >= '2026-04-20' && day < '2026-07-11') || day === '2026-03-29' || day === '2026-10-25';
          if (isDown) {
            carried.push(...process.carried.splice(0));
            process = startProcess(ledger.open(), clock);
          } else {
            await process.wake([aPlan()], 'time', GOING);
            wakes++;
          }
          clock.add(5 * HOUR_MS);
        }
        carried.push(...process.carried);
        // The plan holds from January on, so that December is due on 1 January too.
        expect(carried).to.deep.equal(['monthly/2025-12', ...MONTHS_OF_2026]);
        expect(wakes).to.be.above(1_000);
        const { runs } = foldRuns(await ledger.open().entries('run', 'monthly'));
        expect([...runs.values()].every(run => run.state === 'done' && run.tries === 1)).to.equal(true);
        expect(new Date(runs.get('2026-03')!.dueMs).toISOString()).to.equal('2026-04-01T04:00:00.000Z');
        expect(new Date(runs.get('2026-10')!.dueMs).toISOString()).to.equal('2026-11-01T05:00:00.000Z');
        // Months that were missed were made up for at the first wake after.
        expect(new Date(runs.get('2026-05')!.atMs).toISOString()).to.match(/^2026-07-1[01]T/);
      }).timeout(60_000);

      it('runs that were missed are made up for oldest first, and once', async () => {
        const clock = aClock('2026-06-15T10:00:00Z');
        const process = startProcess(ledger.open(), clock);
        const plan = aPlan({
          id: 'weekly',
          period: 'week',
          schedule: '0 6 * * mon',
          validFrom: '2026-05-18',
        });
        expect(await process.wake([plan], 'time', GOING)).to.deep.equal({ done: 5, failed: 0, left: 0 });
        expect(process.carried).to.deep.equal([20, 21, 22, 23, 24].map(week => `weekly/2026-W${week}`));
        expect(await process.wake([plan], 'asked', GOING)).to.deep.equal({ done: 0, failed: 0, left: 0 });
      });

      it('weeks pass the end of a year, and days a 29 February, without a gap', async () => {
        const clock = aClock('2027-01-12T10:00:00Z');
        const process = startProcess(ledger.open(), clock);
        await process.wake(
          [aPlan({ id: 'weekly', period: 'week', schedule: '0 6 * * mon', validFrom: '2026-12-28' })],
          'time',
          GOING,
        );
        expect(process.carried).to.deep.equal(['weekly/2026-W52', 'weekly/2026-W53', 'weekly/2027-W01']);
        clock.set('2028-03-02T10:00:00Z');
        process.carried.length = 0;
        await process.wake(
          [aPlan({ id: 'daily', period: 'day', schedule: '0 6 * * *', validFrom: '2028-02-29' })],
          'time',
          GOING,
        );
        expect(process.carried).to.deep.equal(['daily/2028-02-28', 'daily/2028-02-29', 'daily/2028-03-01']);
      });

      it('several times in one period make one run', async () => {
        const clock = aClock('2026-03-31T10:00:00Z');
        const process = startProcess(ledger.open(), clock);
        await process.wake([aPlan({ schedule: '0 6 * * *' })], 'time', GOING);
        expect(process.carried).to.deep.equal(['monthly/2025-12', 'monthly/2026-01', 'monthly/2026-02']);
      });

      it('a plan without a first day is due from the wake on that knew it first', async () => {
        const clock = aClock('2026-06-15T10:00:00Z');
        const plan = aPlan({ validFrom: null });
        expect((await statusOf(clock, plan)).isPlanned).to.equal(false);
        await startProcess(ledger.open(), clock).wake([plan], 'time', GOING);
        expect((await statusOf(clock, plan)).isPlanned).to.equal(true);
        clock.set('2026-08-02T10:00:00Z');
        const later = startProcess(ledger.open(), clock);
        await later.wake([plan], 'time', GOING);
        expect(later.carried).to.deep.equal(['monthly/2026-06', 'monthly/2026-07']);
      });

      it('two processes at once carry each run out once, and never one plan twice at a time', async () => {
        const clock = aClock('2026-06-15T10:00:00Z');
        let busy = 0;
        let most = 0;
        const carry = async () => {
          most = Math.max(most, ++busy);
          await new Promise(done => setImmediate(done));
          busy--;
          return DONE;
        };
        const processes = Array.from({ length: 4 }, () => startProcess(ledger.open(), clock, carry));
        const outcomes = await Promise.all(processes.map(process => process.wake([aPlan()], 'asked', GOING)));
        expect(most).to.equal(1);
        // Whoever found another at work left the rest; the next wake finds nothing to do.
        for (const process of processes) await process.wake([aPlan()], 'asked', GOING);
        const all = processes.flatMap(process => process.carried);
        expect(all.sort()).to.deep.equal(['monthly/2025-12', ...MONTHS_OF_2026.slice(0, 5)]);
        expect(outcomes.reduce((sum, { failed }) => sum + failed, 0)).to.equal(0);
      });

      it('a run whose process died is gone on with when its claim runs out, by one, and never before', async () => {
        const clock = aClock('2026-02-01T06:00:00Z');
        const plan = aPlan({ validFrom: '2026-02-01' });
        // It dies in the middle: its promise never comes back.
        const died = startProcess(ledger.open(), clock, () => new Promise(() => {}));
        void died.wake([plan], 'time', GOING);
        while (died.carried.length === 0) await new Promise(done => setImmediate(done));
        const other = startProcess(ledger.open(), clock);
        expect(await other.wake([plan], 'asked', GOING)).to.deep.equal({ done: 0, failed: 0, left: 1 });
        expect((await statusOf(clock, plan)).left[0]?.state).to.equal('running');
        clock.add(CLAIM_MS - 1);
        expect((await other.wake([plan], 'asked', GOING)).left).to.equal(1);
        clock.add(1);
        expect((await statusOf(clock, plan)).left[0]?.state).to.equal('broken');
        expect((await other.wake([plan], 'time', GOING)).done).to.equal(1);
        expect(other.carried).to.deep.equal(['monthly/2026-01']);
      });

      it('a long run keeps its claim up, and one that lost it writes nothing more', async () => {
        const clock = aClock('2026-02-01T06:00:00Z');
        const plan = aPlan({ validFrom: '2026-02-01' });
        let finish: () => void = () => {};
        let wasStopped = false;
        const slow = startProcess(ledger.open(), clock, async (_plan, _period, signal) => {
          signal.addEventListener('abort', () => {
            wasStopped = true;
          });
          await new Promise<void>(done => {
            finish = done;
          });
          return DONE;
        });
        const woken = slow.wake([plan], 'time', GOING);
        while (slow.carried.length === 0) await new Promise(done => setImmediate(done));
        clock.add(CLAIM_MS - 1);
        await slow.beat();
        clock.add(CLAIM_MS - 1);
        const other = startProcess(ledger.open(), clock);
        expect((await other.wake([plan], 'asked', GOING)).left).to.equal(1);
        // It stood still for longer than its claim held.
        clock.add(CLAIM_MS);
        expect((await other.wake([plan], 'asked', GOING)).done).to.equal(1);
        await slow.beat();
        expect(wasStopped).to.equal(true);
        finish();
        expect(await woken).to.deep.equal({ done: 0, failed: 0, left: 1 });
        expect(slow.events.map(event => event.kind)).to.deep.equal(['begun', 'lost']);
        const { runs } = foldRuns(await ledger.open().entries('run', 'monthly'));
        expect(runs.get('2026-01')).to.include({ state: 'done', tries: 2 });
      });

      it('what may pass by itself is tried three times with growing pauses, then told, and tried again later', async () => {
        const clock = aClock('2026-02-01T06:00:00Z');
        const plan = aPlan({ validFrom: '2026-02-01' });
        let fails = true;
        const process = startProcess(ledger.open(), clock, async () => {
          if (fails) throw Object.assign(new Error('/secret/path'), { code: 'ENOTDIR' });
          return DONE;
        });
        expect((await process.wake([plan], 'time', GOING)).failed).to.equal(1);
        expect(process.carried).to.have.length(3);
        expect(process.pauses).to.deep.equal([1_000, 5_000]);
        const [left] = (await statusOf(clock, plan)).left;
        expect(left?.state).to.equal('failed');
        expect(left?.run?.failure).to.deep.equal({ code: 'ENOTDIR', message: 'the system refused' });
        // Not at every wake of the clock …
        clock.add(HOUR_MS / 2);
        await process.wake([plan], 'time', GOING);
        expect(process.carried).to.have.length(3);
        // … but after an hour, and then after two; or when somebody asks.
        clock.add(HOUR_MS / 2);
        await process.wake([plan], 'time', GOING);
        expect(process.carried).to.have.length(6);
        clock.add(HOUR_MS);
        await process.wake([plan], 'time', GOING);
        expect(process.carried).to.have.length(6);
        fails = false;
        expect((await process.wake([plan], 'asked', GOING)).done).to.equal(1);
        expect((await statusOf(clock, plan)).left).to.deep.equal([]);
      });

      it('what cannot pass by itself is tried once a time, at most once a day, and keeps no other run from its turn', async () => {
        const clock = aClock('2026-03-01T06:00:00Z');
        const refused = new GranskaError('CHECK_FAILED', 'the month is not complete');
        const process = startProcess(ledger.open(), clock, async (_plan, period) => {
          if (period === '2026-01') throw refused;
          return DONE;
        });
        const plan = aPlan({ validFrom: '2026-02-01' });
        expect(await process.wake([plan], 'time', GOING)).to.deep.equal({ done: 1, failed: 1, left: 0 });
        expect(process.carried).to.deep.equal(['monthly/2026-01', 'monthly/2026-02']);
        expect(process.pauses).to.deep.equal([]);
        for (let hour = 0; hour < 20 * 24; hour++) {
          clock.add(HOUR_MS);
          await process.wake([plan], 'time', GOING);
        }
        // After 1, 2, 4, 8 and 16 hours, and then once a day.
        expect(process.carried.length).to.be.within(24, 28);
        const [left] = (await statusOf(clock, plan)).left;
        expect(left?.run?.failure?.message).to.equal('the month is not complete');
        expect(left!.run!.againMs - clock.nowMs()).to.be.at.most(DAY_MS);
      });

      it('a signal lets the run go on that is going, or gives it back, and begins no other', async () => {
        const clock = aClock('2026-03-01T06:00:00Z');
        const plan = aPlan({ validFrom: '2026-02-01' });
        const stop = new AbortController();
        const drained = startProcess(ledger.open(), clock, async () => {
          stop.abort();
          return DONE;
        });
        expect(await drained.wake([plan], 'time', stop.signal)).to.deep.equal({
          done: 1,
          failed: 0,
          left: 1,
        });
        const halt = new AbortController();
        const halted = startProcess(ledger.open(), clock, async () => {
          halt.abort();
          throw new GranskaError('STORE', 'the store went away');
        });
        expect(await halted.wake([plan], 'time', halt.signal)).to.deep.equal({ done: 0, failed: 0, left: 1 });
        expect(halted.events.map(event => event.kind)).to.deep.equal(['begun', 'released']);
        // Nobody waits for a claim that was given back.
        const next = startProcess(ledger.open(), clock);
        expect((await next.wake([plan], 'time', GOING)).done).to.equal(1);
        expect(next.carried).to.deep.equal(['monthly/2026-02']);
      });

      it('one plan whose lines cannot be read keeps no other from its turn, and is told', async () => {
        const clock = aClock('2026-02-01T06:00:00Z');
        const desk = ledger.open();
        await desk.append({ kind: 'run', key: 'odd', seq: 1, atMs: 0, by: 'x', body: { what: 'later' } });
        const process = startProcess(desk, clock);
        const plans = [aPlan({ id: 'odd' }), aPlan({ validFrom: '2026-02-01' })];
        const thrown = await process.wake(plans, 'time', GOING).catch((error: unknown) => error);
        expect(thrown).to.be.instanceOf(GranskaError).with.property('code', 'DAMAGED');
        expect(process.carried).to.deep.equal(['monthly/2026-01']);
      });
    });
  }
});
