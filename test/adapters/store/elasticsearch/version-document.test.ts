import { expect } from 'chai';
import fc from 'fast-check';
import { bodyOf, documentOf } from '../../../../src/adapters/store/elasticsearch/version-document.ts';
import type { KeptVersion } from '../../../../src/ports/store.ts';
import { failureOf } from '../../../failure-of.ts';

const aVersion = (body: string): KeptVersion => ({
  kind: 'directory',
  hash: 'h'.repeat(64),
  epoch: 2026,
  body,
});

describe('the document of a kept version', () => {
  it('gives back every body, short or long', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 50 });
    fc.assert(
      fc.property(text, fc.constantFrom(1, 5_000), (part, times) => {
        const body = JSON.stringify({ schema: 'granska.kept-directory/1', text: part.repeat(times) });
        expect(bodyOf(documentOf(aVersion(body)))).to.equal(body);
      }),
      { numRuns: 50 },
    );
  });

  it('leaves a short body as it is, and packs a long one', () => {
    const short = aVersion('{"users":[]}');
    expect(documentOf(short)).to.deep.equal(short);
    const long = aVersion(JSON.stringify(Array.from({ length: 10_000 }, (_, n) => ({ id: n, role: 'it' }))));
    expect(documentOf(long).body.length).to.be.lessThan(long.body.length / 3);
  });

  it('§5.7 says that a body is damaged rather than give a part of it', async () => {
    const { body } = documentOf(aVersion('1'.repeat(100_000)));
    for (const broken of [body.slice(0, -40), 'gzip:', 'gzip:AAAA']) {
      expect((await failureOf((async () => bodyOf({ body: broken }))())).code).to.equal('DAMAGED');
    }
  });
});
