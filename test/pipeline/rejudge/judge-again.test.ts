import { expect } from 'chai';
import { createMatcher } from '../../../src/category/matcher.ts';
import type { Finding } from '../../../src/model/finding.ts';
import { changesOf } from '../../../src/pipeline/rejudge/changes.ts';
import { type JudgingPeople, judgeAgain } from '../../../src/pipeline/rejudge/judge-again.ts';
import { createTally } from '../../../src/pipeline/rejudge/tally.ts';
import type { PolicyRules } from '../../../src/policy/rules.ts';
import { compile } from '../../category/support.ts';
import { aFinding, idOf } from '../../finding/arbitrary.ts';
import { exemption, policy } from '../../policy/support.ts';

const IMAGE = compile({ casino: { domains: 'casino.example\n' }, protected: { domains: 'halsa.example\n' } });
const matcher = createMatcher(IMAGE, null);
const NOBODY: JudgingPeople = { entries: () => [], hasNetworks: false };
const VERSIONS = { lists: IMAGE.version, policy: 'p', directory: null };

interface Asked {
  rules?: Partial<PolicyRules>;
  people?: JudgingPeople;
}

function judged(changes: Partial<Finding>, { rules = {}, people = NOBODY }: Asked = {}) {
  const finding = aFinding({ population: 'staff', category: 'gambling', via: null, ...changes });
  const version = { policy: policy(rules), people, match: matcher.match };
  return { finding, again: judgeAgain([finding], version) };
}

function subjectOf(changes: Partial<Finding>, asked: Asked = {}) {
  const { again } = judged(changes, asked);
  if (again.kind !== 'judged') return again.kind;
  const { population, department, roles } = again.subject;
  return { population, department, roles };
}

const optionsFor = (...asked: { id: string }[]) => ({
  asked: new Set(asked.map(({ id }) => id)),
  ...{ versions: VERSIONS, ids: { record: () => '', finding: () => '' }, nowMs: () => 0 },
});

describe('judgeAgain', () => {
  it('§3.3 a user whom the directory of the version does not have is unknown, without role or department', () => {
    expect(subjectOf({ roles: ['it'] })).to.deep.equal({
      ...{ population: 'unknown', department: 'unassigned', roles: [] },
    });
    // The department may be that of the network, of which the address is not stored.
    expect(subjectOf({}, { people: { ...NOBODY, hasNetworks: true } })).to.deep.include({
      department: 'Barn och utbildning',
    });
  });

  it('§3.3 without a directory everybody is staff, or what the networks said', () => {
    const people = { entries: null, hasNetworks: false };
    expect(subjectOf({ population: 'elected' }, { people })).to.deep.equal({
      ...{ population: 'staff', department: 'unassigned', roles: [] },
    });
    expect(subjectOf({ population: 'elected' }, { people: { ...people, hasNetworks: true } })).to.equal(
      'unreviewed',
    );
  });

  it('§3.2 an address stays where it was, and so does an account that many use', () => {
    const place = { population: 'staff', department: 'Bibliotek', roles: ['lånedator'] } as const;
    for (const subjectKind of ['client', 'none'] as const) {
      expect(subjectOf({ subjectKind, ...place })).to.deep.equal(place);
    }
  });

  it('§5.3 takes the row of the time of the visit, and an exemption that names the id', () => {
    const row = { roles: [], department: 'Omsorg', population: 'staff' as const };
    const startMs = Date.parse('2026-10-05T08:00:00Z');
    const entries = (id: string) =>
      id === 'u26-anna' ? [{ ...row, fromMs: startMs, toMs: startMs + 1 }] : [];
    const rules = { exemptions: [exemption({ users: ['u26-anna'] })] };
    const { again } = judged(
      { subjectId: 'u26-anna', startMs },
      { rules, people: { entries, hasNetworks: false } },
    );
    expect(again).to.deep.include({ kind: 'judged' });
    if (again.kind === 'judged') {
      expect(again.subject.department).to.equal('Omsorg');
      expect(again.decision.judgements[0]).to.deep.include({ verdict: 'exempt', exemptions: ['E-1'] });
    }
  });

  it('§6.2 says nothing of a record on a site that is protected now, and counts it as what no list covers', () => {
    const { finding, again } = judged({ domain: 'halsa.example' });
    expect(again).to.deep.equal({ kind: 'protected' });
    const changes = changesOf([finding], again, optionsFor(finding));
    const cleared = changesOf([finding], judged({ domain: 'a.example' }).again, optionsFor(finding));
    expect(changes.changed.map(({ outcome }) => outcome)).to.deep.equal(
      cleared.changed.map(({ outcome }) => ({ ...outcome, verdict: 'protected' })),
    );
    const diffOf = (told: typeof changes) => {
      const tally = createTally(2);
      tally.add(told);
      return tally.diff();
    };
    expect(diffOf(changes)).to.deep.equal(diffOf(cleared));
    expect(diffOf(changes).gone).to.deep.equal({ lists: 1, announcement: 0, population: 0 });
  });

  it('§6.2 takes all of a record out of sight with what was asked for, and what was withdrawn, and tells neither', () => {
    const { finding, again } = judged({ domain: 'halsa.example' });
    const beside = { ...finding, id: idOf(2), category: 'drugs' };
    const withdrawn = { ...finding, id: idOf(3), category: 'violence', verdict: 'withdrawn' as const };
    const same = { ...finding, id: idOf(4), category: 'hacking', versions: VERSIONS };
    const all = [finding, beside, withdrawn, same];
    const { changed, unsaid, added } = changesOf(all, again, optionsFor(finding, withdrawn, same));
    const idsOf = (changes: typeof changed) => changes.map(change => change.finding.id);
    expect(idsOf(changed)).to.deep.equal([finding.id, same.id]);
    expect(idsOf(unsaid)).to.deep.equal([beside.id, withdrawn.id]);
    expect(added).to.deep.equal([]);
  });

  it('§6.2 leaves what is out of sight there, until it has a verdict again', () => {
    const hidden = { ...judged({ domain: 'halsa.example' }).finding, verdict: 'protected' as const };
    const outcomesBy = (domain: string) =>
      changesOf([hidden], judged({ domain }).again, optionsFor(hidden)).changed.map(
        ({ outcome }) => outcome.verdict,
      );
    expect(outcomesBy('halsa.example')).to.deep.equal([]);
    expect(outcomesBy('a.example')).to.deep.equal([]);
    expect(outcomesBy('casino.example')).to.deep.equal(['examine']);
  });

  it('§2.4 an attempt has no verdict, and is taken back as any other finding', () => {
    const denied = { access: 'denied', verdict: null } as const;
    const { again } = judged(denied);
    expect(again.kind === 'judged' && again.decision.judgements[0]?.verdict).to.equal(null);
    const { finding, again: gone } = judged({ ...denied, domain: 'a.example' });
    expect(changesOf([finding], gone, optionsFor(finding)).changed[0]?.outcome).to.deep.include({
      verdict: 'withdrawn',
    });
  });

  it('§5.8 leaves alone what these very versions judged: they had the whole line', () => {
    const { finding, again } = judged({ domain: 'a.example', versions: VERSIONS });
    expect(changesOf([finding], again, optionsFor(finding)).changed).to.deep.equal([]);
  });
});
