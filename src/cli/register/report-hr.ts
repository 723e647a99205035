// What the command line has of the HR report.
import { type Command, Option } from 'commander';
import { type ReportHrOptions, runReportHr } from '../commands/report-hr.ts';
import type { ProgramContext } from './program-context.ts';

/** Adds `granska report hr`. */
export function registerReportHr(report: Command, { io, app, done }: ProgramContext): void {
  report
    .command('hr')
    .description(
      'make the report of a month for a head of administration: counts of visits, and rows only for cases that two people opened',
    )
    .requiredOption('--period <month>', 'which month, such as 2026-10')
    .option('--department <name>', 'one department with all below it; the whole organisation unless given')
    .addOption(
      new Option('--format <format>', 'how to print').choices(['html', 'pdf', 'json', 'csv']).default('html'),
    )
    .addOption(new Option('--lang <language>', 'language').choices(['sv', 'en']).default('sv'))
    .option('--out <file>', 'write to a file')
    .option('--allow-incomplete', 'issue a month of which lines may still come', false)
    .option('--correct', 'issue a correction of what was issued', false)
    .option('--reason <text>', 'why it is corrected, without any name')
    .action(async (options: ReportHrOptions) => {
      done(await runReportHr(options, app(), io));
    });
}
