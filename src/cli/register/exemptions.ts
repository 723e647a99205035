// What the command line has of exemptions.
import type { ProgramContext } from './program-context.ts';

export function registerExemptions(_context: ProgramContext): void {}
