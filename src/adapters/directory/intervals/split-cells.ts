// split-cells: one line of CSV → its cells; null where its quotes do not fit together.
// Example: `a,"b,""c""",` → `a`, `b,"c"` and an empty one.

/** Cuts a line at a separator of one sign. */
export function splitCells(line: string, delimiter: string): string[] | null {
  if (!line.includes('"')) return line.split(delimiter);
  const cells: string[] = [];
  for (let at = 0; ; ) {
    const quoted = line.slice(at).match(/^\s*"((?:[^"]|"")*)"\s*/);
    const end = quoted === null ? nextOf(line, delimiter, at) : at + quoted[0].length;
    const cell = quoted === null ? line.slice(at, end) : quoted[1]!.replaceAll('""', '"');
    if (quoted === null && /^\s*"/.test(cell)) return null;
    cells.push(cell);
    if (end === line.length) return cells;
    if (line[end] !== delimiter) return null;
    at = end + 1;
  }
}

function nextOf(line: string, delimiter: string, from: number): number {
  const found = line.indexOf(delimiter, from);
  return found < 0 ? line.length : found;
}
