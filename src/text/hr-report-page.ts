// hr-report-page: an issued HR report → the page that is filed. In: content, its issue and a language; out: headings,
// sentences, charts and tables. Invariant: a figure that is hidden is a word here too, and both languages have the same
// parts in the same order. Example: `hrReportPage(issued, 'sv').sections[0].heading` → `Så läser du rapporten`.
import type { HrReport } from '../model/hr-report.ts';
import { CASES_TEXT, CONSIDER } from './cases.ts';
import { monthText } from './hr-report.ts';
import { hrCasesSection } from './hr-report-cases.ts';
import {
  attemptsSection,
  briefSection,
  examineSection,
  exemptSection,
  unitsSection,
} from './hr-report-figures.ts';
import { groundSection } from './hr-report-ground.ts';
import { createHrWriter, type HrWriter } from './hr-report-writer.ts';
import type { Lang } from './lang.ts';
import type { Block, Page, Section } from './page.ts';
import { coverageBlocks } from './report-coverage.ts';

/** A report with what makes it an issue. */
export interface IssuedHrReport {
  report: HrReport;
  number: number;
  /** SHA-256 of the content. */
  hash: string;
  /** Local day on which it was issued. */
  day: string;
  /** The issue that it corrects; null for the first. */
  corrects: { number: number; hash: string; reason: string } | null;
}

/** Writes an issued report as a page. */
export function hrReportPage(issued: IssuedHrReport, lang: Lang): Page {
  const { report, number, hash, day, corrects } = issued;
  const writer = createHrWriter(report, lang);
  const { text } = writer;
  const own = report.units[0]!;
  return {
    lang,
    title: text.title,
    lead: [
      text.lead(report.organization, report.department ?? text.whole, monthText(report.month, lang)),
      text.issue(number, hash),
    ],
    banners: [
      ...(corrects === null
        ? []
        : [text.correction({ corrects: corrects.number, hash: corrects.hash, reason: corrects.reason })]),
      ...(report.coverage.isComplete ? [] : [text.incomplete]),
    ],
    marks: null,
    sections: [
      section(text.headings.read, [{ kind: 'list', items: text.read(report.smallGroup) }]),
      briefSection(own, writer),
      examineSection(own, writer),
      exemptSection(own, writer),
      attemptsSection(own, writer),
      unitsSection(own, writer),
      hrCasesSection(writer),
      otherSection(writer),
      section(text.headings.right, sentences(text.right)),
      section(text.headings.coverage, [
        ...(report.department === null ? [] : sentences([text.coverageWhole])),
        ...coverageBlocks(report.coverage, lang),
      ]),
      section(text.headings.limits, [{ kind: 'list', items: text.limits }]),
      groundSection(writer),
    ],
    foot: text.foot(day),
    hash,
    headings: 'numbered',
  };
}

function section(heading: string, blocks: readonly Block[]): Section {
  return { heading, blocks };
}

function sentences(texts: readonly string[]): Block[] {
  return texts.map(text => ({ kind: 'text', text }));
}

function otherSection({ text, lang }: HrWriter): Section {
  const { explanations } = CASES_TEXT[lang];
  const all = new Set((['A', 'B', 'C', 'D'] as const).flatMap(grade => CONSIDER[grade]));
  for (const known of ['address', 'lease'] as const) all.add(known);
  return section(text.headings.other, [
    { kind: 'text', text: text.otherIntro },
    { kind: 'list', items: [...all].map(code => explanations[code]) },
  ]);
}
