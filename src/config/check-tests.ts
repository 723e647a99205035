// check-tests: what the schema of `policy.tests.yaml` cannot see: times that are none, categories and exemptions that are not there.
import { readInstant } from '../calendar/instant.ts';
import type { Zone } from '../calendar/zone.ts';
import { suggest } from '../words/nearest.ts';
import { mapOf, type YamlFile } from './yaml-file.ts';

/** Names that a policy file has, whether or not the rest of it is valid. */
export interface KnownNames {
  categories: readonly string[];
  exemptions: readonly string[];
}

/** Checks policy tests against the names of the policy, and reports what is wrong in them. */
export function checkTests(file: YamlFile, zone: Zone, known: KnownNames): void {
  const { tests } = mapOf(file.data);
  if (!Array.isArray(tests)) return;
  for (const [index, test] of (tests as unknown[]).entries()) {
    const { at, expect } = mapOf(test);
    if (typeof at === 'string' && Number.isNaN(readInstant(at, zone))) {
      file.report(['tests', index, 'at'], 'is no time of the configured time zone', {
        hint: 'write it like 2026-10-05T10:00, or with an offset like 2026-10-05T10:00+02:00',
      });
    }
    checkExpect(file, index, { expect: mapOf(expect), known });
  }
}

function checkExpect(
  file: YamlFile,
  index: number,
  { expect, known }: { expect: Readonly<Record<string, unknown>>; known: KnownNames },
): void {
  const { category, exemption, verdict } = expect;
  if (typeof category === 'string' && !known.categories.includes(category)) {
    file.report(['tests', index, 'expect', 'category'], 'the policy has no such category', {
      hint: suggest(category, known.categories),
    });
  }
  if (typeof exemption !== 'string') return;
  if (!known.exemptions.includes(exemption)) {
    file.report(['tests', index, 'expect', 'exemption'], 'the policy has no such exemption', {
      hint: suggest(exemption, known.exemptions),
    });
  } else if (verdict !== 'exempt') {
    file.report(['tests', index, 'expect', 'exemption'], 'goes with the verdict exempt only');
  }
}
