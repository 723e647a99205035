// validate: one YAML file × one schema → its data, and a problem at the place of every mistake.
// Invariant: all mistakes of a file are reported at once, and no message repeats a value, which may be a name.
import { z } from 'zod';
import { suggest } from '../words/nearest.ts';
import { mapOf, type Path, type YamlFile } from './yaml-file.ts';

/** Keys that people write for another: what to write instead. */
const MISNAMED: Readonly<Record<string, string>> = {
  to: 'write validThrough: the last day that counts, itself included (t.o.m.)',
  until: 'write validThrough: the last day that counts, itself included (t.o.m.)',
  end: 'write validThrough: the last day that counts, itself included (t.o.m.)',
  validTo: 'write validThrough: the last day that counts, itself included (t.o.m.)',
  validUntil: 'write validThrough: the last day that counts, itself included (t.o.m.)',
  from: 'write validFrom: the first day that counts',
  start: 'write validFrom: the first day that counts',
  approver: 'write approvers, a list',
  approvedBy: 'write approvers, a list',
};

const KINDS: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a map of keys',
  record: 'a map of keys',
  null: 'null',
};

type Issue = z.core.$ZodIssue;

/** Checks a file against a schema; null where anything is wrong. */
export function validate<T extends z.ZodType>(schema: T, file: YamlFile): z.output<T> | null {
  const result = schema.safeParse(file.data);
  if (result.success) return result.data;
  for (const issue of result.error.issues) reportIssue(schema, file, issue, []);
  return null;
}

/**
 * Takes what is valid of a map, key by key, so that checks across values can run on the rest of it.
 * A key that is missing or wrong has its default, or is absent.
 */
export function validParts<T extends z.ZodObject>(schema: T, data: unknown): Partial<z.output<T>> {
  const raw = mapOf(data);
  const parts: Record<string, unknown> = {};
  for (const [key, field] of Object.entries(schema.shape as Record<string, z.ZodType>)) {
    const own = field.safeParse(raw[key]);
    const result = own.success ? own : field.safeParse(undefined);
    if (result.success && result.data !== undefined) parts[key] = result.data;
  }
  return parts as Partial<z.output<T>>;
}

function reportIssue(schema: z.ZodType, file: YamlFile, issue: Issue, base: Path): void {
  const path = [...base, ...(issue.path as Path)];
  if (issue.code === 'unrecognized_keys') {
    const known = keysOf(schemaAt(schema, path, file));
    for (const key of issue.keys) reportUnknownKey(file, [...path, key], known);
    return;
  }
  if (issue.code === 'invalid_key') {
    const key = String(path.at(-1));
    const values = issue.issues.flatMap(inner => (inner.code === 'invalid_value' ? inner.values : []));
    const message =
      issue.issues[0]?.code === 'invalid_value'
        ? 'is not a known key here'
        : `the key ${issue.issues[0]?.message ?? ''}`;
    file.report(path, message, { hint: suggest(key, values.map(String)), at: 'key' });
    return;
  }
  if (issue.code === 'invalid_union' && file.has(path)) {
    const branch = branchOf(issue);
    if (branch === null) file.report(path, `must be ${kindsOf(issue)}`);
    for (const inner of branch ?? []) reportIssue(schema, file, inner, path);
    return;
  }
  if (!file.has(path)) {
    if (file.isBroken) return;
    file.report(path, 'is missing', { hint: hintOf(schemaAt(schema, path, file)) });
    return;
  }
  const [message, hint] = describe(issue, valueAt(file.data, path));
  file.report(path, message, { hint });
}

function reportUnknownKey(file: YamlFile, path: Path, known: readonly string[]): void {
  const key = String(path.at(-1));
  const misnamed = Object.hasOwn(MISNAMED, key) ? MISNAMED[key]! : '';
  const isMeant = known.some(word => misnamed.startsWith(`write ${word}`));
  file.report(path, 'is not a known key', { hint: isMeant ? misnamed : suggest(key, known), at: 'key' });
}

/** Of the branches of a union, takes the one whose kind the value has; null where it has none of them. */
function branchOf(issue: z.core.$ZodIssueInvalidUnion): readonly Issue[] | null {
  const isOther = (inner: Issue) =>
    inner.path.length === 0 && (inner.code === 'invalid_type' || inner.code === 'invalid_value');
  return issue.errors.find(branch => !branch.some(isOther)) ?? null;
}

function kindsOf(issue: z.core.$ZodIssueInvalidUnion): string {
  const kinds = issue.errors.map(branch => {
    const [first] = branch;
    if (first?.code === 'invalid_value') return first.values.map(String).join(', ');
    return first?.code === 'invalid_type' ? kindText(first.expected) : '';
  });
  return kinds.filter(kind => kind !== '').join(' or ');
}

function kindText(expected: string): string {
  return KINDS[expected] ?? expected;
}

function describe(issue: Issue, value: unknown): [message: string, hint: string] {
  switch (issue.code) {
    case 'invalid_type':
      return [`must be ${kindText(issue.expected)}`, quoteHint(issue.expected, value)];
    case 'invalid_value':
      return describeValue(issue.values, value);
    case 'too_small':
      return [`must ${sizeText(issue.origin)} at least ${issue.minimum}${unitText(issue.origin)}`, ''];
    case 'too_big':
      return [`must ${sizeText(issue.origin)} at most ${issue.maximum}${unitText(issue.origin)}`, ''];
    default:
      return [issue.message, ''];
  }
}

function describeValue(values: readonly unknown[], value: unknown): [message: string, hint: string] {
  if (values.length === 1) return [`must be ${String(values[0])}`, ''];
  return ['is not one of the known values', suggest(String(value), values.map(String))];
}

function quoteHint(expected: string, value: unknown): string {
  const isPlain = typeof value === 'number' || typeof value === 'boolean';
  return expected === 'string' && isPlain ? 'put it in quotes' : '';
}

function sizeText(origin: string): string {
  return origin === 'string' || origin === 'array' ? 'hold' : 'be';
}

function unitText(origin: string): string {
  if (origin === 'string') return ' characters';
  return origin === 'array' ? ' items' : '';
}

function valueAt(data: unknown, path: Path): unknown {
  let value = data;
  for (const part of path) {
    if (value === null || typeof value !== 'object') return undefined;
    value = (value as Record<string | number, unknown>)[part];
  }
  return value;
}

/** Walks the schema down a path; undefined where it has no such place. */
function schemaAt(schema: z.ZodType, path: Path, file: YamlFile): z.ZodType | undefined {
  let found: z.ZodType | undefined = unwrap(schema);
  for (const [depth, part] of path.entries()) {
    if (found instanceof z.ZodUnion) found = optionFor(found, valueAt(file.data, path.slice(0, depth)));
    if (found instanceof z.ZodObject) found = (found.shape as Record<string, z.ZodType>)[String(part)];
    else if (found instanceof z.ZodArray) found = found.element as z.ZodType;
    else if (found instanceof z.ZodRecord) found = found.valueType as z.ZodType;
    else return undefined;
    if (found === undefined) return undefined;
    found = unwrap(found);
  }
  return found instanceof z.ZodUnion ? optionFor(found, valueAt(file.data, path)) : found;
}

function optionFor(union: z.ZodUnion, value: unknown): z.ZodType | undefined {
  const options = union.options as readonly z.ZodType[];
  if (value === null || typeof value !== 'object') return options[0];
  return options.map(unwrap).find(option => option instanceof z.ZodObject || option instanceof z.ZodRecord);
}

function unwrap(schema: z.ZodType): z.ZodType {
  let inner = schema;
  while (
    inner instanceof z.ZodOptional ||
    inner instanceof z.ZodDefault ||
    inner instanceof z.ZodPrefault ||
    inner instanceof z.ZodNullable
  ) {
    inner = inner.unwrap() as z.ZodType;
  }
  return inner;
}

function keysOf(schema: z.ZodType | undefined): readonly string[] {
  if (schema instanceof z.ZodRecord && schema.keyType instanceof z.ZodEnum) {
    return schema.keyType.options.map(String);
  }
  return schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
}

/** What a missing key is for, as the reference page says it. */
function hintOf(schema: z.ZodType | undefined): string {
  return schema?.description ?? '';
}
