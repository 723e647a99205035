// review-page: a review → its protocol, as a page to file. In: the review, what stands on each drawn item, and how times and
// counts are written; out: a page. Invariant: counts and remarks only: no row about a person, no pseudonym, no department by
// itself (§8.1, §8.2); the same review gives the same page.
import type { ChecklistAnswer, DecidedLine, FrozenLine, Review, ReviewOutcome } from '../model/review.ts';
import { countText } from './count.ts';
import type { Lang } from './lang.ts';
import type { Block, Fact, Page, Section } from './page.ts';
import { coverageBlocks } from './report-coverage.ts';
import { REVIEW_TEXT } from './review.ts';

export interface ProtocolParts {
  review: Review;
  /** The decision that stands on each item. */
  decisions: ReadonlyMap<number, DecidedLine>;
  /** How many drawn items rest on findings that were judged again since. */
  rejudged: number;
  lang: Lang;
  /** Writes an instant by the tenant's clock. */
  when(atMs: number): string;
  /** Writes what people wrote so that nothing makes a link of an address in it. */
  harmless(text: string): string;
}

type Words = (typeof REVIEW_TEXT)['en'];

interface Writer extends ProtocolParts {
  words: Words;
  count(n: number): string;
}

/** Writes the protocol of a review. */
export function reviewPage(parts: ProtocolParts): Page {
  const { review, lang } = parts;
  const words = REVIEW_TEXT[lang];
  const writer: Writer = { ...parts, words, count: n => countText(lang, n) };
  const { begun, frozen, contentHash, signed } = review;
  const diary = diaryOf(review);
  const { organization, plan, period } = begun;
  return {
    lang,
    title: words.title(plan.names[lang]),
    lead: [
      words.lead({ organization, period: period.id }),
      ...(diary === null ? [] : [words.diary(diary)]),
      words.content(contentHash),
    ],
    banners: [
      ...(signed === null ? [words.unsigned] : []),
      ...(frozen === null || frozen.coverage.isComplete
        ? []
        : [words.incomplete(frozen.coverage.completeThrough)]),
      ...(parts.rejudged === 0 ? [] : [words.rejudged(writer.count(parts.rejudged))]),
    ],
    marks: null,
    headings: 'numbered',
    hash: contentHash,
    sections:
      frozen === null
        ? []
        : [
            whatSection(writer, frozen),
            methodSection(writer, frozen),
            resultSection(writer, frozen),
            remarksSection(writer),
            { heading: words.headings.coverage, blocks: coverageBlocks(frozen.coverage, lang) },
            { heading: words.headings.limits, blocks: [{ kind: 'list', items: words.limits }] },
            signaturesSection(writer),
          ],
    foot: words.foot,
  };
}

/** Gives the diary number of a review: that of its signature, else that of its beginning. */
export function diaryOf({ begun, signed }: Pick<Review, 'begun' | 'signed'>): string | null {
  const later = signed?.statement.body.diary;
  return typeof later === 'string' ? later : begun.diary;
}

function whatSection({ review, words, count, when }: Writer, frozen: FrozenLine): Section {
  const { labels } = words;
  const { begun } = review;
  const { population, versions, chain } = frozen;
  const { lists, policy, directory } = versions;
  const items = count(population.items);
  const isAudit = begun.plan.scope.population === 'audit';
  const rows: Fact[] = [
    { label: labels.id, value: begun.review },
    { label: labels.period, value: labels.days(begun.period.firstDay, begun.period.lastDay) },
    {
      label: labels.population,
      value: isAudit
        ? words.populations.audit(items)
        : words.populations.findings(items, count(population.findings)),
    },
    { label: labels.scope, value: scopeWords(begun.plan.scope, words) },
    { label: labels.begun, value: when(begun.atMs) },
    { label: labels.frozen, value: when(frozen.atMs) },
    {
      label: labels.versions,
      value: [lists, policy, directory].map(hash => hash?.slice(0, 16) ?? '–').join(', '),
    },
  ];
  if (chain !== null) rows.push({ label: labels.chain, value: words.chain(count(chain.lines), chain.hash) });
  return { heading: words.headings.what, blocks: [{ kind: 'facts', rows }] };
}

function scopeWords(scope: Review['begun']['plan']['scope'], { scopes }: Words): string {
  const parts = [
    ...(scope.tenant === null ? [] : [scopes.tenant(scope.tenant)]),
    ...(scope.departments === null ? [] : [scopes.departments(scope.departments.join(', '))]),
    ...(scope.categories === null ? [] : [scopes.categories(scope.categories.join(', '))]),
    ...(scope.class === null ? [] : [scopes.class(scope.class)]),
  ];
  return parts.length === 0 || scope.population === 'audit' ? scopes.all : parts.join('; ');
}

function methodSection({ review, words, count, lang }: Writer, { population, sample }: FrozenLine): Section {
  const { labels } = words;
  const { checklist, sample: asked } = review.begun.plan;
  const items = count(sample.items);
  const drawn =
    asked.kind === 'all'
      ? words.sample.all(items)
      : words.sample.stratified({
          ...{ items, of: count(population.items), strata: count(population.strata.length) },
        });
  return {
    heading: words.headings.method,
    blocks: [
      {
        kind: 'facts',
        rows: [
          { label: labels.sample, value: drawn },
          { label: labels.seed, value: review.begun.seed },
          { label: labels.checklist, value: checklist.version },
        ],
      },
      { kind: 'text', text: words.drawn },
      { kind: 'text', text: words.questions },
      { kind: 'list', items: checklist.items.map(item => item[lang]) },
    ],
  };
}

const OUTCOMES: readonly ReviewOutcome[] = ['nothing', 'case', 'falseMatch', 'explained'];
const ANSWERS: readonly ChecklistAnswer[] = ['yes', 'no', 'notApplicable'];

function resultSection(writer: Writer, { sample }: FrozenLine): Section {
  const { words, count, review, decisions, lang } = writer;
  const standing = [...decisions.values()];
  const blocks: Block[] = [{ kind: 'text', text: resultWords(writer, sample.items) }];
  if (sample.items > 0) {
    blocks.push({
      kind: 'table',
      head: words.outcomesHead,
      rows: OUTCOMES.map(outcome => [
        words.outcomes[outcome],
        count(standing.filter(decision => decision.outcome === outcome).length),
      ]),
    });
    blocks.push({
      kind: 'table',
      head: words.answersHead,
      rows: review.begun.plan.checklist.items.map(item => [
        item[lang],
        ...ANSWERS.map(answer => count(standing.filter(({ answers }) => answers[item.id] === answer).length)),
      ]),
    });
  }
  return { heading: words.headings.result, blocks };
}

function resultWords({ words, count, decisions }: Writer, items: number): string {
  if (items === 0) return words.nothingThere;
  const remarked = [...decisions.values()].filter(({ outcome }) => outcome !== 'nothing').length;
  const left = items - decisions.size;
  if (left > 0) return words.undecidedLeft(count(left));
  return remarked === 0
    ? words.nothingFound
    : words.found({ items: count(items), remarked: count(remarked) });
}

function remarksSection({ words, count, decisions, harmless }: Writer): Section {
  const remarked = [...decisions.values()]
    .filter(({ remark }) => remark !== '')
    .sort((a, b) => a.item - b.item)
    .map(({ item, outcome, remark }) => [count(item), words.outcomes[outcome], harmless(remark)]);
  const block: Block =
    remarked.length === 0
      ? { kind: 'text', text: words.noRemarks }
      : { kind: 'table', head: words.remarksHead, rows: remarked };
  return { heading: words.headings.remarks, blocks: [block] };
}

function signaturesSection({ review, words, when }: Writer): Section {
  const { signed, decisions, begun } = review;
  const reviewers = [...new Set(decisions.map(({ reviewer }) => reviewer))].sort();
  const row = signed && {
    who: signed.statement.person,
    duty: words.duty.signer,
    when: when(signed.statement.atMs),
    hash: signed.statement.signature,
  };
  const missing = { who: begun.plan.signers.join(' / '), duty: words.duty.signer, when: null, hash: null };
  return {
    heading: words.headings.signatures,
    blocks: [
      {
        kind: 'facts',
        rows: [{ label: words.labels.reviewers, value: reviewers.join(', ') || words.nobody }],
      },
      { kind: 'signatures', rows: [row ?? missing] },
    ],
  };
}
