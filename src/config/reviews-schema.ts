// The schema of `reviews.yaml`: plans of systematic reviews, and deliveries of reports.
import { z } from 'zod';
import { type DeliveryPlan, PERIOD_KINDS, type Plans, type ReviewPlan } from '../model/review-plan.ts';
import { day, listOf, names, path, text, version, word } from './fields.ts';

const schedule = z
  .string()
  .max(200)
  .describe(
    "when it is due, by the tenant's clock: minute, hour, day of the month, month and weekday, as cron has them",
  );

const validFrom = day
  .optional()
  .describe('first local day on which it can be due; unless set, the day on which a schedule first knew it');

const scope = z.strictObject({
  tenant: text.optional().describe('organization; the configured one unless set'),
  departments: listOf(text).optional().describe('only these departments, and those under them'),
  categories: listOf(word).optional().describe('only these categories'),
  class: z.enum(['forbidden', 'questionable']).optional().describe('only categories of this class'),
  population: z
    .enum(['findings', 'audit'])
    .default('findings')
    .describe('what is examined: visits, or `audit`: the lines of the audit chain, who viewed what'),
});

const sample = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('all').describe('everything') }),
  z.strictObject({
    kind: z.literal('stratified').describe('a random sample from each department'),
    size: z.int().min(1).max(10_000).describe('number of items in all'),
    by: z.literal('department').default('department').describe('what the sample is spread over'),
  }),
]);

const checklist = z.strictObject({
  version: word.describe('version of the common method; a new one when a question is changed'),
  items: z
    .array(
      z.strictObject({
        id: word.describe('name of the question'),
        sv: text.describe('in Swedish'),
        en: text.describe('in English'),
      }),
    )
    .min(1)
    .max(100)
    .describe('what is asked of each item'),
});

const plan = z.strictObject({
  id: word.describe('name of the plan'),
  names: names.describe('what it is called'),
  scope: scope.prefault({}).describe('what it looks at'),
  period: z.enum(PERIOD_KINDS).describe('the length of time that one review is of'),
  schedule,
  validFrom,
  dueDays: z.int().min(1).max(366).default(30).describe('days from its beginning until it should be signed'),
  sample: sample.default({ kind: 'all' }).describe('how much of it is examined'),
  checklist: checklist.describe('the common method'),
  reviewers: listOf(text).describe('ids of people who decide; they have the duty `reviewer`'),
  signers: listOf(text).describe('ids of people who sign; they have the duty `signer`'),
});

const delivery = z.strictObject({
  id: word.describe('name of the delivery'),
  report: z.enum(['hr', 'statistics']).describe('which report; always of the month before it is due'),
  schedule,
  validFrom,
  formats: listOf(z.enum(['html', 'pdf', 'csv', 'json'])).describe('what it is printed as'),
  lang: z.enum(['sv', 'en']).default('sv').describe('its language'),
  folder: path.describe('folder inside the folder of reports'),
  perDepartment: z
    .enum(['yes', 'no'])
    .optional()
    .describe(
      "`yes`: each department's own report in a folder of its own; `yes` for hr unless set, and never for statistics",
    ),
  departments: listOf(text)
    .optional()
    .describe('departments that are delivered to; those without a parent unless set'),
});

/** The schema of `reviews.yaml`. */
export const reviewsSchema = z.strictObject({
  version,
  plans: z.array(plan).max(1000).default([]).describe('plans of systematic reviews'),
  deliveries: z.array(delivery).max(1000).default([]).describe('reports that are delivered at set times'),
});

/** `reviews.yaml` with its defaults. */
export type ReviewsFile = z.output<typeof reviewsSchema>;

/** Makes typed plans of a valid file. */
export function toPlans(file: ReviewsFile): Plans {
  return { reviews: file.plans.map(toReview), deliveries: file.deliveries.map(toDelivery) };
}

function toReview(plan: ReviewsFile['plans'][number]): ReviewPlan {
  const { tenant = null, departments = null, categories = null, population } = plan.scope;
  return {
    ...plan,
    kind: 'review',
    validFrom: plan.validFrom ?? null,
    scope: { tenant, departments, categories, class: plan.scope.class ?? null, population },
  };
}

function toDelivery(delivery: ReviewsFile['deliveries'][number]): DeliveryPlan {
  const { perDepartment, ...rest } = delivery;
  return {
    ...rest,
    kind: 'delivery',
    validFrom: delivery.validFrom ?? null,
    split: splitOf(delivery),
    departments: delivery.departments ?? null,
  };
}

/** A report about people goes to each department by itself unless it is said that it must not: that shows least. */
function splitOf({ report, perDepartment }: ReviewsFile['deliveries'][number]): DeliveryPlan['split'] {
  return (perDepartment ?? (report === 'hr' ? 'yes' : 'no')) === 'yes' ? 'departments' : 'whole';
}
