// What somebody wants to decide, as a file or as flags → what is valid of it, or every mistake in it.
// Invariant: what comes through here has the form of its kind; whether it can be decided the whole configuration says.
import type { z } from 'zod';
import type { DecisionBody, WrittenExemption } from '../policy/decisions.ts';
import { changeSchema, endSchema } from './decision-schema.ts';
import { exemptionSchema } from './policy-schema.ts';
import type { Problem } from './problem.ts';
import { validate } from './validate.ts';
import { readYaml } from './yaml-file.ts';

/** A valid thing, or the mistakes in it. */
export type Read<T> = { value: T } | { problems: readonly Problem[] };

/** Reads one exemption as it stands in `policy.yaml`, from YAML. */
export function readExemption(bytes: Uint8Array, name: string): Read<WrittenExemption> {
  return read(exemptionSchema, bytes, name);
}

/** Takes one exemption from flags. */
export function exemptionOf(flags: Readonly<Record<string, unknown>>): Read<WrittenExemption> {
  return read(exemptionSchema, toBytes(flags), '');
}

/** Takes a change from flags. */
export function changeOf(flags: Readonly<Record<string, unknown>>): Read<DecisionBody> {
  return withKind('change', read(changeSchema, toBytes(flags), ''));
}

/** Takes an end from flags. */
export function endOf(flags: Readonly<Record<string, unknown>>): Read<DecisionBody> {
  return withKind('end', read(endSchema, toBytes(flags), ''));
}

function withKind<Kind extends string, T extends object>(
  kind: Kind,
  given: Read<T>,
): Read<T & { kind: Kind }> {
  return 'value' in given ? { value: { ...given.value, kind } } : given;
}

function read<T extends z.ZodType>(schema: T, bytes: Uint8Array, name: string): Read<z.output<T>> {
  const file = readYaml(bytes, name);
  const value = validate(schema, file);
  return value === null || file.problems.length > 0 ? { problems: file.problems } : { value };
}

/** JSON is YAML: the same reader finds the same mistakes. What was not given is left out. */
function toBytes(flags: Readonly<Record<string, unknown>>): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(flags));
}
