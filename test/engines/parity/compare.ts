// Two stores laid side by side: what differs, in a few lines that can be read. No difference is an empty list.
import { expect } from 'chai';
import type { Account } from './account.ts';
import type { Answer } from './answers.ts';

const SHOWN = 3;

/** Tells what differs between the accounts of two stores. */
export function differencesOf(one: Account, other: Account): string[] {
  const { findings, names, usage, ...rest } = one;
  const { findings: found, names: named, usage: used, ...others } = other;
  const differences = [
    ...differencesOfSets('findings', findings, found),
    ...differencesOfSets('names', asText(names), asText(named)),
    ...differencesOfSets('usage', asText(usage), asText(used)),
  ];
  for (const key of Object.keys(rest) as (keyof typeof rest)[]) {
    const [a, b] = [JSON.stringify(rest[key]), JSON.stringify(others[key])];
    if (a !== b) differences.push(`${key}: ${a.slice(0, 600)} is not ${b.slice(0, 600)}`);
  }
  return differences;
}

/** Tells what differs between what two command lines answered. */
export function differencesOfAnswers(one: readonly Answer[], other: readonly Answer[]): string[] {
  return one.flatMap((answer, at) => {
    const { stdout, ...rest } = answer;
    const { stdout: printed, ...others } = other[at]!;
    const ends = differencesOfSets('end', [JSON.stringify(rest)], [JSON.stringify(others)]);
    return [...ends, ...differencesOfSets('printed', stdout, printed)].map(
      difference => `${answer.command}: ${difference}`,
    );
  });
}

/** Fails with what differs between two accounts. */
export function expectSame(one: Account, other: Account): void {
  expect(differencesOf(one, other)).to.deep.equal([]);
}

function asText(values: readonly unknown[]): string[] {
  return values.map(value => JSON.stringify(value));
}

/** Compares lists in which a text may stand several times. */
function differencesOfSets(what: string, one: readonly string[], other: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const text of one) counts.set(text, (counts.get(text) ?? 0) + 1);
  for (const text of other) counts.set(text, (counts.get(text) ?? 0) - 1);
  const onlyOne = [...counts].filter(([, count]) => count > 0).map(([text]) => text);
  const onlyOther = [...counts].filter(([, count]) => count < 0).map(([text]) => text);
  if (onlyOne.length + onlyOther.length === 0) return [];
  return [
    `${what}: ${one.length} and ${other.length}`,
    ...onlyOne.slice(0, SHOWN).map(text => `only in the first: ${text}`),
    ...onlyOther.slice(0, SHOWN).map(text => `only in the second: ${text}`),
  ];
}
