// What the command line has of visits.
import type { ProgramContext } from './program-context.ts';

export function registerVisits(_context: ProgramContext): void {}
