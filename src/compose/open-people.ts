// The files that say who is who → people, networks, departments and leases, with every mistake and warning in them.
import { openDirectory } from '../adapters/directory/csv.ts';
import { openIntervals } from '../adapters/directory/intervals/open-intervals.ts';
import type { Config } from '../config/config.ts';
import { sortProblems } from '../config/problem.ts';
import type { Clock } from '../ports/clock.ts';
import { deliveryWarnings } from './deliveries.ts';
import type { OpenedPeople } from './installation.ts';

export interface OpenPeopleOptions {
  clock: Clock;
  /** Names a file in a message as its user would. */
  shown(path: string): string;
}

/** Opens them all. Mistakes are in `problems`; rows that have one are left out. */
export async function openPeople(config: Config, { clock, shown }: OpenPeopleOptions): Promise<OpenedPeople> {
  const by = { tenant: config.organization, zone: config.zone, identity: config.identity, shown };
  const { directoryFile, networksFile, departmentsFile } = config;
  const opened = await openDirectory({ directoryFile, networksFile, departmentsFile, ...by });
  const leases = await openIntervals({ files: config.intervalFiles, ...by });
  const warnings = deliveryWarnings(config, { clock, shown });
  const problems = [...opened.problems, ...(leases?.problems ?? []), ...warnings];
  return { ...opened, leases, problems: sortProblems(problems) };
}
