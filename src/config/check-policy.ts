// check-policy: what a schema cannot see, because it concerns more than one value: known names, dates, approvers.
// In: the policy file and what it speaks of (taxonomy, lists, directory); out: problems at their places.
// Invariant: every part that is valid by itself is checked, even where others are not, so that all mistakes come at once.

import { suggest } from '../words/nearest.ts';
import { WITHOUT_DIRECTORY } from './check-approvers.ts';
import { checkExemption } from './check-exemption.ts';
import { checkLive } from './check-live.ts';
import type { ExemptionContext } from './exemption-parts.ts';
import type { PolicyContext } from './policy-context.ts';
import { exemptionSchema } from './policy-schema.ts';
import { validParts } from './validate.ts';
import { mapOf, type YamlFile } from './yaml-file.ts';

/** Checks a policy file and reports what is wrong in it. */
export function checkPolicy(file: YamlFile, context: PolicyContext): void {
  const root = mapOf(file.data);
  const categories = mapOf(root.categories);
  checkCategories(file, categories, context);
  checkLists(file, root, context);
  checkExemptions(file, root, context);
  checkLive(file, context.today ?? null);
}

function checkCategories(
  file: YamlFile,
  categories: Readonly<Record<string, unknown>>,
  { taxonomy }: PolicyContext,
): void {
  if (taxonomy === null) return;
  for (const name of Object.keys(categories)) {
    if (Object.hasOwn(taxonomy.categories, name)) continue;
    file.report(['categories', name], 'the category is not in the taxonomy', {
      hint: suggest(name, Object.keys(taxonomy.categories)),
      at: 'key',
    });
  }
}

function checkLists(file: YamlFile, root: Readonly<Record<string, unknown>>, { lists }: PolicyContext): void {
  const guarded = textsOf(mapOf(root.protected).lists);
  const mapped = new Set(guarded);
  guarded.forEach((list, index) => {
    reportUnknownList(file, ['protected', 'lists', index], list, lists);
  });
  for (const [name, raw] of Object.entries(mapOf(root.categories))) {
    for (const [index, list] of textsOf(mapOf(raw).lists).entries()) {
      mapped.add(list);
      const path = ['categories', name, 'lists', index];
      reportUnknownList(file, path, list, lists);
      if (guarded.includes(list)) {
        file.report(path, 'the list is also protected, and protected sites win: it feeds nothing here', {
          severity: 'warning',
          hint: 'keep it in one of the two places',
        });
      }
    }
  }
  if (root.categories === undefined) return;
  const idle = (lists ?? []).filter(list => !mapped.has(list));
  if (idle.length === 0) return;
  const what = idle.length === 1 ? `the list ${idle[0]} feeds` : `the lists ${idle.join(', ')} feed`;
  file.report(['categories'], `${what} no category`, {
    severity: 'warning',
    hint: 'name each under the lists of a category, or remove its folder',
    at: 'key',
  });
}

function reportUnknownList(
  file: YamlFile,
  path: readonly (string | number)[],
  list: string,
  lists: readonly string[] | null,
): void {
  if (lists === null || list === '' || lists.includes(list)) return;
  file.report(path, 'there is no list of that name', { hint: suggest(list, lists) });
}

function checkExemptions(
  file: YamlFile,
  root: Readonly<Record<string, unknown>>,
  context: PolicyContext,
): void {
  const items = Array.isArray(root.exemptions) ? (root.exemptions as unknown[]) : [];
  if (items.length === 0) return;
  if (context.directory === null) {
    const { message, ...rest } = WITHOUT_DIRECTORY;
    file.report(['exemptions'], message, { ...rest, at: 'key' });
  }
  const seen = new Set<string>();
  const known = exemptionContext(root, context);
  for (const [index, raw] of items.entries()) {
    const id = mapOf(raw).id;
    if (typeof id === 'string') {
      if (seen.has(id))
        file.report(['exemptions', index, 'id'], 'another exemption has this id', {
          hint: 'ids are shown to people: give each its own',
        });
      seen.add(id);
    }
    checkExemption(file, {
      at: ['exemptions', index],
      rule: validParts(exemptionSchema, raw),
      isGiven: key => key in mapOf(raw),
      context: known,
    });
  }
}

/** Adds to a context what the policy itself names. */
export function exemptionContext(data: unknown, context: PolicyContext): ExemptionContext {
  const { categories, roles } = mapOf(data);
  return { ...context, categories: Object.keys(mapOf(categories)), roles: Object.keys(mapOf(roles)) };
}

function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.map(item => (typeof item === 'string' ? item : '')) : [];
}
