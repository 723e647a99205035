// One case as a page of text: what was found, how strong it is, what was decided, and what else could explain it.
// In: a case, its visits and the policy's words on its category; out: lines. Invariant: no name, no address that a program
// would make a link of, and never a word of guilt; where a category must not be opened, that stands before any address.
import type { Zone } from '../calendar/zone.ts';
import type { Case } from '../model/case.ts';
import type { Grade, Visit } from '../model/visit.ts';
import type { PolicyCategory } from '../policy/policy.ts';
import { CASES_TEXT, type CaseWords, CONSIDER, type Explanation } from '../text/cases.ts';
import type { Lang } from '../text/lang.ts';
import { factWords } from '../text/visits.ts';
import { defang } from '../url/defang.ts';
import { defangText } from '../url/defang-text.ts';
import { padToWidth, withoutControls } from './display-width.ts';
import { localMinute, localSecond } from './local-time.ts';

export interface CasePage {
  found: Case;
  visits: readonly Visit[];
  /** Null where the policy has the category no more. */
  category: PolicyCategory | null;
  zone: Zone;
  lang: Lang;
}

/** Gives the lines of a case's page. */
export function casePage(page: CasePage): string[] {
  const { found, lang, category, zone } = page;
  const words = CASES_TEXT[lang];
  const { labels } = words;
  const name = category === null ? found.category : `${found.category} (${category.names[lang]})`;
  const then = [
    found.population,
    ...found.departments.filter(text => text !== '').map(words.department),
    ...found.roles,
  ];
  const rows: [string, string[]][] = [
    [labels.case, [`${found.id} (${found.day}, ${zone.name})`]],
    [labels.status, [words.statuses[found.status], ...changeLines(found, words)]],
    [labels.organization, [found.tenant]],
    [labels.subject, [`${found.subjectId}: ${subjectWords(found, words)}`]],
    [labels.rolesThen, [then.join(', ')]],
    [labels.category, [`${name}, ${found.class}`, ...statuteLines(found, category, words)]],
    [labels.found, [words.found(found.visits, found.records)]],
    [labels.visits, visitLines(page, words)],
    [labels.decisions, decisionLines(found, zone, words)],
  ];
  const width = Math.max(...rows.map(([label]) => label.length)) + 2;
  const table = rows.flatMap(([label, lines]) =>
    lines.map((line, index) =>
      `${padToWidth(index === 0 ? label : '', width)}${withoutControls(line)}`.trimEnd(),
    ),
  );
  const warning = category?.doNotOpen === true ? [`! ${words.doNotOpen}`, ''] : [];
  return [...warning, ...table, ...considerLines(page, words), ...nextLines(found, words)];
}

function subjectWords({ subjectKind, confidence }: Case, words: CaseWords): string {
  return subjectKind === 'client' ? words.client : `${words.user}; ${words.confidence[confidence]}`;
}

function changeLines(found: Case, words: CaseWords): string[] {
  if (found.status === 'withdrawn') return [words.withdrawn];
  const last = found.decisions.at(-1);
  if (found.status !== 'reopened' || last === undefined) return [];
  const then = words.foundThen(last.facts.visits, last.facts.records);
  return [words.grew(then, words.foundThen(found.visits, found.records))];
}

function statuteLines(found: Case, category: PolicyCategory | null, words: CaseWords): string[] {
  if (found.statutes.length === 0) return [];
  const known = category?.statutes.filter(({ statute }) => found.statutes.includes(statute)) ?? [];
  const isNoVisit = known.length > 0 && known.every(({ visitIsCrime }) => !visitIsCrime);
  return [words.statute(found.statutes.join(', ')), ...(isNoVisit ? [words.visitIsNotIt] : [])];
}

function visitLines({ visits, zone, lang, category }: CasePage, words: CaseWords): string[] {
  if (visits.length === 0) return [words.none];
  const site = (visit: Visit) => (category?.doNotOpen === true ? words.siteWithheld : defang(visit.site));
  return visits.flatMap(visit => [
    `${localSecond(zone, visit.startMs)}  ${site(visit)}  ${words.visit(visit.examine, visit.grade)}`,
    ...visit.facts.map(fact => `    ${factWords(fact, lang)}`),
  ]);
}

function decisionLines(found: Case, zone: Zone, words: CaseWords): string[] {
  if (found.decisions.length === 0) return [words.undecided];
  return found.decisions.flatMap(({ seq, atMs, by, outcome, reason, facts }) => [
    words.decision(seq, localMinute(zone, atMs), by),
    `    ${words.outcomes[outcome]} (${words.foundThen(facts.visits, facts.records)})`,
    `    “${defangText(reason)}”`,
  ]);
}

const GRADES: readonly Grade[] = ['A', 'B', 'C', 'D'];

/** What else could explain it, by the grades that its visits have; before anything is concluded. */
function considerLines({ found }: CasePage, words: CaseWords): string[] {
  const grades = GRADES.filter(grade => found.grades[grade] > 0);
  if (grades.length === 0) return [];
  const bySubject: Explanation[] =
    found.subjectKind === 'client' ? ['address'] : found.confidence === 'lease' ? ['lease'] : [];
  return [
    '',
    words.labels.consider,
    ...grades.flatMap(grade => [
      `  ${grade}  ${words.gradeConsider[grade]}`,
      ...[...bySubject, ...CONSIDER[grade]].map(key => `     - ${words.explanations[key]}`),
    ]),
    `  ${words.hear}`,
  ];
}

/** Digits of the digest that are shown, to be given back with a decision. */
const SEEN_DIGITS = 12;

function nextLines(found: Case, words: CaseWords): string[] {
  if (found.digest === null) return [];
  const query = `subject:${found.subjectId} category:${found.category}`;
  return [
    '',
    words.labels.next,
    `  ${words.findings}`,
    `    granska search '${query}' --from ${found.day} --to ${found.day}`,
    `  ${words.decide}`,
    `    granska cases decide ${found.id} --seen ${found.digest.slice(0, SEEN_DIGITS)} --outcome OUTCOME --reason TEXT`,
  ];
}
