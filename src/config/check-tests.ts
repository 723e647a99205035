// check-tests: what the schema of `policy.tests.yaml` cannot see: the cells of its tables, times that are none, categories
// and exemptions that are not there. Invariant: a mistake is told where it was written, that of `given` once and not by row.
import { readInstant } from '../calendar/instant.ts';
import type { Zone } from '../calendar/zone.ts';
import { suggest } from '../words/nearest.ts';
import { rowSchema } from './tests-schema.ts';
import { describeIssue } from './validate.ts';
import { type WrittenTest, writtenTests } from './written-tests.ts';
import type { YamlFile } from './yaml-file.ts';

/** Names that a policy file has, whether or not the rest of it is valid. */
export interface KnownNames {
  categories: readonly string[];
  exemptions: readonly string[];
}

/** Checks policy tests and reports what is wrong in them; names only where those of the policy are known. */
export function checkTests(file: YamlFile, zone: Zone, known: KnownNames | null): void {
  for (const written of writtenTests(file.data)) {
    if (written.cells !== written.columns) {
      file.report(written.path, `has ${written.cells} cells, and the table ${written.columns} columns`, {
        hint: 'an empty place is written as null, and - takes nothing',
      });
      continue;
    }
    if (written.kind === 'row') checkCells(file, written);
    checkTimes(file, written, zone);
    if (known !== null) checkNames(file, written, known);
    if (written.kind !== 'given') checkWhole(file, written);
  }
}

function checkCells(file: YamlFile, { own, pathOf }: WrittenTest): void {
  const result = rowSchema.safeParse(own);
  for (const issue of result.error?.issues ?? []) {
    const key = issue.path[0];
    // An unknown column is told at the columns.
    if (typeof key !== 'string') continue;
    const [message, hint] = describeIssue(issue, own[key]);
    file.report(pathOf(key), message, { hint });
  }
}

function checkTimes(file: YamlFile, { own, pathOf }: WrittenTest, zone: Zone): void {
  for (const key of ['at', 'endedAt']) {
    const value = own[key];
    if (typeof value !== 'string' || !Number.isNaN(readInstant(value, zone))) continue;
    file.report(pathOf(key), 'is no time of the configured time zone', {
      hint: 'write it like 2026-10-05T10:00, or with an offset like 2026-10-05T10:00+02:00',
    });
  }
}

function checkNames(file: YamlFile, { own, pathOf }: WrittenTest, known: KnownNames): void {
  const { category, exemption } = own;
  if (typeof category === 'string' && !known.categories.includes(category)) {
    file.report(pathOf('category'), 'the policy has no such category', {
      hint: suggest(category, known.categories),
    });
  }
  if (typeof exemption === 'string' && !known.exemptions.includes(exemption)) {
    file.report(pathOf('exemption'), 'the policy has no such exemption', {
      hint: suggest(exemption, known.exemptions),
    });
  }
}

/** What a test says with all that is given for it. */
function checkWhole(file: YamlFile, { kind, path, values, pathOf }: WrittenTest): void {
  const { url, at, endedAt, elapsed, verdict, exemption } = values;
  if (at === undefined && endedAt === undefined) {
    file.report([...path, 'at'], 'is missing', { hint: 'when it begins' });
  } else if (at !== undefined && endedAt !== undefined) {
    file.report(pathOf('endedAt'), 'stands beside at', { hint: 'it begins at one time: keep one of them' });
  } else if (endedAt !== undefined && elapsed === undefined) {
    file.report(pathOf('endedAt'), 'says nothing without elapsed', {
      hint: 'add elapsed, the seconds that it took',
    });
  }
  if (exemption !== undefined && verdict !== undefined && verdict !== 'exempt') {
    file.report(pathOf('exemption'), 'goes with the verdict exempt only');
  }
  if (kind !== 'row') return;
  const hint = 'make it a column, or give it for the whole table';
  if (url === undefined) file.report([...path, 'url'], 'is missing', { hint });
  if (verdict === undefined) file.report([...path, 'verdict'], 'is missing', { hint });
}
