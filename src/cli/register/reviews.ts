// What the command line has of reviews.
import type { ProgramContext } from './program-context.ts';

export function registerReviews(_context: ProgramContext): void {}
