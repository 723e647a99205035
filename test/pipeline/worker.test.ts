import { expect } from 'chai';
import { formatNamed } from '../../src/format/formats.ts';
import type { Finding } from '../../src/model/finding.ts';
import type { SourceEvent } from '../../src/ports/source.ts';
import { combinedLine, type LineParts, logOf, squidLine, squidLongLine } from '../cli/squid-log.ts';
import { EVERYTHING, gather } from '../contract/store.ts';
import { AT_MS, chunksOf, type Worked, work } from './support.ts';

const CASINO = 'http://casino.example/';
const line = (parts: Partial<LineParts> = {}) =>
  squidLine({ atMs: AT_MS, user: 'anna', url: CASINO, ...parts });
const longLine = (parts: Partial<LineParts> = {}) =>
  squidLongLine({ atMs: AT_MS, user: 'anna', url: CASINO, ...parts });
const findingsOf = (worked: Worked): Promise<Finding[]> => gather(worked.store.search(EVERYTHING));
const daysOf = (worked: Worked) => worked.store.days('0000-01-01', '9999-12-31');

describe('the worker', () => {
  it('§5.1 makes a finding of each record and category, with ids that no pseudonym and no file name changes', async () => {
    const log = [
      logOf(line(), line({ url: 'http://mixed.example/', user: 'stranger', atMs: AT_MS + 864e6 })),
    ];
    const worked = await work(chunksOf(log));
    const [first, drugs, weapons] = await findingsOf(worked);
    expect([first!.category, drugs!.category, weapons!.category].sort()).to.deep.equal([
      'drugs',
      'gambling',
      'weapons',
    ]);
    expect(drugs!.recordId).to.equal(weapons!.recordId).and.to.not.equal(first!.recordId);
    expect(new Set([first!.id, drugs!.id, weapons!.id]).size).to.equal(3);
    const renamed = chunksOf(log.map(text => text.replaceAll('anna', 'bert')));
    for (const event of renamed) Object.assign(event, { path: '/elsewhere' });
    const [other] = await findingsOf(await work(renamed));
    expect(other).to.deep.include({ id: first!.id, recordId: first!.recordId, path: '/elsewhere' });
    expect(other!.subjectId).to.not.equal(first!.subjectId);
    const elsewhere = await findingsOf(await work(chunksOf(log, 'b'.repeat(64))));
    expect(elsewhere.map(finding => finding.id)).to.not.include(first!.id);
  });

  it('§2.4 makes of a denied request a finding without verdict', async () => {
    const worked = await work(chunksOf([logOf(line({ tag: 'TCP_DENIED/403' }))]));
    expect((await findingsOf(worked))[0]).to.deep.include({
      access: 'denied',
      verdict: null,
      exemptions: [],
    });
    expect(worked.summary).to.deep.include({ attempts: 1, verdicts: { examine: 0, exempt: 0 } });
  });

  it('§2.3 counts a challenge and keeps neither its name nor its target', async () => {
    const worked = await work(chunksOf([logOf(line({ tag: 'TCP_DENIED/407' }))]));
    expect(await findingsOf(worked)).to.deep.equal([]);
    expect(worked.names.size).to.equal(0);
    expect(await daysOf(worked)).to.deep.equal([
      { tenant: 'kommun', day: '2026-10-05', kind: 'authChallenges', count: 1 },
    ]);
    expect(await worked.store.usage(0, Infinity)).to.deep.equal([]);
  });

  it('§6.2 keeps of a protected record one number per tenant and local day', async () => {
    const midnight = Date.parse('2026-10-04T22:00:00Z');
    const visit = (atMs: number) =>
      line({ atMs, elapsedMs: 0, url: 'http://halsa.example/x', user: 'elected' });
    const worked = await work(chunksOf([logOf(visit(midnight - 1), visit(midnight), visit(midnight + 1))]));
    expect(await daysOf(worked)).to.deep.equal([
      { tenant: 'kommun', day: '2026-10-04', kind: 'protected', count: 1 },
      { tenant: 'kommun', day: '2026-10-05', kind: 'protected', count: 2 },
    ]);
    expect(await worked.store.usage(0, Infinity)).to.deep.equal([]);
    expect(JSON.stringify(worked.written)).to.not.contain('halsa');
  });

  it('§6.1 counts every other record per hour and department, flagged or not', async () => {
    const log = logOf(line(), line({ url: 'http://nothing.example/' }), line({ user: 'elected', bytes: 80 }));
    expect(await (await work(chunksOf([log]))).store.usage(0, Infinity)).to.deep.equal([
      {
        tenant: 'kommun',
        hourMs: AT_MS - 3_600_000,
        department: 'Bygg',
        records: 3,
        bytes: 10_320,
        denied: 0,
        tunnels: 0,
        named: 3,
      },
    ]);
  });

  it('§6.3 stores of a referrer its relation only, and of an address no query', async () => {
    const referrers = [
      '-',
      'http://www.casino.example/a?q',
      'http://paper.example/secret',
      'http://halsa.example/',
    ];
    const log = logOf(
      ...referrers.map(referrer => longLine({ referrer, url: `${CASINO}p?query=hidden#x` })),
      line(),
    );
    const worked = await work(chunksOf([log]));
    expect((await findingsOf(worked)).map(finding => finding.referrer)).to.have.members([
      ...['none', 'same', 'foreign', 'protected', 'notLogged'],
    ]);
    expect(JSON.stringify(worked.written)).to.not.match(/hidden|paper|secret|halsa/);
  });

  it('§6.4 keeps the text of a reject unless a token of it names a protected site, however it is written', async () => {
    const kept = ['broken', 'about casino.example/x', 'nothalsa.example', 'halsa.example2'];
    const dropped = [
      'see halsa.example for more',
      'HTTP%3A%2F%2FWWW.HALSA.EXAMPLE%2F',
      'x="http://anna@halsa.example:80/"',
      'räddning.example',
      'r%C3%A4ddning.example',
      'halsa-example.translate.goog',
      'halsa.example.pdf',
      'https_halsa.example_x',
    ];
    const worked = await work(chunksOf([logOf(...kept, ...dropped)]), { format: formatNamed('squid') });
    expect(worked.rejected.map(({ text }) => text)).to.deep.equal([...kept, ...dropped.map(() => null)]);
    expect(worked.summary.rejects).to.deep.equal({ 'unknown-format': kept.length + dropped.length });
  });

  it('hides passwords and cookies in the text of a reject', async () => {
    const headers = `${line()} [Authorization: Basic c2VjcmV0\\r\\nCookie: sid=secret`;
    const { rejected } = await work(chunksOf([logOf(headers)]), { format: formatNamed('squid') });
    expect(rejected).to.have.length(1);
    expect(rejected[0]!.text)
      .to.contain('Authorization:(hidden)')
      .and.to.not.match(/c2Vj|secret/);
  });

  it('§3.6 stores what names the person or the address in no text of a finding, but keeps the rest', async () => {
    const log = logOf(
      longLine({ url: 'http://anna.casino.example/users/ANNA/', agent: 'App (%61nna)', mime: 'text/anna' }),
      longLine({
        user: 'KOMMUN\\anneli.ek',
        url: `${CASINO}~anneli.ek`,
        agent: 'App/192.0.2.7',
        referrer: 'x',
      }),
      longLine({ user: 'per', url: `${CASINO}supermarket`, agent: 'per-app' }),
      longLine({ user: 'per', url: 'http://kiosk.example/odds/halsa.example', agent: 'ok' }),
    );
    const findings = await findingsOf(await work(chunksOf([log])));
    const texts = findings
      .sort((a, b) => a.offset - b.offset)
      .map(({ domain, registeredDomain, urlPath, userAgent, mime }) => [
        domain,
        registeredDomain,
        urlPath,
        userAgent,
        mime,
      ]);
    expect(texts).to.deep.equal([
      ['casino.example', 'casino.example', '', null, null],
      ['casino.example', 'casino.example', '', null, 'text/html'],
      ['casino.example', 'casino.example', '/supermarket', null, 'text/html'],
      ['kiosk.example', 'kiosk.example', '', 'ok', 'text/html'],
    ]);
  });

  it('§3.3 seals the names of those it knows, never of the unknown, and each only once', async () => {
    const log = logOf(line(), line({ user: 'stranger' }), line({ user: '-' }), line({ user: 'ANNA' }));
    const worked = await work(chunksOf([log]));
    // An address is no name: a client stays its pseudonym.
    expect([...worked.names.values()]).to.deep.equal(['anna']);
    const again = await work(chunksOf([logOf(line({ atMs: AT_MS + 5000 }))], 'c'.repeat(64)), {
      store: worked.store,
    });
    expect(again.names.size).to.equal(0);
    expect(again.summary.findings.new).to.equal(1);
  });

  it('§9.2 adds with `again` to no count and moves no position, and finds all findings known', async () => {
    const events = () =>
      chunksOf([logOf(line(), line({ url: 'http://halsa.example/' }), 'broken', line({ user: '-' }))]);
    const first = await work(events());
    const before = [await daysOf(first), await first.store.usage(0, Infinity), await first.store.rejects()];
    const again = await work(events(), { mode: 'again', store: first.store });
    expect(again.summary.findings).to.deep.equal({ new: 0, known: 2 });
    expect(
      again.written.flatMap(batch => [...batch.streams, ...batch.days, ...batch.usage, ...batch.rejects]),
    ).to.deep.equal([]);
    expect([
      await daysOf(again),
      await again.store.usage(0, Infinity),
      await again.store.rejects(),
    ]).to.deep.equal(before);
  });

  it('§9.3 writes findings, counts and position together, however the lines come in chunks', async () => {
    const lines = Array.from({ length: 40 }, (_, index) =>
      line({ atMs: AT_MS + index * 1000, bytes: index }),
    );
    const whole = await work(chunksOf([logOf(...lines)]));
    const cut = await work(chunksOf(lines.map(text => `${text}\n`)));
    expect(cut.summary).to.deep.equal(whole.summary);
    expect(await findingsOf(cut)).to.deep.equal(await findingsOf(whole));
    const last = cut.written.at(-1)!;
    expect(last.streams[0]!.state.position).to.equal(logOf(...lines).length);
    expect(cut.written.reduce((sum, batch) => sum + batch.findings.length, 0)).to.equal(40);
  });

  it('writes a transaction before it grows without bound', async () => {
    const chunk = logOf(...Array.from({ length: 5000 }, (_, index) => line({ atMs: AT_MS + index })));
    const { written } = await work(chunksOf([chunk, chunk, chunk]));
    expect(written.map(batch => batch.findings.length)).to.deep.equal([10_000, 5_000]);
    expect(written.map(batch => batch.streams[0]!.state.position)).to.deep.equal([
      chunk.length * 2,
      chunk.length * 3,
    ]);
  });

  it('§10.2 stores what was read where it is told to stop', async () => {
    const stop = new AbortController();
    const chunk = (index: number) => logOf(line({ atMs: AT_MS + index }));
    const worked = await work(chunksOf([chunk(0), chunk(1), chunk(2)]), {
      signal: stop.signal,
      onEvent: index => index === 0 && stop.abort(),
    });
    expect(worked.result.interrupted).to.equal(true);
    expect(worked.summary.lines).to.be.within(1, 2);
    expect(await findingsOf(worked)).to.have.length(worked.summary.lines);
  });

  it('chooses a format once for a stream, by its first lines, and asks again where it was not sure', async () => {
    const combined = combinedLine({ atMs: AT_MS, url: CASINO });
    const sure = await work([
      ...chunksOf([logOf(combined), logOf(line())]),
      ...chunksOf([logOf(line())], 'b'.repeat(64)),
    ]);
    expect(sure.detected).to.deep.equal(['combined', 'squid']);
    expect(sure.summary).to.deep.include({ records: 2, rejected: 1 });
    const unsure = await work(chunksOf(['# x\n', logOf(combined)]));
    expect(unsure.detected).to.deep.equal(['squid?', 'combined']);
    const known = chunksOf([logOf(line())]);
    for (const event of known) if (event.kind === 'lines') event.state.format = 'common';
    expect((await work(known)).summary.rejected).to.equal(1);
  });

  it('§2.1 counts overlong and continued lines as rejects, with all of their bytes', async () => {
    const [chunk] = chunksOf([logOf(line())]) as [Extract<SourceEvent, { kind: 'lines' }>];
    const events: SourceEvent[] = [
      { ...chunk, kind: 'overlong', lineBytes: 1_000_000 },
      { ...chunk, kind: 'continued', lineBytes: 70 },
      { kind: 'end', path: null, pending: 1, knownBytes: 9, failure: { code: 'damaged', message: 'torn' } },
    ];
    const { summary, result } = await work(events);
    expect(summary).to.deep.include({ lines: 2, rejected: 2, pending: 1, bytes: 1_000_070 });
    expect(summary.rejects).to.deep.equal({ 'too-long': 1, continued: 1 });
    expect(result).to.deep.include({ knownBytes: 9, failures: [{ code: 'damaged', message: 'torn' }] });
  });
});
