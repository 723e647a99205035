import { expect } from 'chai';
import fc from 'fast-check';
import type { Finding } from '../../src/model/finding.ts';
import { createVisitGatherer } from '../../src/visit/visits-of.ts';
import { aFinding, idOf } from '../finding/arbitrary.ts';
import { naiveVisits } from './naive.ts';
import { arbitraryFindings, at, byStart, factsOf, gatherVisits, MINUTE_MS, RULES, ZONE } from './support.ts';

/** Makes one finding for each instant. */
function findingsAt(instants: readonly number[], changes: Partial<Finding> = {}): Finding[] {
  return instants.map((startMs, n) =>
    aFinding({ startMs, id: idOf(n), recordId: idOf(n + 1000), ...changes }),
  );
}

/** What chance seldom makes: much was fetched for long. */
function sustained(): Finding[] {
  const t = at('2026-10-05', 600);
  const facts = factsOf({ document: false });
  return findingsAt([t, t + MINUTE_MS, t + 2 * MINUTE_MS], {
    mime: 'application/json',
    facts,
    bytes: 400_000,
  });
}

/** As seldom: two documents in a log without referrers. */
function documentsApart(): Finding[] {
  const t = at('2026-10-05', 600);
  const facts = factsOf({ document: true });
  return findingsAt([t, t + MINUTE_MS], { mime: 'text/html', facts, referrer: 'notLogged' });
}

const spansOf = async (findings: readonly Finding[]) =>
  (await gatherVisits(byStart(findings))).map(visit => [visit.startMs, visit.lastMs]);

describe('visits', () => {
  it('§7.1 are what a brute-force search over all findings gives', async () => {
    const seen = { visits: 0, grades: new Set<string>(), codes: new Set<string>() };
    await fc.assert(
      fc.asyncProperty(arbitraryFindings, async findings => {
        const visits = await gatherVisits(byStart(findings));
        expect(visits).to.deep.equal(naiveVisits(findings, RULES));
        seen.visits += visits.length;
        for (const { grade, facts } of visits) {
          seen.grades.add(grade);
          for (const { code } of facts) seen.codes.add(code);
        }
      }),
      { numRuns: 200, examples: [[sustained()], [documentsApart()]] },
    );
    // The comparison has met every grade, and every fact.
    expect(seen.visits).to.be.above(1_000);
    expect([...seen.grades].sort()).to.deep.equal(['A', 'B', 'C', 'D']);
    expect(seen.codes.size).to.equal(12);
  });

  it('§7.1 do not depend on the order of findings that begin together', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryFindings, fc.infiniteStream(fc.nat()), async (findings, chance) => {
        const shuffled = findings
          .map(finding => ({ finding, rank: chance.next().value! }))
          .sort((a, b) => a.rank - b.rank)
          .map(({ finding }) => finding);
        expect(await gatherVisits(byStart(shuffled))).to.deep.equal(await gatherVisits(byStart(findings)));
      }),
      { numRuns: 300 },
    );
  });

  it('§7.1 go on over a gap of 30 minutes between starts, and end at one that is a millisecond longer', async () => {
    const t = at('2026-10-05', 600);
    expect(await spansOf(findingsAt([t, t + 30 * MINUTE_MS, t + 60 * MINUTE_MS]))).to.deep.equal([
      [t, t + 60 * MINUTE_MS],
    ]);
    expect(await spansOf(findingsAt([t, t + 30 * MINUTE_MS + 1]))).to.have.length(2);
  });

  it('§7.1 go on by the start of a request, however long it lasted, exempt or not', async () => {
    const t = at('2026-10-05', 600);
    const long = findingsAt([t, t + 31 * MINUTE_MS], {
      endMs: t + 40 * MINUTE_MS,
      durationMs: 40 * MINUTE_MS,
    });
    expect(await spansOf(long)).to.have.length(2);
    const [first, middle, last] = findingsAt([t, t + 20 * MINUTE_MS, t + 40 * MINUTE_MS]);
    const bridged = [first!, { ...middle!, verdict: 'exempt' as const, exemptions: ['U-1'] }, last!];
    const [visit, ...others] = await gatherVisits(bridged);
    expect(others).to.deep.equal([]);
    expect(visit).to.deep.include({
      findings: 3,
      examine: 2,
      exempt: 1,
      verdict: 'examine',
      exemptions: ['U-1'],
    });
  });

  it('§1.2 §7.1 are cut at local midnight, on days of 23 and 25 hours too: a month is the sum of its days', async () => {
    for (const [day, hours] of [
      ['2026-03-29', 23],
      ['2026-10-25', 25],
    ] as const) {
      const dayStart = ZONE.startOfDayMs(day);
      const dayEnd = dayStart + hours * 60 * MINUTE_MS;
      const instants = [];
      for (let t = dayStart - 60 * MINUTE_MS; t <= dayEnd + 60 * MINUTE_MS; t += 10 * MINUTE_MS)
        instants.push(t);
      const visits = await gatherVisits(findingsAt(instants));
      expect(visits.map(visit => [visit.day === day, visit.startMs])).to.deep.equal([
        [false, dayStart - 60 * MINUTE_MS],
        [true, dayStart],
        [false, dayEnd],
      ]);
      expect(visits[1]!.lastMs).to.equal(dayEnd - 10 * MINUTE_MS);
      expect(visits[1]!.records).to.equal(hours * 6);
    }
    await fc.assert(
      fc.asyncProperty(arbitraryFindings, async findings => {
        const days = new Set(findings.map(({ startMs }) => ZONE.dayOf(startMs)));
        const byDay = [];
        for (const day of [...days].sort()) {
          byDay.push(...(await gatherVisits(byStart(findings.filter(f => ZONE.dayOf(f.startMs) === day)))));
        }
        expect(byDay).to.deep.equal(await gatherVisits(byStart(findings)));
      }),
      { numRuns: 100 },
    );
  });

  it('§7.2 take two lines of one request, or of two proxies in a chain, as one visit', async () => {
    const t = at('2026-10-05', 600);
    const [tunnel, inner, other] = findingsAt([t, t + 40, t + 45]);
    tunnel!.facts = { document: null, tunnel: true, matchedBy: 'host', agent: 'browser' };
    tunnel!.method = 'CONNECT';
    const visits = await gatherVisits([tunnel!, inner!, { ...other!, stream: 'b'.repeat(64) }]);
    expect(visits.map(({ records, grade }) => [records, grade])).to.deep.equal([[3, 'A']]);
  });

  it('§7.1 keep subjects, organisations, categories and sites apart, and hosts of one site together', async () => {
    const t = at('2026-10-05', 600);
    const apart: Partial<Finding>[] = [
      {},
      { subjectId: 'u26-other' },
      { tenant: 'bolag' },
      { category: 'weapons' },
      { registeredDomain: 'poker.example' },
    ];
    const findings = apart.map((changes, n) => aFinding({ startMs: t, id: idOf(n), ...changes }));
    expect(await gatherVisits(findings)).to.have.length(5);
    const hosts = ['www.casino.example', 'casino.example', 'cdn.casino.example'];
    const together = hosts.map((domain, n) => aFinding({ startMs: t + n, id: idOf(n), domain }));
    expect(await gatherVisits(together)).to.have.length(1);
  });

  it('§2.4 §3.3 §5.8 are not made of attempts, withdrawn findings and those without a subject', async () => {
    const left: Partial<Finding>[] = [
      { verdict: null, access: 'denied' },
      { verdict: 'withdrawn' },
      { subjectKind: 'none', subjectId: null },
    ];
    const findings = left.map((changes, n) => aFinding({ id: idOf(n), ...changes }));
    expect(await gatherVisits(findings)).to.deep.equal([]);
    // Nor do they bridge a gap.
    const t = at('2026-10-05', 600);
    const [a, b, c] = findingsAt([t, t + 20 * MINUTE_MS, t + 40 * MINUTE_MS]);
    expect(await gatherVisits([a!, { ...b!, verdict: null, access: 'denied' }, c!])).to.have.length(2);
  });

  it('§3.3 are about somebody unknown as soon as one of their findings is, wherever it stands', async () => {
    const t = at('2026-10-05', 600);
    const findings = findingsAt([t, t + MINUTE_MS, t + 2 * MINUTE_MS], { population: 'staff' });
    for (const index of findings.keys()) {
      const mixed = findings.with(index, { ...findings[index]!, population: 'unknown' });
      expect((await gatherVisits(mixed)).map(visit => visit.population)).to.deep.equal(['unknown']);
    }
    expect((await gatherVisits(findings)).map(visit => visit.population)).to.deep.equal(['staff']);
  });

  it('§7.1 have one id as long as they begin alike, and another digest once they grow or are judged anew', async () => {
    const t = at('2026-10-05', 600);
    const findings = findingsAt([t, t + 1, t + 2]);
    const [whole] = await gatherVisits(findings);
    const [shorter] = await gatherVisits(findings.slice(0, 2));
    const [judged] = await gatherVisits([findings[0]!, { ...findings[1]!, revision: 1 }, findings[2]!]);
    expect(shorter!.id).to.equal(whole!.id);
    expect(judged!.id).to.equal(whole!.id);
    expect(new Set([whole!.digest, shorter!.digest, judged!.digest]).size).to.equal(3);
    const [later] = await gatherVisits(findings.slice(1));
    expect(later!.id).to.not.equal(whole!.id);
  });

  it('come by start, then id, however long an earlier one goes on', async () => {
    const t = at('2026-10-05', 0);
    const long = findingsAt(Array.from({ length: 48 }, (_, n) => t + n * 29 * MINUTE_MS));
    const short = Array.from({ length: 100 }, (_, n) =>
      aFinding({ startMs: t + (n >> 1) * MINUTE_MS, id: idOf(500 + n), subjectId: `u26-${n}` }),
    );
    const visits = await gatherVisits(byStart([...long, ...short]));
    expect(visits).to.have.length(101);
    const keys = visits.map(({ startMs, id }) => `${startMs} ${id}`);
    expect(keys).to.deep.equal([...keys].sort());
  });

  it('come by id where they begin together, also where some of them go on longer', async () => {
    const t = at('2026-10-05', 600);
    const starting = Array.from({ length: 20 }, (_, n) =>
      aFinding({ id: idOf(n), subjectId: `u26-${n}`, startMs: t }),
    );
    const goingOn = starting
      .filter((_, n) => n % 2 === 1)
      .map((finding, n) => ({ ...finding, id: idOf(50 + n), startMs: t + 25 * MINUTE_MS }));
    const later = aFinding({ id: idOf(99), subjectId: 'u26-later', startMs: t + 45 * MINUTE_MS });
    const ids = (await gatherVisits([...starting, ...goingOn, later]))
      .filter(v => v.startMs === t)
      .map(v => v.id);
    expect(ids).to.have.length(20);
    expect(ids).to.deep.equal([...ids].sort());
  });

  it('are refused where findings come out of order', async () => {
    const t = at('2026-10-05', 600);
    const wrong = gatherVisits(findingsAt([t + 1, t]));
    await wrong.then(
      () => expect.fail('it was taken'),
      error => expect(error).to.be.instanceOf(TypeError),
    );
  });

  it('are held no longer than an earlier one may go on: a million findings never hold more than a day', () => {
    const gatherer = createVisitGatherer({
      ...RULES,
      hashId: text => text.length.toString(16).padStart(8, '0'),
    });
    const base = aFinding({});
    const perHour = 1_400;
    let most = 0;
    let visits = 0;
    let startMs = at('2026-09-01', 0);
    for (let n = 0; n < 1_000_000; n++) {
      startMs += Math.floor(3_600_000 / perHour);
      // One subject never stops; the others come and go, each seen three times within a minute.
      const subjectId = n % 20 === 0 ? 'u26-always' : `u26-${Math.floor(n / 60)}-${n % 20}`;
      visits += gatherer.add({ ...base, id: String(n), recordId: String(n), startMs, subjectId }).length;
      most = Math.max(most, gatherer.held);
    }
    visits += gatherer.end().length;
    expect(gatherer.held).to.equal(0);
    // 19 of 60 findings begin a visit, beside one a day of the subject who never stops; midnights cut a few more.
    const days = Math.ceil(1_000_000 / perHour / 24);
    const begun = Math.ceil(1_000_000 / 60) * 19 + days;
    expect(visits).to.be.within(begun - 19, begun + days * 19);
    expect(most).to.be.below(((perHour * 24) / 60) * 19 * 1.1);
  }).timeout(180_000);
});
