// The deliveries of the configured directory, and how old the last one is.

import { osAccount } from '../adapters/audit/os-account.ts';
import { createDeliveries } from '../adapters/directory/deliveries.ts';
import { readDeliveryLog } from '../adapters/directory/delivery-log.ts';
import { deliveryAgeMs } from '../adapters/directory/directory-status.ts';
import type { Config } from '../config/config.ts';
import type { Problem } from '../config/problem.ts';
import { GranskaError } from '../errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { Deliveries } from '../ports/deliveries.ts';

const DAY_MS = 86_400_000;

export interface DeliveryOptions {
  clock: Clock;
  /** Names a file in a message as its user would. */
  shown(path: string): string;
}

/** Opens the deliveries; throws CONFIG where no directory is configured. */
export function openDeliveries(config: Config, { clock, shown }: DeliveryOptions): Deliveries {
  const { directoryFile, departmentsFile, organization: tenant, zone, identity, delivery } = config;
  if (directoryFile === null) {
    throw new GranskaError('CONFIG', 'no directory is configured', {
      hint: 'name its file in granska.yaml: directory: directory.csv',
    });
  }
  const files = { directoryFile, departmentsFile, shown };
  return createDeliveries({
    ...{ ...files, ...delivery, tenant, zone, identity },
    account: osAccount(),
    nowMs: () => clock.nowMs(),
  });
}

/** How old what the directory says is. */
export interface DeliveryAge {
  /** Null where no delivery was ever imported: a directory kept by hand has no age. */
  ageMs: number | null;
  isOld: boolean;
}

/** Tells how old the last delivery is, and whether that raises an alarm. */
export function deliveryAge({ directoryFile, zone, delivery }: Config, nowMs: number): DeliveryAge {
  const ageMs = deliveryAgeMs(directoryFile, zone, nowMs);
  return { ageMs, isOld: ageMs !== null && ageMs > delivery.maxAgeDays * DAY_MS };
}

/** Warns of an old delivery, and of a log of deliveries that is not whole. */
export function deliveryWarnings(config: Config, { clock, shown }: DeliveryOptions): Problem[] {
  const { directoryFile, delivery } = config;
  if (directoryFile === null) return [];
  const about = { file: shown(directoryFile), line: 0, column: 0, key: '', severity: 'warning' } as const;
  const problems: Problem[] = [];
  const { brokenLine } = readDeliveryLog(directoryFile);
  if (brokenLine !== null) {
    const message = `line ${brokenLine} of the log of its deliveries does not fit the one before it`;
    problems.push({ ...about, message, hint: 'granska directory status tells more' });
  }
  const { ageMs, isOld } = deliveryAge(config, clock.nowMs());
  if (isOld) {
    problems.push({
      ...about,
      message: `its last delivery is ${Math.floor(ageMs! / DAY_MS)} days old, more than ${delivery.maxAgeDays}`,
      hint: 'import a new one: granska directory import FILE',
    });
  }
  return problems;
}
