// The policy file and the decisions made in the product → one compiled policy, what its tests can name, and where each of its
// exemptions stands. Invariant: a mistake in either leaves no policy, and never hides one in the other.
import { createHash } from 'node:crypto';
import { compilePolicy } from '../policy/compile.ts';
import { toRule } from '../policy/decisions.ts';
import type { Policy } from '../policy/policy.ts';
import type { Taxonomy } from '../policy/rules.ts';
import type { Clock } from '../ports/clock.ts';
import type { Directory } from '../ports/directory.ts';
import { createIdentity } from '../subject/identity.ts';
import { isPublicSuffix } from '../url/site.ts';
import { type CheckedDecisions, checkDecisions, type OpenedDecisions } from './check-decisions.ts';
import { checkPolicy, exemptionContext } from './check-policy.ts';
import type { KnownNames } from './check-tests.ts';
import type { Config } from './config.ts';
import { listNames } from './list-names.ts';
import { type Exemptions, placeExemptions } from './placed-exemptions.ts';
import { policySchema, toRules } from './policy-schema.ts';
import { hasErrors } from './problem.ts';
import { openFile, type Reading } from './reading.ts';
import { validate } from './validate.ts';
import { mapOf } from './yaml-file.ts';

/** People and places that a policy can speak of. */
export interface KnownPeople {
  directory: Directory | null;
  /** Departments and organizations that the networks name; the directory's own are asked of it. */
  departments?: readonly string[];
  tenants?: readonly string[];
}

/** What a policy is read with. */
export interface PolicyReading extends Reading {
  taxonomy: Taxonomy | null;
  opened: KnownPeople | null;
  decided: OpenedDecisions | null;
  clock: Clock | undefined;
}

/** A policy with what it is made of; a part is null where it had errors. */
export interface ReadPolicy {
  policy: Policy | null;
  /** What its tests can name. */
  known: KnownNames | null;
  exemptions: Exemptions | null;
}

/** Reads and compiles the policy. */
export function readPolicy(config: Config, input: PolicyReading): ReadPolicy {
  const { problems, taxonomy, opened } = input;
  const file = input.isNamed('policy') ? openFile(config.policyFile, input) : null;
  if (file === null) return { policy: null, known: null, exemptions: null };
  const data = validate(policySchema, file);
  const canonicalName = createIdentity(config.identity);
  const context = {
    taxonomy,
    lists: listNames(config.listDirs),
    zone: config.zone,
    today: input.clock && config.zone.dayOf(input.clock.nowMs()),
    directory: opened?.directory ?? null,
    ...knownPlaces(config, opened),
    canonicalName,
    isPublicSuffix,
  };
  checkPolicy(file, context);
  const decided =
    input.decided === null || file.isBroken
      ? null
      : checkDecisions(input.decided, {
          ...{ context: exemptionContext(file.data, context), policyIds: exemptionIds(file.data) },
        });
  const found = [...file.problems, ...(decided?.problems ?? [])];
  problems.push(...found);
  const known = data === null && file.isBroken ? null : namesOf(file.data, decided);
  if (data === null || taxonomy === null || hasErrors(found)) {
    return { policy: null, known, exemptions: null };
  }
  const exemptions = placeExemptions(file, data.exemptions, decided);
  const granted = exemptions.all.filter(item => item.decision !== null && !item.isVoid);
  const rules = toRules(data);
  const policy = compilePolicy({
    rules: { ...rules, exemptions: [...rules.exemptions, ...granted.map(item => toRule(item.exemption))] },
    taxonomy,
    zone: config.zone,
    canonicalName,
    sha256: text => createHash('sha256').update(text).digest('hex'),
  });
  return { policy, known, exemptions };
}

/** Names what the policy has, for its tests; null where it is no map of keys. */
function namesOf(data: unknown, decided: CheckedDecisions | null): KnownNames | null {
  if (data === null || typeof data !== 'object') return null;
  const granted = decided?.folded.exemptions.map(item => item.exemption.id) ?? [];
  return {
    categories: Object.keys(mapOf(mapOf(data).categories)),
    exemptions: [...exemptionIds(data), ...granted],
  };
}

function exemptionIds(data: unknown): Set<string> {
  const { exemptions } = mapOf(data);
  const ids = Array.isArray(exemptions) ? exemptions.map(item => mapOf(item).id) : [];
  return new Set(ids.filter(id => typeof id === 'string'));
}

/** Names the departments and organizations of an installation, the configured organization first. */
export function knownPlaces(
  config: Config,
  opened: KnownPeople | null,
): { departments: readonly string[]; tenants: readonly string[] } {
  const listed = opened?.directory?.departments() ?? [];
  const departments = [...listed.map(item => item.department), ...(opened?.departments ?? [])];
  const tenants = [config.organization, ...listed.map(item => item.tenant), ...(opened?.tenants ?? [])];
  return {
    departments: [...new Set(departments)],
    tenants: [...new Set(tenants)].filter(name => name !== ''),
  };
}
