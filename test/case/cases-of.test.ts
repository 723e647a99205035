import { expect } from 'chai';
import fc from 'fast-check';
import { caseIdOf, readCaseId } from '../../src/case/case-id.ts';
import { casesOf, type Decided } from '../../src/case/cases-of.ts';
import type { Case } from '../../src/model/case.ts';
import type { Visit } from '../../src/model/visit.ts';
import { naiveCases } from './naive.ts';
import { aVisit, decisionOn, hash, RULES, streamed } from './support.ts';

async function cases(
  visits: readonly Visit[],
  decisions: readonly Decided[] = [],
  rules = RULES,
): Promise<Case[]> {
  const found: Case[] = [];
  for await (const one of casesOf(streamed(visits), streamed(decisions), rules)) found.push(one);
  return found;
}

const DAY_MS = 86_400_000;
const START_MS = Date.parse('2026-10-05T06:00:00Z');

describe('casesOf', () => {
  it('makes one case of a subject, a category and a local day', async () => {
    const [found, ...others] = await cases([
      aVisit({ digest: 'd1' }),
      aVisit({
        digest: 'd2',
        site: 'poker.example',
        grade: 'D',
        startMs: START_MS + 1,
        lastMs: START_MS + 9,
      }),
    ]);
    expect(others).to.deep.equal([]);
    expect(found).to.include({
      visits: 2,
      records: 10,
      status: 'open',
      startMs: START_MS,
      day: '2026-10-05',
    });
    expect(found!.grades).to.deep.equal({ A: 1, B: 0, C: 0, D: 1 });
    expect(found!.sites).to.deep.equal(['casino.example', 'poker.example']);
    expect(found!.id).to.match(/^20261005-[0-9a-f]{16}$/);
  });

  const APART: [string, Partial<Visit>][] = [
    ['subject', { subjectId: 'u26-ek' }],
    ['category', { category: 'weapons' }],
    ['organisation', { tenant: 'Bolaget' }],
    ['day', { day: '2026-10-06', startMs: START_MS + DAY_MS }],
  ];
  for (const [what, changes] of APART) {
    it(`keeps another ${what} apart`, async () => {
      const found = await cases([aVisit(), aVisit(changes)]);
      expect(found.map(one => one.visits)).to.deep.equal([1, 1]);
      expect(new Set(found.map(one => one.id)).size).to.equal(2);
    });
  }

  const NONE: [string, Partial<Visit>][] = [
    ['exempt as a whole (§5.4)', { verdict: 'exempt', examine: 0, exempt: 5 }],
    ['of people whom no file knows (§3.3)', { population: 'unknown' }],
    ['of a population that is not reviewed (§3.3)', { population: 'pupil' }],
  ];
  for (const [what, changes] of NONE) {
    it(`makes no case of a visit ${what}`, async () => {
      expect(await cases([aVisit(changes)])).to.deep.equal([]);
    });
  }

  it('makes no case of a subject known less surely than the policy asks (§3.2)', async () => {
    const rules = { ...RULES, policy: { ...RULES.policy, minimumConfidence: 'lease' as const } };
    const client = aVisit({ subjectKind: 'client', subjectId: 'c261005-x', confidence: 'none' });
    expect(await cases([client], [], rules)).to.deep.equal([]);
    expect(await cases([{ ...client, confidence: 'lease' }], [], rules)).to.have.length(1);
  });

  it('counts of a partly exempt visit what is left to examine (§5.5)', async () => {
    const [found] = await cases([aVisit({ records: 5, examine: 2, exempt: 3 })]);
    expect(found!.records).to.equal(2);
  });

  it('shows a decision as long as nothing has changed, and the case reopened once something has', async () => {
    const [open] = await cases([aVisit()]);
    const decided = decisionOn(open!);
    expect((await cases([aVisit()], [decided]))[0]!.status).to.equal('explained');
    const [grown] = await cases([aVisit({ digest: 'd9', records: 6, examine: 6 })], [decided]);
    expect(grown).to.include({ status: 'reopened', records: 6 });
    expect(grown!.decisions[0]!.facts.records).to.equal(5);
  });

  it('does not reopen where the same findings only make other visits', async () => {
    const [open] = await cases([aVisit({ digest: '0f' })]);
    const parts = [aVisit({ digest: '0a' }), aVisit({ digest: '05', startMs: START_MS + 5 })];
    expect((await cases(parts, [decisionOn(open!)]))[0]!.status).to.equal('explained');
  });

  it('shows a decided case of which nothing is left as withdrawn, and an undecided one not at all (§5.8)', async () => {
    const [open] = await cases([aVisit()]);
    const exempt = aVisit({ verdict: 'exempt', examine: 0, exempt: 5 });
    const [gone] = await cases([exempt], [decisionOn(open!)]);
    expect(gone).to.include({ status: 'withdrawn', visits: 0, digest: null, id: open!.id });
    expect(await cases([exempt])).to.deep.equal([]);
  });

  it('gives a decision to the case that it names, whatever its id', async () => {
    const [mine] = await cases([aVisit()]);
    const [other] = await cases([aVisit({ subjectId: 'u26-ek' })]);
    const [found, gone] = await cases([aVisit()], [{ ...decisionOn(other!), id: mine!.id }]);
    expect([found!.status, found!.subjectId]).to.deep.equal(['open', 'u26-bo']);
    expect([gone!.status, gone!.subjectId]).to.deep.equal(['withdrawn', 'u26-ek']);
  });

  it('equals the naive twin, over visits and ledgers made up', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(arbitraryVisit, { maxLength: 40 }),
        fc.array(fc.nat(), { maxLength: 12 }),
        async (made, picks) => {
          const visits = [...made].sort((a, b) => a.startMs - b.startMs);
          const now = naiveCases(visits, [], RULES);
          const before = naiveCases(
            visits.filter((_, index) => index % 3 !== 0),
            [],
            RULES,
          );
          const decisions = ledgerOf([...now, ...before], picks);
          expect(await cases(visits, decisions)).to.deep.equal(naiveCases(visits, decisions, RULES));
        },
      ),
      { numRuns: 300 },
    );
  });

  it('holds no more than a day of visits', async () => {
    let given = 0;
    async function* month(): AsyncGenerator<Visit> {
      for (let day = 0; day < 400; day++) {
        const startMs = START_MS + day * DAY_MS;
        const name = new Date(startMs).toISOString().slice(0, 10);
        for (let at = 0; at < 5; at++) {
          given++;
          yield aVisit({ day: name, startMs: startMs + at, subjectId: `u26-${at}` });
        }
      }
    }
    let shown = 0;
    for await (const _ of casesOf(month(), streamed([]), RULES)) {
      // Before the first case of a day is shown, one visit of the next day was read.
      expect(given - shown).to.be.at.most(6);
      shown++;
    }
    expect(shown).to.equal(2000);
  });
});

describe('caseIdOf', () => {
  it('gives an id that tells its day, and is read back by it', () => {
    const id = caseIdOf({ tenant: 'a', subjectId: 'b', category: 'c', day: '2026-10-05' }, hash);
    expect(readCaseId(id)).to.deep.equal({ prefix: id, day: '2026-10-05' });
    expect(readCaseId(id.slice(0, 13).toUpperCase())).to.deep.equal({
      prefix: id.slice(0, 13),
      day: '2026-10-05',
    });
    for (const typed of ['', '20261005', '20261005-12', 'x', `${id}0`])
      expect(readCaseId(typed)).to.equal(null);
  });

  it('tells apart parts that only together read alike', () => {
    const day = '2026-10-05';
    const one = caseIdOf({ tenant: 'a', subjectId: 'b","c', category: 'd', day }, hash);
    expect(caseIdOf({ tenant: 'a","b', subjectId: 'c', category: 'd', day }, hash)).to.not.equal(one);
  });
});

const arbitraryVisit: fc.Arbitrary<Visit> = fc
  .record({
    tenant: fc.constantFrom('Provby', 'Bolaget'),
    subjectId: fc.constantFrom('u26-bo', 'u26-ek', 'c261005-x'),
    category: fc.constantFrom('gambling', 'weapons'),
    class: fc.constantFrom('questionable' as const, 'forbidden' as const),
    population: fc.constantFrom('staff' as const, 'staff' as const, 'unknown' as const),
    confidence: fc.constantFrom('authenticated' as const, 'lease' as const, 'none' as const),
    department: fc.constantFrom('', 'Bygg', 'Social'),
    site: fc.constantFrom('casino.example', 'poker.example'),
    grade: fc.constantFrom('A' as const, 'B' as const, 'C' as const, 'D' as const),
    examine: fc.integer({ min: 0, max: 4 }),
    exempt: fc.integer({ min: 0, max: 3 }),
    hours: fc.integer({ min: 0, max: 95 }),
    digest: fc.stringMatching(/^[0-9a-f]{8}$/),
  })
  .map(({ hours, examine, exempt, ...changes }) => {
    const startMs = Date.parse('2026-10-05T00:00:00Z') + hours * 3_600_000;
    const verdict = examine === 0 ? ('exempt' as const) : ('examine' as const);
    const day = new Date(startMs).toISOString().slice(0, 10);
    const records = examine + exempt;
    return aVisit({
      ...changes,
      startMs,
      lastMs: startMs,
      day,
      examine,
      exempt,
      records,
      findings: records,
      verdict,
    });
  });

/** Decides some cases, some of them twice, in order of id and number as the ledger lies. */
function ledgerOf(from: readonly Case[], picks: readonly number[]): Decided[] {
  if (from.length === 0) return [];
  const lines = new Map<string, Decided[]>();
  for (const pick of picks) {
    const found = from[pick % from.length]!;
    const own = lines.get(found.id) ?? [];
    own.push(
      decisionOn(found, { seq: own.length + 1, outcome: pick % 2 === 0 ? 'confirmed' : 'falseMatch' }),
    );
    lines.set(found.id, own);
  }
  return [...lines].sort(([a], [b]) => (a < b ? -1 : 1)).flatMap(([, own]) => own);
}
