import { expect } from 'chai';
import { leaveAnswer, makeAnswer, useAnswer } from '../../../../src/adapters/source/kafka/answer-memory.ts';

const BIG = 1 << 20;

describe('the memory of answers', () => {
  it('is given back when the last batch that was read out of it is done with, and not before', () => {
    const { buffer } = makeAnswer(BIG);
    useAnswer(buffer);
    useAnswer(buffer);
    leaveAnswer(buffer);
    expect(buffer.byteLength).to.equal(BIG);
    leaveAnswer(buffer);
    expect(buffer.byteLength).to.equal(0);
  });

  it('stays for the collector where a batch was never done with, or where the answer is small', () => {
    const thrown = makeAnswer(BIG);
    useAnswer(thrown.buffer);
    const small = makeAnswer(100);
    useAnswer(small.buffer);
    leaveAnswer(small.buffer);
    expect([thrown.length, small.length]).to.deep.equal([BIG, 100]);
  });

  it('leaves alone what it has not made: memory that others use too', () => {
    const others = Buffer.from('a part of the pool');
    useAnswer(others.buffer);
    leaveAnswer(others.buffer);
    leaveAnswer(undefined);
    expect(others.toString()).to.equal('a part of the pool');
  });
});
