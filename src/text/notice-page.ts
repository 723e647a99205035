// notice-page: the facts of a notice → the page that people are given. In: facts and a language; out: headings and
// sentences. Invariant: every category is named once, and a visit is called a crime only where a statute makes it one.
// Example: `noticePage(notice, 'sv').title` → `Information: användningen av internet i arbetet granskas`.
import type { Notice, NoticeCategory } from '../model/notice.ts';
import type { Population } from '../model/subject.ts';
import { countText, joined } from './count.ts';
import type { Lang } from './lang.ts';
import { NOTICE_TEXT } from './notice.ts';
import type { Block, Page, Section } from './page.ts';
import { POPULATION_TEXT } from './populations.ts';

type Text = (typeof NOTICE_TEXT)['en'];

/** Writes a notice as a page. */
export function noticePage(notice: Notice, lang: Lang): Page {
  const text = NOTICE_TEXT[lang];
  const people = POPULATION_TEXT[lang];
  const { headings } = text;
  const retention = notice.retention;
  const kept =
    retention === null
      ? text.time.undecided
      : text.time.kept({ days: countText(lang, retention.days), decision: retention.decision });
  const reviewed = joined(
    notice.reviewed.map(population => people[population]),
    text.and,
  );
  const basis = notice.legalBasis;
  return {
    lang,
    title: text.title,
    lead: [text.lead(notice)],
    banners: banners(notice, text),
    marks: null,
    sections: [
      section(headings.what, notice.usesLeases ? [...text.what, text.leases] : text.what),
      section(headings.why, [...text.why, basis === null ? text.noLegalBasis : text.legalBasis(basis)]),
      ...categories(notice, lang),
      section(headings.who, [
        text.reviewed(reviewed),
        unsure(notice, text),
        text.small(countText(lang, notice.smallGroup)),
      ]),
      section(headings.exemptions, text.exemptions),
      section(headings.protected, text.protected),
      section(headings.readers, text.readers),
      section(headings.time, [kept, text.time.sealed(countText(lang, notice.sealedDays))]),
      section(headings.follow, text.follow),
      section(headings.rights, [
        ...text.rights,
        notice.controller === null ? text.noController : text.controller(notice.controller),
        notice.dataProtectionOfficer === null ? text.noOfficer : text.officer(notice.dataProtectionOfficer),
      ]),
      section(headings.dates, dates(notice, text)),
    ],
    foot: text.foot(notice.day),
  };
}

function banners({ standing, from }: Notice, text: Text): string[] {
  switch (standing) {
    case 'trial':
      return [text.draft];
    case 'coming':
      return [text.coming(from ?? '')];
    case 'live':
      return [];
    default:
      return standing satisfies never;
  }
}

function section(heading: string, sentences: readonly string[]): Section {
  return { heading, blocks: sentences.map(text => ({ kind: 'text', text })) };
}

function categories(notice: Notice, lang: Lang): Section[] {
  const { categories: all } = notice;
  const text = NOTICE_TEXT[lang];
  const announced = all
    .map(category => ({ ...category, announced: reviewedDays(category, notice) }))
    .filter(category => Object.keys(category.announced).length > 0);
  const named = new Set(announced.map(({ name }) => name));
  const rest = all.filter(({ name }) => !named.has(name));
  const listOf = (members: readonly NoticeCategory[]): Block =>
    members.length === 0
      ? { kind: 'text', text: text.noCategory }
      : { kind: 'list', items: members.map(category => categoryText(category, lang)) };
  const forbidden = announced.filter(category => category.class === 'forbidden');
  const notReviewed: Block[] =
    rest.length === 0
      ? []
      : [
          {
            kind: 'text',
            text: text.notAnnounced(
              joined(
                rest.map(category => category[lang]),
                text.and,
              ),
            ),
          },
        ];
  return [
    {
      heading: text.headings.forbidden,
      blocks: [
        ...(forbidden.length === 0 ? [] : [{ kind: 'text' as const, text: text.forbiddenIntro }]),
        listOf(forbidden),
      ],
    },
    {
      heading: text.headings.questionable,
      blocks: [listOf(announced.filter(category => category.class === 'questionable')), ...notReviewed],
    },
  ];
}

/** Says how surely it must be known who made a request, as far as there is something that can tell. */
function unsure({ minimumConfidence, usesLeases }: Notice, { unsure: words }: Text): string {
  return minimumConfidence === 'lease' && !usesLeases ? words.authenticated : words[minimumConfidence];
}

/** Leaves out days of populations that are not reviewed: nobody is, whatever was announced to them. */
function reviewedDays({ announced }: NoticeCategory, { reviewed }: Notice): NoticeCategory['announced'] {
  // Whom nobody knows is reviewed like staff (§3.3).
  const isReviewed = (who: string) => reviewed.some(population => population === who);
  const days = Object.entries(announced).filter(
    ([who]) => who === 'all' || isReviewed(who) || (who === 'unknown' && isReviewed('staff')),
  );
  return Object.fromEntries(days);
}

function categoryText(category: NoticeCategory, lang: Lang): string {
  const text = NOTICE_TEXT[lang];
  const sentences = [text.category({ name: category[lang], since: sinceText(category, lang) })];
  for (const { statute, act, visitIsCrime } of category.statutes) {
    sentences.push(text.statute({ statute, act: act[lang] }));
    if (visitIsCrime) sentences.push(text.visitIsCrime);
  }
  const isAboutActs = category.statutes.length > 0 && !category.statutes.some(rule => rule.visitIsCrime);
  if (isAboutActs) sentences.push(text.visitIsNot);
  return sentences.join(' ');
}

function sinceText({ announced }: NoticeCategory, lang: Lang): string {
  const { since } = NOTICE_TEXT[lang];
  if (announced.all !== undefined) return since.all(announced.all);
  const days = Object.entries(announced) as [Population, string][];
  return since.some(days.map(([who, day]) => since.one({ day, who: POPULATION_TEXT[lang][who] })).join(', '));
}

function dates({ from, notice, negotiation }: Notice, { dates: text }: Text): string[] {
  return [
    from === null ? text.noFrom : text.from(from),
    notice === null ? text.noNotice : text.notice(notice),
    negotiation === null ? text.noNegotiation : text.negotiation(negotiation),
  ];
}
