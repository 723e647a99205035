import { expect } from 'chai';
import fc from 'fast-check';
import { openImage, VERIFIED } from '../../src/category/image.ts';
import { FORMAT_VERSION, HEADER_BYTES, SECTION_BYTES } from '../../src/category/layout.ts';
import { createMatcher } from '../../src/category/matcher.ts';
import { GranskaError } from '../../src/errors.ts';
import { compileBytes, sha256, target } from './support.ts';

const bytes = compileBytes({ gambling: { domains: 'casino.example\n', urls: 'news.example/poker\n' } });

function failure(input: Uint8Array): GranskaError {
  try {
    openImage(input, sha256);
  } catch (error) {
    if (error instanceof GranskaError) return error;
    throw error;
  }
  throw new Error('it was opened');
}

/** Changes an image and makes its checksum agree again. */
function resealed(change: (copy: Uint8Array<ArrayBuffer>, view: DataView) => void): Uint8Array {
  const copy = bytes.slice();
  change(copy, new DataView(copy.buffer));
  copy.set(sha256(copy.subarray(0, copy.length - 32)), copy.length - 32);
  return copy;
}

describe('the list image', () => {
  it('opens as views into the same bytes, with the checksum as its version', () => {
    const image = openImage(bytes, sha256);
    expect(image.records.buffer).to.equal(bytes.buffer);
    expect(image.version).to.equal(Buffer.from(bytes.subarray(-32)).toString('hex'));
    expect(image.lists.map(({ name }) => name)).to.deep.equal(['gambling']);
  });

  it('opens from shared memory, and there without a second verification', () => {
    const shared = new SharedArrayBuffer(bytes.length);
    new Uint8Array(shared).set(bytes);
    const image = openImage(shared, sha256);
    expect(image.bytes.buffer).to.equal(shared);
    const again = openImage(image.bytes, VERIFIED);
    expect(createMatcher(again, null).match(target('casino.example:443'))).to.have.length(1);
  });

  it('opens from bytes that do not lie where numbers can be read', () => {
    const odd = new Uint8Array(bytes.length + 3);
    odd.set(bytes, 3);
    expect(openImage(odd.subarray(3), sha256).version).to.equal(openImage(bytes, sha256).version);
  });

  it('is found damaged when any one byte is changed', () => {
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const copy = bytes.slice();
        copy[at]! ^= change;
        const error = failure(copy);
        expect(error.code).to.equal('DAMAGED');
        expect(error.hint).to.not.equal('');
      }),
      { numRuns: 300 },
    );
  });

  it('is found damaged when it is cut anywhere', () => {
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), length => {
        expect(failure(bytes.slice(0, length)).code).to.equal('DAMAGED');
      }),
    );
  });

  it('§10.1 passes over a section that it does not know, unless it must not', () => {
    const unknown = (flags: number) => {
      const table = HEADER_BYTES + 4 * SECTION_BYTES;
      const wider = new Uint8Array(bytes.length + SECTION_BYTES);
      wider.set(bytes.subarray(0, table));
      wider.set(bytes.subarray(table), table + SECTION_BYTES);
      const view = new DataView(wider.buffer);
      view.setUint32(16, 5, true);
      view.setBigUint64(24, BigInt(wider.length), true);
      for (let n = 0; n < 4; n++) {
        const at = HEADER_BYTES + n * SECTION_BYTES + 8;
        view.setBigUint64(at, view.getBigUint64(at, true) + BigInt(SECTION_BYTES), true);
      }
      view.setUint32(table, 99, true);
      view.setUint32(table + 4, flags, true);
      wider.set(sha256(wider.subarray(0, wider.length - 32)), wider.length - 32);
      return wider;
    };
    expect(openImage(unknown(0), sha256).lists).to.have.length(1);
    expect(failure(unknown(1)).code).to.equal('DAMAGED');
  });

  it('says that a newer image needs a newer program', () => {
    const error = failure(resealed((_, view) => view.setUint32(8, FORMAT_VERSION + 1, true)));
    expect(error.code).to.equal('DAMAGED');
    expect(error.message).to.contain('newer');
    expect(error.hint).to.contain('update');
  });

  it('refuses one that was made for another byte order, lacks a section, or has a table of no possible size', () => {
    const wrongs = [
      resealed((_, view) => view.setUint32(12, 0x01020304, false)),
      resealed((_, view) => {
        view.setUint32(HEADER_BYTES, 77, true);
        view.setUint32(HEADER_BYTES + 4, 0, true);
      }),
      resealed((_, view) => view.setBigUint64(HEADER_BYTES + 16, 60n, true)),
      resealed((_, view) => view.setBigUint64(HEADER_BYTES + 8, BigInt(bytes.length), true)),
      resealed((_, view) => view.setUint32(16, 1000, true)),
      resealed((copy, view) => {
        copy[Number(view.getBigUint64(HEADER_BYTES + 3 * SECTION_BYTES + 8, true))] = 0;
      }),
    ];
    for (const wrong of wrongs) expect(failure(wrong).code).to.equal('DAMAGED');
  });
});
