// What the command line has of cases.
import type { ProgramContext } from './program-context.ts';

export function registerCases(_context: ProgramContext): void {}
