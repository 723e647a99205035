// What is told of a fault: its kind and its place, never its words.
import { expect } from 'chai';
import { faultOf } from '../src/errors.ts';

describe('faultOf', () => {
  it('gives class, code and frames of an error, and none of its words, even where they look like frames', () => {
    const error = Object.assign(new TypeError('Received anna\n    at anna (anna.ts:1:1)'), {
      code: 'ERR_ANNA',
    });
    const { kind, frames } = faultOf(error);
    expect(kind).to.equal('TypeError [ERR_ANNA]');
    expect(frames).to.contain('errors.test.ts').and.not.contain('anna');
    expect(frames.split('\n').every(line => line.startsWith('    at '))).to.equal(true);
  });

  it('gives no frames where the words were changed afterwards, and no class that is a sentence', () => {
    const error = new Error('anna\n    at anna');
    // V8 writes it down when it is first asked for.
    expect(error.stack).to.contain('anna');
    error.message = 'bo';
    error.name = 'of anna: berg';
    expect(faultOf(error)).to.deep.equal({ kind: 'Error', frames: '' });
    expect(faultOf('anna')).to.deep.equal({ kind: 'Error', frames: '' });
  });

  it('is the same for an error that was handed over', () => {
    const first = faultOf(new RangeError('anna'));
    const { kind, frames } = first;
    const again = Object.assign(new Error(''), { name: kind, stack: `${kind}\n${frames}` });
    expect(faultOf(again)).to.deep.equal(first);
  });
});
