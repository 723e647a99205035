// What every store must do alike. `describeStore` is called once per adapter, with what makes an empty store.
import { expect } from 'chai';
import type { Finding } from '../../src/model/finding.ts';
import type { Query } from '../../src/model/query.ts';
import type { StreamState } from '../../src/model/stream.ts';
import type { Store, StoreBatch } from '../../src/ports/store.ts';
import { aFinding, idOf } from '../finding/arbitrary.ts';

export const EVERYTHING: Query = {
  terms: [],
  fromMs: null,
  toMs: null,
  sort: 'start',
  descending: false,
  limit: null,
};

/** Makes a batch that holds only what is given. */
export function aBatch(parts: Partial<StoreBatch>): StoreBatch {
  return {
    findings: [],
    usage: [],
    days: [],
    streams: [],
    names: [],
    rejects: [],
    versions: [],
    settled: [],
    ...parts,
  };
}

/** Makes the state of a stream. */
export function aStream(changes: Partial<StreamState> = {}): StreamState {
  return {
    id: 'a'.repeat(64),
    source: 'default',
    firstLine: 'c'.repeat(64),
    ordinal: 0,
    position: 100,
    endsInHalfLine: false,
    ...changes,
  };
}

/** Gathers all that a search gives. */
export async function gather<T>(found: AsyncIterable<T>): Promise<T[]> {
  const findings: T[] = [];
  for await (const finding of found) findings.push(finding);
  return findings;
}

/** Holds a store to the contract of its port. */
export function describeStore(name: string, create: () => Promise<Store>): void {
  describe(`the store contract, kept by ${name}`, () => {
    let store: Store;
    beforeEach(async () => {
      store = await create();
    });
    afterEach(() => store.close());

    const idsOf = async (query: Partial<Query>) =>
      (await gather(store.search({ ...EVERYTHING, ...query }))).map(finding => Number(`0x${finding.id}`));
    const write = (findings: Finding[]) => store.write(aBatch({ findings }));

    it('begins empty', async () => {
      expect(await store.totals()).to.deep.equal({
        findings: 0,
        examine: 0,
        exempt: 0,
        attempts: 0,
        withdrawn: 0,
        firstMs: null,
        lastMs: null,
        tenants: [],
      });
      expect(await gather(store.search(EVERYTHING))).to.deep.equal([]);
      expect(await store.finding(idOf(1))).to.equal(null);
      expect(await store.finding('nothing like an id')).to.equal(null);
    });

    it('§10.1 knows the number of its schema', async () => {
      expect(await store.schemaVersion()).to.be.at.least(1);
    });

    it('gives findings of both classes back as they were', async () => {
      const findings = [
        aFinding({ id: idOf(1) }),
        aFinding({
          id: idOf(2),
          class: 'forbidden',
          statutes: ['BrB 16:8'],
          verdict: null,
          access: 'denied',
          path: null,
          durationMs: null,
          subjectKind: 'none',
          subjectId: null,
          clientId: null,
          port: null,
          bytes: null,
          mime: null,
          userAgent: null,
          via: 'archive',
          roles: [],
          exemptions: ['U-1', 'U-2'],
          facts: { document: null, tunnel: true, matchedBy: 'url', agent: 'notLogged' },
          versions: { lists: null, policy: null, directory: 'd'.repeat(64) },
        }),
      ];
      expect(await write(findings)).to.deep.equal({ added: 2, known: 0 });
      expect(await gather(store.search(EVERYTHING))).to.deep.equal(findings);
      expect(await store.finding(idOf(1))).to.deep.equal(findings[0]);
      expect(await store.finding(idOf(2))).to.deep.equal(findings[1]);
    });

    it('§9.5 leaves an existing finding unchanged and calls it known', async () => {
      const first = aFinding({ id: idOf(1) });
      await write([first]);
      const again = aFinding({ id: idOf(1), verdict: 'exempt', exemptions: ['U-1'] });
      expect(await write([again, aFinding({ id: idOf(2) })])).to.deep.equal({ added: 1, known: 1 });
      expect(await store.finding(idOf(1))).to.deep.equal(first);
    });

    it('§9.5 creates an id once over both class tables, whichever comes first', async () => {
      await write([aFinding({ id: idOf(1) }), aFinding({ id: idOf(2), class: 'forbidden' })]);
      const swapped = [aFinding({ id: idOf(1), class: 'forbidden' }), aFinding({ id: idOf(2) })];
      expect(await write(swapped)).to.deep.equal({ added: 0, known: 2 });
      expect((await store.finding(idOf(1)))?.class).to.equal('questionable');
      expect((await store.finding(idOf(2)))?.class).to.equal('forbidden');
    });

    it('creates an id once within one batch', async () => {
      const twice = [
        aFinding({ id: idOf(1) }),
        aFinding({ id: idOf(1), class: 'forbidden' }),
        aFinding({ id: idOf(1) }),
      ];
      expect(await write(twice)).to.deep.equal({ added: 1, known: 2 });
      expect((await store.finding(idOf(1)))?.class).to.equal('questionable');
    });

    it('takes many findings at a time, of mixed classes', async () => {
      const many = Array.from({ length: 103 }, (_, n) =>
        aFinding({ id: idOf(n), class: n % 11 === 10 ? 'forbidden' : 'questionable' }),
      );
      expect(await write(many)).to.deep.equal({ added: 103, known: 0 });
      expect(await gather(store.search(EVERYTHING))).to.deep.equal(many);
      expect(await write(many)).to.deep.equal({ added: 0, known: 103 });
    });

    it('§9.3 writes all of a batch or nothing', async () => {
      const whole = aBatch({
        findings: [aFinding({ id: idOf(1) })],
        usage: [usageOf({})],
        days: [{ tenant: 'kommun', day: '2026-10-01', kind: 'protected', count: 1 }],
        names: [{ envelope: new Uint8Array([1]), epoch: 2026, ids: ['u26-a'] }],
        rejects: [rejectOf({})],
        versions: [{ kind: 'policy', hash: 'p', epoch: 2026, body: '{}' }],
        streams: [{ state: aStream(), marks: [] }],
      });
      const broken = [{ end: 1, digest: 'no bytes' as unknown as Uint8Array }];
      const failed = { ...whole, streams: [{ state: aStream(), marks: broken }] };
      expect(
        await store.write(failed).then(
          () => 'written',
          () => 'refused',
        ),
      ).to.equal('refused');
      expect((await store.totals()).findings).to.equal(0);
      expect(await store.usage(0, Infinity)).to.deep.equal([]);
      expect(await store.days('0000', '9999')).to.deep.equal([]);
      expect(await store.knownNames(['u26-a'])).to.deep.equal(new Set());
      expect(await store.rejects()).to.deep.equal([]);
      expect(await store.keptVersion('policy', 'p', 2026)).to.equal(null);
      expect(await store.streams('default', 'c'.repeat(64))).to.deep.equal([]);

      expect(await store.write(whole)).to.deep.equal({ added: 1, known: 0 });
      expect(await gather(store.search(EVERYTHING))).to.deep.equal(whole.findings);
    });

    it('refuses a finding whose id is none, and all that came with it', async () => {
      const bad = [aFinding({ id: idOf(1) }), aFinding({ id: 'f-2' })];
      expect(
        await write(bad).then(
          () => 'written',
          () => 'refused',
        ),
      ).to.equal('refused');
      expect((await store.totals()).findings).to.equal(0);
    });

    it('adds up usage per tenant, hour and department', async () => {
      await store.write(aBatch({ usage: [usageOf({}), usageOf({ department: 'Skola', records: 3 })] }));
      await store.write(aBatch({ usage: [usageOf({ bytes: 7 }), usageOf({ hourMs: 7_200_000 })] }));
      expect(await store.usage(3_600_000, 7_200_000)).to.deep.equal([
        { ...usageOf({}), records: 20, bytes: 107, denied: 2, tunnels: 12, named: 8 },
        usageOf({ department: 'Skola', records: 3 }),
      ]);
      expect(await store.usage(7_200_000, 7_200_001)).to.deep.equal([usageOf({ hourMs: 7_200_000 })]);
    });

    it('adds up what is only counted per day; both days that are asked for are in it', async () => {
      const one = { tenant: 'kommun', day: '2026-10-01', kind: 'protected', count: 2 } as const;
      await store.write(aBatch({ days: [one, { ...one, kind: 'tooOld' }, { ...one, day: '2026-10-02' }] }));
      await store.write(aBatch({ days: [one] }));
      expect(await store.days('2026-10-01', '2026-10-01')).to.deep.equal([
        { ...one, count: 4 },
        { ...one, kind: 'tooOld' },
      ]);
      expect(await store.days('2026-10-02', '2026-10-31')).to.deep.equal([{ ...one, day: '2026-10-02' }]);
    });

    it('moves a stream on, and keeps its fingerprints in order of their end', async () => {
      const mark = (end: number, byte: number) => ({ end, digest: new Uint8Array([byte]) });
      await store.write(aBatch({ streams: [{ state: aStream(), marks: [mark(100, 1), mark(50, 2)] }] }));
      const moved = aStream({ position: 200, format: 'squid', endsInHalfLine: true });
      await store.write(aBatch({ streams: [{ state: moved, marks: [mark(200, 3), mark(100, 4)] }] }));
      expect(await store.streams('default', 'c'.repeat(64))).to.deep.equal([moved]);
      expect(await store.marks(moved.id)).to.deep.equal([mark(50, 2), mark(100, 4), mark(200, 3)]);
      expect(await store.marks('b'.repeat(64))).to.deep.equal([]);
    });

    it('tells the streams of one beginning in order of their ordinals', async () => {
      const states = [
        aStream({ id: 'b'.repeat(64), ordinal: 1 }),
        aStream(),
        aStream({ id: 'd'.repeat(64), source: 'other' }),
        aStream({ id: 'e'.repeat(64), firstLine: 'f'.repeat(64) }),
      ];
      await store.write(aBatch({ streams: states.map(state => ({ state, marks: [] })) }));
      expect(await store.streams('default', 'c'.repeat(64))).to.deep.equal([states[1], states[0]]);
    });

    it('keeps a sealed name under the envelope that it first came with', async () => {
      const seal = (byte: number, ids: string[]) => ({ envelope: new Uint8Array([byte]), epoch: 2026, ids });
      await store.write(aBatch({ names: [seal(1, ['u26-a', 'u26-b'])] }));
      await store.write(aBatch({ names: [seal(2, ['u26-b', 'u26-c', 'u26-c']), seal(3, ['u26-a'])] }));
      expect(await store.knownNames(['u26-a', 'u26-c', 'u26-z'])).to.deep.equal(new Set(['u26-a', 'u26-c']));
      expect(await store.sealedName('u26-b')).to.deep.equal(new Uint8Array([1]));
      expect(await store.sealedName('u26-c')).to.deep.equal(new Uint8Array([2]));
      expect(await store.sealedName('u26-z')).to.equal(null);
    });

    it('§6.4 forgets old rejects, and names the files that nothing needs any more', async () => {
      const rejects = [
        rejectOf({ rejectedMs: 1, file: 'old.age' }),
        rejectOf({ rejectedMs: 1, file: 'old.age', code: 'quotes' }),
        rejectOf({ rejectedMs: 1, file: 'both.age' }),
        rejectOf({ rejectedMs: 2, file: 'both.age' }),
        rejectOf({ rejectedMs: 1, file: null }),
        rejectOf({ rejectedMs: 2, file: 'new.age' }),
      ];
      await store.write(aBatch({ rejects }));
      expect(await store.rejects()).to.deep.equal(rejects);
      expect(await store.forgetSealed(2)).to.deep.equal(['old.age']);
      expect(await store.rejects()).to.deep.equal([rejects[3], rejects[5]]);
      expect(await store.forgetSealed(2)).to.deep.equal([]);
      expect(await store.forgetSealed(3)).to.deep.equal(['both.age', 'new.age']);
    });

    it('§5.7 keeps a version once per epoch', async () => {
      const version = { kind: 'policy', hash: 'p1', epoch: 2026, body: 'first' } as const;
      await store.write(aBatch({ versions: [version, { ...version, epoch: 2027, body: 'next' }] }));
      await store.write(aBatch({ versions: [{ ...version, body: 'changed' }] }));
      expect(await store.keptVersion('policy', 'p1', 2026)).to.equal('first');
      expect(await store.keptVersion('policy', 'p1', 2027)).to.equal('next');
      expect(await store.keptVersion('directory', 'p1', 2026)).to.equal(null);
    });

    it('§5.8 tells the first judgement as revision 0', async () => {
      const finding = aFinding({ id: idOf(1), verdict: 'exempt', exemptions: ['U-1'] });
      await write([finding]);
      const revisions = await store.revisions(idOf(1));
      expect(revisions).to.have.length(1);
      expect(revisions[0]).to.include({ revision: 0, verdict: 'exempt', atMs: finding.ingestedMs });
      expect(revisions[0]!.versions).to.deep.equal(finding.versions);
      expect(await store.revisions(idOf(2))).to.deep.equal([]);
    });

    it('§2.0 totals are findings = examine + exempt + attempts + withdrawn', async () => {
      await write([
        aFinding({ id: idOf(1), startMs: 5_000 }),
        aFinding({ id: idOf(2), startMs: 9_000, verdict: 'exempt', class: 'forbidden', tenant: 'bolag' }),
        aFinding({ id: idOf(3), startMs: 2_000, verdict: null, access: 'denied' }),
        aFinding({ id: idOf(4), startMs: 3_000 }),
        aFinding({ id: idOf(5), startMs: 3_000, verdict: 'withdrawn' }),
      ]);
      expect(await store.totals()).to.deep.equal({
        findings: 5,
        examine: 2,
        exempt: 1,
        attempts: 1,
        withdrawn: 1,
        firstMs: 2_000,
        lastMs: 9_000,
        tenants: ['bolag', 'kommun'],
      });
    });

    it('searches both classes unless `class` narrows, and from a time up to but not including another', async () => {
      await write([
        aFinding({ id: idOf(1), startMs: 1_000 }),
        aFinding({ id: idOf(2), startMs: 2_000, class: 'forbidden' }),
        aFinding({ id: idOf(3), startMs: 3_000 }),
      ]);
      expect(await idsOf({})).to.deep.equal([1, 2, 3]);
      expect(await idsOf({ descending: true })).to.deep.equal([3, 2, 1]);
      expect(await idsOf({ fromMs: 2_000, toMs: 3_000 })).to.deep.equal([2]);
      expect(await idsOf({ limit: 2 })).to.deep.equal([1, 2]);
      const forbidden = {
        kind: 'field',
        field: 'class',
        values: ['forbidden'],
        negated: false,
      } as const;
      expect(await idsOf({ terms: [forbidden] })).to.deep.equal([2]);
    });

    it('a negation includes findings that do not have the field', async () => {
      await write([
        aFinding({ id: idOf(1) }),
        aFinding({ id: idOf(2), verdict: null, subjectId: null, via: null }),
        aFinding({ id: idOf(3), verdict: 'exempt', via: 'cache' }),
      ]);
      const not = (field: 'verdict' | 'subject' | 'via', ...values: string[]) =>
        idsOf({ terms: [{ kind: 'field', field, values, negated: true }] });
      expect(await not('verdict', 'examine')).to.deep.equal([2, 3]);
      expect(await not('subject', 'u26-abc')).to.deep.equal([2]);
      expect(await not('via', 'cache', 'archive')).to.deep.equal([1, 2]);
    });

    it('finds a host and those under it, and no other that ends alike', async () => {
      const hosts = ['example.com', 'www.example.com', 'notexample.com', 'example.com.invalid'];
      await write(hosts.map((domain, n) => aFinding({ id: idOf(n), domain })));
      const domain = { kind: 'field', field: 'domain', values: ['example.com'], negated: false } as const;
      expect(await idsOf({ terms: [domain] })).to.deep.equal([0, 1]);
    });

    it('takes no sign of a word as a wildcard', async () => {
      const paths = ['/100%25', '/100_', '/1000', "/'; --"];
      await write(paths.map((urlPath, n) => aFinding({ id: idOf(n), urlPath })));
      const word = (text: string) => idsOf({ terms: [{ kind: 'word', word: text, negated: false }] });
      expect(await word('100_')).to.deep.equal([1]);
      expect(await word('100%')).to.deep.equal([0]);
      expect(await word("'; --")).to.deep.equal([3]);
    });

    it('finds a stream by the name of its source', async () => {
      await store.write(
        aBatch({
          findings: [aFinding({ id: idOf(1) }), aFinding({ id: idOf(2), stream: 'b'.repeat(64) })],
          streams: [{ state: aStream({ source: 'proxy-2' }), marks: [] }],
        }),
      );
      const source = { kind: 'field', field: 'source', values: ['proxy-2'], negated: false } as const;
      expect(await idsOf({ terms: [source] })).to.deep.equal([1]);
      expect(await idsOf({ terms: [{ ...source, negated: true }] })).to.deep.equal([2]);
    });

    it('counts per value, the greatest first', async () => {
      await write([
        aFinding({ id: idOf(1), category: 'violence' }),
        aFinding({ id: idOf(2), verdict: null }),
        aFinding({ id: idOf(3), class: 'forbidden' }),
        aFinding({ id: idOf(4), category: 'drugs' }),
      ]);
      const facet = async (field: Parameters<Store['facet']>[1]) => [
        ...(await store.facet(EVERYTHING, field)),
      ];
      expect(await facet('category')).to.deep.equal([
        ['gambling', 2],
        ['drugs', 1],
        ['violence', 1],
      ]);
      expect(await facet('verdict')).to.deep.equal([
        ['examine', 3],
        ['attempt', 1],
      ]);
      expect(await facet('class')).to.deep.equal([
        ['questionable', 3],
        ['forbidden', 1],
      ]);
      expect(await store.count({ ...EVERYTHING, fromMs: 1 })).to.equal(4);
    });

    it('lets a search end early, and others go on beside it', async () => {
      await write(Array.from({ length: 50 }, (_, n) => aFinding({ id: idOf(n), startMs: n })));
      for await (const finding of store.search(EVERYTHING)) {
        expect(await store.count(EVERYTHING)).to.equal(50);
        if (finding.startMs === 3) break;
      }
      const other = store.search(EVERYTHING)[Symbol.asyncIterator]();
      await other.next();
      await write([aFinding({ id: idOf(100), startMs: 1 })]);
      expect(await gather(store.search(EVERYTHING))).to.have.length(51);
      await other.return?.();
    });

    it('§9.3 settles rejects that were read again with what comes of them: rows of their file go, others stay', async () => {
      const rejects = [
        rejectOf({ file: 'one.age' }),
        rejectOf({ file: 'one.age', code: 'quotes' }),
        rejectOf({ file: null }),
        rejectOf({ file: 'two.age' }),
      ];
      await store.write(aBatch({ rejects }));
      const left = rejectOf({ file: 'one-2.age', count: 1 });
      await store.write(aBatch({ rejects: [left], settled: ['one.age', 'none.age'] }));
      const sorted = (rows: readonly object[]) => rows.map(row => JSON.stringify(row)).sort();
      expect(sorted(await store.rejects())).to.deep.equal(sorted([rejects[2]!, rejects[3]!, left]));
    });

    it('tells how far one stream is stored', async () => {
      expect(await store.stream(aStream().id)).to.equal(null);
      await store.write(aBatch({ streams: [{ state: aStream({ format: 'squid' }), marks: [] }] }));
      expect(await store.stream(aStream().id)).to.deep.equal(aStream({ format: 'squid' }));
      await store.write(aBatch({ streams: [{ state: aStream({ position: 200 }), marks: [] }] }));
      expect(await store.stream(aStream().id)).to.deep.equal(aStream({ position: 200 }));
    });

    it('begins without dead letters', async () => {
      expect(await store.deadLetters()).to.deep.equal([]);
    });
  });
}

function usageOf(changes: object) {
  return {
    tenant: 'kommun',
    hourMs: 3_600_000,
    department: '',
    records: 10,
    bytes: 100,
    denied: 1,
    tunnels: 6,
    named: 4,
    ...changes,
  };
}

function rejectOf(changes: object) {
  return {
    stream: 'a'.repeat(64),
    code: 'fields' as const,
    count: 2,
    firstOffset: 170,
    file: 'one.age',
    rejectedMs: 1,
    ...changes,
  };
}
