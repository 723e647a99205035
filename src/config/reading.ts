// What the readers of single files share while a configuration is loaded.
import { readFileSync } from 'node:fs';
import type { Problem } from './problem.ts';
import { readYaml, type YamlFile } from './yaml-file.ts';

/** Names files as the user would, and gathers what is wrong in them. */
export interface Reading {
  shown(path: string): string;
  problems: Problem[];
  /** Tells whether a key of the main file names something that is there. */
  isNamed(key: string): boolean;
}

/** Reads one YAML file; null, with a problem, where it cannot be read. */
export function openFile(
  path: string,
  { shown, problems }: Pick<Reading, 'shown' | 'problems'>,
): YamlFile | null {
  try {
    return readYaml(readFileSync(path), shown(path));
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
    problems.push({
      ...{ file: shown(path), line: 0, column: 0, key: '', severity: 'error' },
      message: code === 'ENOENT' ? 'there is no such file' : `the file cannot be read (${code})`,
      hint: 'name it with --config, or make a configuration with `granska init`',
    });
    return null;
  }
}
