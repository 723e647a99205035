// What is shown of an exemption: whom and what it covers in numbers and words, and where it stands. Never a name: who may
// read the names reads the file.
import type { PlacedExemption } from '../config/placed-exemptions.ts';
import { coversFrom } from '../policy/covers-from.ts';
import type { WrittenExemption } from '../policy/decisions.ts';
import { counted } from './numbers.ts';

/** How an exemption stands on a day. */
export type ExemptionState = 'inForce' | 'coming' | 'ended' | 'neverBegan';

/** What `exemptions list --json` has of one. */
export interface ExemptionJson {
  id: string;
  state: ExemptionState;
  tenant: string | null;
  categories: readonly string[];
  /** How many are named. */
  users: number;
  roles: readonly string[];
  departments: readonly string[];
  sites: number | null;
  weekdays: readonly string[] | null;
  hours: string | null;
  caseNumber: string;
  approvers: number;
  decided: string | null;
  retroactive: boolean;
  validFrom: string;
  coversFrom: string;
  validThrough: string;
  file: string;
  line: number;
  decision: number | null;
}

/** Tells how an exemption stands on a day. */
export function stateOf({ exemption, isVoid }: PlacedExemption, day: string): ExemptionState {
  if (isVoid) return 'neverBegan';
  if (exemption.validThrough < day) return 'ended';
  return coversFrom(exemption) > day ? 'coming' : 'inForce';
}

/** Gives what is told of an exemption as JSON. */
export function exemptionJson(placed: PlacedExemption, day: string): ExemptionJson {
  const { exemption, file, line, decision } = placed;
  return {
    id: exemption.id,
    state: stateOf(placed, day),
    tenant: exemption.tenant ?? null,
    categories: exemption.categories,
    users: exemption.users?.length ?? 0,
    roles: exemption.roles ?? [],
    departments: exemption.departments ?? [],
    sites: exemption.sites?.length ?? null,
    weekdays: exemption.weekdays ?? null,
    hours: exemption.hours ?? null,
    caseNumber: exemption.caseNumber,
    approvers: exemption.approvers.length,
    decided: exemption.decided ?? null,
    retroactive: exemption.retroactive !== undefined,
    validFrom: exemption.validFrom,
    coversFrom: coversFrom(exemption),
    validThrough: exemption.validThrough,
    ...{ file, line, decision },
  };
}

/** The heads of the columns of `exemptionCells`. */
export const EXEMPTION_COLUMNS = ['id', 'covers', 'of whom', 'from', 'through', 'case', 'stands in'] as const;

/** Gives an exemption as cells of a table. */
export function exemptionCells(placed: PlacedExemption, day: string): string[] {
  const { exemption, file, line, decision } = placed;
  const state = STATES[stateOf(placed, day)];
  return [
    exemption.id,
    exemption.categories.join(', ') + limitsText(exemption),
    scopeText(exemption),
    coversFrom(exemption),
    `${exemption.validThrough}${state === '' ? '' : ` (${state})`}`,
    exemption.caseNumber,
    decision === null ? `${file}:${line}` : `decision ${decision}`,
  ];
}

const STATES: Readonly<Record<ExemptionState, string>> = {
  inForce: '',
  coming: 'coming',
  ended: 'ended',
  neverBegan: 'never began',
};

function limitsText({ sites, weekdays, hours }: WrittenExemption): string {
  const limits: string[] = [];
  if (sites !== undefined) limits.push(`on ${counted(sites.length, 'site')}`);
  if (weekdays !== undefined) limits.push(`on ${counted(weekdays.length, 'weekday')}`);
  if (hours !== undefined) limits.push(hours);
  return limits.length === 0 ? '' : ` (${limits.join(', ')})`;
}

function scopeText({ users = [], roles = [], departments = [] }: WrittenExemption): string {
  const parts = [...roles, ...departments];
  if (users.length > 0) parts.push(counted(users.length, 'named user'));
  return parts.join(', ');
}
