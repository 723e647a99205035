import { expect } from 'chai';
import { decisionBody, readDecision, readStep, stepBody } from '../../src/case/ledger-body.ts';
import { proposedOf, stateOf } from '../../src/case/override-state.ts';
import { GranskaError } from '../../src/errors.ts';
import type { OverrideStep } from '../../src/model/override.ts';
import { naiveCases } from './naive.ts';
import { aVisit, decisionOn, RULES } from './support.ts';

const [found] = naiveCases([aVisit({ digest: '00000001' })], [], RULES);
const { decision } = decisionOn(found!);
const proposal = {
  ...({ action: 'remove', list: 'casino', what: 'a.example' } as const),
  ...{ entry: 'a.example', site: 'a.example', reason: 'a shop', caseId: found!.id },
};
const proposed: OverrideStep = { seq: 1, atMs: 5, by: 'anna', kind: 'proposed', proposal };
const approved: OverrideStep = { seq: 2, atMs: 6, by: 'bo', kind: 'approved', reason: 'seen' };

/** Goes through a store, which knows nothing but JSON. */
function kept(body: Record<string, unknown>): Record<string, unknown> {
  return JSON.parse(JSON.stringify(body));
}

describe('the bodies of the ledger', () => {
  it('give a decision back as it was', () => {
    const line = {
      key: found!.id,
      seq: 1,
      atMs: decision.atMs,
      by: 'anna',
      body: kept(decisionBody(decision)),
    };
    expect(readDecision(line)).to.deep.equal(decision);
  });

  for (const step of [proposed, approved, { ...approved, kind: 'rejected' as const }]) {
    it(`give a step back that was ${step.kind}`, () => {
      const { seq, atMs, by } = step;
      expect(readStep({ key: 'x', seq, atMs, by, body: kept(stepBody(step)) })).to.deep.equal(step);
    });
  }

  it('refuse what is no decision and no step, without repeating it', () => {
    const line = { key: 'x', seq: 3, atMs: 0, by: 'anna', body: { outcome: 'guilty', reason: 'Anna' } };
    for (const read of [readDecision, readStep]) {
      expect(() => read(line))
        .to.throw(GranskaError, 'line 3 of x')
        .with.property('code', 'DAMAGED');
      expect(() => read(line)).to.not.throw('Anna');
    }
  });
});

describe('the state of a proposal', () => {
  it('is that of its last step; applied is what stands in the files too', () => {
    const one = proposedOf('x', [proposed])!;
    expect([one.proposedBy, stateOf(one, false)]).to.deep.equal(['anna', 'proposed']);
    const two = proposedOf('x', [proposed, approved])!;
    expect([stateOf(two, false), stateOf(two, true)]).to.deep.equal(['approved', 'applied']);
  });

  it('knows who proposed it last', () => {
    const again: OverrideStep = { ...proposed, seq: 3, by: 'cecilia' };
    expect(proposedOf('x', [proposed, { ...approved, kind: 'rejected' }, again])!.proposedBy).to.equal(
      'cecilia',
    );
    expect(proposedOf('x', [])).to.equal(null);
  });
});
