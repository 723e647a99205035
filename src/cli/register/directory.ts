// What the command line has of directory.
import type { ProgramContext } from './program-context.ts';

export function registerDirectory(_context: ProgramContext): void {}
