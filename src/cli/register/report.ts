// What the command line has of report.
import type { ProgramContext } from './program-context.ts';

export function registerReport(_context: ProgramContext): void {}
