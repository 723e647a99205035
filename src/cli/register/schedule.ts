// What the command line has of schedule.
import type { ProgramContext } from './program-context.ts';

export function registerSchedule(_context: ProgramContext): void {}
