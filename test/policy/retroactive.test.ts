// An exemption that was decided after its first day: what it covers, by the decision's own day (§5.3).
import { expect } from 'chai';
import { hmacSha256 } from '../../src/adapters/vault/hmac-sha256.ts';
import { decide } from '../../src/policy/decide.ts';
import { explainDecision } from '../../src/policy/explain.ts';
import { openKeptPolicy } from '../../src/policy/kept-policy.ts';
import type { ExemptionRule } from '../../src/policy/rules.ts';
import { keepPolicy } from '../../src/subject/keep.ts';
import { readKept } from '../../src/subject/kept-body.ts';
import { createPseudonyms } from '../../src/subject/pseudonym.ts';
import { exemption, policy, stockholm, visit } from './support.ts';

const late = { validFrom: '2026-01-01', decided: '2026-03-29' };
const retroactive = { reason: 'the duty began in January', approvers: ['CHIEF', 'deputy'] };

function verdictAt(rule: Partial<ExemptionRule>, at: string): string | null {
  const made = policy({ exemptions: [exemption(rule)] });
  return decide(made, visit({ startMs: Date.parse(at) })).judgements[0]!.verdict;
}

describe('policy: an exemption that was decided late', () => {
  const cases: [string, Partial<ExemptionRule>, string, string][] = [
    ['the last instant before the day of its decision', late, '2026-03-28T22:59:59.999Z', 'examine'],
    ['the first instant of that day, which loses an hour', late, '2026-03-28T23:00:00Z', 'exempt'],
    ['the first instant of its validity', late, '2025-12-31T23:00:00Z', 'examine'],
    [
      'the instant before a day that gains an hour',
      { ...late, decided: '2026-10-25' },
      '2026-10-24T21:59:59.999Z',
      'examine',
    ],
    [
      'the begin of a day that gains an hour',
      { ...late, decided: '2026-10-25' },
      '2026-10-24T22:00:00Z',
      'exempt',
    ],
    ['the end of that day', { ...late, decided: '2026-10-26' }, '2026-10-25T22:59:59.999Z', 'examine'],
    ['the day after it', { ...late, decided: '2026-10-26' }, '2026-10-25T23:00:00Z', 'exempt'],
    ['a day before its decision, retroactively', { ...late, retroactive }, '2026-02-01T12:00:00Z', 'exempt'],
    [
      'the day before its validity, retroactively',
      { ...late, retroactive },
      '2025-12-31T22:59:59.999Z',
      'examine',
    ],
    [
      'its first instant, decided before',
      { ...late, decided: '2025-11-01' },
      '2025-12-31T23:00:00Z',
      'exempt',
    ],
    [
      'a day before, decided before',
      { ...late, decided: '2025-11-01' },
      '2025-12-31T22:59:59.999Z',
      'examine',
    ],
    [
      'its first instant, where no day of decision is given',
      { validFrom: '2026-01-01' },
      '2025-12-31T23:00:00Z',
      'exempt',
    ],
    [
      'any day, where it ended before it was decided',
      { ...late, validThrough: '2026-02-28' },
      '2026-02-01T12:00:00Z',
      'examine',
    ],
  ];
  for (const [name, rule, at, verdict] of cases) {
    it(`§5.3 answers ${verdict} at ${name}`, () => {
      expect(verdictAt(rule, at)).to.equal(verdict);
    });
  }

  it('§5.3 explains that it does not cover visits before its decision', () => {
    const made = policy({ exemptions: [exemption(late)] });
    const text = (at: string) =>
      explainDecision(made, visit({ startMs: Date.parse(at) })).categories[0]!.exemptions[0]!.text;
    const valid = 'valid from 2026-01-01 through 2026-12-31';
    expect([text('2026-02-01T12:00Z'), text('2025-12-01T12:00Z'), text('2027-01-01T12:00Z')]).to.deep.equal([
      `exemption E-1 (case KS 1) does not apply: it was decided on 2026-03-29, and does not cover earlier visits (${valid})`,
      `exemption E-1 (case KS 1) does not apply: it was not yet valid (${valid})`,
      `exemption E-1 (case KS 1) does not apply: it was no longer valid (${valid})`,
    ]);
  });

  it('§5.3 says of one that is retroactive that it is', () => {
    const made = policy({ exemptions: [exemption({ ...late, retroactive })] });
    const { lines } = explainDecision(made, visit({ startMs: Date.parse('2026-02-01T12:00Z') }));
    expect(lines.join('\n')).to.contain(
      'applies: it names the user, valid from 2026-01-01 through 2026-12-31, decided on 2026-03-29 as retroactive',
    );
  });

  it('§5.7 has another hash where it is retroactive, and names its approvers by their canonical names', () => {
    const plain = policy({ exemptions: [exemption(late)] });
    const made = policy({ exemptions: [exemption({ ...late, retroactive })] });
    expect(made.hash).to.not.equal(plain.hash);
    expect(plain.hash).to.not.contain('retroactive');
    expect(made.content.rules.exemptions[0]!.retroactive!.approvers).to.deep.equal(['chief', 'deputy']);
  });

  describe('once it is kept', () => {
    const { userIn } = createPseudonyms({
      ...{ zone: stockholm, hmac: hmacSha256, isDestroyed: () => false },
      epochKey: year => new Uint8Array(32).fill(year % 251),
    });
    const keep = (rule: Partial<ExemptionRule>) => {
      const made = policy({ exemptions: [exemption(rule)] });
      const options = { hash: 'ab', epoch: 2026, zone: stockholm, userIn, tenants: ['kommun'] };
      return keepPolicy(made.content, options)!.body;
    };
    const openKept = (text: string) =>
      openKeptPolicy({
        ...{ body: readKept('policy', text), hash: 'ab', zone: stockholm },
        userIn: (tenant, name) => userIn(2026, tenant, name),
      });

    it('§5.7 covers what it covered, and holds no name and no reason', () => {
      const text = keep({ ...late, retroactive });
      expect(text).to.not.match(/chief|deputy|anna|January/i);
      const { exemptions } = openKept(text);
      expect(exemptions.get('E-1')).to.include({
        isRetroactive: true,
        fromMs: Date.parse('2025-12-31T23:00Z'),
      });
    });

    it('§5.7 is read where an earlier program kept it, without the parts that it did not know', () => {
      const { exemptions } = openKept(keep({ validFrom: '2026-01-01' }));
      expect(exemptions.get('E-1')).to.include({ isRetroactive: false, decided: null });
    });
  });
});
