// The letters that sheets are printed with: those of the package, so that a file holds all that it needs, wherever it is read.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import type { TFontDictionary } from 'pdfmake/interfaces.js';
import { lettersOf } from './letters.ts';

/** Folder with the letters: the only files that a print reads. */
export const LETTERS = `${dirname(createRequire(import.meta.url).resolve('pdfmake/package.json'))}/fonts/Roboto/`;

export const FONTS: TFontDictionary = {
  Roboto: {
    normal: `${LETTERS}Roboto-Regular.ttf`,
    bold: `${LETTERS}Roboto-Medium.ttf`,
    italics: `${LETTERS}Roboto-Italic.ttf`,
    bolditalics: `${LETTERS}Roboto-MediumItalic.ttf`,
  },
};

const has = lettersOf(readFileSync(`${LETTERS}Roboto-Regular.ttf`));

/** Signs without a letter of their own that are common enough to be written otherwise. */
const OTHERWISE: Readonly<Record<string, string>> = {
  '→': '->',
  '←': '<-',
  '✓': 'x',
  '\u202f': '\u00a0',
};

/** Makes a text of signs that can be printed: what cannot be is named by its number, never left out. */
export function printable(text: string): string {
  let made = '';
  for (const sign of text.normalize('NFC').replace(/[\p{Cc}\p{Bidi_Control}]/gu, ' ')) {
    const codePoint = sign.codePointAt(0)!;
    made += has(codePoint) ? sign : (OTHERWISE[sign] ?? `[U+${hex(codePoint)}]`);
  }
  return made;
}

function hex(codePoint: number): string {
  return codePoint.toString(16).toUpperCase().padStart(4, '0');
}
