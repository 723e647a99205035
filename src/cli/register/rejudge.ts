// What the command line has of rejudge.
import type { ProgramContext } from './program-context.ts';

export function registerRejudge(_context: ProgramContext): void {}
