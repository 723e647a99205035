// What the policy's tests are made of: small policies, subjects and targets.
import { createZone } from '../../src/calendar/zone.ts';
import type { Subject } from '../../src/model/subject.ts';
import { blankTarget, type Target } from '../../src/model/target.ts';
import { compilePolicy } from '../../src/policy/compile.ts';
import type { DecideInput } from '../../src/policy/decide.ts';
import type { Policy } from '../../src/policy/policy.ts';
import type { CategoryRule, ExemptionRule, PolicyRules, Taxonomy } from '../../src/policy/rules.ts';

export const stockholm = createZone('Europe/Stockholm');

export const taxonomy: Taxonomy = {
  categories: {
    gambling: { sv: 'Spel', en: 'Gambling', class: 'questionable', statutes: [], doNotOpen: false },
    drugs: { sv: 'Droger', en: 'Drugs', class: 'questionable', statutes: [], doNotOpen: false },
    weapons: {
      sv: 'Vapen',
      en: 'Weapons',
      class: 'forbidden',
      doNotOpen: false,
      statutes: [
        {
          statute: 'vapenlagen 1996:67',
          act: { sv: 'inneha', en: 'to possess' },
          visitIsCrime: false,
          validFrom: null,
          validThrough: '2026-06-30',
          source: 'made up',
        },
        {
          statute: 'vapenlagen 2026:1',
          act: { sv: 'inneha', en: 'to possess' },
          visitIsCrime: false,
          validFrom: '2026-07-01',
          validThrough: null,
          source: 'made up',
        },
      ],
    },
  },
};

/** Makes an exemption that covers the user `anna` on gambling all through 2026. */
export function exemption(over: Partial<ExemptionRule> = {}): ExemptionRule {
  return {
    id: 'E-1',
    categories: ['gambling'],
    users: ['anna'],
    roles: [],
    departments: [],
    sites: null,
    weekdays: null,
    hours: null,
    reason: 'duties',
    caseNumber: 'KS 1',
    approvers: ['chief'],
    validFrom: '2026-01-01',
    validThrough: '2026-12-31',
    ...over,
  };
}

export function rules(over: Partial<PolicyRules> = {}): PolicyRules {
  const told: CategoryRule = { lists: [], announcedFrom: '1970-01-01' };
  return {
    live: null,
    minimumConfidence: 'lease',
    reviewed: ['staff'],
    smallGroup: 5,
    categories: {
      gambling: { ...told, lists: ['casino', 'betting'] },
      drugs: { ...told, lists: ['drugs', 'mixed'] },
      weapons: { ...told, lists: ['weapons', 'mixed'] },
    },
    protected: { lists: ['protected'] },
    roles: { investigator: { sv: 'Utredare', en: 'Investigator' } },
    exemptions: [],
    thresholds: { records: 3, minutes: 2, bytes: 500_000, documentGapSeconds: 10, visitGapMinutes: 30 },
    retention: null,
    ...over,
  };
}

export function policy(over: Partial<PolicyRules> = {}): Policy {
  return compilePolicy({
    rules: rules(over),
    taxonomy,
    zone: stockholm,
    canonicalName: raw => raw.toLowerCase(),
    sha256: text => text,
  });
}

export function subject(over: Partial<Subject> = {}): Subject {
  return {
    tenant: 'kommun',
    kind: 'user',
    confidence: 'authenticated',
    name: 'anna',
    client: '192.0.2.1',
    population: 'staff',
    department: 'Omsorg',
    countedIn: 'Omsorg',
    roles: [],
    ...over,
  };
}

export function target(host: string): Target {
  return { ...blankTarget(), scheme: 'https', host, hostKind: 'domain', port: 443, path: '/' };
}

/** Makes what is asked of `decide` for a visit to a casino. */
export function visit(over: Partial<DecideInput> = {}): DecideInput {
  return {
    startMs: Date.parse('2026-10-05T08:00:00Z'),
    access: 'allowed',
    subject: subject(),
    categories: [{ category: 'gambling', targets: [target('casino.example')] }],
    ...over,
  };
}
