import { createHash } from 'node:crypto';
import { expect } from 'chai';
import fc from 'fast-check';
import { endOfLine, followLine, linkEntry, writeLine } from '../../src/audit/chain.ts';
import { type ChainEnd, NO_LINE } from '../../src/audit/link.ts';

const hashText = (text: string) => createHash('sha256').update(text).digest('hex');

function chainOf(length: number): string[] {
  const lines: string[] = [];
  let end: ChainEnd = NO_LINE;
  for (let n = 0; n < length; n++) {
    const entry = { action: 'search', shown: n, details: { terms: [`category:c${n}`], limit: null } };
    const line = linkEntry(entry, end, { actor: 'anna', atMs: 1_790_000_000_000 + n, hashText });
    lines.push(writeLine(line));
    end = line;
  }
  return lines;
}

/** Gives the first line that does not fit, from 1; null where all do. */
function firstBroken(lines: readonly string[]): number | null {
  let end = NO_LINE;
  for (const [index, line] of lines.entries()) {
    const next = followLine(line, end, hashText);
    if (typeof next === 'string') return index + 1;
    end = next;
  }
  return null;
}

describe('the audit chain', () => {
  it('§8.5 fits together as it was written', () => {
    expect(firstBroken(chainOf(20))).to.equal(null);
  });

  it('§8.5 is written with its keys in order, the hash over all of it but itself', () => {
    const line = chainOf(1)[0]!;
    const { hash, ...rest } = JSON.parse(line);
    expect(Object.keys(JSON.parse(line))).to.deep.equal([
      'action',
      'actor',
      'at',
      'details',
      'hash',
      'prev',
      'seq',
      'shown',
    ]);
    expect(hash).to.equal(hashText(JSON.stringify(rest)));
    expect(rest.prev).to.equal('0'.repeat(64));
  });

  it('§8.5 shows every change of a sign, at the line where it was made', () => {
    const lines = chainOf(5);
    fc.assert(
      fc.property(fc.nat(4), fc.nat(400), fc.constantFrom('0', 'x', '"', ' ', ''), (index, at, sign) => {
        const line = lines[index]!;
        const place = at % line.length;
        const changed = line.slice(0, place) + sign + line.slice(place + 1);
        fc.pre(changed !== line);
        expect(firstBroken(lines.with(index, changed))).to.equal(index + 1);
      }),
    );
  });

  it('§8.5 shows lines taken out, moved, put in or doubled', () => {
    const lines = chainOf(6);
    expect(firstBroken(lines.toSpliced(2, 1))).to.equal(3);
    expect(firstBroken([lines[0]!, lines[2]!, lines[1]!, ...lines.slice(3)])).to.equal(2);
    expect(firstBroken(lines.toSpliced(3, 0, lines[2]!))).to.equal(4);
    expect(firstBroken(lines.slice(1))).to.equal(1);
  });

  it('§8.5 shows a line that was made anew, for the next one no longer follows', () => {
    const lines = chainOf(3);
    const end = endOfLine(lines[0]!, hashText)!;
    const forged = linkEntry({ action: 'search', shown: 0, details: {} }, end, {
      actor: 'bo',
      atMs: 0,
      hashText,
    });
    expect(firstBroken([lines[0]!, writeLine(forged), lines[2]!])).to.equal(3);
  });

  it('takes what is no line for one that was changed', () => {
    for (const text of ['', 'null', '[]', '{}', '{"seq":1}', 'not JSON']) {
      expect(firstBroken([text]), text).to.equal(1);
      expect(endOfLine(text, hashText), text).to.equal(null);
    }
  });
});
