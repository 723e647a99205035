import { expect } from 'chai';
import { POPULATIONS } from '../../src/model/subject.ts';
import { isAsSureAs, type KnownSubject, mayBeCase } from '../../src/policy/may-be-case.ts';

const KINDS = ['user', 'client', 'none'] as const;
const CONFIDENCES = ['none', 'lease', 'authenticated'] as const;
const subject = (changed: Partial<KnownSubject> = {}): KnownSubject => ({
  ...{ subjectKind: 'user', confidence: 'authenticated', population: 'staff' },
  ...changed,
});

describe('who may have a case', () => {
  const policy = { minimumConfidence: 'lease', reviewed: new Set(['staff', 'elected'] as const) } as const;

  for (const [title, changed, expected] of [
    ['§3.2 a user whom the proxy authenticated', {}, true],
    ['§3.2 a user by a lease, where that is sure enough', { confidence: 'lease' }, true],
    ['§3.2 an address, where that is not', { subjectKind: 'client', confidence: 'none' }, false],
    ['§3.3 nobody, ever', { subjectKind: 'none' }, false],
    ['§3.3 somebody unknown, ever', { population: 'unknown' }, false],
    ['§3.3 somebody who is not reviewed', { population: 'pupil' }, false],
    ['§3.3 another population that is reviewed', { population: 'elected' }, true],
  ] as const) {
    it(`${title}: ${expected ? 'yes' : 'no'}`, () => {
      expect(mayBeCase(policy, subject(changed))).to.equal(expected);
    });
  }

  it('§3.2 under no setting is nobody or somebody unknown let through, and more is never let through by asking for more', () => {
    const everybody = new Set(POPULATIONS);
    for (const subjectKind of KINDS) {
      for (const confidence of CONFIDENCES) {
        for (const population of POPULATIONS) {
          const known = { subjectKind, confidence, population };
          const answers = CONFIDENCES.map(minimumConfidence =>
            mayBeCase({ minimumConfidence, reviewed: everybody }, known),
          );
          expect(answers).to.deep.equal([...answers].sort((a, b) => Number(b) - Number(a)));
          if (subjectKind === 'none' || population === 'unknown') expect(answers).not.to.include(true);
          else expect(answers[0]).to.equal(true);
        }
      }
    }
  });

  it('§3.2 the order is none, lease, authenticated', () => {
    const table = CONFIDENCES.map(one => CONFIDENCES.map(least => Number(isAsSureAs(one, least))).join(''));
    expect(table).to.deep.equal(['100', '110', '111']);
  });
});
