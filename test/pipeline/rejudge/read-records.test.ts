import { expect } from 'chai';
import fc from 'fast-check';
import { createMemoryStore } from '../../../src/adapters/store/memory-store.ts';
import type { Finding } from '../../../src/model/finding.ts';
import type { Query } from '../../../src/model/query.ts';
import { readRecords, type StoredRecord } from '../../../src/pipeline/rejudge/read-records.ts';
import { aBatch } from '../../contract/store.ts';
import { aFinding, idOf } from '../../finding/arbitrary.ts';

const FROM_MS = Date.UTC(2026, 9, 1);
const ALL: Query = {
  ...{ terms: [], fromMs: FROM_MS, toMs: FROM_MS + 1_000_000, limit: null },
  ...{ sort: 'start', descending: false },
};
const GAMBLING: Query = {
  ...ALL,
  terms: [{ kind: 'field', field: 'category', values: ['gambling'], negated: false }],
};

async function read(findings: readonly Finding[], query: Query): Promise<StoredRecord[][]> {
  const store = createMemoryStore();
  await store.write(aBatch({ findings }));
  const pieces: StoredRecord[][] = [];
  for await (const piece of readRecords(store, query)) pieces.push(piece);
  return pieces;
}

const idsOf = (findings: readonly Pick<Finding, 'id'>[]) => findings.map(({ id }) => id).sort();

/** Findings of records that begin at few instants, one or two of each. */
const arbitraryFindings = fc
  .array(fc.record({ atMs: fc.integer({ min: 0, max: 9 }), both: fc.boolean() }), { maxLength: 60 })
  .map(records =>
    records.flatMap(({ atMs, both }, index) => {
      const of = { recordId: idOf(100_000 + index), startMs: FROM_MS + atMs };
      const first = aFinding({ ...of, id: idOf(2 * index), category: 'gambling' });
      return both ? [first, aFinding({ ...of, id: idOf(2 * index + 1), category: 'drugs' })] : [first];
    }),
  );

describe('readRecords', () => {
  it('§5.1 gives every finding of the time once, in whole records and in order', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryFindings, async findings => {
        const records = (await read(findings, ALL)).flat();
        expect(idsOf(records.flatMap(record => record.findings))).to.deep.equal(idsOf(findings));
        expect(new Set(records.map(record => record.findings[0]!.recordId)).size).to.equal(records.length);
        const starts = records.map(record => record.findings[0]!.startMs);
        expect(starts).to.deep.equal([...starts].sort((a, b) => a - b));
      }),
      { numRuns: 50 },
    );
  });

  it('gives a record whole where a query asks for a part of it, and says which part', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryFindings, async findings => {
        const records = (await read(findings, GAMBLING)).flat();
        expect(idsOf(records.flatMap(record => record.findings))).to.deep.equal(idsOf(findings));
        const asked = records.flatMap(record => record.asked);
        expect(idsOf(asked)).to.deep.equal(idsOf(findings.filter(one => one.category === 'gambling')));
      }),
      { numRuns: 50 },
    );
  });

  it('§9.7 reads in pieces, and more at a time only where so many began at one instant', async () => {
    const at = (index: number, startMs: number) =>
      aFinding({ id: idOf(index), recordId: idOf(100_000 + index), startMs });
    const crowd = Array.from({ length: 4_500 }, (_, index) => at(index, FROM_MS + 5));
    const rest = Array.from({ length: 6_000 }, (_, index) => at(10_000 + index, FROM_MS + 10 + index));
    const pieces = await read([...crowd, ...rest], ALL);
    expect(pieces.flat()).to.have.length(10_500);
    expect(pieces.length).to.be.greaterThan(1);
    expect(Math.max(...pieces.map(piece => piece.length))).to.be.at.most(8_000);
    const starts = pieces.map(piece => piece.map(record => record.findings[0]!.startMs));
    starts.reduce((before, piece) => {
      expect(Math.min(...piece)).to.be.greaterThan(before);
      return Math.max(...piece);
    }, 0);
  });
});
