// columns: which columns of a table hold numbers, and so stand to the right. In: rows of cells; out: indexes of columns.
// Invariant: the first column names the row and stays to the left.
// Example: [[Kultur, 12], [Skola, dold]] → column 1.

/** Gives the columns in which a count stands, and beside counts only shares and short words such as `dold`. */
export function numberColumns(rows: readonly (readonly string[])[]): ReadonlySet<number> {
  const width = Math.max(0, ...rows.map(row => row.length));
  const found = new Set<number>();
  for (let column = 1; column < width; column++) {
    const cells = rows.map(row => row[column] ?? '');
    if (cells.some(isAmount) && cells.every(cell => isAmount(cell) || isWord(cell))) found.add(column);
  }
  return found;
}

/** Tells whether a cell is a count, which stands to the right. */
export function isCount(cell: string): boolean {
  return /^\d{1,3}([\u00a0,]\d{3})*$/.test(cell);
}

/** Tells whether a cell is one short id, date or number, which does not break over lines. */
export function isShortCode(cell: string): boolean {
  return cell.length <= 20 && /\d/.test(cell) && /^[\p{L}\d.:/_-]+$/u.test(cell);
}

function isAmount(cell: string): boolean {
  return isCount(cell) || /^\d{1,3}([.,]\d+)?[\u00a0 ]?%$/.test(cell);
}

/** Tells whether a cell stands for a number that is not shown. */
function isWord(cell: string): boolean {
  return cell.length <= 12 && /^(\D*|<[\u00a0 ]?\d+)$/.test(cell);
}
