// The schema of `taxonomy.yaml`: the law as data, which the customer edits.
import { z } from 'zod';
import type { Taxonomy } from '../policy/rules.ts';
import { day, names, prose, text, version, word } from './fields.ts';

const statute = z.strictObject({
  statute: text.describe('where it stands, such as `BrB 16:8`'),
  act: names.describe('the act that it punishes'),
  visitIsCrime: z.boolean().describe('whether a visit alone can be punishable'),
  validFrom: day.nullish().describe('first day in force; absent where it is long in force'),
  validThrough: day.nullish().describe('last day in force (t.o.m.)'),
  source: prose.describe('where this was read'),
  note: prose.optional().describe('what to check, and with whom'),
});

/** One category of the taxonomy. */
const category = z.strictObject({
  sv: text.describe('Swedish name'),
  en: text.describe('English name'),
  class: z.enum(['forbidden', 'questionable']).describe('forbidden by law, or morally questionable'),
  statutes: z.array(statute).default([]).describe('what the class forbidden rests on'),
  doNotOpen: z
    .boolean()
    .default(false)
    .describe('whether a finding must say: do not open, contact the police'),
  note: prose.optional(),
});

/** The schema of `taxonomy.yaml`. */
export const taxonomySchema = z.strictObject({
  version,
  categories: z.record(word, category).describe('category → names, class and statutes'),
});

/** Makes the taxonomy of a valid file. */
export function toTaxonomy(file: z.output<typeof taxonomySchema>): Taxonomy {
  const categories = Object.entries(file.categories).map(([name, entry]) => [
    name,
    {
      ...entry,
      statutes: entry.statutes.map(item => ({
        ...item,
        validFrom: item.validFrom ?? null,
        validThrough: item.validThrough ?? null,
      })),
    },
  ]);
  return { categories: Object.fromEntries(categories) };
}
