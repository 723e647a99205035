// How many columns of a terminal a text takes, and texts cut and filled to that measure.

const SEGMENTS = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Signs that take two columns: East Asian wide and full-width forms, and pictographs. */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}|[\u{20000}-\u{3fffd}]/u;

/** Counts the columns that a text takes. */
export function displayWidth(text: string): number {
  if (/^[\x20-\x7e]*$/.test(text)) return text.length;
  let width = 0;
  for (const { segment } of SEGMENTS.segment(text)) width += widthOf(segment);
  return width;
}

/** Cuts a text to at most so many columns, with `…` where something was cut off. */
export function cutToWidth(text: string, columns: number): string {
  if (displayWidth(text) <= columns) return text;
  let width = 0;
  let cut = '';
  for (const { segment } of SEGMENTS.segment(text)) {
    width += widthOf(segment);
    if (width > columns - 1) break;
    cut += segment;
  }
  return columns < 1 ? '' : `${cut}…`;
}

/** Fills a text with spaces to so many columns. */
export function padToWidth(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - displayWidth(text)));
}

/** Replaces what a terminal would obey instead of showing: control, format and private signs, and lone halves. */
export function withoutControls(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cs}\u2028\u2029]/gu, '\ufffd');
}

function widthOf(grapheme: string): number {
  if (/^\p{M}*$/u.test(grapheme)) return 0;
  return WIDE.test(grapheme) ? 2 : 1;
}
