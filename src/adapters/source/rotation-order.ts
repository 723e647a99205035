// Sorts the files of one pattern so that a rotated log is read from its oldest part to its newest.
// Families are sorted by name; within a family come dated files from the earliest date on, then numbered files from
// the highest number down, then the file that is still written: access.log-20261101.gz, access.log.2.gz,
// access.log.1, access.log.

/** Sorts paths from the oldest part of each log to the newest. */
export function rotationOrder(paths: readonly string[]): string[] {
  return paths
    .map(describe)
    .sort(
      (a, b) =>
        compareText(a.family, b.family) || a.rank - b.rank || compareAge(a, b) || compareText(a.path, b.path),
    )
    .map(file => file.path);
}

interface RotatedFile {
  path: string;
  family: string;
  /** 0 dated, 1 numbered, 2 still written. */
  rank: number;
  date: string;
  number: number;
}

const PACKED = /\.(?:gz|zst)$/u;
const DATED = /[-.](\d{8}(?:[-T_]?\d+)?|\d{4}-\d{2}-\d{2})$/u;
const NUMBERED = /\.(\d{1,6})$/u;

function describe(path: string): RotatedFile {
  const name = path.replace(PACKED, '');
  const dated = DATED.exec(name);
  if (dated !== null) {
    return {
      path,
      family: name.slice(0, dated.index),
      rank: 0,
      date: dated[1]!.replace(/\D/gu, ''),
      number: 0,
    };
  }
  const numbered = NUMBERED.exec(name);
  if (numbered !== null) {
    return { path, family: name.slice(0, numbered.index), rank: 1, date: '', number: Number(numbered[1]) };
  }
  return { path, family: name, rank: 2, date: '', number: 0 };
}

function compareAge(a: RotatedFile, b: RotatedFile): number {
  return compareText(a.date, b.date) || b.number - a.number;
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
