// The schema of `policy.yaml`. What concerns more than one value (dates, approvers, known names) is in `check-policy.ts`.
import { z } from 'zod';
import { toRule } from '../policy/decisions.ts';
import { parseHours } from '../policy/hours.ts';
import { type PolicyRules, type RETAINED, WEEKDAYS } from '../policy/rules.ts';
import { day, listName, listOf, names, population, prose, text, version, word } from './fields.ts';

const lists = listOf(listName);

/** One category: its lists and since when it is announced. */
export const categorySchema = z.strictObject({
  lists: lists.describe('lists that feed the category'),
  announcedFrom: z
    .union([day, z.partialRecord(population, day)])
    .optional()
    .describe('first day on which people had been told: one day, or population → day; absent means never'),
});

/** One exemption. */
export const exemptionSchema = z.strictObject({
  id: word.describe('shown wherever the exemption is'),
  tenant: text.optional().describe('organization that it holds for; all of the installation unless set'),
  categories: listOf(word).describe('categories that it covers'),
  users: listOf(text).optional().describe('users whom it covers'),
  roles: listOf(word).optional().describe('roles whose holders it covers'),
  departments: listOf(text).optional().describe('departments whose people and networks it covers'),
  sites: listOf(text).optional().describe('hosts, with all below them, that it is limited to'),
  weekdays: listOf(z.enum(WEEKDAYS)).optional().describe('weekdays that it is limited to'),
  hours: z
    .string()
    .refine(value => parseHours(value) !== null, {
      message: 'must be clock hours such as "08:00-17:00" or "22:00-06:00"',
    })
    .optional()
    .describe(
      'clock hours that it is limited to; past midnight they belong to the weekday on which they begin',
    ),
  reason: prose.describe('why the duties need it'),
  caseNumber: text.describe('number of the case that the decision stands in'),
  approvers: listOf(text).describe(
    'users who approved it: two for class forbidden, never one whom it covers',
  ),
  decided: day
    .optional()
    .describe('day of the decision; visits before it are covered only where it is retroactive'),
  retroactive: z
    .strictObject({
      reason: prose.describe('why visits before the decision are covered'),
      approvers: listOf(text).describe('users who approved that, by the same rules as approvers'),
    })
    .optional()
    .describe('makes the decision cover visits from validFrom on, although it was decided later'),
  validFrom: day.describe('first day on which it holds'),
  validThrough: day.describe('last day on which it holds (t.o.m.)'),
});

const retention = z.strictObject({
  days: z.int().min(1).max(36_500).describe('days that it is kept'),
  decision: text.describe('number of the decision on retention'),
});

const reference = z.strictObject({
  date: day.describe('its day'),
  reference: text.describe('its number'),
});

/** The schema of `policy.yaml`. */
export const policySchema = z.strictObject({
  version,
  live: z
    .strictObject({
      from: day.describe('first day on which the policy is in force'),
      notice: reference.describe('the notice to staff'),
      negotiation: reference.describe('the negotiation with the unions (MBL)'),
      contact: z
        .strictObject({
          controller: text.describe('the controller, and how it is reached'),
          dataProtectionOfficer: text.describe('how the data protection officer is reached'),
        })
        .partial()
        .optional()
        .describe('who can be asked; stands in the notice and in the proof, and nowhere else'),
      legalBasis: text.optional().describe('legal basis of the processing, for the notice'),
    })
    .nullable()
    .default(null)
    .describe(
      'set once the policy is in force; without it the policy is on trial, and no case can be decided',
    ),
  minimumConfidence: z
    .enum(['authenticated', 'lease', 'none'])
    .default('lease')
    .describe('who is known less surely never reaches a case or a row of a report'),
  reviewed: listOf(population)
    .default(['staff'])
    .describe('populations that are reviewed; `unknown` goes with staff'),
  smallGroup: z.int().min(2).max(1000).default(5).describe('groups with fewer persons are not shown'),
  categories: z.record(word, categorySchema).describe('category of the taxonomy → lists and announcement'),
  protected: z
    .strictObject({ lists: z.array(listName).describe('lists of sites that leave no trace, only a count') })
    .describe('sites that win over every category'),
  roles: z.record(word, names).default({}).describe('role → its names'),
  exemptions: z.array(exemptionSchema).max(100_000).default([]).describe('decisions that exempt'),
  thresholds: z
    .strictObject({
      records: z.int().min(1).default(3).describe('records of a sustained visit, at least'),
      minutes: z.number().min(0).default(2).describe('minutes over which they are spread, at least'),
      bytes: z.int().min(0).default(500_000).describe('bytes of them, at least'),
      documentGapSeconds: z.number().min(0).default(10).describe('seconds between two pages, at least'),
      visitGapMinutes: z
        .number()
        .min(1)
        .max(1440)
        .default(30)
        .describe('minutes after which a new visit begins'),
    })
    .prefault({})
    .describe('when the evidence of a visit is strong'),
  retention: z
    .strictObject({
      findings: retention.optional().describe('findings; older records are counted as tooOld'),
      counts: retention.optional().describe('counts of traffic'),
      audit: retention.optional().describe('the audit chain'),
    } satisfies Record<(typeof RETAINED)[number], z.ZodType>)
    .nullable()
    .default(null)
    .describe('how long things are kept; nothing is too old where nothing was decided'),
});

/** Makes rules of a valid policy file. */
export function toRules(file: z.output<typeof policySchema>): PolicyRules {
  const { version: _version, exemptions, retention: kept, ...rest } = file;
  return {
    ...rest,
    exemptions: exemptions.map(toRule),
    retention: kept === null ? null : given(kept),
  };
}

/** Leaves out what is undefined. */
function given<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}
