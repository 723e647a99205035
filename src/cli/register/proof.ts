// What the command line has of proof.
import type { ProgramContext } from './program-context.ts';

export function registerProof(_context: ProgramContext): void {}
