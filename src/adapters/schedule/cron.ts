// What wakes a process at set times, over node-cron. In: schedules and a time zone; out: a call at about those times, and
// on every hour. Invariant: a wake is only a reason to look; what is due is known from the ledger. A wake that comes late,
// twice or not at all (a machine that slept, a clock that was set) costs at most an hour and never a run.
import { createTask, type ScheduledTask, type TaskOptions } from 'node-cron';

/** Failed runs are tried again, and what spring skipped is found. */
const EVERY_HOUR = '0 * * * *';

export interface WakerOptions {
  timezone: string;
  wake(): void;
}

export interface Waker {
  /** Sets the schedules that it wakes at, beside every hour. */
  set(schedules: readonly string[]): void;
  stop(): void;
}

/** Creates a waker; it wakes nobody before its schedules are set. */
export function createWaker({ timezone, wake }: WakerOptions): Waker {
  const tasks = new Map<string, ScheduledTask>();
  // Its own words would stand between lines of the log; that a wake was late does not matter here.
  const options: TaskOptions = { timezone, logger: SILENT, suppressMissedWarning: true, noOverlap: true };

  function remove(schedule: string): void {
    void tasks.get(schedule)?.destroy();
    tasks.delete(schedule);
  }

  return {
    set(schedules) {
      const wanted = new Set([...schedules, EVERY_HOUR]);
      for (const schedule of [...tasks.keys()]) if (!wanted.has(schedule)) remove(schedule);
      for (const schedule of wanted) {
        if (tasks.has(schedule)) continue;
        const task = createTask(schedule, () => wake(), options);
        tasks.set(schedule, task);
        void task.start();
      }
    },
    stop() {
      for (const schedule of [...tasks.keys()]) remove(schedule);
    },
  };
}

const SILENT: NonNullable<TaskOptions['logger']> = { info() {}, warn() {}, error() {}, debug() {} };
