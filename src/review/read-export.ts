// read-export: plain data → a review export, or what of it is no such thing. Verification must be able to say of any file
// what is wrong with it, so nothing is taken for granted before it was looked at here; what the parts say is verified later.
import type { ReviewExport } from '../model/review.ts';

/** Reads an export; gives the place of the first part that cannot be one. */
export function readExport(value: unknown): ReviewExport | { where: string } {
  const where = isDeeper(value, MAX_DEPTH) ? 'the file' : faultyPart(value, EXPORT);
  return where === null ? (value as ReviewExport) : { where };
}

/** Deeper than anything that is exported, and far from what hashing can go down to. */
const MAX_DEPTH = 100;

function isDeeper(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return depth === 0 || Object.values(value).some(inner => isDeeper(inner, depth - 1));
}

/** What a value must be: a kind, each entry of a list, or each named part of an object. */
type Shape =
  | 'text'
  | 'whole'
  | 'object'
  | { list: Shape }
  | { pair: readonly Shape[] }
  | { parts: Readonly<Record<string, Shape>> }
  | { either: Readonly<Record<string, Shape>>; by: string };

const PERIOD: Shape = {
  parts: { kind: 'text', id: 'text', firstDay: 'text', lastDay: 'text', fromMs: 'whole', toMs: 'whole' },
};
const PLAN: Shape = {
  parts: {
    id: 'text',
    names: { parts: { sv: 'text', en: 'text' } },
    scope: 'object',
    sample: { either: { all: 'object', stratified: { parts: { size: 'whole' } } }, by: 'kind' },
    checklist: {
      parts: { version: 'text', items: { list: { parts: { id: 'text', sv: 'text', en: 'text' } } } },
    },
    reviewers: { list: 'text' },
    signers: { list: 'text' },
  },
};
const STRATA: Shape = { list: { parts: { name: 'text', items: 'whole', sampled: 'whole' } } };
const STATEMENT: Shape = {
  parts: { schema: 'text', kind: 'text', person: 'text', atMs: 'whole', body: 'object', signature: 'text' },
};
const LINE: Shape = {
  by: 'step',
  either: {
    begun: { parts: { review: 'text', plan: PLAN, period: PERIOD, seed: 'text', attempt: 'whole' } },
    again: { parts: { attempt: 'whole' } },
    frozen: {
      parts: {
        attempt: 'whole',
        population: {
          parts: { items: 'whole', findings: 'whole', chunks: { list: 'text' }, strata: STRATA },
        },
        sample: { parts: { items: 'whole', chunks: { list: 'text' } } },
        coverage: 'object',
      },
    },
    decided: {
      parts: { item: 'whole', outcome: 'text', answers: 'object', remark: 'text', reviewer: 'text' },
    },
    signed: { parts: { statement: STATEMENT } },
  },
};
const CHAINED: Shape = { parts: { seq: 'whole', atMs: 'whole', by: 'text', prev: 'text', hash: 'text' } };
const FINDING: Shape = { pair: ['text', 'whole', 'whole'] };
const DRAWN = { id: 'text', stratum: 'text', digest: 'text', hash: 'text' } as const;
const SAMPLED: Shape = {
  by: 'kind',
  either: {
    visit: { parts: { ...DRAWN, number: 'whole', subjectId: 'text', category: 'text', startMs: 'whole' } },
    view: { parts: { ...DRAWN, number: 'whole', line: 'whole', actor: 'text', action: 'text' } },
  },
};

const EXPORT: Shape = {
  parts: {
    schema: 'text',
    review: 'text',
    contentHash: 'text',
    lines: { list: LINE },
    population: {
      list: {
        parts: {
          versions: { list: 'object' },
          items: { list: { parts: { ...DRAWN, findings: { list: FINDING } } } },
        },
      },
    },
    sample: { list: { list: SAMPLED } },
    keys: { list: { parts: { person: 'text', publicKey: 'text' } } },
    protocol: 'object',
    hash: 'text',
  },
};

/** Finds the place of the first part that is not as it must be; null where all are. */
function faultyPart(value: unknown, shape: Shape, at = ''): string | null {
  if (typeof shape === 'string') return isKind(value, shape) ? null : at || 'the file';
  if ('list' in shape) {
    if (!Array.isArray(value)) return at;
    return firstFault(value.map((entry, index) => () => faultyPart(entry, shape.list, `${at}[${index}]`)));
  }
  if ('pair' in shape) {
    if (!Array.isArray(value) || value.length !== shape.pair.length) return at;
    return firstFault(
      shape.pair.map((part, index) => () => faultyPart(value[index], part, `${at}[${index}]`)),
    );
  }
  if (!isKind(value, 'object')) return at || 'the file';
  const parts = value as Record<string, unknown>;
  if ('either' in shape) {
    const name = parts[shape.by];
    if (typeof name !== 'string' || !Object.hasOwn(shape.either, name)) return `${at}.${shape.by}`;
    return (
      faultyPart(value, shape.either[name]!, at) ?? (shape === LINE ? faultyPart(value, CHAINED, at) : null)
    );
  }
  return firstFault(
    Object.entries(shape.parts).map(
      ([name, part]) =>
        () =>
          faultyPart(parts[name], part, at === '' ? name : `${at}.${name}`),
    ),
  );
}

function firstFault(checks: readonly (() => string | null)[]): string | null {
  for (const check of checks) {
    const where = check();
    if (where !== null) return where;
  }
  return null;
}

function isKind(value: unknown, kind: 'text' | 'whole' | 'object'): boolean {
  switch (kind) {
    case 'text':
      return typeof value === 'string';
    case 'whole':
      return Number.isSafeInteger(value);
    case 'object':
      return typeof value === 'object' && value !== null && !Array.isArray(value);
    default:
      return kind satisfies never;
  }
}
