import { expect } from 'chai';
import fc from 'fast-check';
import { makeKeyPair, publicKeyOf, signText, verifyText } from '../../src/adapters/people/ed25519.ts';
import type { Statement } from '../../src/model/statement.ts';
import { readStatement, signedText, verifyStatement } from '../../src/sign/statement.ts';

const PAIR = makeKeyPair();
const OTHER = makeKeyPair();

function signed(changes: Partial<Statement> = {}): Statement {
  const said = {
    schema: 'granska.statement/1' as const,
    ...{ kind: 'case-request', person: 'anna', atMs: 1_770_000_000_000 },
    body: { case: '20261005-3f9a2b7c4d1e0a5b', number: 1, reason: 'a talk' },
  };
  return { ...said, signature: signText(PAIR.privatePem, signedText(said)), ...changes };
}

const people = (publicKey: string | null = PAIR.publicKey) => ({
  find: (id: string) => (id === 'anna' ? { publicKey } : null),
  verifyText,
});

describe('a signed statement', () => {
  it('is valid where the person whom it names signed all of it (§8.4)', () => {
    expect(verifyStatement(signed(), people())).to.equal('valid');
    expect(verifyStatement(JSON.parse(JSON.stringify(signed())), people())).to.equal('valid');
  });

  it('is not valid once anything of it was changed', () => {
    const changes: Partial<Statement>[] = [
      { kind: 'case-grant' },
      { atMs: 1_770_000_000_001 },
      { body: { ...signed().body, number: 2 } },
      { body: { ...signed().body, more: true } },
      { signature: signText(OTHER.privatePem, signedText(signed())) },
      { signature: '' },
      { signature: `${signed().signature} ` },
      { signature: signed().signature.replace(/=+$/, '') },
    ];
    for (const change of changes) {
      expect(verifyStatement(signed(change), people()), JSON.stringify(change)).to.equal('not-signed-so');
    }
  });

  it('is not valid of whom nobody knows, or who has no key', () => {
    expect(verifyStatement(signed({ person: 'erik' }), people())).to.equal('unknown-person');
    expect(verifyStatement(signed(), people(null))).to.equal('no-key');
    expect(verifyStatement(signed(), people(OTHER.publicKey))).to.equal('not-signed-so');
  });

  it('has one text, whatever the order of its keys', () => {
    const { body, ...rest } = signed();
    const turned = { body: Object.fromEntries(Object.entries(body).reverse()), ...rest };
    expect(signedText(turned)).to.equal(signedText(signed()));
  });

  it('is read only where nothing is missing and nothing too much', () => {
    expect(readStatement(JSON.parse(JSON.stringify(signed())))).to.deep.equal(signed());
    const { signature: _, ...unsigned } = signed();
    const others = [
      ...[null, 1, 'text', [], {}, unsigned, { ...signed(), more: 1 }],
      ...[
        { ...signed(), schema: 'granska.statement/2' },
        { ...signed(), atMs: 1.5 },
        { ...signed(), body: [] },
      ],
    ];
    for (const other of others) expect(readStatement(other), JSON.stringify(other)).to.equal(null);
  });

  it('does not survive a flipped bit anywhere in its text', () => {
    const text = signedText(signed());
    fc.assert(
      fc.property(fc.nat({ max: Buffer.byteLength(text) * 8 - 1 }), bit => {
        const bytes = Buffer.from(text);
        bytes[bit >> 3]! ^= 1 << (bit & 7);
        return !verifyText(PAIR.publicKey, bytes.toString('latin1'), signed().signature);
      }),
    );
  });

  it('is of keys that are read as they were made', () => {
    expect(publicKeyOf(PAIR.privatePem)).to.equal(PAIR.publicKey);
    expect(Buffer.from(PAIR.publicKey, 'base64')).to.have.length(32);
    expect(publicKeyOf('no key')).to.equal(null);
    expect(verifyText('no key', 'text', signed().signature)).to.equal(false);
  });
});
