// Problem: one mistake in one configuration file, told so that an editor can jump to it.
// In: problems as the readers collect them; out: lines of text, sorted by file and place. Every mistake is reported, not only the first.

/** Holds one mistake: where it is, at which key, what is wrong and what to do about it. */
export interface Problem {
  /** The file as the user named it or would name it. */
  file: string;
  /** Counted from 1; 0 where the mistake is about the whole file. */
  line: number;
  column: number;
  /** Dotted path of the key, such as `exemptions[0].validThrough`; `''` for the whole file. */
  key: string;
  message: string;
  /** What to do next; `''` where the message says it all. */
  hint: string;
  severity: 'error' | 'warning';
}

/** Formats problems, one line each: `file:line:column: error: key: message (hint)`. */
export function formatProblems(problems: readonly Problem[]): string {
  return sortProblems(problems).map(formatProblem).join('\n');
}

/** Sorts problems by file, line and column; equal places keep their order. */
export function sortProblems(problems: readonly Problem[]): Problem[] {
  return [...problems].sort((a, b) => compareText(a.file, b.file) || a.line - b.line || a.column - b.column);
}

/** Tells whether any of the problems is an error. */
export function hasErrors(problems: readonly Problem[]): boolean {
  return problems.some(problem => problem.severity === 'error');
}

function formatProblem(problem: Problem): string {
  const place = problem.line > 0 ? `${problem.file}:${problem.line}:${problem.column}` : problem.file;
  const key = problem.key === '' ? '' : `${problem.key}: `;
  const hint = problem.hint === '' ? '' : ` (${problem.hint})`;
  return `${place}: ${problem.severity}: ${key}${problem.message}${hint}`;
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
