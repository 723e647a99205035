// letters: the bytes of a font → which signs it has. In: a TrueType file; out: a question. Invariant: what the font lacks
// is told from what it has, so that nothing is printed as an empty box that could mean anything.
// Example: `lettersOf(roboto)('å'.codePointAt(0)!)` → true.

/** Reads which code points of the first plane a font has, from its table `cmap` (format 4). */
export function lettersOf(font: Uint8Array): (codePoint: number) => boolean {
  const view = new DataView(font.buffer, font.byteOffset, font.byteLength);
  const table = subtableOf(view);
  const count = view.getUint16(table + 6) / 2;
  return codePoint => {
    for (let index = 0; index < count; index++) {
      if (codePoint > view.getUint16(table + 14 + index * 2)) continue;
      // After the ends of the ranges stands one empty word.
      const start = view.getUint16(table + 16 + count * 2 + index * 2);
      if (codePoint < start) return false;
      const delta = view.getUint16(table + 16 + count * 4 + index * 2);
      const place = table + 16 + count * 6 + index * 2;
      const offset = view.getUint16(place);
      if (offset === 0) return ((codePoint + delta) & 0xffff) !== 0;
      return view.getUint16(place + offset + (codePoint - start) * 2) !== 0;
    }
    return false;
  };
}

function subtableOf(view: DataView): number {
  const cmap = tableAt(view, 'cmap');
  const count = view.getUint16(cmap + 2);
  for (let index = 0; index < count; index++) {
    const at = cmap + view.getUint32(cmap + 8 + index * 8);
    if (view.getUint16(at) === 4) return at;
  }
  throw new RangeError('the font has no table of letters');
}

function tableAt(view: DataView, name: string): number {
  const count = view.getUint16(4);
  for (let index = 0; index < count; index++) {
    const at = 12 + index * 16;
    const tag = String.fromCharCode(...[0, 1, 2, 3].map(place => view.getUint8(at + place)));
    if (tag === name) return view.getUint32(at + 8);
  }
  throw new RangeError(`the font has no table ${name}`);
}
