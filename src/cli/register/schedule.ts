// What the command line has of schedules: carrying out what is due, and how it stands.
import { runSchedule } from '../commands/schedule.ts';
import { runScheduleAgain } from '../commands/schedule-again.ts';
import { runScheduleStatus } from '../commands/schedule-status.ts';
import { createReportMaker } from '../report-maker.ts';
import type { ProgramContext } from './program-context.ts';

/** Adds `schedule` and `schedule status`. */
export function registerSchedule({ program, io, signal, app, done }: ProgramContext): void {
  const schedule = program
    .command('schedule')
    .description('carry out review plans and deliveries when they are due, until SIGINT or SIGTERM')
    .option('--once', 'do what is due, and end; exit 1 where a run failed', false)
    .action(async (options: { once: boolean }) => {
      done(await runSchedule(options, { app: app(), reports: createReportMaker(app), signal }, io));
    });
  schedule
    .command('status')
    .description('tell what was done last, what comes next, and what failed and why')
    .option('--json', 'print one JSON object', false)
    .action(async (options: { json: boolean }) => {
      done(await runScheduleStatus(options, app(), io));
    });
  schedule
    .command('again <delivery>')
    .description('deliver a month once more, after a correction: the next look does it')
    .requiredOption('--period <month>', 'which month, such as 2026-10')
    .action(async (delivery: string, { period }: { period: string }) => {
      done(await runScheduleAgain({ delivery, period }, app(), io));
    });
}
