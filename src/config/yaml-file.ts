// One YAML file: its data, and the place of every key and value in it, so that a mistake can be pointed at.
// In: bytes; out: plain data and problems. Invariant: it never throws on what a file holds, and never echoes the file's text.
// Example: `file.placeOf(['exemptions', 0, 'validThrough'])` → `{ line: 12, column: 19 }`.
import { type Document, isMap, isNode, isPair, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import type { Problem } from './problem.ts';

/** Keys and indices from the root to a value. */
export type Path = readonly (string | number)[];

/** Line and column, counted from 1. */
export interface Place {
  line: number;
  column: number;
}

export interface YamlFile {
  /** The file as it is named in problems. */
  readonly name: string;
  /** Null where it could not be read as YAML at all. */
  readonly data: unknown;
  readonly problems: Problem[];
  /** True where a part of the file could not be read: then what is missing in it says nothing. */
  readonly isBroken: boolean;
  has(path: Path): boolean;
  /** Gives the place of a value; where it is missing, of the nearest thing around it. */
  placeOf(path: Path): Place;
  /** Gives the place of a key; for an item of a list, of the item. */
  keyPlaceOf(path: Path): Place;
  /** Makes a problem about a value and adds it. */
  report(path: Path, message: string, options?: ReportOptions): void;
}

export interface ReportOptions {
  hint?: string;
  severity?: Problem['severity'];
  /** Points at the key instead of the value. */
  at?: 'key' | 'value';
}

/** What the codes of the YAML reader mean to a person. */
const MISTAKES: Readonly<Record<string, string>> = {
  BAD_ALIAS: 'an alias names no anchor',
  BAD_DQ_ESCAPE: 'an escape in a double-quoted text is not known',
  BAD_INDENT: 'the indentation does not fit what is around it',
  BAD_SCALAR_START: 'a text cannot begin with this character',
  BLOCK_AS_IMPLICIT_KEY: 'a key or its colon is out of place',
  BLOCK_IN_FLOW: 'an indented block stands inside brackets',
  DUPLICATE_KEY: 'the key stands here twice',
  MISSING_CHAR: 'a character is missing (a closing quote, bracket, comma or colon)',
  MULTIPLE_DOCS: 'the file holds more than one document',
  MULTILINE_IMPLICIT_KEY: 'a key must stand on one line, followed by a colon',
  NON_STRING_KEY: 'a key must be a text',
  TAB_AS_INDENT: 'a tab is used as indentation',
  TAG_RESOLVE_FAILED: 'a tag cannot be used here',
  UNEXPECTED_TOKEN: 'this is out of place',
};

const REMEDIES: Readonly<Record<string, string>> = {
  BAD_SCALAR_START: 'put the text in quotes',
  DUPLICATE_KEY: 'remove one of them',
  TAB_AS_INDENT: 'use spaces',
  MULTIPLE_DOCS: 'keep one, and remove the --- between them',
};

/** Reads YAML 1.2. Dates and clock times stay texts. */
export function readYaml(bytes: Uint8Array, name: string): YamlFile {
  const problems: Problem[] = [];
  const decoded = decode(bytes);
  if (decoded.badLine > 0) {
    const message = 'the line is not UTF-8 text';
    problems.push(wholeLine(name, decoded.badLine, { message, hint: 'save the file as UTF-8' }));
  }
  const lines = new LineCounter();
  const document = parseDocument(decoded.text, {
    lineCounter: lines,
    prettyErrors: false,
    stringKeys: true,
    // Its warnings would repeat text of the file on stderr.
    logLevel: 'silent',
  });
  for (const error of [...document.errors, ...document.warnings]) {
    const { line, col } = lines.linePos(error.pos[0]);
    problems.push({
      file: name,
      line: Math.max(line, 1),
      column: Math.max(col, 1),
      key: keyAt(document, error.pos[0]),
      message: MISTAKES[error.code] ?? 'this cannot be read as YAML',
      hint: REMEDIES[error.code] ?? '',
      severity: 'error',
    });
  }

  const data = toData(document);
  if (data === undefined) {
    const message = 'the aliases make it too large';
    problems.push(
      wholeLine(name, 1, { message, hint: 'write things out instead of repeating them by aliases' }),
    );
  }

  const placeAt = (offset: number | undefined): Place => {
    if (offset === undefined) return { line: 1, column: 1 };
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  // From just above the first place that cannot be read, what seems wrong may only follow from it.
  const broken = document.errors.filter(error => error.code !== 'DUPLICATE_KEY');
  const doubtfulLine = Math.min(...broken.map(error => lines.linePos(error.pos[0]).line)) - 1;
  const file: YamlFile = {
    name,
    isBroken: broken.length > 0 || data === undefined,
    data: data ?? null,
    problems,
    has: path => locate(document, path).depth === path.length,
    placeOf: path => placeAt(offsetOf(document, path)),
    keyPlaceOf: path => placeAt(keyOffsetOf(document, path)),
    report(path, message, options = {}) {
      const place = options.at === 'key' ? file.keyPlaceOf(path) : file.placeOf(path);
      if (place.line >= doubtfulLine) return;
      const severity = options.severity ?? 'error';
      problems.push({
        file: name,
        ...place,
        key: keyText(path),
        message,
        hint: options.hint ?? '',
        severity,
      });
    },
  };
  return file;
}

/** Writes a path as a person would: `exemptions[0].validThrough`. */
export function keyText(path: Path): string {
  let text = '';
  for (const part of path) {
    if (typeof part === 'number') text += `[${part}]`;
    else text += text === '' ? part : `.${part}`;
  }
  return text;
}

/** Takes a value as a map; an empty one where it is none. */
export function mapOf(value: unknown): Readonly<Record<string, unknown>> {
  const isMap = value !== null && typeof value === 'object' && !Array.isArray(value);
  return isMap ? (value as Record<string, unknown>) : {};
}

/** Gives the value at a path of plain data; undefined where there is none. */
export function valueAt(data: unknown, path: Path): unknown {
  let value = data;
  for (const part of path) {
    if (value === null || typeof value !== 'object') return undefined;
    value = (value as Record<string | number, unknown>)[part];
  }
  return value;
}

function decode(bytes: Uint8Array): { text: string; badLine: number } {
  const text = new TextDecoder('utf-8').decode(bytes);
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return { text, badLine: 0 };
  } catch {
    const bad = text.indexOf('\uFFFD');
    return { text, badLine: text.slice(0, Math.max(bad, 0)).split('\n').length };
  }
}

/** Gives plain data; undefined where its aliases would blow it up. */
function toData(document: Document.Parsed): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 }) ?? null;
  } catch {
    return undefined;
  }
}

function wholeLine(file: string, line: number, words: { message: string; hint: string }): Problem {
  return { file, line, column: 1, key: '', severity: 'error', ...words };
}

interface Located {
  /** How many parts of the path exist. */
  depth: number;
  /** Offset of the deepest value that exists. */
  valueOffset: number | undefined;
  /** Offset of its key, or of the item itself in a list. */
  keyOffset: number | undefined;
}

/** Walks down a path as far as the document has it. */
function locate(document: Document.Parsed, path: Path): Located {
  let node: unknown = document.contents;
  const found: Located = { depth: 0, valueOffset: startOf(node), keyOffset: startOf(node) };
  for (const part of path) {
    if (isMap(node)) {
      const pair = node.items.find(item => isScalar(item.key) && String(item.key.value) === String(part));
      if (pair === undefined) return found;
      node = pair.value;
      found.keyOffset = startOf(pair.key);
      // A key without a value (`users:`) is pointed at by its key.
      found.valueOffset = isEmpty(node) ? found.keyOffset : startOf(node);
    } else if (isSeq(node) && typeof part === 'number' && part < node.items.length) {
      node = node.items[part];
      found.keyOffset = startOf(node);
      found.valueOffset = startOf(node);
    } else {
      return found;
    }
    found.depth++;
  }
  return found;
}

/** A missing value is pointed at by the key of what should hold it. */
function offsetOf(document: Document.Parsed, path: Path): number | undefined {
  const found = locate(document, path);
  return found.depth === path.length ? found.valueOffset : found.keyOffset;
}

function keyOffsetOf(document: Document.Parsed, path: Path): number | undefined {
  return locate(document, path).keyOffset;
}

function startOf(node: unknown): number | undefined {
  return isNode(node) ? node.range?.[0] : undefined;
}

function isEmpty(node: unknown): boolean {
  return node === null || (isScalar(node) && node.value === null && (node.source ?? '') === '');
}

/** Names the key that begins at an offset, for mistakes that the YAML reader finds; `''` where none does. */
function keyAt(document: Document.Parsed, offset: number): string {
  return keyText(pathAt(document.contents, offset) ?? []);
}

function pathAt(node: unknown, offset: number): Path | null {
  if (isMap(node)) {
    for (const pair of node.items) {
      if (!isPair(pair) || !isScalar(pair.key)) continue;
      const key = String(pair.key.value);
      if (startOf(pair.key) === offset) return [key];
      const inner = pathAt(pair.value, offset);
      if (inner !== null) return [key, ...inner];
    }
    return null;
  }
  if (!isSeq(node)) return null;
  for (const [index, item] of node.items.entries()) {
    const inner = pathAt(item, offset);
    if (inner !== null) return [index, ...inner];
  }
  return null;
}
