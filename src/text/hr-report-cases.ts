// The rows of an HR report: cases that two people opened (§8.1), with the visits of grade A and B and what the log shows.
import type { HrCase } from '../model/hr-report.ts';
import { CASES_TEXT } from './cases.ts';
import type { HrWriter } from './hr-report-writer.ts';
import type { Block, Section } from './page.ts';
import { factWords } from './visits.ts';

/** Writes the section of opened cases. */
export function hrCasesSection(writer: HrWriter): Section {
  const { text, report } = writer;
  const rows = report.cases.flatMap(found => caseBlocks(found, writer));
  const none: Block[] = report.cases.length === 0 ? [{ kind: 'text', text: text.casesNone }] : [];
  return {
    heading: text.headings.cases,
    blocks: [{ kind: 'text', text: text.casesIntro }, ...none, ...rows],
  };
}

function caseBlocks(found: HrCase, { text, lang, count, category }: HrWriter): Block[] {
  const { decision, weaker } = found;
  const decided =
    decision === null
      ? text.caseUndecided
      : text.caseDecided(CASES_TEXT[lang].outcomes[decision.outcome], decision.day);
  const visits = found.visits.map((visit, index) => [
    String(index + 1),
    visit.grade,
    visit.facts.map(fact => factWords(fact, lang)).join('; '),
    count(visit.records),
  ]);
  return [
    {
      kind: 'heading',
      text: text.case({ id: found.id, category: category(found.category), day: found.day }),
    },
    {
      kind: 'facts',
      rows: [
        { label: text.caseSubject, value: found.subject },
        { label: text.caseKnown, value: text.known[found.confidence] },
        { label: text.caseDepartment, value: found.departments.join(', ') },
        { label: text.caseDecision, value: decided },
        { label: text.caseWeaker, value: `C ${count(weaker.C)}, D ${count(weaker.D)}` },
      ],
    },
    ...(visits.length === 0 ? [] : [{ kind: 'table' as const, head: text.visitsHead, rows: visits }]),
  ];
}
