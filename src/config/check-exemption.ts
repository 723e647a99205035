// check-exemption: the rules for one exemption (§5.3). Messages never repeat a user's or an approver's name.
import type { z } from 'zod';
import { canonicalSite } from '../policy/canonical-site.ts';
import type { DirectoryEntry } from '../ports/directory.ts';
import { suggest } from '../words/nearest.ts';
import type { PolicyContext } from './policy-context.ts';
import type { exemptionSchema } from './policy-schema.ts';
import type { Path, ReportOptions, YamlFile } from './yaml-file.ts';

/** What is valid of one exemption; what is missing or wrong the schema has reported. */
type Rule = Partial<z.output<typeof exemptionSchema>>;

/** What an exemption is checked against: the policy's context and the names that the policy itself has. */
export interface ExemptionContext extends PolicyContext {
  categories: readonly string[];
  roles: readonly string[];
}

/** One exemption under check. */
interface Subject {
  rule: Rule;
  context: ExemptionContext;
  /** Tells whether a key was written, rightly or wrongly. */
  isGiven(key: string): boolean;
  report(path: Path, message: string, options?: ReportOptions): void;
}

/** Department of whoever has none: always known. */
const UNASSIGNED = 'unassigned';

/** Checks one exemption, as far as its parts are valid by themselves. */
export function checkExemption(
  file: YamlFile,
  input: { index: number; rule: Rule; context: ExemptionContext; isGiven(key: string): boolean },
): void {
  const { index, rule, context, isGiven } = input;
  const subject: Subject = {
    rule,
    context,
    isGiven,
    report: (path, message, options) => file.report(['exemptions', index, ...path], message, options),
  };
  checkDates(subject);
  checkScope(subject);
  checkCategories(subject);
  checkRoles(subject);
  checkDepartments(subject);
  checkUsers(subject);
  checkSites(subject);
  checkApprovers(subject);
}

function checkDates({ rule, report }: Subject): void {
  if (rule.validFrom === undefined) return;
  if (rule.validThrough !== undefined && rule.validThrough < rule.validFrom) {
    report(['validThrough'], 'lies before validFrom', {
      hint: 'it is the last day that counts, itself included (t.o.m.)',
    });
  }
  if (rule.decided !== undefined && rule.decided > rule.validFrom) {
    report(['validFrom'], 'lies before the decision: it also covers earlier visits', {
      hint: 'those that were judged already keep their verdict',
      severity: 'warning',
    });
  }
}

function checkScope({ isGiven, report }: Subject): void {
  if (['users', 'roles', 'departments'].some(isGiven)) return;
  report([], 'covers nobody', { hint: 'name at least one of users, roles and departments' });
}

function checkCategories({ rule, context, report }: Subject): void {
  for (const [index, category] of (rule.categories ?? []).entries()) {
    if (context.categories.includes(category)) continue;
    report(['categories', index], 'the policy has no such category', {
      hint: suggest(category, context.categories),
    });
  }
}

function checkRoles({ rule, context, report }: Subject): void {
  for (const [index, role] of (rule.roles ?? []).entries()) {
    if (context.roles.includes(role)) continue;
    report(['roles', index], 'the policy has no such role', {
      hint: context.roles.length === 0 ? 'add it under roles' : suggest(role, context.roles),
    });
  }
  if (rule.roles !== undefined && context.directory === null) {
    report(['roles'], 'roles come from the directory, and there is none: nobody has them', {
      hint: 'set directory in granska.yaml',
      severity: 'warning',
      at: 'key',
    });
  }
}

function checkDepartments({ rule, context, report }: Subject): void {
  if (rule.departments === undefined) return;
  const known = new Set([...context.departments, UNASSIGNED]);
  if (known.size === 1 && rule.departments.some(department => department !== UNASSIGNED)) {
    report(
      ['departments'],
      'no directory, networks or departments file names a department: nobody is in one',
      {
        hint: 'set directory, networks or departments in granska.yaml',
        severity: 'warning',
        at: 'key',
      },
    );
    return;
  }
  for (const [index, department] of rule.departments.entries()) {
    if (!known.has(department)) {
      report(['departments', index], 'there is no such department', { hint: suggest(department, known) });
      continue;
    }
    const below = childrenOf(department, context);
    if (below.some(child => !rule.departments!.includes(child))) {
      report(['departments', index], 'does not cover the departments below it', {
        hint: 'name those as well if they are meant',
        severity: 'warning',
      });
    }
  }
}

function childrenOf(department: string, { directory }: ExemptionContext): string[] {
  const all = directory?.departments() ?? [];
  return all.filter(item => item.parent === department).map(item => item.department);
}

function checkUsers({ rule, context, report }: Subject): void {
  for (const [index, user] of (rule.users ?? []).entries()) {
    const name = context.canonicalName(user);
    if (name === '') {
      report(['users', index], 'stands for nobody by the identity rules');
      continue;
    }
    if (context.directory === null) continue;
    if (entriesOf(name, context).some(entry => overlaps(entry, rule, context))) continue;
    report(['users', index], 'the directory has no such user in that time', {
      hint: 'see whether the name is written as in the directory',
      severity: 'warning',
    });
  }
  if (rule.users !== undefined && rule.tenant === undefined && context.tenants.length > 1) {
    report(['users'], 'there is more than one organization, and a name may be used in each', {
      hint: 'add tenant to say which one is meant',
      severity: 'warning',
      at: 'key',
    });
  }
  if (rule.tenant !== undefined && !context.tenants.includes(rule.tenant)) {
    report(['tenant'], 'there is no such organization', { hint: suggest(rule.tenant, context.tenants) });
  }
}

function checkSites({ rule, context, report }: Subject): void {
  for (const [index, site] of (rule.sites ?? []).entries()) {
    const host = canonicalSite(site);
    if (host === '') {
      report(['sites', index], 'is not a host or an address', {
        hint: 'write the host alone, such as example.com, without scheme, port and path',
      });
    } else if (context.isPublicSuffix(host)) {
      report(['sites', index], 'is a public suffix: it would cover every site under it', {
        hint: 'name the sites',
      });
    }
  }
}

function checkApprovers(subject: Subject): void {
  const { rule, context, report } = subject;
  if (rule.approvers === undefined) return;
  const approvers = rule.approvers.map(context.canonicalName);
  const forbidden = (rule.categories ?? []).filter(
    name => context.taxonomy?.categories[name]?.class === 'forbidden',
  );
  if (forbidden.length > 0 && new Set(approvers).size < 2) {
    report(
      ['approvers'],
      `the category ${forbidden[0]} is of class forbidden: two different approvers are needed`,
    );
  }
  const covered = new Set((rule.users ?? []).map(context.canonicalName));
  for (const [index, approver] of approvers.entries()) {
    const path = ['approvers', index];
    if (approver === '') report(path, 'stands for nobody by the identity rules');
    else if (approvers.indexOf(approver) < index) report(path, 'is the same person as another approver');
    else if (covered.has(approver)) reportCovered(subject, index, 'by name');
    else checkInDirectory(subject, index, approver);
  }
}

function checkInDirectory(subject: Subject, index: number, approver: string): void {
  const { rule, context, report } = subject;
  if (context.directory === null) return;
  const entries = entriesOf(approver, context);
  if (entries.length === 0) {
    report(['approvers', index], 'is not in the directory: roles and department could not be compared', {
      severity: 'warning',
    });
    return;
  }
  const then = entries.filter(entry => overlaps(entry, rule, context));
  if (then.some(entry => entry.roles.some(role => rule.roles?.includes(role)))) {
    reportCovered(subject, index, 'by role');
  } else if (then.some(entry => rule.departments?.includes(entry.department))) {
    reportCovered(subject, index, 'by department');
  }
}

function reportCovered({ report }: Subject, index: number, how: string): void {
  report(['approvers', index], `is covered by the exemption ${how} at some time of its validity`, {
    hint: 'nobody approves an exemption for themselves: let another person approve it',
  });
}

function entriesOf(name: string, { directory, tenants }: ExemptionContext): readonly DirectoryEntry[] {
  return tenants.flatMap(tenant => directory?.entries(tenant, name) ?? []);
}

function overlaps(entry: DirectoryEntry, rule: Rule, { zone }: ExemptionContext): boolean {
  const fromMs = rule.validFrom === undefined ? -Infinity : zone.startOfDayMs(rule.validFrom);
  const toMs =
    rule.validThrough === undefined ? Infinity : zone.startOfDayMs(zone.nextDay(rule.validThrough));
  return entry.fromMs < toMs && entry.toMs > fromMs;
}
