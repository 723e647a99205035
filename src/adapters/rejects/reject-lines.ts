// Rejected lines ⇄ the NDJSON that is sealed: stream, offset, code, text, and what else is known of the line. What is no
// UTF-8 stands in base64, so that each byte can be had back; the rest a person can read (`age -d`).
import type { RejectCode } from '../../model/record.ts';
import type { RejectedText } from '../../ports/sealed-texts.ts';
import type { LineOrigin } from '../../ports/source.ts';

/** Writes the lines that have a text. */
export function writeRejectLines(lines: readonly RejectedText[]): Uint8Array {
  const rows = lines.filter(line => line.text !== null).map(line => `${JSON.stringify(describe(line))}\n`);
  return new TextEncoder().encode(rows.join(''));
}

/** Reads what was sealed; null where it is something else. */
export function readRejectLines(plain: Uint8Array): RejectedText[] | null {
  const text = decode(plain);
  if (text === null) return null;
  const lines: RejectedText[] = [];
  for (const row of text.split('\n')) {
    if (row === '') continue;
    const line = readRow(row);
    if (line === null) return null;
    lines.push(line);
  }
  return lines;
}

function describe({ text, ...place }: RejectedText): Record<string, unknown> {
  const decoded = decode(text!);
  return decoded === null
    ? { ...place, base64: Buffer.from(text!).toString('base64') }
    : { ...place, text: decoded };
}

interface Row {
  stream: unknown;
  offset: unknown;
  code: unknown;
  text?: unknown;
  base64?: unknown;
  path?: unknown;
  format?: unknown;
  origin?: unknown;
}

function readRow(row: string): RejectedText | null {
  let value: Row | null;
  try {
    value = JSON.parse(row);
  } catch {
    return null;
  }
  if (typeof value !== 'object' || value === null) return null;
  const { stream, offset, code, path, format, origin } = value;
  const text = readText(value);
  if (typeof stream !== 'string' || typeof code !== 'string' || !Number.isSafeInteger(offset)) return null;
  if (text === null) return null;
  return {
    ...{ stream, offset: offset as number, code: code as RejectCode, text },
    ...(typeof path === 'string' ? { path } : {}),
    ...(typeof format === 'string' ? { format } : {}),
    ...(typeof origin === 'object' && origin !== null ? { origin: readOrigin(origin) } : {}),
  };
}

function readText({ text, base64 }: Row): Uint8Array | null {
  if (typeof text === 'string') return new TextEncoder().encode(text);
  return typeof base64 === 'string' ? new Uint8Array(Buffer.from(base64, 'base64')) : null;
}

function readOrigin(origin: object): LineOrigin {
  const { tenant, format, proxy } = origin as Partial<Record<keyof LineOrigin, unknown>>;
  const textOf = (value: unknown) => (typeof value === 'string' ? value : null);
  return { tenant: textOf(tenant), format: textOf(format), proxy: textOf(proxy) };
}

/** Gives the text where it is valid UTF-8; else null. */
function decode(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}
