import { expect } from 'chai';
import fc from 'fast-check';
import type { ReviewExport } from '../../src/model/review.ts';
import type { Fault } from '../../src/review/check-contents.ts';
import { chunkHash, hashWithout, sampleHash } from '../../src/review/review-line.ts';
import { verifyExport } from '../../src/review/verify-export.ts';
import { aPlan, aSignedReview, hash, tools } from './support.ts';

// biome-ignore lint/suspicious/noExplicitAny: an export is altered wherever a test likes.
type Open = any;

describe('an export of a review', () => {
  let exported: ReviewExport;
  let text: string;
  before(async () => {
    ({ exported } = await aSignedReview(
      7,
      aPlan({ sample: { kind: 'stratified', size: 4, by: 'department' } }),
    ));
    text = JSON.stringify(exported);
  });

  const faultsOf = (change: (open: Open) => void): readonly Fault[] => {
    const open: Open = JSON.parse(text);
    change(open);
    return verifyExport(open, tools).faults;
  };
  const placesOf = (change: (open: Open) => void) => faultsOf(change).map(({ where }) => where);

  it('is as it was signed, written and read again (§8.4)', () => {
    const { review, faults } = verifyExport(JSON.parse(text), tools);
    expect(faults).to.deep.equal([]);
    expect(review).to.include({ id: 'monthly/2026-10', status: 'signed' });
  });

  it('of which one byte is flipped anywhere is never intact, unless it says the same', () => {
    const bytes = Buffer.from(text);
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 0, max: 7 }), (at, bit) => {
        const flipped = Buffer.from(bytes);
        flipped[at]! ^= 1 << bit;
        let value: unknown;
        try {
          value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(flipped));
        } catch {
          return;
        }
        const { faults } = verifyExport(value, tools);
        const isSame = JSON.stringify(value) === text;
        expect(faults.length > 0, `byte ${at}, bit ${bit}`).to.equal(!isSame);
        for (const { where, why } of faults)
          expect([where, why]).to.satisfy((words: string[]) => words.every(Boolean));
      }),
      { numRuns: 3000 },
    );
  });

  it('names the item, line or part that was altered', () => {
    expect(placesOf(open => (open.population[0].items[2].stratum = 'Bygg2'))[0]).to.match(
      /^item 3 of the population \([0-9a-f]{32}\)$/,
    );
    expect(placesOf(open => (open.sample[0][1].grade = 'D'))).to.deep.equal(['sample item 2']);
    expect(placesOf(open => (open.lines[3].remark = 'x'))).to.deep.equal(['line 4']);
    expect(placesOf(open => open.lines.splice(3, 1))).to.deep.equal(['line 4']);
    expect(placesOf(open => (open.protocol.sv = hash('other')))).to.deep.equal(['the file']);
    expect(placesOf(open => (open.keys[0].publicKey = open.keys[0].publicKey.replace(/^./, 'A')))).to.include(
      'signature',
    );
    expect(placesOf(open => open.population[0].items.pop())).to.include('population');
    expect(placesOf(open => open.lines.pop())).to.include('signature');
    expect(placesOf(open => (open.sample = 'x'))).to.deep.equal(['sample']);
    expect(placesOf(open => delete open.lines[0].plan.signers)).to.deep.equal(['lines[0].plan.signers']);
  });

  it('whose hashes were all made anew is found out by the lines, and those by the signature', () => {
    const remake = (open: Open) => {
      open.hash = hashWithout(open, hash);
    };
    const item = placesOf(open => {
      const [chunk] = open.population;
      chunk.items[0].stratum = 'Other';
      chunk.items[0].hash = hashWithout(chunk.items[0], hash);
      remake(open);
    });
    expect(item).to.deep.equal(['items 1 to 7 of the population']);
    const whole = placesOf(open => {
      const [chunk] = open.sample;
      chunk[0].grade = 'D';
      chunk[0].hash = hashWithout(chunk[0], hash);
      const frozen = open.lines.find((line: Open) => line.step === 'frozen');
      frozen.sample.chunks[0] = sampleHash(chunk, hash);
      frozen.population.chunks[0] = chunkHash(open.population[0], hash);
      let prev = '0'.repeat(64);
      for (const line of open.lines) {
        line.prev = prev;
        line.hash = prev = hashWithout(line, hash);
        if (line.step !== 'signed') open.contentHash = line.hash;
      }
      remake(open);
    });
    expect(whole).to.deep.equal(['signature']);
  });

  it('that another key signed cannot show a well-known key beside it (§8.4)', () => {
    const places = placesOf(open => {
      const [known] = open.keys;
      open.keys = [{ ...known, person: 'anna' }, known];
      open.hash = hashWithout(open, hash);
    });
    expect(places).to.deep.equal(['keys']);
  });

  it('tells that another sample was put in place of the one that the seed draws', () => {
    const places = placesOf(open => {
      const begun = open.lines[0];
      begun.seed = '0ther';
      let prev = '0'.repeat(64);
      for (const line of open.lines) {
        line.prev = prev;
        line.hash = prev = hashWithout(line, hash);
      }
    });
    expect(places.some(where => where.startsWith('sample item'))).to.equal(true);
    expect(places).to.include('signature');
  });

  it('is no accident for a file that is something else', () => {
    fc.assert(
      fc.property(fc.jsonValue(), value => {
        expect(verifyExport(value, tools).faults).to.have.length(1);
      }),
    );
    fc.assert(
      fc.property(fc.constantFrom('lines', 'population', 'sample', 'keys'), fc.jsonValue(), (part, value) => {
        expect(faultsOf(open => (open[part] = value)).length).to.be.greaterThan(0);
      }),
    );
  });

  it('that is nested too deep to be hashed is none, and ends no program (exit 4, §10.2)', () => {
    const deep = '['.repeat(100_000) + ']'.repeat(100_000);
    const { faults } = verifyExport(JSON.parse(text.replace('"scope":{', `"scope":{"x":${deep},`)), tools);
    expect(faults.map(({ where }) => where)).to.deep.equal(['the file']);
  });

  it('of a review with nothing to examine verifies too (§8.3)', async () => {
    const empty = await aSignedReview(0);
    expect(empty.review.frozen!.sample.items).to.equal(0);
    expect(verifyExport(JSON.parse(JSON.stringify(empty.exported)), tools).faults).to.deep.equal([]);
  });
});
