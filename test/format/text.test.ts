import { expect } from 'chai';
import fc from 'fast-check';
import { endsInHeaders, maskHeaders } from '../../src/format/mask-headers.ts';
import { readQuoted, unescapeText } from '../../src/format/quoted.ts';
import { decodeText, fieldText, lineText, optionalText } from '../../src/format/text.ts';
import { bytesOf } from './support.ts';

describe('format/text', () => {
  it('decodes UTF-8 where the bytes are UTF-8', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), text => {
        const bytes = bytesOf(text);
        expect(decodeText(bytes, 0, bytes.length)).to.equal(text);
      }),
    );
  });

  it('decodes any other bytes as Latin-1, one character a byte', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 20 }), some => {
        const bytes = Uint8Array.from([0x80, ...some]);
        expect(decodeText(bytes, 0, bytes.length)).to.equal(Buffer.from(bytes).toString('latin1'));
      }),
    );
  });

  it('gives the same field from a whole decoded line as from the field alone', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', ' ', 'å', '-') }),
        fc.nat(9),
        fc.nat(9),
        (text, a, b) => {
          const bytes = bytesOf(text);
          const start = Math.min(a, bytes.length);
          const end = Math.min(start + b, bytes.length);
          expect(fieldText(lineText(bytes, 0, bytes.length), start, end)).to.equal(
            decodeText(bytes, start, end),
          );
        },
      ),
    );
  });

  it('takes a lone dash for nothing', () => {
    const line = lineText(bytesOf('- -a'), 0, 4);
    expect(optionalText(line, 0, 1)).to.equal('');
    expect(optionalText(line, 2, 4)).to.equal('-a');
  });
});

describe('format/quoted', () => {
  it('reads a quoted text up to the first quote that is not escaped', () => {
    const bytes = bytesOf('"a\\"b\\\\" rest"');
    expect(readQuoted(bytes, 0, bytes.length)).to.deep.equal({ text: 'a"b\\', end: 8 });
    expect(readQuoted(bytesOf('"open'), 0, 5)).to.equal(null);
    expect(readQuoted(bytesOf('"open\\"'), 0, 7)).to.equal(null);
  });

  it('undoes hexadecimal escapes as bytes of UTF-8 and leaves unknown escapes', () => {
    const unescaped = (text: string) => unescapeText(bytesOf(text), 0, text.length);
    expect(unescaped('\\xc3\\xA5')).to.equal('å');
    expect(unescaped('\\xe5')).to.equal('å');
    expect(unescaped('\\q\\xzz\\x4')).to.equal('\\q\\xzz\\x4');
    expect(unescaped('a\\t\\n\\r\\')).to.equal('a\t\n\r\\');
  });
});

describe('format/mask-headers', () => {
  const line =
    'a b [Host: x\\r\\nProxy-Authorization: Basic c2VjcmV0\\r\\nCookie: s=1; t=2\\r\\nX: y] [HTTP/1.1 200 OK\\r\\nSet-Cookie: k=v]';

  it('hides passwords and cookies and nothing else', () => {
    expect(maskHeaders(line)).to.equal(
      'a b [Host: x\\r\\nProxy-Authorization:(hidden)\\r\\nCookie:(hidden)\\r\\nX: y] [HTTP/1.1 200 OK\\r\\nSet-Cookie:(hidden)]',
    );
    expect(maskHeaders('http://a.example/?q=1')).to.equal('http://a.example/?q=1');
  });

  it('hides them where the line breaks are percent-encoded, and where the line was cut', () => {
    expect(maskHeaders('[authorization: Bearer abc%0d%0aX: y')).to.equal('[authorization:(hidden)%0d%0aX: y');
    expect(maskHeaders('[Proxy-Authorization: Basic c2Vj')).to.equal('[Proxy-Authorization:(hidden)');
  });

  it('knows a line that ends in headers', () => {
    const ends = (text: string) => endsInHeaders(bytesOf(text), 0, text.length);
    expect(ends(line)).to.equal(true);
    expect(ends('a "Mozilla [sv]"')).to.equal(false);
    expect(ends('a [x]')).to.equal(false);
    expect(ends('')).to.equal(false);
  });
});
