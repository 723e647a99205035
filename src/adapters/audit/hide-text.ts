import { createHmac } from 'node:crypto';

/** Hex digits that are kept: enough to know a question again, and by the key alone. */
const SHOWN_DIGITS = 24;

/** Makes what hides free text in the audit chain: a keyed hash, the same for the same text. */
export function createTextHider(key: Uint8Array): (text: string) => string {
  return text =>
    `hidden-${createHmac('sha256', key).update(text, 'utf8').digest('hex').slice(0, SHOWN_DIGITS)}`;
}
