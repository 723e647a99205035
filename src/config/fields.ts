// The kinds of value that configuration files are made of. Each carries its words, for messages and for the reference page.
import { z } from 'zod';
import { isDay } from '../calendar/zone.ts';
import { POPULATIONS } from '../model/subject.ts';

/** The version key that every file begins with (§10.1). */
export const version = z.literal(1).describe('version of the file format');

/** The path of a file or folder, as written. */
export const path = z.string().min(1).max(4096);

/** A text that is not empty. */
export const text = z
  .string()
  .trim()
  .min(1)
  .max(2000)
  .refine(value => !/\p{Cc}/u.test(value), { message: 'must not hold control characters' });

/** A text that may run over several lines. */
export const prose = z
  .string()
  .trim()
  .min(1)
  .max(10_000)
  .refine(value => !/[^\P{Cc}\n\t]/u.test(value), { message: 'must not hold control characters' });

/** A name that ids, lists and categories have: letters, digits and `. _ -`. */
export const word = z
  .string()
  .regex(/^[\p{L}\p{N}][\p{L}\p{N}._-]{0,99}$/u, { message: 'may hold letters, digits and . _ - only' });

/** A list's name: that of its folder. */
export const listName = z.string().regex(/^[^\s,\p{Cc}]([^,\p{Cc}]{0,98}[^\s,\p{Cc}])?$/u, {
  message: 'must not hold commas or control characters, nor begin or end in a blank',
});

/** An inclusive local day. */
export const day = z
  .string()
  .refine(isDay, { message: 'must be a day such as 2026-03-31' })
  .meta({ format: 'date' });

/** A text in both languages. */
export const names = z.strictObject({ sv: text, en: text });

/** One of the populations. */
export const population = z.enum(POPULATIONS);

/** A list that is not empty and says each thing once. */
export function listOf<T extends z.ZodType>(item: T) {
  return z
    .array(item)
    .min(1)
    .max(100_000)
    .superRefine((values, context) => {
      const seen = new Set<unknown>();
      for (const [index, value] of values.entries()) {
        if (seen.has(value))
          context.addIssue({ code: 'custom', path: [index], message: 'stands here twice' });
        seen.add(value);
      }
    });
}
