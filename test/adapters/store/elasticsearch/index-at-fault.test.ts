import { expect } from 'chai';
import type { BulkAction, Refusal } from '../../../../src/adapters/store/elasticsearch/bulk.ts';
import {
  checkIndices,
  noteSent,
  type SentCounts,
} from '../../../../src/adapters/store/elasticsearch/index-at-fault.ts';
import { GranskaError } from '../../../../src/errors.ts';

const [OCTOBER, NOVEMBER] = [
  'granska-findings-questionable-2026.10',
  'granska-findings-questionable-2026.11',
];

describe('an index that is at fault', () => {
  const actions = (index: string, count: number): BulkAction[] =>
    Array.from({ length: count }, (_, n) => ({ kind: 'create', index, id: `${n}`, document: {} }));
  const refusing = (refusedOnes: BulkAction[], reason = 'document_parsing_exception'): Refusal[] =>
    refusedOnes.map((action, n) => ({ n, action, status: 400, reason }));
  const check = (sent: BulkAction[], refusals: Refusal[]) => {
    const counts: SentCounts = new Map();
    for (const action of sent) noteSent(counts, action);
    return () => checkIndices(counts, refusals);
  };

  it('§9.7 is told, and no dead letter made, where it refuses all of many for one reason', () => {
    const sent = actions(OCTOBER, 10);
    expect(check([...sent, ...actions(NOVEMBER, 3)], refusing(sent))).to.throw(
      GranskaError,
      `${OCTOBER}: document_parsing_exception (400)`,
    );
  });

  it('§9.7 is not what a few documents have, nor what takes one of them, nor what has two reasons', () => {
    const [few, many] = [actions(OCTOBER, 9), actions(OCTOBER, 20)];
    expect(check(few, refusing(few))).to.not.throw();
    expect(check(many, refusing(many.slice(1)))).to.not.throw();
    const mixed = [...refusing(many.slice(0, 10)), ...refusing(many.slice(10), 'illegal_argument_exception')];
    expect(check(many, mixed)).to.not.throw();
  });
});
