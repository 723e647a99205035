// How old the directory is, told while a worker runs: always in a number, and in words once it is too old (§3.3).
import type { Config } from '../config/config.ts';
import type { Clock } from '../ports/clock.ts';
import type { Health, Telemetry } from '../ports/telemetry.ts';
import { deliveryAge } from './deliveries.ts';

const DAY_MS = 86_400_000;

export interface AgeTellerOptions {
  /** Gives the configuration that is in force. */
  config(): Config;
  clock: Clock;
  telemetry: Pick<Telemetry, 'directoryAge' | 'log'>;
  health: Pick<Health, 'raise' | 'clear'>;
}

/** Makes what looks at the last delivery and tells how old it is; an old one raises an alarm once. */
export function createAgeTeller({ config, clock, telemetry, health }: AgeTellerOptions): () => void {
  let isTold = false;
  return () => {
    const { ageMs, isOld } = deliveryAge(config(), clock.nowMs());
    telemetry.directoryAge(ageMs);
    if (isOld && !isTold) {
      health.raise('directory-old');
      telemetry.log('warn', 'directory-old', { days: Math.floor(ageMs! / DAY_MS) });
    }
    if (!isOld) health.clear('directory-old');
    isTold = isOld;
  };
}
