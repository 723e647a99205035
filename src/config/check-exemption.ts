// check-exemption: the rules for one exemption (§5.3). Messages never repeat a user's or an approver's name.
import { canonicalSite } from '../policy/canonical-site.ts';
import { namesSomebody } from '../subject/names-somebody.ts';
import { suggest } from '../words/nearest.ts';
import { checkApprovers } from './check-approvers.ts';
import {
  type ExemptionContext,
  type ExemptionParts,
  entriesOf,
  overlaps,
  severityOfMisfit,
} from './exemption-parts.ts';
import type { Path, ReportOptions, YamlFile } from './yaml-file.ts';

/** One exemption under check. */
interface Subject {
  rule: ExemptionParts;
  context: ExemptionContext;
  /** Tells whether a key was written, rightly or wrongly. */
  isGiven(key: string): boolean;
  report(path: Path, message: string, options?: ReportOptions): void;
}

/** Department of whoever has none: always known. */
const UNASSIGNED = 'unassigned';

/** Checks one exemption, which stands at `at`, as far as its parts are valid by themselves. */
export function checkExemption(
  file: Pick<YamlFile, 'report'>,
  input: { at: Path; rule: ExemptionParts; context: ExemptionContext; isGiven(key: string): boolean },
): void {
  const { at, rule, context, isGiven } = input;
  const subject: Subject = {
    rule,
    context,
    isGiven,
    report: (path, message, options) => file.report([...at, ...path], message, options),
  };
  checkDates(subject);
  checkScope(subject);
  checkCategories(subject);
  checkRoles(subject);
  checkDepartments(subject);
  checkUsers(subject);
  checkSites(subject);
  checkReasons(subject);
  checkApprovers(subject);
}

function checkDates({ rule, report, isGiven }: Subject): void {
  if (rule.validFrom === undefined) return;
  if (rule.validThrough !== undefined && rule.validThrough < rule.validFrom) {
    report(['validThrough'], 'lies before validFrom', {
      hint: 'it is the last day that counts, itself included (t.o.m.)',
    });
  }
  const isLate = rule.decided !== undefined && rule.decided > rule.validFrom;
  if (isLate && !isGiven('retroactive')) checkLate(rule, report);
  if (!isLate && rule.retroactive !== undefined) {
    report(['retroactive'], 'has no effect: the exemption does not begin before its decision', {
      hint: 'give decided, the day of the decision, or remove retroactive',
      severity: 'warning',
      at: 'key',
    });
  }
}

/** Warns where visits before the decision might be thought to be covered. */
function checkLate({ decided, validThrough }: ExemptionParts, report: Subject['report']): void {
  if (decided !== undefined && validThrough !== undefined && validThrough < decided) {
    report(['validThrough'], 'lies before the decision: it covers nothing unless it is retroactive', {
      hint: 'add retroactive (its reason and approvers), or let it hold longer',
      severity: 'warning',
    });
    return;
  }
  report(
    ['validFrom'],
    'lies before the decision: visits before that are not covered unless it is retroactive',
    {
      hint: 'add retroactive (its reason and approvers), or let it begin with the day of the decision',
      severity: 'warning',
    },
  );
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
      severity: severityOfMisfit(context),
    });
  }
}

function checkRoles({ rule, context, report }: Subject): void {
  for (const [index, role] of (rule.roles ?? []).entries()) {
    if (context.roles.includes(role)) continue;
    report(['roles', index], 'the policy has no such role', {
      hint: context.roles.length === 0 ? 'add it under roles' : suggest(role, context.roles),
      severity: severityOfMisfit(context),
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
      report(['departments', index], 'there is no such department', {
        hint: suggest(department, known),
        severity: severityOfMisfit(context),
      });
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
    report(['tenant'], 'there is no such organization', {
      hint: suggest(rule.tenant, context.tenants),
      severity: severityOfMisfit(context),
    });
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
        severity: severityOfMisfit(context),
      });
    }
  }
}

/** A reason is shown beside the pseudonyms of those whom the exemption covers: a name in it would tell who they are. */
function checkReasons({ rule, context, report }: Subject): void {
  const { directory, tenants, canonicalName, isDecided } = context;
  if (directory === null) return;
  const has = (tenant: string, name: string) => directory.entries(tenant, name).length > 0;
  const reasons: [Path, string | undefined][] = [
    [['reason'], rule.reason],
    [['retroactive', 'reason'], rule.retroactive?.reason],
  ];
  for (const [path, reason] of reasons) {
    if (reason === undefined || !namesSomebody(reason, { tenants, canonicalName, has })) continue;
    report(path, 'names somebody of the directory, and is shown beside pseudonyms', {
      hint: 'leave out names, and words that are an account',
      // What is being decided in the product can still be worded otherwise.
      severity: isDecided === false ? 'error' : 'warning',
    });
  }
}
