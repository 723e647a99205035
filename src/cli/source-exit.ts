import { type ErrorCode, EXIT, type ExitCode } from '../errors.ts';
import type { OriginEnd } from '../ports/source.ts';

/** Writes what failed with one origin as every error is written: what happened, and its code. */
export function describeFailure(failure: NonNullable<OriginEnd['failure']>): string {
  return `granska: ${failure.message} [${codeOf(failure)}]`;
}

function codeOf({ code }: NonNullable<OriginEnd['failure']>): ErrorCode {
  return code === 'damaged' || code === 'disagrees' ? 'DAMAGED' : 'SOURCE';
}

/** Says how a run ends whose origins failed like this: damaged before missing. */
export function exitOf(failures: readonly OriginEnd['failure'][]): ExitCode {
  const codes = failures.map(failure => failure?.code);
  if (codes.includes('damaged') || codes.includes('disagrees')) return EXIT.damaged;
  return codes.length > 0 ? EXIT.unreachable : EXIT.done;
}
