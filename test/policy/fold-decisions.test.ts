// Decisions folded into exemptions: what each kind does, what is refused, and that nothing is edited away.
import { expect } from 'chai';
import fc from 'fast-check';
import { coversFrom } from '../../src/policy/covers-from.ts';
import type { Decision, DecisionBody, WrittenExemption } from '../../src/policy/decisions.ts';
import { type Folded, foldDecisions, isVoid } from '../../src/policy/fold-decisions.ts';

const canonicalName = (raw: string) => raw.toLowerCase();

function written(over: Partial<WrittenExemption> = {}): WrittenExemption {
  return {
    ...{ id: 'E-1', categories: ['gambling'], roles: ['investigator'] },
    ...{ reason: 'duties', caseNumber: 'KS 1', approvers: ['chief'], decided: '2026-03-01' },
    ...{ validFrom: '2026-03-01', validThrough: '2026-12-31', ...over },
  };
}

/** Numbers what is decided on days. */
function decisions(...made: (DecisionBody & { day: string })[]): Decision[] {
  return made.map((body, index) => ({
    ...body,
    seq: index + 1,
    at: `${body.day}T10:00:00.000Z`,
    by: 'anna',
  }));
}

const granted = { kind: 'grant', day: '2026-03-01', exemption: written() } as const;
const fold = (...made: (DecisionBody & { day: string })[]) =>
  foldDecisions(decisions(...made), canonicalName);
const refusals = ({ refused }: Folded) => refused.map(item => [item.decision.seq, item.refusal]);

describe('policy/fold-decisions', () => {
  it('§5.3 makes an exemption of a grant', () => {
    const { exemptions, refused, lengthened } = fold(granted);
    expect(exemptions.map(item => [item.exemption, item.granted])).to.deep.equal([[written(), 1]]);
    expect([refused, lengthened]).to.deep.equal([[], []]);
  });

  it('says which decision wrote a part last', () => {
    const { exemptions } = fold(
      granted,
      { kind: 'change', day: '2026-04-01', id: 'E-1', caseNumber: 'KS 2', approvers: ['deputy'] },
      { kind: 'end', day: '2026-05-01', id: 'E-1', validThrough: '2026-05-31', reason: 'over' },
    );
    expect([...exemptions[0]!.writtenBy]).to.deep.equal([
      ['caseNumber', 2],
      ['approvers', 2],
      ['validThrough', 3],
    ]);
    expect(exemptions[0]!.exemption).to.deep.equal(
      written({ caseNumber: 'KS 2', approvers: ['chief', 'deputy'], validThrough: '2026-05-31' }),
    );
  });

  it('adds only approvers who are new, however their names are spelled', () => {
    const { exemptions } = fold(granted, {
      ...{ kind: 'change', day: '2026-04-01', id: 'E-1', caseNumber: 'KS 2', approvers: ['CHIEF', 'Deputy'] },
    });
    expect(exemptions[0]!.exemption.approvers).to.deep.equal(['chief', 'Deputy']);
  });

  it('tells which changes made an exemption last longer', () => {
    const longer = { kind: 'change', id: 'E-1', validThrough: '2027-01-31', approvers: ['chief'] } as const;
    const { lengthened } = fold(granted, { ...longer, day: '2026-04-01' });
    expect(lengthened.map(item => item.decision.seq)).to.deep.equal([2]);
  });

  it('makes nothing of one that was ended before it began', () => {
    const exemption = written({ validFrom: '2026-06-01' });
    const { exemptions, refused } = fold(
      { ...granted, exemption },
      { kind: 'end', day: '2026-04-01', id: 'E-1', validThrough: '2026-04-01', reason: 'not needed' },
    );
    expect([exemptions.map(isVoid), refused]).to.deep.equal([[true], []]);
  });

  const end = (day: string, validThrough: string) =>
    ({ kind: 'end', day, id: 'E-1', validThrough, reason: 'over' }) as const;
  const change = (day: string, over: object) => ({ kind: 'change', day, id: 'E-1', ...over }) as const;
  const refused: [string, (DecisionBody & { day: string })[], string][] = [
    ['a second grant of one id', [granted, granted], 'idTaken'],
    [
      '§5.3 a grant that is dated back',
      [{ ...granted, exemption: written({ decided: '2026-02-01' }) }],
      'decidedOtherwise',
    ],
    ['a change of what was never granted', [change('2026-04-01', { caseNumber: 'KS 2' })], 'unknownId'],
    ['an end of what was never granted', [end('2026-04-01', '2026-05-01')], 'unknownId'],
    ['a change of nothing', [granted, change('2026-04-01', {})], 'nothingChanged'],
    [
      'a change that adds nobody new',
      [granted, change('2026-04-01', { approvers: ['Chief'] })],
      'nothingChanged',
    ],
    ['§5.3 an end in the past', [granted, end('2026-04-02', '2026-04-01')], 'pastDay'],
    [
      '§5.3 a change to a past end',
      [granted, change('2026-04-02', { validThrough: '2026-04-01' })],
      'pastDay',
    ],
    ['an end that makes it last longer', [granted, end('2026-04-01', '2027-01-01')], 'notShorter'],
    [
      '§5.3 that one lasts longer without anybody’s approval',
      [granted, change('2026-04-01', { validThrough: '2027-01-01' })],
      'notApproved',
    ],
    [
      '§5.3 that one that has run out lasts longer: it would cover what was not covered',
      [granted, change('2027-01-01', { validThrough: '2027-02-01', approvers: ['chief'] })],
      'hasRunOut',
    ],
    [
      'that one that was ended lasts longer',
      [granted, end('2026-04-01', '2026-06-30'), change('2026-04-02', { validThrough: '2026-07-31' })],
      'hasEnded',
    ],
  ];
  for (const [name, made, refusal] of refused) {
    it(`refuses ${name}, and changes nothing by it`, () => {
      const folded = fold(...made);
      expect(refusals(folded)).to.deep.equal([[made.length, refusal]]);
      const before = fold(...made.slice(0, -1));
      expect(folded.exemptions).to.deep.equal(before.exemptions);
    });
  }

  it('§5.3 folds any sequence of decisions to what a naive model says', () => {
    fc.assert(
      fc.property(sequences, made => {
        const { exemptions, refused } = foldDecisions(made, canonicalName);
        const said = exemptions.map(item => item.exemption);
        const bad = new Set(refused.map(item => item.decision.seq));
        expect(said).to.deep.equal(naive(made, bad));
      }),
      { numRuns: 500 },
    );
  });

  it('§5.3 never covers a past day that was not covered, nor uncovers one that was, unless retroactively', () => {
    fc.assert(
      fc.property(sequences, made => {
        for (let length = 1; length <= made.length; length++) {
          const { day } = made[length - 1]!;
          const past = DAYS.filter(other => other < day);
          const before = foldDecisions(made.slice(0, length - 1), canonicalName);
          const after = foldDecisions(made.slice(0, length), canonicalName);
          expect(covered(after, past)).to.deep.equal(covered(before, past));
        }
      }),
      { numRuns: 300 },
    );
  });
});

const DAYS = Array.from({ length: 20 }, (_, index) => `2026-03-${String(index + 1).padStart(2, '0')}`);

function covered({ exemptions }: Folded, days: readonly string[]): string[] {
  return exemptions.flatMap(({ exemption }) =>
    days
      .filter(day => day >= coversFrom(exemption) && day <= exemption.validThrough)
      .map(day => `${exemption.id} ${day}`),
  );
}

/** Says what holds by going through all decisions that count for every part anew. */
function naive(made: readonly Decision[], refused: ReadonlySet<number>): WrittenExemption[] {
  const counted = made.filter(item => !refused.has(item.seq));
  const grants = counted.flatMap(item => (item.kind === 'grant' ? [item.exemption] : []));
  return grants.map(exemption => {
    const later = counted.flatMap(item => (item.kind !== 'grant' && item.id === exemption.id ? [item] : []));
    const changes = later.flatMap(item => (item.kind === 'change' ? [item] : []));
    const last = <T>(own: T, values: readonly (T | undefined)[]) =>
      values.filter(value => value !== undefined).at(-1) ?? own;
    const approvers = [...exemption.approvers];
    for (const name of changes.flatMap(item => item.approvers ?? [])) {
      if (!approvers.some(known => canonicalName(known) === canonicalName(name))) approvers.push(name);
    }
    return {
      ...exemption,
      approvers,
      reason: last(
        exemption.reason,
        changes.map(item => item.reason),
      ),
      caseNumber: last(
        exemption.caseNumber,
        changes.map(item => item.caseNumber),
      ),
      validThrough: last(
        exemption.validThrough,
        later.map(item => item.validThrough),
      ),
    };
  });
}

const day = fc.constantFrom(...DAYS);
const id = fc.constantFrom('E-1', 'E-2');
const name = fc.constantFrom('chief', 'CHIEF', 'deputy');
const body: fc.Arbitrary<DecisionBody> = fc.oneof(
  fc.record({ id, validFrom: day, validThrough: day }).map(over => ({
    ...{ kind: 'grant' as const, exemption: written(over) },
  })),
  fc.record(
    {
      ...{ kind: fc.constant('change' as const), id, validThrough: day },
      ...{ reason: fc.constantFrom('a', 'b'), caseNumber: fc.constantFrom('1', '2') },
      approvers: fc.uniqueArray(name, { minLength: 1, maxLength: 1 }),
    },
    { requiredKeys: ['kind', 'id'] },
  ),
  fc.record({ kind: fc.constant('end' as const), id, validThrough: day, reason: fc.constant('over') }),
);
/** Decisions on days that never go back, each grant of its own day. */
const sequences: fc.Arbitrary<Decision[]> = fc
  .array(fc.tuple(body, day), { maxLength: 12 })
  .map(pairs => pairs.sort(([, a], [, b]) => (a < b ? -1 : a > b ? 1 : 0)))
  .map(pairs =>
    decisions(
      ...pairs.map(([made, on]) =>
        made.kind === 'grant'
          ? { ...made, day: on, exemption: { ...made.exemption, decided: on } }
          : { ...made, day: on },
      ),
    ),
  );
