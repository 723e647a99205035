// What judges, told to the operator. In: what the configuration says now (`versions.ts`), and what each of those who read
// lines judges by; out: log, number and warning.
// THE INVARIANT of a change while a worker runs, which this and `thread/follow-versions.ts` hold:
// 1. a window is judged, from its first line to its last, by the versions that its findings carry;
// 2. who reads takes nothing up but what this process has read too, content by content: a file that was half written, or
//    changed between two loads, is never judged by in one thread alone;
// 3. what is told is what those who read judge by: `configuration-reloaded` comes once all do, the number has a line for
//    each that differs, and `configuration-refused` stays for as long as anybody judges by something else than the files.
// Example: main reads V2, the reading thread meets a half-written file: still V1 in the number, and the warning; once the
// thread has V2: the log says so, the number is V2, the warning goes.
import type { WatchedHealth } from '../adapters/telemetry/health.ts';
import { faultOf, GranskaError } from '../errors.ts';
import type { Telemetry } from '../ports/telemetry.ts';
import type { Wanted } from './versions.ts';

export interface InForce {
  /** The configuration was read without a mistake. */
  loaded(): void;
  /** It was not; what was in force stays. */
  refused(error: unknown): void;
  /** Adds somebody who reads lines, and judges by this until it says otherwise. */
  join(judging: Wanted): JudgingMember;
}

/** One who reads lines. */
export interface JudgingMember {
  /** It judges by this from now on. */
  takes(judging: Wanted): void;
  /** It could not load what is wanted, and goes on as before. */
  refused(error: unknown): void;
  leave(): void;
}

export interface InForceOptions {
  wanted(): Wanted;
  telemetry: Telemetry;
  health: Pick<WatchedHealth, 'raise' | 'clear'>;
  /** Says something to the user, on stderr. */
  tell(text: string): void;
}

/** Creates what tells of a worker. Before anybody reads lines, what is wanted is what will judge. */
export function createInForce({ wanted, telemetry, health, tell }: InForceOptions): InForce {
  const members = new Map<JudgingMember, Wanted>();
  let told = wanted().judging;
  let isRefused = false;

  function settle(): void {
    const now = wanted();
    const all = members.size === 0 ? [now] : [...members.values()];
    telemetry.judgedBy(all.map(({ versions }) => versions));
    if (!all.every(({ judging }) => judging === now.judging)) return;
    if (!isRefused) health.clear('configuration-refused');
    if (told === now.judging) return;
    told = now.judging;
    telemetry.reloaded('ok');
    telemetry.log('info', 'configuration-reloaded', now.versions);
  }

  function refuse(error: unknown): void {
    telemetry.reloaded('refused');
    health.raise('configuration-refused');
    const code = error instanceof GranskaError ? error.code : 'SYSTEM';
    telemetry.log('error', 'configuration-refused', { code });
    const why = error instanceof GranskaError ? error.message : faultOf(error).kind;
    tell(`${why}\n  what was in force before stays; mend it, or see granska check`);
  }

  return {
    loaded() {
      isRefused = false;
      settle();
    },
    refused(error) {
      isRefused = true;
      refuse(error);
    },
    join(judging) {
      const member: JudgingMember = {
        takes(taken) {
          members.set(member, taken);
          settle();
        },
        refused: refuse,
        leave: () => void members.delete(member),
      };
      member.takes(judging);
      return member;
    },
  };
}
