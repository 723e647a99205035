// What sheets of paper look like: A4, calm, readable in grey.

/** Size of an A4 sheet and its margins, in points: left, top, right, bottom. */
export const SHEET = { width: 595.28, margins: [48, 56, 48, 60] as [number, number, number, number] };

/** Width between the margins. */
export const SHEET_WIDTH = SHEET.width - SHEET.margins[0] - SHEET.margins[2];

export const COLORS = {
  ink: '#1c2430',
  soft: '#4d5764',
  line: '#c9cfd8',
  wash: '#f5f6f8',
  holds: '#1d6b43',
  fails: '#a3221b',
  unclear: '#7a5200',
  empty: '#4d5764',
};
