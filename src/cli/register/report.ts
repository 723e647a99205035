// What the command line has of reports.
import type { ProgramContext } from './program-context.ts';
import { registerReportHr } from './report-hr.ts';
import { registerReportStatistics } from './report-statistics.ts';

/** Adds `granska report` and what can be reported. */
export function registerReport(context: ProgramContext): void {
  const report = context.program
    .command('report')
    .description('make what people are given: counts of a month');
  registerReportHr(report, context);
  registerReportStatistics(report, context);
}
