// Drawn items as lines of text: when, who by pseudonym, what, how strong the evidence is and why, and what was decided.
// Invariant: no name of a subject and no address that a program would make a link of; where a category must not be opened,
// no address at all. Of what rests on a site that is protected now stands only that there is something (§6.2).
import type { Zone } from '../calendar/zone.ts';
import type { DecidedLine, SampledItem, ViewItem, VisitItem } from '../model/review.ts';
import type { Policy } from '../policy/policy.ts';
import type { Lang } from '../text/lang.ts';
import { REVIEW_TEXT } from '../text/review.ts';
import { factWords } from '../text/visits.ts';
import { defang } from '../url/defang.ts';
import { defangText } from '../url/defang-text.ts';
import { withoutControls } from './display-width.ts';
import { localMinute } from './local-time.ts';
import { formatCount } from './numbers.ts';

export interface ItemAbout {
  decision: DecidedLine | null;
  isRejudged: boolean;
  isHidden: boolean;
  lang: Lang;
  zone: Zone;
  policy: Pick<Policy, 'categories'>;
}

/** Gives the lines of an item. */
export function itemLines(item: SampledItem, about: ItemAbout): string[] {
  const { decision, isRejudged, isHidden, lang } = about;
  const words = REVIEW_TEXT[lang];
  if (isHidden) return [`${item.number}  ${words.protected}`, `    ${decidedAs(decision, lang)}`];
  const lines = [
    ...linesOf(item, about),
    ...(isRejudged ? [`    ! ${words.overtaken}`] : []),
    `    ${decision === null ? words.undecided : decisionWords(decision, about)}`,
  ];
  return lines.map(withoutControls);
}

function linesOf(item: SampledItem, about: ItemAbout): string[] {
  switch (item.kind) {
    case 'visit':
      return visitLines(item, about);
    case 'view':
      return viewLines(item, about);
    default:
      return item satisfies never;
  }
}

function visitLines(item: VisitItem, { zone, policy, lang }: ItemAbout): string[] {
  const words = REVIEW_TEXT[lang];
  const isWithheld = policy.categories.get(item.category)?.doNotOpen === true;
  const site = isWithheld ? words.withheld : defang(item.site);
  const when = localMinute(zone, item.startMs);
  const department = item.department === '' ? '-' : item.department;
  return [
    `${item.number}  ${when}  ${item.subjectId}  ${department}  ${item.category}  ${item.grade}  ${site}`,
    ...item.facts.map(fact => `    ${factWords(fact, lang)}`),
    ...(item.mayBeCase ? [] : [`    ${words.tooLittleKnown}`]),
  ];
}

function viewLines(item: ViewItem, { zone, lang }: ItemAbout): string[] {
  const { actor, action } = item;
  const when = localMinute(zone, Date.parse(item.at));
  const shown = formatCount(item.shown);
  return [
    `${item.number}  ${REVIEW_TEXT[lang].view({ when, actor, action, shown })}`,
    `    ${defangText(JSON.stringify(item.details))}`,
  ];
}

/** Tells how an item was decided, without who wrote what about it. */
function decidedAs(decision: DecidedLine | null, lang: Lang): string {
  return decision === null ? REVIEW_TEXT[lang].undecided : REVIEW_TEXT[lang].outcomes[decision.outcome];
}

function decisionWords({ outcome, reviewer, remark, atMs }: DecidedLine, { zone, lang }: ItemAbout): string {
  const what = `${REVIEW_TEXT[lang].outcomes[outcome]} (${reviewer}, ${localMinute(zone, atMs)})`;
  return remark === '' ? what : `${what} “${defangText(remark)}”`;
}
