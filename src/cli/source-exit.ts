import { EXIT, type ExitCode } from '../errors.ts';
import type { OriginEnd } from '../ports/source.ts';

/** Says how a run ends whose origins failed like this: damaged before missing. */
export function exitOf(failures: readonly OriginEnd['failure'][]): ExitCode {
  const codes = failures.map(failure => failure?.code);
  if (codes.includes('damaged') || codes.includes('disagrees')) return EXIT.damaged;
  return codes.length > 0 ? EXIT.unreachable : EXIT.done;
}
