// Sealed texts that a retry could not do anything with: why, in words, and how the command ends.
import { EXIT, type ExitCode } from '../errors.ts';
import type { LeftBecause } from '../pipeline/retry/retry.ts';

/** A sealed text that was left as it is. */
export interface Left {
  file: string;
  because: LeftBecause;
}

const WORDS: Readonly<Record<LeftBecause, string>> = {
  missing: 'its text is gone; what is known of it is forgotten in time',
  'other-key': 'it is sealed for another key: name that one with --identity',
  damaged: 'its text is damaged',
  unfinished: 'a worker is not done with it yet, or what came before it is left too: try again later',
  versions:
    'an earlier retry broke off under lists, policy or directory that this machine does not have: run it where they are',
  'taken-over': 'another retry is at it',
};

/** Says why a text was left; its name is that of a stream and a position. */
export function describeLeft({ file, because }: Left): string {
  return `granska: ${file} was left as it is: ${WORDS[because]}\n`;
}

/** Says how a retry ends that left these: damaged before another key, and that before what may go better later. */
export function exitOfLeft(left: readonly Left[]): ExitCode {
  const reasons = new Set(left.map(text => text.because));
  if (reasons.has('damaged')) return EXIT.damaged;
  if (reasons.has('other-key')) return EXIT.usage;
  return reasons.size > 0 ? EXIT.unreachable : EXIT.done;
}
