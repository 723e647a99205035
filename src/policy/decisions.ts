// Decisions that are made in the product: an exemption is granted, changed and ended, and each of these stays as it was.
// In a file they are lines of a chain (`audit/link.ts`); here they are data. `fold-decisions.ts` says what holds now.
import type { ExemptionRule } from './rules.ts';

/** Parts of an exemption that people leave out where they do not limit it or name nobody. */
type LeftOut = 'users' | 'roles' | 'departments' | 'sites' | 'weekdays' | 'hours';

/** An exemption as people write it, in `policy.yaml` and in a grant alike. */
export type WrittenExemption = Omit<ExemptionRule, LeftOut> & {
  [Key in LeftOut]?: NonNullable<ExemptionRule[Key]> | undefined;
};

/** What somebody decides. */
export type DecisionBody =
  | { kind: 'grant'; exemption: WrittenExemption }
  | {
      kind: 'change';
      id: string;
      validThrough?: string | undefined;
      reason?: string | undefined;
      caseNumber?: string | undefined;
      /** Who approved the change; those who are new are approvers of the exemption from then on. */
      approvers?: readonly string[] | undefined;
    }
  | { kind: 'end'; id: string; validThrough: string; reason: string };

/** A decision with its place, when it was made and by whom. */
export type Decision = DecisionBody & {
  /** Counted from 1: the line of the file. */
  seq: number;
  /** Local day on which it was made. */
  day: string;
  at: string;
  /** Account of the operating system. */
  by: string;
};

/** Makes a rule of an exemption as it is written. */
export function toRule(written: WrittenExemption): ExemptionRule {
  return {
    ...written,
    users: written.users ?? [],
    roles: written.roles ?? [],
    departments: written.departments ?? [],
    sites: written.sites ?? null,
    weekdays: written.weekdays ?? null,
    hours: written.hours ?? null,
  };
}
