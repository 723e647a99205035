// document: the reference page of the configuration, made from the schemas, so that it cannot say anything else.
// In: nothing; out: Markdown. Each file has one table: key, what it takes, default, meaning.
import { z } from 'zod';
import { peopleSchema } from './people-schema.ts';
import { policySchema } from './policy-schema.ts';
import { reviewsSchema } from './reviews-schema.ts';
import { granskaSchema } from './schema.ts';
import { taxonomySchema } from './taxonomy-schema.ts';
import { testsSchema } from './tests-schema.ts';

/** The part of JSON Schema that the configuration uses. */
interface Shape {
  type?: string | readonly string[];
  format?: string;
  description?: string;
  default?: unknown;
  const?: unknown;
  enum?: readonly unknown[];
  properties?: Readonly<Record<string, Shape>>;
  required?: readonly string[];
  items?: Shape;
  additionalProperties?: Shape | boolean;
  anyOf?: readonly Shape[];
  /** Maps of several kinds, told by one key. */
  oneOf?: readonly Shape[];
  minimum?: number;
  maximum?: number;
}

const FILES: readonly { name: string; schema: z.ZodType; about: string }[] = [
  {
    name: 'granska.yaml',
    schema: granskaSchema,
    about: 'Where things are. Paths are relative to this file.',
  },
  {
    name: 'policy.yaml',
    schema: policySchema,
    about: 'What is flagged, for whom, since when, and which decisions exempt.',
  },
  { name: 'policy.tests.yaml', schema: testsSchema, about: 'Tests of the policy, run by `granska check`.' },
  {
    name: 'people.yaml',
    schema: peopleSchema,
    about: 'Who acts: by which accounts, with which duties, and the key that verifies what they signed.',
  },
  {
    name: 'reviews.yaml',
    schema: reviewsSchema,
    about: 'Plans of systematic reviews, and reports that are delivered at set times.',
  },
  { name: 'taxonomy.yaml', schema: taxonomySchema, about: 'The categories: names, class and statutes.' },
];

/** Writes the reference page of all configuration files as Markdown. */
export function documentConfig(): string {
  const intro = `# Configuration

Made from the schemas in \`src/config\`; do not edit by hand. Every file begins with \`version: 1\`. An unknown key is an
error. Days are inclusive local days (\`2026-03-31\`). \`NAME\` stands for a key of your own, \`[]\` for each item of a list.
`;
  return [intro, ...FILES.map(documentFile)].join('\n');
}

/** Gives the JSON Schema of each configuration file, by the file's name. */
export function configSchemas(): Record<string, unknown> {
  return Object.fromEntries(FILES.map(({ name, schema }) => [name, toShape(schema)]));
}

function documentFile({ name, schema, about }: (typeof FILES)[number]): string {
  const rows = rowsOf(toShape(schema), '');
  return `## ${name}\n\n${about}\n\n| key | takes | default | meaning |\n|---|---|---|---|\n${rows.join('\n')}\n`;
}

function toShape(schema: z.ZodType): Shape {
  return z.toJSONSchema(schema, { io: 'input' }) as Shape;
}

function rowsOf(given: Shape, prefix: string): string[] {
  const shape = given.oneOf === undefined ? given : mergeKinds(given.oneOf);
  return Object.entries(shape.properties ?? {}).flatMap(([key, field]) => {
    const path = prefix === '' ? key : `${prefix}.${key}`;
    const isRequired = shape.required?.includes(key) ?? false;
    const cells = [`\`${path}\``, takes(field), defaultText(field, isRequired), field.description ?? ''];
    return [`| ${cells.map(cell => cell.replaceAll('|', '\\|')).join(' | ')} |`, ...innerRows(field, path)];
  });
}

function innerRows(field: Shape, path: string): string[] {
  const options = field.anyOf ?? [field];
  return options.flatMap(option => {
    if (option.oneOf !== undefined || option.properties !== undefined) return rowsOf(option, path);
    if (option.items !== undefined) return rowsOf(option.items, `${path}[]`);
    return typeof option.additionalProperties === 'object'
      ? rowsOf(option.additionalProperties, `${path}.NAME`)
      : [];
  });
}

/** Makes one map of several kinds of it; what only some have says whose it is. */
function mergeKinds(kinds: readonly Shape[]): Shape {
  const keys = new Set(kinds.flatMap(kind => Object.keys(kind.properties ?? {})));
  const having = (key: string) => kinds.filter(kind => kind.properties?.[key] !== undefined);
  return {
    properties: Object.fromEntries([...keys].map(key => [key, mergeKey(key, kinds)])),
    required: [...keys].filter(key => having(key).every(kind => kind.required?.includes(key) ?? false)),
  };
}

/** What tells the kinds apart takes all of them; another key is of all that mean the same by it, or says of which. */
function mergeKey(key: string, kinds: readonly Shape[]): Shape {
  const having = kinds.filter(kind => kind.properties?.[key] !== undefined);
  const fields = having.map(kind => kind.properties![key]!);
  const [first] = fields;
  if (fields.every(field => field.const !== undefined)) {
    const { const: _, ...rest } = first!;
    return { ...rest, enum: fields.map(field => field.const) };
  }
  const meanings = new Set(fields.map(field => field.description ?? ''));
  if (having.length === kinds.length && meanings.size === 1) return first!;
  const told = having.map((kind, index) => `(${kindName(kind)}) ${fields[index]!.description ?? ''}`);
  return { ...first!, description: told.join('; ') };
}

function kindName(kind: Shape): string {
  const teller = Object.values(kind.properties ?? {}).find(field => field.const !== undefined);
  return String(teller?.const);
}

function takes(field: Shape): string {
  if (field.oneOf !== undefined) return 'keys';
  if (field.anyOf !== undefined) return field.anyOf.map(takes).join(' or ');
  if (field.const !== undefined) return `\`${String(field.const)}\``;
  if (field.enum !== undefined) return field.enum.map(value => `\`${String(value)}\``).join(', ');
  if (Array.isArray(field.type)) {
    return (field.type as readonly string[]).map(type => takes({ ...field, type })).join(' or ');
  }
  switch (field.type) {
    case 'string':
      return field.format === 'date' ? 'day' : 'text';
    case 'boolean':
      return '`true` or `false`';
    case 'array':
      return `list of ${field.items === undefined ? 'items' : takes(field.items)}`;
    case 'object':
      return typeof field.additionalProperties === 'object'
        ? `map of ${takes(field.additionalProperties)}`
        : 'keys';
    case 'integer':
      return `whole number${rangeText(field)}`;
    case 'number':
      return `number${rangeText(field)}`;
    default:
      return field.type === 'null' ? '`null`' : 'anything';
  }
}

function rangeText({ minimum, maximum }: Shape): string {
  if (minimum !== undefined && maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER)
    return `, ${minimum}–${maximum}`;
  return minimum === undefined ? '' : `, ${minimum} or more`;
}

function defaultText(field: Shape, isRequired: boolean): string {
  if (isRequired) return 'required';
  if (field.default === undefined) return '';
  const isNothing =
    typeof field.default === 'object' && field.default !== null && Object.keys(field.default).length === 0;
  return isNothing
    ? 'none'
    : `\`${typeof field.default === 'string' ? field.default : JSON.stringify(field.default)}\``;
}
