// What every store must do alike as people write to it. `describeDeskStore` is called once per adapter, with what makes
// an empty store: a worker's side of it, a desk, and what opens another desk beside.
import { expect } from 'chai';
import type { Finding } from '../../src/model/finding.ts';
import type { Query, QueryField } from '../../src/model/query.ts';
import type { DeskStore, LedgerEntry, Rejudged } from '../../src/ports/desk-store.ts';
import type { Revision, Store } from '../../src/ports/store.ts';
import { firstRevision } from '../../src/search/first-revision.ts';
import { aFinding, idOf } from '../finding/arbitrary.ts';
import { aBatch, EVERYTHING, gather } from './store.ts';

/** One store from both sides. */
export interface DeskGround {
  /** Puts findings in, as a worker does. */
  worker: Store;
  desk: DeskStore;
  /** Opens another desk over the same data; closed with the others. */
  another(): Promise<DeskStore>;
  close(): Promise<void>;
}

/** Makes a later judgement: number 1 of the first finding, by another policy, unless something else is given. */
export function aRevision(changes: Partial<Revision> = {}): Revision {
  return {
    findingId: idOf(1),
    revision: 1,
    versions: { lists: '2'.repeat(64), policy: '9'.repeat(64), directory: null },
    verdict: 'exempt',
    exemptions: ['U-7'],
    otherExemptions: ['U-8'],
    reason: 'U-7 was granted for earlier visits',
    by: 'anna',
    atMs: 1_770_000_000_000,
    ...changes,
  };
}

/** What a later judgement says of a finding whose site is protected now. */
const PROTECTED = { verdict: 'protected', exemptions: [], otherExemptions: [] } as const;

/** Makes a batch of later judgements. */
export function aRejudged(parts: Partial<Rejudged>): Rejudged {
  return { revisions: [], findings: [], versions: [], ...parts };
}

/** Makes a line of the ledger: the first of one case, unless something else is given. */
export function aLine(changes: Partial<LedgerEntry> = {}): LedgerEntry {
  return {
    kind: 'case',
    key: 'kommun:u26-abcd:gambling:2026-10-01',
    seq: 1,
    atMs: 1_770_000_000_000,
    by: 'anna',
    body: { decision: 'explained', reason: 'ordered by the head', facts: [1, null, { a: 'ö' }] },
    ...changes,
  };
}

/** Holds a store to the contract of its port. */
export function describeDeskStore(name: string, create: () => Promise<DeskGround>): void {
  describe(`the desk contract, kept by ${name}`, () => {
    let ground: DeskGround;
    let desk: DeskStore;
    beforeEach(async () => {
      ground = await create();
      desk = ground.desk;
    });
    afterEach(() => ground.close());

    const write = (...findings: Finding[]) => ground.worker.write(aBatch({ findings }));
    const revise = (...revisions: Revision[]) => desk.revise(aRejudged({ revisions }));
    const having = (field: QueryField, value: string): Query => ({
      ...EVERYTHING,
      terms: [{ kind: 'field', field, values: [value], negated: false }],
    });

    it('§8.3 finds all that a worker wrote once it has caught up', async () => {
      const [hourMs, rejectedMs] = [Date.UTC(2026, 9, 1, 10), 1_770_000_000_000];
      const many = Array.from({ length: 25 }, (_, n) =>
        aFinding({ id: idOf(n + 1), offset: n, class: n % 2 === 0 ? 'forbidden' : 'questionable' }),
      );
      const tenant = many[0]!.tenant;
      const counts = { records: 3, bytes: 9, denied: 0, tunnels: 1, named: 2 };
      await ground.worker.write(
        aBatch({
          findings: many,
          usage: [{ tenant, hourMs, department: 'IT', ...counts }],
          days: [{ tenant, day: '2026-10-01', kind: 'protected', count: 4 }],
          rejects: [{ stream: 's', code: 'fields', count: 2, firstOffset: 0, file: 'f', rejectedMs }],
        }),
      );
      await desk.catchUp();
      expect(await desk.count(EVERYTHING)).to.equal(25);
      const used = (await desk.usage(hourMs, hourMs + 1)).find(row => row.department === 'IT');
      expect(used).to.deep.include(counts);
      expect((await desk.days('2026-10-01', '2026-10-01')).map(({ count }) => count)).to.deep.equal([4]);
      expect((await desk.rejects()).map(({ count }) => count)).to.deep.equal([2]);
    });

    it('§5.8 shows a finding by its latest judgement, and keeps the first', async () => {
      const first = aFinding({ id: idOf(1), otherExemptions: ['U-1'] });
      await write(first);
      expect(await revise(aRevision())).to.deep.equal({ revised: 1, added: 0, known: 0, overtaken: [] });
      const { verdict, exemptions, otherExemptions, versions } = aRevision();
      const shown = { ...first, verdict, exemptions, otherExemptions, versions, revision: 1 };
      expect(await desk.finding(idOf(1))).to.deep.equal(shown);
      expect(await gather(desk.search(EVERYTHING))).to.deep.equal([shown]);
      expect(await desk.revisions(idOf(1))).to.deep.equal([firstRevision(first), aRevision()]);
    });

    it('§5.8 keeps every judgement, in both classes', async () => {
      const findings = [aFinding({ id: idOf(1) }), aFinding({ id: idOf(2), class: 'forbidden', offset: 1 })];
      await write(...findings);
      for (const { id } of findings) {
        await revise(aRevision({ findingId: id }));
        const back = { verdict: 'examine', exemptions: [], otherExemptions: [], atMs: 8_000 } as const;
        await revise(aRevision({ findingId: id, revision: 2, ...back }));
        const withdrawn = { verdict: 'withdrawn', exemptions: [], otherExemptions: [] } as const;
        await revise(aRevision({ findingId: id, revision: 3, ...withdrawn, by: 'bo' }));
      }
      for (const finding of findings) {
        const history = await desk.revisions(finding.id);
        expect(history[0]).to.deep.equal(firstRevision(finding));
        expect(history.map(({ revision }) => revision)).to.deep.equal([0, 1, 2, 3]);
        expect(history.map(({ verdict }) => verdict)).to.deep.equal([
          'examine',
          'exempt',
          'examine',
          'withdrawn',
        ]);
        expect((await desk.finding(finding.id))?.revision).to.equal(3);
        expect((await desk.finding(finding.id))?.class).to.equal(finding.class);
      }
    });

    it('§5.8 takes several judgements of one finding in one batch, in their order', async () => {
      await write(aFinding({ id: idOf(1) }));
      const second = aRevision({ revision: 2, verdict: 'examine', exemptions: [] });
      expect((await revise(aRevision(), second)).revised).to.equal(2);
      expect((await desk.revisions(idOf(1))).slice(1)).to.deep.equal([aRevision(), second]);
      expect((await desk.finding(idOf(1)))?.revision).to.equal(2);
    });

    it('§5.8 keeps an attempt that was taken back, and one that stays an attempt', async () => {
      const attempt = { verdict: null, access: 'denied' } as const;
      await write(aFinding({ id: idOf(1), ...attempt }), aFinding({ id: idOf(2), ...attempt, offset: 1 }));
      const none = { exemptions: [], otherExemptions: [] };
      const taken = aRevision({ verdict: 'withdrawn', ...none });
      const stays = aRevision({ findingId: idOf(2), verdict: null, ...none });
      await revise(taken, stays);
      expect((await desk.finding(idOf(1)))?.verdict).to.equal('withdrawn');
      expect((await desk.finding(idOf(2)))?.verdict).to.equal(null);
      expect((await desk.revisions(idOf(2))).at(-1)).to.deep.equal(stays);
      expect(await desk.totals()).to.include({ findings: 2, attempts: 1, withdrawn: 1 });
    });

    it('§5.8 calls a judgement known that is written again, whenever that is', async () => {
      await write(aFinding({ id: idOf(1) }));
      await revise(aRevision());
      const again = { revised: 0, added: 0, known: 1, overtaken: [] };
      expect(await revise(aRevision())).to.deep.equal(again);
      expect(await revise(aRevision({ atMs: 5 }))).to.deep.equal(again);
      await revise(aRevision({ revision: 2, verdict: 'examine' }));
      expect(await revise(aRevision())).to.deep.equal(again);
      expect((await desk.finding(idOf(1)))?.revision).to.equal(2);
      expect((await desk.revisions(idOf(1)))[1]!.atMs).to.equal(aRevision().atMs);
    });

    it('§5.8 writes nothing of a judgement that was overtaken, and all of the others', async () => {
      await write(aFinding({ id: idOf(1) }), aFinding({ id: idOf(2), offset: 1 }));
      await revise(aRevision());
      const late = aRevision({ verdict: 'withdrawn', reason: 'the list was wrong' });
      const early = aRevision({ revision: 3 });
      const gone = aRevision({ findingId: idOf(9) });
      const other = aRevision({ findingId: idOf(2) });
      for (const overtaken of [late, early, gone]) {
        const outcome = await revise(overtaken);
        expect(outcome).to.deep.equal({ revised: 0, added: 0, known: 0, overtaken: [overtaken.findingId] });
      }
      expect(await revise(late, other)).to.deep.equal({
        revised: 1,
        added: 0,
        known: 0,
        overtaken: [idOf(1)],
      });
      expect(await desk.revisions(idOf(1))).to.have.length(2);
      expect((await desk.finding(idOf(1)))?.verdict).to.equal('exempt');
      expect(await desk.finding(idOf(9))).to.equal(null);
      expect(await desk.revisions(idOf(9))).to.deep.equal([]);
    });

    it('§5.8 searches and counts by the latest judgement', async () => {
      const first = { exemptions: [], otherExemptions: [] };
      await write(
        aFinding({ id: idOf(1), startMs: 1, ...first }),
        aFinding({ id: idOf(2), startMs: 2, offset: 1, class: 'forbidden', ...first }),
        aFinding({ id: idOf(3), startMs: 3, offset: 2, ...first }),
      );
      const none = { exemptions: [], otherExemptions: [] };
      await revise(aRevision(), aRevision({ findingId: idOf(2), verdict: 'withdrawn', ...none }));
      const ids = async (query: Query) => (await gather(desk.search(query))).map(({ id }) => id);
      expect(await ids(having('verdict', 'exempt'))).to.deep.equal([idOf(1)]);
      expect(await ids(having('verdict', 'withdrawn'))).to.deep.equal([idOf(2)]);
      expect(await ids(having('verdict', 'examine'))).to.deep.equal([idOf(3)]);
      expect(await ids(having('exemption', 'U-7'))).to.deep.equal([idOf(1)]);
      expect(await desk.count(having('verdict', 'withdrawn'))).to.equal(1);
      expect([...(await desk.facet(EVERYTHING, 'verdict'))]).to.deep.equal([
        ['examine', 1],
        ['exempt', 1],
        ['withdrawn', 1],
      ]);
      expect(await desk.totals()).to.include({
        findings: 3,
        examine: 1,
        exempt: 1,
        attempts: 0,
        withdrawn: 1,
      });
    });

    /** Two findings of each class, all of one person and host; of each class the first is out of sight. */
    async function hideHalf(): Promise<Finding[]> {
      const findings = [1, 2, 3, 4].map(n =>
        aFinding({
          ...{ id: idOf(n), recordId: idOf(90 + n), offset: n, startMs: n, domain: 'a.union.example' },
          ...{ registeredDomain: 'union.example', exemptions: [], otherExemptions: [] },
          class: n > 2 ? 'forbidden' : 'questionable',
        }),
      );
      await write(...findings);
      await revise(...[1, 3].map(n => aRevision({ findingId: idOf(n), ...PROTECTED })));
      return findings;
    }

    it('§6.2 gives nothing of a finding whose site is protected now, whatever is asked', async () => {
      const findings = await hideHalf();
      const ids = async (query: Query) => (await gather(desk.search(query))).map(({ id }) => id);
      const shown = [idOf(2), idOf(4)];
      expect(await ids(EVERYTHING)).to.deep.equal(shown);
      for (const sort of ['start', 'category', 'domain', 'department', 'subject', 'bytes'] as const) {
        expect((await ids({ ...EVERYTHING, sort })).sort(), sort).to.deep.equal(shown);
      }
      expect(await ids({ ...EVERYTHING, limit: 1 })).to.deep.equal([idOf(2)]);
      expect(await ids({ ...EVERYTHING, descending: true, limit: 1 })).to.deep.equal([idOf(4)]);
      const asked: [QueryField, string, number][] = [
        ...(['id', 'record'] as const).map(
          field => [field, field === 'id' ? idOf(1) : idOf(91), 0] as [QueryField, string, number],
        ),
        ['domain', 'union.example', 2],
        ['site', 'union.example', 2],
        ['category', findings[0]!.category, 2],
        ['verdict', 'withdrawn', 0],
        ['verdict', 'protected', 0],
        ['verdict', '*', 2],
        ['class', 'forbidden', 1],
      ];
      for (const [field, value, count] of asked) {
        const query = having(field, value);
        const negated: Query = { ...query, terms: query.terms.map(term => ({ ...term, negated: true })) };
        expect(await ids(query), `${field}:${value}`).to.have.length(count);
        expect(await desk.count(query), `${field}:${value}`).to.equal(count);
        expect(await desk.count(negated), `-${field}:${value}`).to.equal(2 - count);
      }
      const words: Query = { ...EVERYTHING, terms: [{ kind: 'word', word: 'union', negated: false }] };
      expect(await ids(words)).to.deep.equal(shown);
      for (const field of ['category', 'verdict', 'class', 'department', 'domain'] as const) {
        const counts = [...(await desk.facet(EVERYTHING, field)).values()];
        expect(
          counts.reduce((a, b) => a + b, 0),
          field,
        ).to.equal(2);
      }
      expect(await desk.finding(idOf(1))).to.equal(null);
      expect(await desk.revisions(idOf(1))).to.deep.equal([]);
      for (const other of [await ground.another(), ground.worker]) {
        expect(await other.finding(idOf(3))).to.equal(null);
        expect(await other.count(EVERYTHING)).to.equal(2);
      }
    });

    it('§6.2 counts it in sums that do not tell it apart, and gives it to what judges again', async () => {
      const findings = await hideHalf();
      await revise(aRevision({ findingId: idOf(2), ...PROTECTED, verdict: 'withdrawn' }));
      expect(await desk.totals()).to.include({ findings: 4, examine: 1, exempt: 0, withdrawn: 3 });
      expect((await desk.totals()).tenants).to.deep.equal([findings[0]!.tenant]);
      const standing = await gather(desk.standing(EVERYTHING));
      expect(standing.map(({ id, verdict }) => [id, verdict])).to.deep.equal([
        [idOf(1), 'protected'],
        [idOf(2), 'withdrawn'],
        [idOf(3), 'protected'],
        [idOf(4), 'examine'],
      ]);
      const { versions } = aRevision();
      expect(standing[0]).to.deep.equal({ ...findings[0], verdict: 'protected', versions, revision: 1 });
      const of = async (field: QueryField, value: string) =>
        (await gather(desk.standing(having(field, value)))).map(({ id }) => id);
      expect(await of('verdict', 'protected')).to.deep.equal([idOf(1), idOf(3)]);
      expect(await of('verdict', 'withdrawn')).to.deep.equal([idOf(2)]);
      expect(await of('record', idOf(91))).to.deep.equal([idOf(1)]);
      expect(await gather(desk.standing({ ...EVERYTHING, limit: 1 }))).to.have.length(1);
    });

    it('§6.2 §9.5 keeps it out of sight when its line is read again, and creates it no second time', async () => {
      const [first] = await hideHalf();
      expect(await write(first!)).to.deep.equal({ added: 0, known: 1 });
      expect(await write({ ...first!, class: 'forbidden' })).to.deep.equal({ added: 0, known: 1 });
      const outcome = await desk.revise(aRejudged({ findings: [first!] }));
      expect(outcome).to.deep.equal({ revised: 0, added: 0, known: 1, overtaken: [] });
      expect(await revise(aRevision({ findingId: idOf(1), ...PROTECTED }))).to.include({ known: 1 });
      expect(await desk.finding(idOf(1))).to.equal(null);
    });

    it('§5.8 shows it again by a later judgement of another kind, with all that was judged of it', async () => {
      await hideHalf();
      const back = { ...PROTECTED, revision: 2, verdict: 'examine' } as const;
      const taken = { ...back, verdict: 'withdrawn' } as const;
      await revise(aRevision({ findingId: idOf(1), ...back }), aRevision({ findingId: idOf(3), ...taken }));
      expect(await desk.count(EVERYTHING)).to.equal(4);
      expect((await desk.finding(idOf(1)))?.verdict).to.equal('examine');
      expect((await desk.finding(idOf(3)))?.verdict).to.equal('withdrawn');
      expect((await desk.revisions(idOf(1))).map(({ verdict }) => verdict)).to.deep.equal([
        'examine',
        'protected',
        'examine',
      ]);
      expect(await desk.totals()).to.include({ findings: 4, examine: 3, withdrawn: 1 });
    });

    it('§9.5 leaves a finding as it was judged last when its line is read again', async () => {
      const first = aFinding({ id: idOf(1) });
      await write(first);
      await revise(aRevision({ verdict: 'withdrawn', exemptions: [], otherExemptions: [] }));
      expect(await write(first)).to.deep.equal({ added: 0, known: 1 });
      expect(await write({ ...first, class: 'forbidden' })).to.deep.equal({ added: 0, known: 1 });
      expect((await desk.finding(idOf(1)))?.verdict).to.equal('withdrawn');
      expect(await desk.revisions(idOf(1))).to.have.length(2);
      expect(await desk.count(EVERYTHING)).to.equal(1);
    });

    it('§5.8 creates findings that come of judging anew, once', async () => {
      await write(aFinding({ id: idOf(1) }));
      const fresh = aFinding({ id: idOf(2), category: 'betting', class: 'forbidden' });
      const known = aFinding({ id: idOf(1), class: 'forbidden', verdict: 'exempt' });
      const outcome = await desk.revise(aRejudged({ findings: [fresh, known, fresh] }));
      expect(outcome).to.deep.equal({ revised: 0, added: 1, known: 2, overtaken: [] });
      expect(await desk.finding(idOf(2))).to.deep.equal(fresh);
      expect(await desk.finding(idOf(1))).to.deep.equal(aFinding({ id: idOf(1) }));
      expect(await write(fresh)).to.deep.equal({ added: 0, known: 1 });
      expect(await desk.count(EVERYTHING)).to.equal(2);
    });

    it('§5.7 keeps the versions that judgements name', async () => {
      await write(aFinding({ id: idOf(1) }));
      const versions = [
        { kind: 'policy', hash: '9'.repeat(64), epoch: 2026, body: '{"a":1}' },
        { kind: 'directory', hash: '8'.repeat(64), epoch: 2026, body: '{"b":2}' },
      ] as const;
      await desk.revise(aRejudged({ revisions: [aRevision()], versions }));
      await desk.revise(aRejudged({ versions: [{ ...versions[0], body: 'other' }] }));
      expect(await desk.keptVersion('policy', '9'.repeat(64), 2026)).to.equal('{"a":1}');
      expect(await desk.keptVersion('directory', '8'.repeat(64), 2026)).to.equal('{"b":2}');
    });

    it('takes many judgements at a time', async () => {
      const findings = Array.from({ length: 1_100 }, (_, n) =>
        aFinding({ id: idOf(n), offset: n, class: n % 7 === 0 ? 'forbidden' : 'questionable' }),
      );
      await write(...findings);
      const revisions = findings.map(({ id }) => aRevision({ findingId: id }));
      const half = await desk.revise(aRejudged({ revisions: revisions.slice(0, 600) }));
      expect(half).to.deep.equal({ revised: 600, added: 0, known: 0, overtaken: [] });
      const whole = await desk.revise(aRejudged({ revisions }));
      expect(whole).to.deep.equal({ revised: 500, added: 0, known: 600, overtaken: [] });
      expect((await desk.totals()).exempt).to.equal(1_100);
    });

    it('lets two desks judge: of one number only one stands, and both tell the same', async () => {
      await write(aFinding({ id: idOf(1) }));
      const other = await ground.another();
      const reasons = ['the first', 'the second'];
      const outcomes = await Promise.all(
        [desk, other].map((each, n) =>
          each.revise(aRejudged({ revisions: [aRevision({ reason: reasons[n]!, exemptions: [`U-${n}`] })] })),
        ),
      );
      const made = outcomes.findIndex(({ revised }) => revised === 1);
      expect(outcomes[made]).to.include({ revised: 1 });
      expect(outcomes[1 - made]).to.deep.equal({ revised: 0, added: 0, known: 0, overtaken: [idOf(1)] });
      for (const each of [desk, other]) {
        expect((await each.finding(idOf(1)))?.exemptions).to.deep.equal([`U-${made}`]);
        expect((await each.revisions(idOf(1))).map(({ reason }) => reason)).to.deep.equal([
          'first judgement',
          reasons[made],
        ]);
      }
    });

    it('§5.3 appends decisions by number and gives them back as they were', async () => {
      const second = aLine({ seq: 2, by: 'bo', atMs: 1, body: {} });
      expect(await desk.append(aLine())).to.equal(true);
      expect(await desk.append(second)).to.equal(true);
      expect(await desk.append(aLine({ kind: 'override', body: { add: 'example.com' } }))).to.equal(true);
      expect(await desk.entries('case', aLine().key)).to.deep.equal([aLine(), second]);
      expect(await desk.entries('override', aLine().key)).to.have.length(1);
      expect(await desk.entries('case', 'another')).to.deep.equal([]);
    });

    it('never writes over a line', async () => {
      await desk.append(aLine());
      expect(await desk.append(aLine({ by: 'bo', body: { decision: 'confirmed' } }))).to.equal(false);
      expect(await desk.append(aLine())).to.equal(false);
      expect(await desk.entries('case', aLine().key)).to.deep.equal([aLine()]);
    });

    it('§8.4 refuses what would follow a line that closes its key, beside it too, and nothing else', async () => {
      const review = (key: string, seq: number, step: string) =>
        desk.append(aLine({ kind: 'review', key, seq, body: { step } }));
      const codeOf = (run: Promise<unknown>) =>
        run.then(
          () => 'appended',
          (error: { code?: string }) => error.code ?? 'no code',
        );
      expect(await review('monthly/2026-10', 1, 'begun')).to.equal(true);
      expect(await review('monthly/2026-10#population-1', 1, 'part')).to.equal(true);
      expect(await review('monthly/2026-10', 2, 'signed')).to.equal(true);
      expect(await review('monthly/2026-10', 2, 'decided'), 'a number that is taken').to.equal(false);
      expect(await codeOf(review('monthly/2026-10', 3, 'decided'))).to.equal('REFUSED');
      expect(await codeOf(review('monthly/2026-10#population-1', 2, 'part'))).to.equal('REFUSED');
      expect(await codeOf(review('monthly/2026-10#sample-1', 1, 'part'))).to.equal('REFUSED');
      expect(
        await codeOf(
          (await ground.another()).append(aLine({ kind: 'review', key: 'monthly/2026-10', seq: 3 })),
        ),
      ).to.equal('REFUSED');
      expect(await review('monthly/2026-11', 1, 'begun'), 'another review').to.equal(true);
      const other = aLine({ body: { step: 'signed' } });
      expect(await desk.append(other)).to.equal(true);
      expect(await desk.append({ ...other, seq: 2 }), 'another kind').to.equal(true);
      expect(await desk.entries('review', 'monthly/2026-10')).to.have.length(2);
    });

    it('refuses a line that would leave a gap before it', async () => {
      for (const seq of [0, -1, 2]) {
        const outcome = await desk.append(aLine({ seq })).then(
          () => 'taken',
          (error: unknown) => (error instanceof TypeError ? 'refused' : 'failed'),
        );
        expect(outcome, `${seq}`).to.equal('refused');
      }
      expect(await desk.entries('case', aLine().key)).to.deep.equal([]);
    });

    it('gives one number to one of two who append at the same time', async () => {
      const other = await ground.another();
      for (let seq = 1; seq <= 5; seq++) {
        const taken = await Promise.all([
          desk.append(aLine({ seq, by: 'anna' })),
          other.append(aLine({ seq, by: 'bo' })),
        ]);
        expect([...taken].sort(), `${seq}`).to.deep.equal([false, true]);
        const by = taken[0] ? 'anna' : 'bo';
        expect((await other.entries('case', aLine().key)).at(-1)).to.include({ seq, by });
      }
    });

    it('streams all lines of a kind by key and number', async () => {
      const keys = ['b', 'ö', 'a', '\u{1d400}', '\uff21', 'a:1'];
      for (const seq of [1, 2]) for (const key of keys) await desk.append(aLine({ key, seq }));
      for (let seq = 3; seq <= 25; seq++) await desk.append(aLine({ key: 'a', seq }));
      await desk.append(aLine({ kind: 'override', key: 'a' }));
      const other = await ground.another();
      const lines: LedgerEntry[] = [];
      for await (const line of other.allEntries('case')) lines.push(line);
      expect(lines.filter(({ key }) => key !== 'a').map(({ key, seq }) => `${key} ${seq}`)).to.deep.equal(
        ['a:1', 'b', 'ö', '\uff21', '\u{1d400}'].flatMap(key => [`${key} 1`, `${key} 2`]),
      );
      expect(lines[0]).to.deep.equal(aLine({ key: 'a' }));
      expect(lines.slice(0, 25).map(({ seq }) => seq)).to.deep.equal(
        Array.from({ length: 25 }, (_, n) => n + 1),
      );
      expect(await other.entries('case', 'a')).to.deep.equal(lines.slice(0, 25));
    });
  });
}
