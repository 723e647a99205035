// Long texts that repeat, stored once: text ⇄ number, with a bounded memory on either side of the table.
import type { DatabaseSync } from 'node:sqlite';

/** Texts that are remembered per direction; one full memory is dropped whole. */
const MAX_TEXTS = 1 << 15;

export interface TextWriter {
  /** Gives the number of a text, storing it where it is new. */
  numberOf(text: string): number;
  /** Forgets what was remembered: after a rollback the numbers may be given anew. */
  forget(): void;
}

/** Creates the writing side. */
export function createTextWriter(db: DatabaseSync): TextWriter {
  const numbers = new Map<string, number>();
  const find = db.prepare('SELECT no FROM text WHERE value = ?');
  const add = db.prepare('INSERT INTO text (value) VALUES (?)');
  return {
    numberOf(text) {
      const known = numbers.get(text);
      if (known !== undefined) return known;
      const row = find.get(text);
      const no = row === undefined ? Number(add.run(text).lastInsertRowid) : Number(row.no);
      if (numbers.size >= MAX_TEXTS) numbers.clear();
      numbers.set(text, no);
      return no;
    },
    forget: () => numbers.clear(),
  };
}

/** Creates the reading side. */
export function createTextReader(db: DatabaseSync): (no: number) => string {
  const texts = new Map<number, string>();
  const find = db.prepare('SELECT value FROM text WHERE no = ?');
  return no => {
    const known = texts.get(no);
    if (known !== undefined) return known;
    const text = String(find.get(no)?.value);
    if (texts.size >= MAX_TEXTS) texts.clear();
    texts.set(no, text);
    return text;
  };
}
