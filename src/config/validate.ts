// validate: one YAML file × one schema → its data, and a problem at the place of every mistake.
// Invariant: all mistakes of a file are reported at once, and no message repeats a value, which may be a name.
import type { z } from 'zod';
import { suggest } from '../words/nearest.ts';
import { type KnownKeys, knownKeys, meaningOf } from './schema-walk.ts';
import { mapOf, type Path, valueAt, type YamlFile } from './yaml-file.ts';

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
  password: 'write passwordFile: the path of a file that holds it; no secret stands in this file',
  apiKey: 'write apiKeyFile: the path of a file that holds it; no secret stands in this file',
  ca: 'write caFile: the path of a PEM file',
  cert: 'write certFile: the path of a PEM file',
  key: 'write keyFile: the path of a PEM file',
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
    const known = knownKeys(schema, path, file);
    for (const key of issue.keys) reportUnknownKey(file, [...path, key], known);
    return;
  }
  if (issue.code === 'invalid_union' && issue.discriminator !== undefined) {
    reportKind(file, path, issue);
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
    file.report(path, 'is missing', { hint: meaningOf(schema, path, file) });
    return;
  }
  const [message, hint] = describeIssue(issue, valueAt(file.data, path));
  file.report(path, message, { hint });
}

function reportUnknownKey(file: YamlFile, path: Path, known: KnownKeys): void {
  const key = String(path.at(-1));
  const kind = known.elsewhere.get(key);
  if (kind !== undefined) {
    file.report(path, 'is not a key of this kind', { hint: `it goes with ${kind}`, at: 'key' });
    return;
  }
  const all = [...known.keys, ...known.elsewhere.keys()];
  const misnamed = Object.hasOwn(MISNAMED, key) ? MISNAMED[key]! : '';
  const isMeant = all.some(
    word => misnamed.startsWith(`write ${word}:`) || misnamed.startsWith(`write ${word},`),
  );
  file.report(path, 'is not a known key', { hint: isMeant ? misnamed : suggest(key, known.keys), at: 'key' });
}

/** Tells of a map whose kind is missing or none of those that there are. */
function reportKind(file: YamlFile, path: Path, issue: z.core.$ZodIssueInvalidUnion): void {
  const options = 'options' in issue ? (issue.options ?? []) : [];
  const kinds = options.filter(kind => typeof kind === 'string');
  const hint = suggest(String(valueAt(file.data, path)), kinds);
  if (file.has(path)) file.report(path, 'is not one of the known values', { hint });
  else if (!file.isBroken) file.report(path, 'is missing', { hint: `known: ${kinds.join(', ')}` });
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

/** Says what is wrong with a value, without repeating it, and what to do about it. */
export function describeIssue(issue: Issue, value: unknown): [message: string, hint: string] {
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
