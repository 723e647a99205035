// The quoted request of common and combined lines: `GET http://example.com/ok HTTP/1.1`, and what is none:
// `-`, a TLS greeting sent to a plain port, a request without protocol.
import type { LogRecord } from '../model/record.ts';
import { endsWith, fieldEnd, isDigit, isMethod, skipSpaces } from './bytes.ts';
import { unescapeText } from './quoted.ts';
import { type LineText, optionalText } from './text.ts';

/** Fills method and url from the request between the quotes; where it names no method, all of it is the url. */
export function fillRequest(
  line: LineText,
  start: number,
  end: number,
  options: { out: LogRecord; isEscaped: boolean },
): void {
  const { out } = options;
  const { bytes } = line;
  const text = (from: number, to: number) =>
    options.isEscaped ? unescapedText(line, from, to) : optionalText(line, from, to);
  const stop = endBeforeProtocol(bytes, start, end);
  const methodEnd = fieldEnd(bytes, start, stop);
  const urlAt = skipSpaces(bytes, methodEnd, stop);
  if (methodEnd === stop || urlAt === stop || !isMethod(bytes, start, methodEnd)) {
    out.method = '';
    out.url = text(start, end);
    return;
  }
  out.method = optionalText(line, start, methodEnd);
  out.url = text(urlAt, stop);
}

// Apache and nginx escape what they quote; Squid's own formats do not.
function unescapedText(line: LineText, from: number, to: number): string {
  const plain = optionalText(line, from, to);
  return plain.includes('\\') ? unescapeText(line.bytes, from, to) : plain;
}

// ` HTTP/1.1`, and Squid's ` NONE/0.0` for a request that never came.
function endBeforeProtocol(bytes: Uint8Array, start: number, end: number): number {
  const isVersion =
    end - start > 4 && isDigit(bytes[end - 1]!) && bytes[end - 2] === 0x2e && isDigit(bytes[end - 3]!);
  if (!isVersion) return end;
  for (const word of [' HTTP/', ' NONE/', ' ICY/', ' HTTPS/'])
    if (endsWith(bytes, start, end - 3, word)) return end - 3 - word.length;
  return end;
}
