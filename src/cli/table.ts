// Columns of text, aligned.

export interface AlignOptions {
  /** First and last column that are set to the right (numbers); the last one when left out. */
  rightFrom: number;
  rightTo?: number;
  indent: number;
}

/** Aligns rows of cells into lines; short numbers stand to the right, text to the left. */
export function alignTable(rows: readonly (readonly string[])[], options: AlignOptions): string {
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((cell, column) => {
      widths[column] = Math.max(widths[column] ?? 0, cell.length);
    });
  }
  const rightTo = options.rightTo ?? Number.POSITIVE_INFINITY;
  const isRight = (column: number) => column >= options.rightFrom && column <= rightTo;
  return rows
    .map(row => {
      const cells = row.map((cell, column) =>
        isRight(column) ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!),
      );
      return (' '.repeat(options.indent) + cells.join('  ')).trimEnd();
    })
    .join('\n');
}
