// The text of a query → its terms, by the signs alone: what fields and values mean is no matter here.
import { GranskaError } from '../errors.ts';

/** One value, and where in the text it begins. */
export interface TokenValue {
  text: string;
  at: number;
}

/** One term: `-field:a,b`, or a word where the field is null (then it has one value). */
export interface Token {
  field: string | null;
  values: TokenValue[];
  negated: boolean;
  at: number;
}

/** Splits a query into terms; throws QUERY for a quote without its end, a lone `-` and a field without a value. */
export function splitQuery(text: string): Token[] {
  const tokens: Token[] = [];
  let next = 0;
  while (true) {
    while (next < text.length && isSpace(text[next]!)) next++;
    if (next >= text.length) return tokens;
    const { token, end } = readToken(text, next);
    tokens.push(token);
    next = end;
  }
}

/** A field's name, by its form: `http:` before slashes and `example.com:443` are none. */
const FIELD = /^(\p{L}[\p{L}\p{N}_-]*):(?!\/\/)/u;

function readToken(text: string, at: number): { token: Token; end: number } {
  const negated = text[at] === '-';
  const start = negated ? at + 1 : at;
  const rest = text.slice(start);
  const match = FIELD.exec(rest);
  if (match === null) {
    const value = readValue(text, start, '');
    if (value.text === '') {
      throw mistake(
        value.isQuoted ? 'the quotes hold nothing' : 'a "-" stands alone',
        start,
        'put what is not wanted after it',
      );
    }
    return {
      token: { field: null, values: [{ text: value.text, at: start }], negated, at: start },
      end: value.end,
    };
  }
  const field = match[1]!;
  const values: TokenValue[] = [];
  let next = start + match[0].length;
  while (true) {
    const value = readValue(text, next, ',');
    if (value.text === '') {
      throw mistake(
        `${field}: has no value`,
        next,
        `write ${field}:VALUE, or ${field}:* for any value at all`,
      );
    }
    values.push({ text: value.text, at: next });
    next = value.end;
    if (text[next] !== ',') break;
    next++;
  }
  return { token: { field: field.toLowerCase(), values, negated, at: start }, end: next };
}

/** Reads up to a space or one of the stops; quoted parts keep both. */
function readValue(
  text: string,
  start: number,
  stops: string,
): { text: string; end: number; isQuoted: boolean } {
  let value = '';
  let next = start;
  let isQuoted = false;
  while (next < text.length && !isSpace(text[next]!) && !stops.includes(text[next]!)) {
    if (text[next] !== '"') {
      value += text[next++];
      continue;
    }
    const part = readQuoted(text, next);
    value += part.text;
    next = part.end;
    isQuoted = true;
  }
  return { text: value, end: next, isQuoted };
}

function readQuoted(text: string, start: number): { text: string; end: number } {
  let value = '';
  let next = start + 1;
  while (next < text.length && text[next] !== '"') {
    const isEscape = text[next] === '\\' && (text[next + 1] === '"' || text[next + 1] === '\\');
    if (isEscape) next++;
    value += text[next++];
  }
  if (next >= text.length) throw mistake('a quote has no end', start, 'close it with another "');
  return { text: value, end: next + 1 };
}

function mistake(what: string, at: number, hint: string): GranskaError {
  return new GranskaError('QUERY', `${what} (at sign ${at + 1} of the query)`, { hint });
}

function isSpace(sign: string): boolean {
  return /\s/.test(sign);
}
