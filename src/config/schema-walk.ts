// schema-walk: a schema and a path of keys → what stands there: which keys a map may have, and what a key is for.
// Invariant: where a map may be of several kinds, the answer is of the kind that the file's own map has.
// Example: keys of `sources[0]` with `kind: files` are those of files; `brokers` is known elsewhere, as `kind: kafka`.
import { z } from 'zod';
import { mapOf, type Path, valueAt, type YamlFile } from './yaml-file.ts';

/** Keys that a map may have. */
export interface KnownKeys {
  keys: readonly string[];
  /** Key that the same map would have if it were of another kind → that kind: `kind: kafka`. */
  elsewhere: ReadonlyMap<string, string>;
}

/** Gives the keys that a map may have, and those that it may have were it of another kind. */
export function knownKeys(schema: z.ZodType, path: Path, file: YamlFile): KnownKeys {
  const union = declaredAt(schema, path, file);
  const keys = keysOf(schemaAt(schema, path, file));
  const elsewhere = new Map<string, string>();
  if (union instanceof z.ZodDiscriminatedUnion) {
    const { discriminator } = union.def;
    for (const option of union.options as readonly z.ZodType[]) {
      const kind = `${discriminator}: ${kindOf(option, discriminator)}`;
      for (const key of keysOf(option)) if (!keys.includes(key)) elsewhere.set(key, kind);
    }
  }
  return { keys, elsewhere };
}

/** Says what a key is for, as the reference page does; `''` where nothing is said. */
export function meaningOf(schema: z.ZodType, path: Path, file: YamlFile): string {
  return declaredAt(schema, path, file)?.description ?? '';
}

/** Gives the schema of what stands at a path: where it may be of several kinds, that of its own kind. */
function schemaAt(schema: z.ZodType, path: Path, file: YamlFile): z.ZodType | undefined {
  const found = declaredAt(schema, path, file);
  return found instanceof z.ZodUnion ? optionFor(found, valueAt(file.data, path)) : found;
}

/** Walks the schema down a path, to a union where one stands at its end; undefined where it has no such place. */
function declaredAt(schema: z.ZodType, path: Path, file: YamlFile): z.ZodType | undefined {
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
  return found;
}

function optionFor(union: z.ZodUnion, value: unknown): z.ZodType | undefined {
  const options = union.options as readonly z.ZodType[];
  if (union instanceof z.ZodDiscriminatedUnion) {
    const { discriminator } = union.def;
    const kind = mapOf(value)[discriminator];
    return options.find(option => kindOf(option, discriminator) === kind) ?? options[0];
  }
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

function kindOf(option: z.ZodType, discriminator: string): string {
  const kind =
    option instanceof z.ZodObject
      ? unwrap((option.shape as Record<string, z.ZodType>)[discriminator]!)
      : null;
  return kind instanceof z.ZodLiteral ? String(kind.value) : '';
}

function keysOf(schema: z.ZodType | undefined): readonly string[] {
  if (schema instanceof z.ZodRecord && schema.keyType instanceof z.ZodEnum) {
    return schema.keyType.options.map(String);
  }
  return schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
}
