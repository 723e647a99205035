// What the readers of leases share: cells by name with their place, whatever the file's format.
import type { Problem } from '../../../config/problem.ts';

/** What a row of leases is made of. */
export type IntervalColumn = 'user' | 'client' | 'start' | 'end' | 'tenant';

/** One row. */
export interface Cells {
  line: number;
  /** Gives a cell, trimmed and in Unicode form C; `''` where there is none. */
  cell(column: IntervalColumn): string;
  /** Reports a mistake in a cell. */
  report(column: IntervalColumn, message: string, hint: string): void;
}

/** Takes a row; says whether there is room for more. */
export type TakeRow = (cells: Cells) => 'more' | 'full';

/** Hears of a mistake; it is an error unless it says otherwise. */
export type Reported = (
  said: Omit<Problem, 'file' | 'severity'> & { severity?: Problem['severity'] },
) => void;

/** Makes rows of a file's lines. */
export interface RowLines {
  /** Takes a line without its end; its number counts from 1. */
  line(text: string, number: number): 'more' | 'full';
  /** Says that there are no more lines. */
  end(): Promise<void>;
}
