// A page that people file or hang up: headings, sentences, lists and tables in one language, and of each sentence how it
// is known. It has no form yet: `page-html.ts` prints it, the command line writes it as text.
import type { Lang } from './lang.ts';

/** How a statement is known, for the reader who must rely on it. */
export type Mark = 'checked' | 'configured' | 'found' | 'program';

/** How a check came out, as people see it. */
export type CheckResult = 'holds' | 'fails' | 'unclear' | 'empty';

/** One part of a section. */
export type Block =
  | { kind: 'text'; text: string; mark?: Mark }
  | { kind: 'list'; items: readonly string[]; mark?: Mark }
  | { kind: 'table'; head: readonly string[]; rows: readonly (readonly string[])[]; mark?: Mark }
  | {
      kind: 'checks';
      head: readonly string[];
      rows: readonly { result: CheckResult; word: string; text: string; counts: string }[];
      mark: Mark;
    };

export interface Section {
  heading: string;
  blocks: readonly Block[];
}

export interface Page {
  lang: Lang;
  title: string;
  /** One line each, under the title: whose it is, and of when. */
  lead: readonly string[];
  /** What must be seen before anything else; empty where there is nothing. */
  banners: readonly string[];
  /** The words of each mark; null where the page has none. */
  marks: Readonly<Record<Mark, { short: string; long: string }>> | null;
  sections: readonly Section[];
  foot: string;
}
