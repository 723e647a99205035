// compile: validated rules, taxonomy and time zone → the Policy that decides.
// In: data that `config/` has checked; out: half-open instants (§1.3), canonical names and sites, a content hash (§5.7).
// Invariant: the same content gives the same hash, whatever its comments, its order of keys or the file it came from.
// Example: `validThrough: 2026-03-29` in Stockholm ends at 2026-03-29T22:00Z, the first instant of the 30th.
import type { Zone } from '../calendar/zone.ts';
import { POPULATIONS, type Population } from '../model/subject.ts';
import { canonicalJson } from './canonical-json.ts';
import { canonicalSite } from './canonical-site.ts';
import { coversFrom } from './covers-from.ts';
import { parseHours } from './hours.ts';
import type { DatedStatute, Exemption, NameSet, Policy, PolicyCategory, PolicyContent } from './policy.ts';
import {
  type CategoryRule,
  type ExemptionRule,
  type Live,
  type PolicyRules,
  type Taxonomy,
  type TaxonomyCategory,
  WEEKDAYS,
} from './rules.ts';

export interface CompileOptions {
  rules: PolicyRules;
  taxonomy: Taxonomy;
  zone: Zone;
  /** Gives a user name its canonical form (the rules of the identity part). */
  canonicalName(raw: string): string;
  /** Hashes a text, hex. */
  sha256(text: string): string;
}

/** What content needs beside itself to become a policy. */
export interface ContentOptions {
  hash: string;
  zone: Zone;
  /** Makes the users of an exemption into a set that names are looked up in. */
  usersOf(rule: ExemptionRule): NameSet;
}

const DAY_MS = 86_400_000;

/** Compiles a policy. What the checks would have refused (an unknown category, a day that is none) is left out. */
export function compilePolicy(options: CompileOptions): Policy {
  const content = contentOf(options);
  const policy = compileContent(content, {
    hash: options.sha256(canonicalJson(content)),
    zone: options.zone,
    usersOf: rule => new Set(rule.users),
  });
  return { ...policy, live: options.rules.live };
}

/** Compiles content that is canonical already: that of a policy, or one that was kept of it. */
export function compileContent(content: PolicyContent, options: ContentOptions): Policy {
  const { zone } = options;
  const { rules, taxonomy } = content;
  const exemptions = rules.exemptions.map(rule => compileExemption(rule, options));
  const categories = new Map<string, PolicyCategory>();
  for (const [name, rule] of Object.entries(rules.categories)) {
    const known = taxonomy.categories[name];
    if (known === undefined) continue;
    const own = exemptions.filter(exemption => exemption.categories.has(name));
    categories.set(name, { ...compileCategory(rule, known, zone), name, exemptions: own });
  }
  const byList = listsOf(categories);
  const protectedLists = [...new Set(rules.protected.lists)];
  const mapped = [...new Set([...byList.keys(), ...protectedLists])].sort();
  const retainedDays = rules.retention?.findings?.days ?? null;
  const none: readonly string[] = [];

  return {
    hash: options.hash,
    // Versions that were kept by earlier programs do not say.
    live: rules.live ?? null,
    minimumConfidence: rules.minimumConfidence ?? 'lease',
    content,
    zone,
    reviewed: new Set(rules.reviewed),
    smallGroup: rules.smallGroup,
    categories,
    exemptions: new Map(exemptions.map(exemption => [exemption.id, exemption])),
    protectedLists,
    roles: rules.roles,
    thresholds: rules.thresholds,
    retention: rules.retention,
    categoriesOf: list => byList.get(list) ?? none,
    mappedLists: () => mapped,
    oldestMs: nowMs =>
      retainedDays === null ? null : zone.startOfDayMs(zone.dayOf(nowMs - retainedDays * DAY_MS)),
  };
}

/** Gathers all that can change a verdict, with names and sites in their canonical form. */
function contentOf({ rules, taxonomy, zone, canonicalName }: CompileOptions): PolicyContent {
  const used = Object.keys(rules.categories).filter(name => Object.hasOwn(taxonomy.categories, name));
  return {
    version: 1,
    timezone: zone.name,
    rules: {
      ...rules,
      live: withoutContact(rules.live),
      exemptions: rules.exemptions.map(rule => ({
        ...rule,
        users: rule.users.map(canonicalName).filter(isGiven),
        approvers: rule.approvers.map(canonicalName).filter(isGiven),
        ...(rule.retroactive === undefined
          ? {}
          : {
              retroactive: {
                ...rule.retroactive,
                approvers: rule.retroactive.approvers.map(canonicalName).filter(isGiven),
              },
            }),
        sites: rule.sites === null ? null : rule.sites.map(canonicalSite).filter(isGiven),
      })),
    },
    taxonomy: {
      categories: Object.fromEntries(used.map(name => [name, taxonomy.categories[name]!])),
    },
  };
}

/** Leaves out what only the notice says: it judges nothing, and versions are kept without names. */
function withoutContact(live: Live | null): Live | null {
  if (live === null) return null;
  const { from, notice, negotiation } = live;
  return { from, notice, negotiation };
}

function isGiven(text: string): boolean {
  return text !== '';
}

function compileExemption(rule: ExemptionRule, { zone, usersOf }: ContentOptions): Exemption {
  return {
    id: rule.id,
    tenant: rule.tenant ?? null,
    categories: new Set(rule.categories),
    users: usersOf(rule),
    roles: new Set(rule.roles),
    departments: new Set(rule.departments),
    sites: rule.sites,
    weekdays: rule.weekdays === null ? null : new Set(rule.weekdays.map(day => WEEKDAYS.indexOf(day) + 1)),
    hours: rule.hours === null ? null : parseHours(rule.hours),
    reason: rule.reason,
    caseNumber: rule.caseNumber,
    approvers: rule.approvers,
    decided: rule.decided ?? null,
    isRetroactive: rule.retroactive !== undefined,
    validFrom: rule.validFrom,
    validThrough: rule.validThrough,
    fromMs: startOf(coversFrom(rule), zone),
    toMs: endOf(rule.validThrough, zone),
  };
}

function compileCategory(
  rule: CategoryRule,
  known: TaxonomyCategory,
  zone: Zone,
): Omit<PolicyCategory, 'name' | 'exemptions'> {
  const statutes: DatedStatute[] = known.statutes.map(statute => ({
    ...statute,
    fromMs: startOf(statute.validFrom, zone),
    toMs: endOf(statute.validThrough, zone),
  }));
  return {
    names: { sv: known.sv, en: known.en },
    class: known.class,
    statutes,
    doNotOpen: known.doNotOpen,
    lists: [...new Set(rule.lists)],
    announced: announcedFrom(rule, zone),
  };
}

/** Reads since when each population has been told. `unknown` goes with staff, as it is reviewed like staff (§3.3). */
function announcedFrom({ announcedFrom: told }: CategoryRule, zone: Zone): Map<Population, number> {
  const announced = new Map<Population, number>();
  if (told === undefined) return announced;
  for (const population of POPULATIONS) {
    const day = typeof told === 'string' ? told : told[population];
    if (day !== undefined) announced.set(population, startOf(day, zone));
  }
  const staffMs = announced.get('staff');
  if (staffMs !== undefined && !announced.has('unknown')) announced.set('unknown', staffMs);
  return announced;
}

function listsOf(categories: ReadonlyMap<string, PolicyCategory>): Map<string, string[]> {
  const byList = new Map<string, string[]>();
  for (const category of categories.values()) {
    for (const list of category.lists) {
      const fed = byList.get(list);
      if (fed === undefined) byList.set(list, [category.name]);
      else fed.push(category.name);
    }
  }
  return byList;
}

/** The first instant of an inclusive day; −∞ where there is none. */
function startOf(day: string | null, zone: Zone): number {
  return day === null ? Number.NEGATIVE_INFINITY : zone.startOfDayMs(day);
}

/** The instant after the last of an inclusive day; ∞ where there is none. */
function endOf(day: string | null, zone: Zone): number {
  return day === null ? Number.POSITIVE_INFINITY : zone.startOfDayMs(zone.nextDay(day));
}
