import { expect } from 'chai';
import fc from 'fast-check';
import { lineEnd, trimCarriageReturn } from '../../src/frame/newline.ts';

const encode = (text: string) => new TextEncoder().encode(text);

describe('frame/newline', () => {
  it('finds the line feed that ends a line, or the end of the range', () => {
    const bytes = encode('ab\ncd\nef');
    expect(lineEnd(bytes, 0, 8)).to.equal(2);
    expect(lineEnd(bytes, 3, 8)).to.equal(5);
    expect(lineEnd(bytes, 6, 8)).to.equal(8);
    expect(lineEnd(bytes, 3, 4)).to.equal(4);
  });

  it('takes one carriage return off and no more', () => {
    expect(trimCarriageReturn(encode('ab\r'), 0, 3)).to.equal(2);
    expect(trimCarriageReturn(encode('ab\r\r'), 0, 4)).to.equal(3);
    expect(trimCarriageReturn(encode('ab'), 0, 2)).to.equal(2);
    expect(trimCarriageReturn(encode('\r'), 1, 1)).to.equal(1);
  });

  it('gives the same lines as splitting the text', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('a', '\n', '\r', 'å', ' ')), parts => {
        const text = parts.join('');
        const bytes = encode(text);
        const lines: string[] = [];
        for (let at = 0; at < bytes.length; ) {
          const stop = lineEnd(bytes, at, bytes.length);
          lines.push(new TextDecoder().decode(bytes.subarray(at, stop)));
          at = stop + 1;
        }
        const naive = text.split('\n');
        if (naive.at(-1) === '') naive.pop();
        expect(lines).to.deep.equal(naive);
      }),
    );
  });
});
