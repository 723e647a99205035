// Squid's stamp: seconds since 1970 with a fraction, `1795563829.595`.
import { isDigit } from './bytes.ts';

/** First and last second that a stamp may name: the years 1990 to 9999. */
const FIRST_STAMP_SECOND = 631_152_000;
const LAST_STAMP_SECOND = 253_402_300_799;

/** Reads a stamp that fills the range, as milliseconds; -1 where it is none. Digits after the third are cut. */
export function readSquidStamp(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  let seconds = 0;
  while (at < end && at - start < 13 && isDigit(bytes[at]!)) {
    seconds = seconds * 10 + bytes[at]! - 0x30;
    at += 1;
  }
  if (seconds < FIRST_STAMP_SECOND || seconds > LAST_STAMP_SECOND) return -1;
  if (at === end) return seconds * 1000;
  if (bytes[at] !== 0x2e) return -1;
  return readFraction(bytes, at + 1, end, seconds * 1000);
}

function readFraction(bytes: Uint8Array, start: number, end: number, wholeMs: number): number {
  if (start === end || end - start > 9) return -1;
  let ms = wholeMs;
  let weight = 100;
  for (let at = start; at < end; at += 1) {
    if (!isDigit(bytes[at]!)) return -1;
    ms += weight * (bytes[at]! - 0x30);
    weight = weight >= 10 ? weight / 10 : 0;
  }
  return ms;
}
