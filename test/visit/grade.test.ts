import { expect } from 'chai';
import type { Finding } from '../../src/model/finding.ts';
import type { Grade, GradeFactCode } from '../../src/model/visit.ts';
import { evidenceOf } from '../../src/visit/evidence.ts';
import { aFinding, idOf } from '../finding/arbitrary.ts';
import { at, gatherVisits, RULES } from './support.ts';

const START_MS = at('2026-10-05', 600);

const PAGE: Partial<Finding> = { mime: 'text/html', referrer: 'none', facts: factsOf({ document: true }) };
const DATA: Partial<Finding> = {
  mime: 'application/json',
  bytes: 200_000,
  facts: factsOf({ document: false }),
};
const IMAGE: Partial<Finding> = { mime: 'image/png', referrer: 'same', facts: factsOf({ document: false }) };
const TUNNEL: Partial<Finding> = {
  method: 'CONNECT',
  mime: null,
  bytes: 200_000,
  facts: { ...factsOf({ document: null }), tunnel: true },
};
const FAILED: Partial<Finding> = {
  status: 503,
  outcome: 'failure',
  mime: 'text/html',
  facts: factsOf({ document: false }),
};
const UNLOGGED: Partial<Finding> = { referrer: 'notLogged' };

function factsOf(changes: Partial<Finding['facts']>): Finding['facts'] {
  return { document: null, tunnel: false, matchedBy: 'host', agent: 'browser', ...changes };
}

/** Grades one visit; each part of it is what is said of a finding, and its second. */
async function graded(parts: readonly [changes: Partial<Finding>, second: number][]) {
  const findings = parts.map(([changes, second], n) =>
    aFinding({ ...changes, id: idOf(n), recordId: idOf(n + 99), startMs: START_MS + second * 1000 }),
  );
  const visits = await gatherVisits(findings);
  expect(visits).to.have.length(1);
  return visits[0]!;
}

const CASES: readonly {
  name: string;
  parts: readonly [changes: Partial<Finding>, second: number][];
  grade: Grade;
  facts: readonly GradeFactCode[];
}[] = [
  // A
  { name: 'A: a page without a referrer', parts: [[PAGE, 0]], grade: 'A', facts: ['documents'] },
  {
    name: 'A: a page from the same site',
    parts: [[{ ...PAGE, referrer: 'same' }, 0]],
    grade: 'A',
    facts: ['documents'],
  },
  {
    name: 'C: a page that was broken off before its first byte',
    parts: [[{ ...PAGE, bytes: 0 }, 0]],
    grade: 'C',
    facts: ['cannotTell'],
  },
  {
    name: 'A: a page that was not modified (304), in a log that counts content alone',
    parts: [[{ ...PAGE, status: 304, bytes: 0 }, 0]],
    grade: 'A',
    facts: ['documents'],
  },
  {
    name: 'A: a page that was not modified (304)',
    parts: [[{ ...PAGE, status: 304 }, 0]],
    grade: 'A',
    facts: ['documents'],
  },
  {
    name: 'A: one page beside foreign and embedded ones, which are said',
    parts: [
      [PAGE, 0],
      [IMAGE, 1],
      [{ ...PAGE, referrer: 'foreign' }, 2],
    ],
    grade: 'A',
    facts: ['documents', 'foreign', 'embedded'],
  },
  {
    name: 'not A: where the log has no referrers',
    parts: [[{ ...PAGE, ...UNLOGGED }, 0]],
    grade: 'C',
    facts: ['cannotTell', 'noReferrers'],
  },
  {
    name: 'not A: a page that a program fetched',
    parts: [[{ ...PAGE, facts: factsOf({ document: true, agent: 'background' }) }, 0]],
    grade: 'D',
    facts: ['background'],
  },
  {
    name: 'not A: an answer without content (204)',
    parts: [[{ ...PAGE, status: 204 }, 0]],
    grade: 'D',
    facts: ['embedded'],
  },
  {
    name: 'not A: a page whose outcome is unknown',
    parts: [[{ ...PAGE, outcome: 'unknown' }, 0]],
    grade: 'C',
    facts: ['cannotTell'],
  },
  // B
  {
    name: 'B: three requests over two minutes and 500 kB',
    parts: [
      [DATA, 0],
      [DATA, 60],
      [{ ...DATA, bytes: 100_000 }, 120],
    ],
    grade: 'B',
    facts: ['sustained'],
  },
  {
    name: 'not B: one byte less',
    parts: [
      [DATA, 0],
      [DATA, 60],
      [{ ...DATA, bytes: 99_999 }, 120],
    ],
    grade: 'C',
    facts: ['cannotTell'],
  },
  {
    name: 'not B: a second less',
    parts: [
      [DATA, 0],
      [DATA, 60],
      [DATA, 119],
    ],
    grade: 'C',
    facts: ['cannotTell'],
  },
  {
    name: 'not B: two requests, however big',
    parts: [
      [{ ...DATA, bytes: 9_000_000 }, 0],
      [DATA, 300],
    ],
    grade: 'C',
    facts: ['cannotTell'],
  },
  {
    name: 'not B: images do not make traffic go on',
    parts: [
      [DATA, 0],
      [{ ...IMAGE, bytes: 900_000 }, 60],
      [{ ...IMAGE, bytes: 900_000 }, 120],
    ],
    grade: 'C',
    facts: ['cannotTell', 'embedded'],
  },
  {
    name: 'B: two pages ten seconds apart, where referrers are not logged',
    parts: [
      [{ ...PAGE, ...UNLOGGED }, 0],
      [{ ...PAGE, ...UNLOGGED }, 10],
    ],
    grade: 'B',
    facts: ['documentsApart', 'noReferrers'],
  },
  {
    name: 'not B: nine seconds apart, as a redirect is',
    parts: [
      [{ ...PAGE, ...UNLOGGED }, 0],
      [{ ...PAGE, ...UNLOGGED }, 9],
    ],
    grade: 'C',
    facts: ['cannotTell', 'noReferrers'],
  },
  {
    name: 'not B by pages apart: where one referrer is logged, pages count by theirs',
    parts: [
      [{ ...PAGE, ...UNLOGGED }, 0],
      [{ ...PAGE, ...UNLOGGED }, 60],
      [{ ...PAGE, referrer: 'foreign' }, 61],
    ],
    grade: 'C',
    facts: ['cannotTell', 'foreign'],
  },
  // Tunnels
  {
    name: 'B: tunnels that go on are traffic to the host',
    parts: [
      [TUNNEL, 0],
      [TUNNEL, 60],
      [TUNNEL, 120],
    ],
    grade: 'B',
    facts: ['sustained', 'onlyTunnels'],
  },
  {
    name: 'C: one tunnel',
    parts: [[TUNNEL, 0]],
    grade: 'C',
    facts: ['cannotTell', 'onlyTunnels'],
  },
  {
    name: '§7.2 not B: two requests do not become four where each has a line of its tunnel too',
    parts: [
      [TUNNEL, 0],
      [DATA, 0],
      [TUNNEL, 150],
      [DATA, 150],
    ],
    grade: 'C',
    facts: ['cannotTell'],
  },
  // Caps
  {
    name: 'only expressions: a page is never above C',
    parts: [[{ ...PAGE, facts: factsOf({ document: true, matchedBy: 'expression' }) }, 0]],
    grade: 'C',
    facts: ['documents', 'onlyExpressions'],
  },
  {
    name: 'one listed host among expressions lifts the cap',
    parts: [
      [{ ...PAGE, facts: factsOf({ document: true, matchedBy: 'expression' }) }, 0],
      [PAGE, 1],
    ],
    grade: 'A',
    facts: ['documents'],
  },
  {
    name: 'only failures: traffic that goes on is never above C',
    parts: [
      [{ ...FAILED, bytes: 900_000 }, 0],
      [FAILED, 60],
      [FAILED, 120],
    ],
    grade: 'C',
    facts: ['sustained', 'onlyFailures'],
  },
  {
    name: 'only failures: an image that came does not lift the cap',
    parts: [
      [{ ...FAILED, bytes: 900_000 }, 0],
      [FAILED, 60],
      [IMAGE, 61],
      [FAILED, 120],
    ],
    grade: 'C',
    facts: ['sustained', 'onlyFailures', 'embedded'],
  },
  // D
  {
    name: 'D: only foreign-referred, a page among them',
    parts: [
      [{ ...PAGE, referrer: 'foreign' }, 0],
      [{ ...DATA, referrer: 'foreign' }, 300],
    ],
    grade: 'D',
    facts: ['foreign'],
  },
  {
    name: 'D: from a protected site, which is not said',
    parts: [[{ ...PAGE, referrer: 'protected' }, 0]],
    grade: 'D',
    facts: ['foreign'],
  },
  {
    name: 'D: foreign, embedded and background together',
    parts: [
      [{ ...PAGE, referrer: 'foreign' }, 0],
      [{ ...IMAGE, referrer: 'none' }, 1],
      [{ ...DATA, facts: factsOf({ agent: 'background' }) }, 2],
    ],
    grade: 'D',
    facts: ['foreign', 'embedded', 'background'],
  },
  // Exemptions
  {
    name: 'what is exempt does not raise the grade of what is not',
    parts: [
      [{ ...PAGE, verdict: 'exempt', exemptions: ['U-1'] }, 0],
      [IMAGE, 1],
    ],
    grade: 'D',
    facts: ['embedded', 'partlyExempt'],
  },
  {
    name: 'what is wholly exempt is graded by all of it',
    parts: [
      [{ ...PAGE, verdict: 'exempt', exemptions: ['U-1'] }, 0],
      [{ ...IMAGE, verdict: 'exempt', exemptions: ['U-2'] }, 1],
    ],
    grade: 'A',
    facts: ['documents', 'embedded'],
  },
];

describe('the grade of a visit', () => {
  for (const { name, parts, grade, facts } of CASES) {
    it(`§7.3 ${name}`, async () => {
      const visit = await graded(parts);
      expect([visit.grade, ...visit.facts.map(({ code }) => code)]).to.deep.equal([grade, ...facts]);
    });
  }

  it('§7.3 has its numbers in the facts', async () => {
    const visit = await graded([
      [DATA, 0],
      [DATA, 60],
      [{ ...DATA, bytes: 100_001 }, 121],
      [{ ...IMAGE, verdict: 'exempt' }, 122],
    ]);
    expect(visit.facts).to.deep.equal([
      { code: 'sustained', values: { records: 3, seconds: 121, bytes: 500_001 } },
      { code: 'partlyExempt', values: { exempt: 1, records: 4 } },
    ]);
  });

  it('§7.3 goes by the thresholds of the policy', async () => {
    const thresholds = { ...RULES.thresholds, records: 1, minutes: 0, bytes: 1 };
    const finding = aFinding({ ...DATA, startMs: START_MS });
    const [visit] = await gatherVisits([finding], { ...RULES, thresholds });
    expect(visit!.grade).to.equal('B');
  });

  it('§7.3 takes images, styles, scripts, fonts and empty answers for parts of pages, and nothing else', () => {
    const kindOf = (changes: Partial<Finding>) =>
      evidenceOf(aFinding({ ...DATA, referrer: 'none', ...changes }));
    for (const mime of [
      'image/gif',
      'IMAGE/SVG+XML',
      'text/css; charset=x',
      'application/javascript',
      'font/woff2',
    ]) {
      expect(kindOf({ mime }), mime).to.equal('embedded');
    }
    expect(kindOf({ status: 204, mime: null })).to.equal('embedded');
    for (const mime of ['application/json', 'video/mp4', 'application/pdf', 'text/plain', '', null]) {
      expect(kindOf({ mime }), String(mime)).to.equal('own');
    }
  });
});
