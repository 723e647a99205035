// What the command line has of people.
import type { ProgramContext } from './program-context.ts';

export function registerPeople(_context: ProgramContext): void {}
