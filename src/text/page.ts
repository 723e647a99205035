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
  | {
      kind: 'table';
      /** Stands over the table, as its name. */
      caption?: string;
      head: readonly string[];
      rows: readonly (readonly string[])[];
      mark?: Mark;
    }
  | {
      kind: 'checks';
      head: readonly string[];
      rows: readonly { result: CheckResult; word: string; text: string; counts: string }[];
      mark: Mark;
    }
  /** A heading within the section. */
  | { kind: 'heading'; text: string; mark?: undefined }
  | { kind: 'facts'; rows: readonly Fact[]; mark?: Mark }
  | Chart
  | { kind: 'signatures'; rows: readonly SignatureRow[]; mark?: undefined };

/** What something is called, and what it is. */
export interface Fact {
  label: string;
  value: string;
}

/** Bars of stacked parts. It is always printed with a table of the same figures. */
export interface Chart {
  kind: 'chart';
  title: string;
  bars: readonly ChartBar[];
  /** What is counted, in the plural: `besök`. */
  unit: string;
  /** Heading of the table's first column; empty unless given. */
  head?: string;
  /** What stands where a value is hidden; the language's word for it unless given. */
  hidden?: string;
  mark?: Mark;
}

/** The same labels in the same order in every bar; a part that a bar lacks counts as not told. */
export interface ChartBar {
  label: string;
  parts: readonly ChartPart[];
}

export interface ChartPart {
  label: string;
  /** Null where it is hidden: then nothing that is drawn may tell its size. */
  value: number | null;
}

/** Who has signed; `when` and `hash` are null where the signature is still missing. */
export interface SignatureRow {
  who: string;
  duty: string;
  when: string | null;
  hash: string | null;
}

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
  /** SHA-256 of the content; its beginning stands on every sheet of paper. */
  hash?: string;
  /** `plain` unless given. */
  headings?: 'plain' | 'numbered';
}

/** Gives a section's heading as it is printed, from its index. */
export function headingText({ heading }: Section, index: number, { headings }: Page): string {
  return headings === 'numbered' ? `${index + 1}. ${heading}` : heading;
}
