import { expect } from 'chai';
import { createMemoryStore } from '../../src/adapters/store/memory-store.ts';
import type { GranskaError } from '../../src/errors.ts';
import { beginReview, type Candidate } from '../../src/pipeline/begin-review.ts';
import { readPopulation, readReview, readSample } from '../../src/pipeline/review-ledger.ts';
import { drawSample } from '../../src/review/draw-sample.ts';
import { aPlan, COVERAGE, candidates, depsOf, hash, ID, PERIOD } from '../review/support.ts';

const STRATIFIED = aPlan({ sample: { kind: 'stratified', size: 40, by: 'department' } });
const request = (plan = STRATIFIED) => ({ plan, period: PERIOD, diary: null, incomplete: 'refuse' as const });
const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'done',
    (error: GranskaError) => error.code ?? error.message,
  );

describe('beginning a review', () => {
  it('freezes a big population in parts of 500, and draws what the seed draws (§8.3)', async () => {
    const deps = depsOf(createMemoryStore(), candidates(1234));
    const review = await beginReview(request(), deps);
    const population = await readPopulation(review, deps);
    expect(population.map(chunk => chunk.items.length)).to.deep.equal([500, 500, 234]);
    const items = population.flatMap(chunk => chunk.items);
    const drawn = drawSample(items, { seed: '5eed', size: 40, hash });
    expect((await readSample(review, deps)).flat().map(item => item.id)).to.deep.equal(drawn.ids);
    expect(review.frozen!.population).to.deep.include({ items: 1234, findings: 1234, strata: drawn.strata });
  });

  it('does the same once: whoever begins again is given what was begun', async () => {
    const ledger = createMemoryStore();
    const first = await beginReview(request(), depsOf(ledger, candidates(9)));
    const second = await beginReview(request(), depsOf(ledger, candidates(20), { makeSeed: () => 'other' }));
    expect(second).to.deep.equal(first);
  });

  it('reads only once the store has caught up with what was written before (§8.3)', async () => {
    let isThere = false;
    const deps = depsOf(createMemoryStore(), [], {
      async catchUp() {
        isThere = true;
      },
      coverage: async () => ({ ...COVERAGE, records: isThere ? 9 : 0 }),
      async *candidates() {
        if (isThere) yield* candidates(9);
      },
    });
    const { frozen } = await beginReview(request(), deps);
    expect([frozen!.population.items, frozen!.coverage.records]).to.deep.equal([9, 9]);
  });

  it('of two at once lets one freeze; the other is told, or given what was frozen', async () => {
    const ledger = createMemoryStore();
    const both = await Promise.allSettled(
      [1, 2].map(n =>
        beginReview(request(), depsOf(ledger, candidates(30), { makeSeed: () => `seed ${n}` })),
      ),
    );
    const done = both.filter(one => one.status === 'fulfilled');
    expect(done.length).to.be.at.least(1);
    for (const one of both) {
      if (one.status === 'rejected') expect(one.reason.code).to.equal('OVERTAKEN');
    }
    const review = await readReview(ID, { ledger, hash });
    expect(review!.lines.filter(line => line.step === 'begun')).to.have.length(1);
    expect(review!.lines.filter(line => line.step === 'frozen')).to.have.length(1);
  });

  it('goes on by the seed that was recorded, wherever it broke off', async () => {
    for (let writes = 1; writes <= 5; writes++) {
      const ledger = createMemoryStore();
      let left = writes;
      const breaking = {
        ...ledger,
        append: async (entry: Parameters<typeof ledger.append>[0]) => {
          if (left-- === 0) throw new Error('the power went');
          return ledger.append(entry);
        },
      };
      const broke = await codeOf(beginReview(request(), depsOf(breaking, candidates(600))));
      const review = await beginReview(
        request(),
        depsOf(ledger, candidates(600), { makeSeed: () => 'other' }),
      );
      expect(review.begun.seed, `${writes} writes, ${broke}`).to.equal('5eed');
      expect(review.frozen!.population.items).to.equal(600);
      expect((await readSample(review, { ledger, hash })).flat()).to.have.length(40);
    }
  });

  it('gathers anew where a visit changed between freezing and drawing, and gives up where it never rests', async () => {
    let reads = 0;
    const changing = (until: number) => ({
      async *candidates(): AsyncGenerator<Candidate> {
        reads++;
        for (const candidate of candidates(9)) {
          yield reads > until ? candidate : { ...candidate, digest: hash(`${candidate.id} ${reads}`) };
        }
      },
    });
    const ledger = createMemoryStore();
    const review = await beginReview(request(), depsOf(ledger, [], changing(3)));
    expect(review.attempt).to.equal(3);
    expect(
      await codeOf(beginReview(request(), depsOf(createMemoryStore(), [], changing(Infinity)))),
    ).to.equal('OVERTAKEN');
  });

  it('§8.3 is refused before the period is complete, unless allowed; then it says so', async () => {
    const coverage = async () => ({ ...COVERAGE, isComplete: false, completeThrough: '2026-10-30' });
    const ledger = createMemoryStore();
    const deps = depsOf(ledger, candidates(3), { coverage });
    expect(await codeOf(beginReview(request(), deps))).to.equal('CHECK_FAILED');
    expect(await ledger.entries('review', ID)).to.deep.equal([]);
    const review = await beginReview({ ...request(), incomplete: 'allow' }, deps);
    expect(review.frozen!.coverage).to.include({ isComplete: false, completeThrough: '2026-10-30' });
  });

  it('§8.3 is refused before its period begins, whatever is allowed: what is frozen stays for good', async () => {
    const ledger = createMemoryStore();
    const early = depsOf(ledger, [], { nowMs: () => PERIOD.fromMs - 1 });
    expect(await codeOf(beginReview({ ...request(), incomplete: 'allow' }, early))).to.equal('CHECK_FAILED');
    expect(await ledger.entries('review', ID)).to.deep.equal([]);
    const later = depsOf(ledger, candidates(3));
    expect((await beginReview(request(), later)).frozen!.population.items).to.equal(3);
  });
});
