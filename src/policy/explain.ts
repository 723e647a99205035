// explain: why each exemption did or did not apply to a record, in data and in words.
// In: the same as `decide`; out: for every category, every exemption that names it with each question's answer.
// Invariant: `applied` here is what `decide` did; the words name nobody beyond what the policy's own ids and departments say.
import type { Access } from '../model/record.ts';
import type { Subject } from '../model/subject.ts';
import type { CategoryClass, Verdict } from '../model/verdict.ts';
import { compareShown, type DecideInput, isAnnounced, isReviewed } from './decide.ts';
import { answer, coveredBy, type FitInput, QUESTIONS, type Question } from './fit.ts';
import type { Exemption, Policy, PolicyCategory } from './policy.ts';
import { WEEKDAYS } from './rules.ts';

/** What one exemption had to say of one record. */
export interface ExemptionAnswer {
  id: string;
  applied: boolean;
  /** True for the one that is shown: the first of those that apply (§5.4). */
  shown: boolean;
  /** Every question that said no; empty where the exemption applied. */
  failed: readonly Question[];
  text: string;
}

/** What the policy says of one category of a record. */
export interface CategoryExplanation {
  category: string;
  class: CategoryClass;
  /** Null for an attempt, where the category was not announced, and where the population is not reviewed. */
  verdict: Verdict | null;
  announced: boolean;
  exemptions: readonly ExemptionAnswer[];
  lines: readonly string[];
}

/** Holds the whole explanation; `lines` are what `granska explain` prints. */
export interface PolicyExplanation {
  reviewed: boolean;
  categories: readonly CategoryExplanation[];
  lines: readonly string[];
}

/** Explains a decision: for every category, which exemptions were considered and why each did or did not apply. */
export function explainDecision(policy: Policy, input: DecideInput): PolicyExplanation {
  const reviewed = isReviewed(policy, input.subject);
  const categories = input.categories.flatMap(({ category: name, targets }) => {
    const category = policy.categories.get(name);
    return category === undefined ? [] : [explainCategory(policy, category, { ...input, targets })];
  });
  const population = `population ${input.subject.population} is ${reviewed ? '' : 'not '}reviewed`;
  const consequence = reviewed ? '' : ': the visit is only counted (§3.3)';
  return {
    reviewed,
    categories,
    lines: [population + consequence, ...categories.flatMap(item => item.lines)],
  };
}

function explainCategory(
  policy: Policy,
  category: PolicyCategory,
  input: FitInput & { access: Access },
): CategoryExplanation {
  const announced = isAnnounced(category, input);
  const isAttempt = input.access === 'denied';
  const isCounted = !isReviewed(policy, input.subject);
  const isJudged = announced && !isAttempt && !isCounted;
  const answers = isJudged ? answersOf(policy, category, input) : [];
  const applied = answers.some(item => item.applied);
  const verdict = isJudged ? (applied ? 'exempt' : 'examine') : null;
  return {
    category: category.name,
    class: category.class,
    verdict,
    announced,
    exemptions: answers,
    lines: [
      announcedLine(policy, category, input.subject),
      ...answers.map(item => `  ${item.text}`),
      verdictLine(category.name, { isCounted, announced, isAttempt, verdict, answers }),
    ],
  };
}

function answersOf(policy: Policy, category: PolicyCategory, input: FitInput): ExemptionAnswer[] {
  const asked = category.exemptions.map(exemption => ({
    exemption,
    failed: QUESTIONS.filter(question => !answer(question, policy, exemption, input)),
  }));
  const fitting = asked.filter(item => item.failed.length === 0);
  fitting.sort((a, b) => compareShown(a.exemption, b.exemption, input.subject));
  const shown = fitting[0]?.exemption.id;
  const rest = asked.filter(item => item.failed.length > 0);
  return [...fitting, ...rest].map(({ exemption, failed }) => ({
    id: exemption.id,
    applied: failed.length === 0,
    shown: exemption.id === shown,
    failed,
    text: textOf(policy, exemption, { ...input, failed }),
  }));
}

function textOf(
  policy: Policy,
  exemption: Exemption,
  input: FitInput & { failed: readonly Question[] },
): string {
  const what = `exemption ${exemption.id} (case ${exemption.caseNumber})`;
  if (input.failed.length === 0)
    return `${what} applies: it ${coverText(exemption, input.subject)}, ${validText(exemption)}`;
  const reasons = input.failed.map(question => reasonText(question, policy, exemption, input));
  return `${what} does not apply: ${reasons.join('; ')}`;
}

function coverText(exemption: Exemption, subject: Subject): string {
  const by = coveredBy(exemption, subject);
  if (by === 'user') return 'names the user';
  if (by === 'department') return `covers the department ${subject.department}`;
  return `covers the role ${subject.roles.filter(role => exemption.roles.has(role)).join(', ')}`;
}

function reasonText(question: Question, policy: Policy, exemption: Exemption, input: FitInput): string {
  switch (question) {
    case 'tenant':
      return 'it is a decision of another organization';
    case 'person':
      return `${scopeText(exemption)}, and the subject had none of that then`;
    case 'validity':
      return validityText(policy, exemption, input.startMs);
    case 'site':
      return `it is limited to ${count(exemption.sites?.length ?? 0, 'site')}, and the visit was not there`;
    case 'weekday':
      return `it is limited to ${weekdaysText(exemption)}, and it was ${dayText(policy, input.startMs)}`;
    case 'hours':
      return `it is limited to ${hoursText(exemption)}, and it was ${clockText(policy.zone.minuteOfDay(input.startMs))}`;
    default:
      return question satisfies never;
  }
}

function validityText(policy: Policy, exemption: Exemption, startMs: number): string {
  if (startMs >= exemption.toMs) return `it was no longer valid (${validText(exemption)})`;
  const isWithin = startMs >= policy.zone.startOfDayMs(exemption.validFrom);
  return isWithin
    ? `it was decided on ${exemption.decided}, and does not cover earlier visits (${validText(exemption)})`
    : `it was not yet valid (${validText(exemption)})`;
}

function scopeText({ users, roles, departments }: Exemption): string {
  const parts: string[] = [];
  if (users.size > 0) parts.push(count(users.size, 'named user'));
  if (roles.size > 0) parts.push(`the role ${[...roles].join(' or ')}`);
  if (departments.size > 0) parts.push(`the department ${[...departments].join(' or ')}`);
  return `it covers ${parts.join(' and ')}`;
}

function validText({ validFrom, validThrough, decided, isRetroactive }: Exemption): string {
  const valid = `valid from ${validFrom} through ${validThrough}`;
  const isLate = isRetroactive && decided !== null && decided > validFrom;
  return isLate ? `${valid}, decided on ${decided} as retroactive` : valid;
}

function weekdaysText({ weekdays }: Exemption): string {
  return [...(weekdays ?? [])]
    .sort()
    .map(day => WEEKDAYS[day - 1])
    .join(', ');
}

function dayText(policy: Policy, atMs: number): string {
  return `${WEEKDAYS[policy.zone.weekdayOf(atMs) - 1]} ${clockText(policy.zone.minuteOfDay(atMs))}`;
}

function hoursText({ hours }: Exemption): string {
  return hours === null ? 'all hours' : `${clockText(hours.startMinute)}-${clockText(hours.endMinute)}`;
}

function clockText(minutes: number): string {
  const pad = (value: number) => String(value).padStart(2, '0');
  return `${pad(Math.floor(minutes / 60))}:${pad(minutes % 60)}`;
}

function count(number: number, thing: string): string {
  return `${number} ${thing}${number === 1 ? '' : 's'}`;
}

function announcedLine(policy: Policy, category: PolicyCategory, subject: Subject): string {
  const announcedMs = category.announced.get(subject.population);
  const since =
    announcedMs === undefined
      ? `never announced to ${subject.population}`
      : `announced to ${subject.population} from ${policy.zone.dayOf(announcedMs)}`;
  return `category ${category.name} (${category.class}), ${since}`;
}

function verdictLine(
  name: string,
  result: {
    isCounted: boolean;
    announced: boolean;
    isAttempt: boolean;
    verdict: Verdict | null;
    answers: readonly ExemptionAnswer[];
  },
): string {
  if (result.isCounted) return `  ${name}: not judged, as the population is not reviewed (§3.3)`;
  if (!result.announced) return `  ${name}: not announced then, so it is only counted (§5.6)`;
  if (result.isAttempt) return `  ${name}: the proxy denied it, so it is an attempt without verdict (§2.4)`;
  if (result.answers.length === 0) return `  ${name}: examine, as no exemption names the category`;
  if (result.verdict === 'examine') return `  ${name}: examine, as no exemption applies`;
  return `  ${name}: exempt under ${result.answers.find(item => item.shown)?.id}`;
}
