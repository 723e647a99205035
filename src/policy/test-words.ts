// test-words: what a policy test expected and what came, in words, with the rule behind it.
// Invariant: categories, exemptions and populations are named; users, clients and addresses never.
import type { Judgement } from '../model/verdict.ts';
import type { Decision } from './decide.ts';
import type { Expectation, RecordOutcome } from './policy-test.ts';

/** Says what a test expected of a record. */
export function expectedText(expect: Expectation): string {
  const exemption = expect.exemption === null ? '' : ` under ${expect.exemption}`;
  const category = expect.category === null ? '' : ` in ${expect.category}`;
  return `${expect.verdict}${exemption}${category}${subjectText(expect, expect)}`;
}

/** Says what came, as far as it was asked for. */
export function cameText(expect: Expectation, outcome: RecordOutcome): string {
  return `${outcomeText(expect, outcome)}${subjectText(expect, outcome.subject)}`;
}

/** Tells of the subject what a test asks of it. */
function subjectText(
  expect: Expectation,
  subject: Pick<Expectation, 'confidence' | 'population' | 'department'> & { kind: string | null },
): string {
  const told = (['kind', 'confidence', 'population', 'department'] as const).flatMap(key =>
    expect[key] === null ? [] : [`${key} ${subject[key]}`],
  );
  return told.length === 0 ? '' : `, ${told.join(', ')}`;
}

function outcomeText(expect: Expectation, { kind, decision }: RecordOutcome): string {
  switch (kind) {
    case 'tooOld':
      return 'tooOld: the record is older than the retention, or its key is gone (§1.4, §3.5)';
    case 'authChallenge':
      return 'an authentication challenge, which is only counted (§2.3)';
    case 'protected':
      return 'protected: a protected list covers the target or one wrapped in it (§6.2)';
    case 'unreviewed':
      return 'unreviewed: the population is not reviewed by the policy (§3.3)';
    case 'clear':
      return 'none: no mapped list covers the target (§4.1)';
    case 'flagged':
      return decisionText(expect, decision ?? { judgements: [], unannounced: [] });
    default:
      return kind satisfies never;
  }
}

function decisionText(expect: Expectation, decision: Decision): string {
  const judged = decision.judgements.map(judgement => judgementText(judgement, expect.exemption));
  const untold = decision.unannounced.map(name => `unannounced in ${name} (§5.6)`);
  return [...judged, ...untold].join(', ');
}

function judgementText(judgement: Judgement, expected: string | null): string {
  const { category, verdict, exemptions } = judgement;
  if (verdict === null) return `attempt in ${category} (§2.4)`;
  if (verdict === 'examine') return `examine in ${category} (no exemption fits, §5.3)`;
  const also =
    expected !== null && exemptions.includes(expected) ? `; ${expected} fits too, but is not shown` : '';
  return `exempt under ${exemptions[0]} in ${category} (§5.4${also})`;
}
