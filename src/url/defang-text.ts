// Free text that people wrote → the same text, in which nothing makes a link of an address.
import { defang } from './defang.ts';

/** Makes each address in a text harmless: URLs, and hosts with or without a path. Words that are none stay. */
export function defangText(text: string): string {
  return text.replace(ADDRESSES, address => defang(address));
}

const ADDRESSES =
  /\b[a-z][a-z0-9+.-]*:\/\/[^\s“”"<>]+|(?<![\p{L}\p{N}.@-])(?:[\p{L}\p{N}_-]+\.)+\p{L}{2,}(?![\p{L}\p{N}])(?:[/:][^\s“”"<>]*)?/giu;
