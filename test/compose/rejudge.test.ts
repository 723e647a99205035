import { join } from 'node:path';
import { expect } from 'chai';
import type { Finding } from '../../src/model/finding.ts';
import { outcomeOf } from '../../src/pipeline/rejudge/changes.ts';
import { judgeAgain } from '../../src/pipeline/rejudge/judge-again.ts';
import type { KeptJudging } from '../../src/pipeline/rejudge/rejudge.ts';
import { type Archive, asking, createArchive, findingsOf, monthOf, scan, townOf } from './rejudge-support.ts';

const SEEDS = Array.from({ length: 12 }, (_, index) => index);
const APPLY = { reason: 'PN 2025/7' };

/** What a finding says, without when it was judged and how often. */
function said({ ingestedMs: _, versions: _v, revision: _r, ...finding }: Finding) {
  return finding;
}

/** What a verdict consists of. */
function verdictOf(finding: Finding | undefined) {
  if (finding === undefined || finding.verdict === 'withdrawn') return null;
  const { verdict, exemptions, otherExemptions } = finding;
  return { verdict, exemptions, otherExemptions };
}

interface Month {
  before: Map<string, Finding>;
  /** What a scan of the same log by the second configuration has of the records that the first one stored. */
  expected: Map<string, Finding>;
}

describe('rejudge', () => {
  let archive: Archive;
  beforeEach(() => {
    archive = createArchive();
  });
  afterEach(() => archive.close());

  /** Scans a month by both configurations, each into a store of its own. */
  async function scanned(seed: number): Promise<Month> {
    archive.write('first', townOf(seed, 'first'));
    archive.write('second', townOf(seed, 'second'));
    const log = join(archive.write('logs', { 'access.log': monthOf(seed, 400) }), 'access.log');
    await scan(archive.app('first', 'data'), log);
    await scan(archive.app('second', 'other'), log);
    const before = await findingsOf(archive.app('first', 'data'));
    const records = new Set([...before.values()].map(({ recordId }) => recordId));
    const other = await findingsOf(archive.app('second', 'other'));
    const expected = new Map([...other].filter(([, { recordId }]) => records.has(recordId)));
    return { before, expected };
  }

  for (const seed of SEEDS) {
    it(`§5.8 gives each stored record the verdicts that a scan by the new versions gives it (${seed})`, async () => {
      const { before, expected } = await scanned(seed);
      expect(before.size).to.be.greaterThan(50);
      const looked = await archive.app('second', 'data').rejudge(asking());
      expect(await findingsOf(archive.app('second', 'data')), 'looking changes nothing').to.deep.equal(
        before,
      );

      // The tally, counted the slow way.
      const counts = { new: 0, gone: 0, changed: 0 };
      const people = new Set<string>();
      for (const id of new Set([...before.keys(), ...expected.keys()])) {
        const [was, is] = [before.get(id), expected.get(id)];
        const kind = was === undefined ? 'new' : is === undefined ? 'gone' : 'changed';
        if (kind === 'changed' && JSON.stringify(verdictOf(was)) === JSON.stringify(verdictOf(is))) continue;
        counts[kind]++;
        const { subjectKind, subjectId } = (was ?? is)!;
        if (subjectKind === 'user') people.add(subjectId!);
      }
      const { people: told, ...numbers } = looked.diff.total;
      expect(numbers).to.deep.equal(counts);
      // The town's small group is 3.
      const isSmall = people.size > 0 && people.size < 3;
      expect(told).to.be.oneOf(isSmall ? ['<3'] : [people.size, 'hidden']);
      expect(looked.findings).to.equal(before.size);

      const applied = await archive.app('second', 'data').rejudge(asking({ apply: APPLY }));
      expect(applied.diff).to.deep.equal(looked.diff);
      expect(applied.applied).to.deep.equal({
        ...{ revised: counts.gone + counts.changed, added: counts.new, known: 0, overtaken: [] },
      });
      const after = await findingsOf(archive.app('second', 'data'));
      for (const id of new Set([...after.keys(), ...expected.keys()])) {
        expect(verdictOf(after.get(id)), id).to.deep.equal(verdictOf(expected.get(id)));
        if (!before.has(id)) expect(said(after.get(id)!)).to.deep.equal(said(expected.get(id)!));
      }

      const again = await archive.app('second', 'data').rejudge(asking({ apply: APPLY }));
      expect(again.diff.total).to.deep.equal({ new: 0, gone: 0, changed: 0, people: 0 });
      expect(again.applied).to.deep.equal({ revised: 0, added: 0, known: 0, overtaken: [] });
    });
  }

  it('gives by files that are named what it gives where they are configured', async () => {
    const { before } = await scanned(1);
    const second = join(archive.dir, 'second');
    const listsImage = join(archive.dir, 'second.image');
    archive.app('second', 'data').compileLists([join(second, 'lists')], listsImage, null);
    const configured = await archive.app('second', 'data').rejudge(asking());
    const named = await archive.app('first', 'data').rejudge(
      asking({
        listsImage,
        policyFile: 'second/policy.yaml',
        directoryFile: 'second/directory.csv',
      }),
    );
    expect(named).to.deep.equal(configured);
    expect(named.diff.total.changed + named.diff.total.gone).to.be.greaterThan(0);
    expect(before.size).to.equal(named.findings);
  });

  it('§5.7 recomputes every judgement, first and later, from what is kept of its versions', async () => {
    await scanned(2);
    await archive.app('second', 'data').rejudge(asking({ apply: APPLY }));
    // Today is a third configuration, so that nothing of the two can come from files.
    archive.write('third', townOf(3, 'second'));
    const app = archive.app('third', 'data');
    const store = await app.openStore();
    const judging = await app.openJudging(store);
    const findings = [...(await findingsOf(app)).values()];
    // All records are of one organization and year.
    const opened = new Map<string, KeptJudging>();
    let judgements = 0;
    for (const finding of findings) {
      const record = findings.filter(({ recordId }) => recordId === finding.recordId);
      for (const { versions, ...stored } of await store.revisions(finding.id)) {
        const key = JSON.stringify(versions);
        const kept = opened.get(key) ?? (await judging.kept(finding, versions));
        opened.set(key, kept);
        expect(kept.hasImage).to.equal(true);
        if (typeof kept.judge === 'string') expect.fail(kept.judge);
        const { verdict, exemptions, otherExemptions } = outcomeOf(finding, judgeAgain(record, kept.judge));
        expect({ verdict, exemptions, otherExemptions }).to.deep.equal({
          verdict: stored.verdict,
          exemptions: stored.exemptions,
          otherExemptions: stored.otherExemptions,
        });
        judgements++;
      }
    }
    await store.close();
    expect(judgements).to.be.greaterThan(findings.length);
  });
});
