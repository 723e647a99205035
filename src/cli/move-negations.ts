/**
 * Moves the negations of a query (`granska search casino -verdict:exempt`) behind `--`, where nothing is taken for an
 * option. What the order of a query's terms means does not change: all of them must hold.
 */
export function moveNegations(argv: readonly string[], takesValue: (flag: string) => boolean): string[] {
  const kept: string[] = [];
  const moved: string[] = [];
  let command: string | null = null;
  let at = 0;
  for (; at < argv.length && argv[at] !== '--'; at++) {
    const word = argv[at]!;
    if (command !== null && QUERIES.has(command) && NEGATION.test(word)) moved.push(word);
    else kept.push(word);
    // The value of an option may begin with a hyphen too: `--sort -start`.
    if (takesValue(word) && at + 1 < argv.length) kept.push(argv[++at]!);
    else if (!word.startsWith('-')) command ??= word;
  }
  return moved.length === 0 ? [...argv] : [...kept, '--', ...moved, ...argv.slice(at + 1)];
}

/** Commands that take a query. */
const QUERIES: ReadonlySet<string> = new Set(['search', 'visits']);

/** One hyphen and more than one sign behind it: `-h` stays an option. */
const NEGATION = /^-[^-]./su;
