// Reads the words of a PDF that pdfmake made: inflates its streams, and turns the numbers of letters back by each font's own
// table (ToUnicode). Sheets in order, each with its runs of text in the order in which they were written.
import { inflateSync } from 'node:zlib';

interface Part {
  head: string;
  body: string;
}

/** Gives the text of each sheet. */
export function pdfText(pdf: Uint8Array): string[] {
  const parts = partsOf(Buffer.from(pdf).toString('latin1'));
  const kids = /\/Kids \[([^\]]*)\]/.exec(
    [...parts.values()].find(({ head }) => head.includes('/Kids'))!.head,
  );
  return references(kids![1]!).map(number => sheetText(parts, parts.get(number)!));
}

/** Gives all that a PDF says, without blanks: its layout alone makes ends of lines. */
export function pdfSaid(pdf: Uint8Array): string {
  return pdfText(pdf).join('').replace(/\s+/g, '');
}

function partsOf(file: string): Map<number, Part> {
  const parts = new Map<number, Part>();
  for (const [, number, content] of file.matchAll(/(\d+) 0 obj\n([\s\S]*?)\nendobj/g)) {
    const at = content!.indexOf('stream\n');
    const head = at === -1 ? content! : content!.slice(0, at);
    const bytes = at === -1 ? '' : content!.slice(at + 7, content!.lastIndexOf('\nendstream'));
    const body = head.includes('FlateDecode')
      ? inflateSync(Buffer.from(bytes, 'latin1')).toString('latin1')
      : bytes;
    parts.set(Number(number), { head, body });
  }
  return parts;
}

function sheetText(parts: Map<number, Part>, sheet: Part): string {
  const resources = parts.get(references(/\/Resources (\d+ 0 R)/.exec(sheet.head)![1]!)[0]!)!;
  const fonts = new Map<string, ReadonlyMap<number, string>>();
  for (const [, name, font] of resources.head.matchAll(/\/(F\d+) (\d+ 0 R)/g)) {
    const unicode = /\/ToUnicode (\d+ 0 R)/.exec(parts.get(references(font!)[0]!)!.head)![1]!;
    fonts.set(name!, lettersOf(parts.get(references(unicode)[0]!)!.body));
  }
  const contents = parts.get(references(/\/Contents (\d+ 0 R)/.exec(sheet.head)![1]!)[0]!)!.body;
  let text = '';
  let letters: ReadonlyMap<number, string> = new Map();
  for (const [, font, run] of contents.matchAll(/\/(F\d+) [\d.]+ Tf|\[([^\]]*)\] TJ/g)) {
    if (font !== undefined) letters = fonts.get(font)!;
    else text += `${textOf(run!, letters)}\n`;
  }
  return text;
}

function textOf(run: string, letters: ReadonlyMap<number, string>): string {
  const glyphs = [...run.matchAll(/<([0-9a-f]*)>/gi)].flatMap(([, hex]) => hex!.match(/.{4}/g) ?? []);
  return glyphs.map(glyph => letters.get(Number.parseInt(glyph, 16)) ?? '?').join('');
}

/** Reads `beginbfrange <from> <to> [<0041> …]`. */
function lettersOf(table: string): ReadonlyMap<number, string> {
  const letters = new Map<number, string>();
  for (const [, from, , list] of table.matchAll(/<([0-9a-f]{4})> <([0-9a-f]{4})> \[([^\]]*)\]/gi)) {
    const first = Number.parseInt(from!, 16);
    [...list!.matchAll(/<([0-9a-f ]*)>/gi)].forEach(([, hex], index) => {
      const units = (hex!.replaceAll(' ', '').match(/.{4}/g) ?? []).map(unit => Number.parseInt(unit, 16));
      letters.set(first + index, String.fromCharCode(...units));
    });
  }
  return letters;
}

function references(text: string): number[] {
  return [...text.matchAll(/(\d+) 0 R/g)].map(([, number]) => Number(number));
}
