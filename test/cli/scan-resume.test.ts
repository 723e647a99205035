import { renameSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { makePlace, type Place, readNdjson, removePlaces } from './run.ts';
import { CASINO, logOf, MONDAY_MS, manyLines, squidLine } from './squid-log.ts';

const flagged = (index: number) => ({ url: CASINO, client: `192.0.2.${index % 250}` });

describe('granska scan, again', () => {
  let place: Place;
  beforeEach(() => {
    place = makePlace();
  });
  afterEach(removePlaces);

  const scan = (...args: string[]) => place.json(['scan', ...args, '--json']);
  const idsOf = async () => readNdjson((await place.run(['search'])).stdout).map(found => found.event.id);

  it('§9.2 finds nothing new in the same file, renamed, moved or packed, and says so in words', async () => {
    const log = manyLines(300, flagged);
    const path = place.write('access.log', log);
    expect((await scan(path)).lines).to.equal(300);
    expect(await scan(path)).to.deep.include({ lines: 0, findings: { new: 0, known: 0 }, bytes: 0 });
    renameSync(path, `${path}.1`);
    expect((await scan(`${path}.1`)).lines).to.equal(0);
    expect((await scan(place.write('access.log.2.gz', gzipSync(log)))).lines).to.equal(0);
    expect((await place.run(['scan', `${path}.1`])).stdout).to.contain('Nothing is new');
  });

  it('§9.2 takes the new lines of a grown file only, whatever it is called by then', async () => {
    const path = place.write('access.log', manyLines(100, flagged));
    await scan(path);
    place.write('access.log', manyLines(130, flagged));
    expect(await scan(path)).to.deep.include({ lines: 30, findings: { new: 30, known: 0 } });
    const packed = place.write('old.gz', gzipSync(manyLines(140, flagged)));
    expect((await scan(packed)).lines).to.equal(10);
    expect(await idsOf()).to.have.length(140);
  });

  it('§9.2 begins a new segment after copytruncate, and knows the old one in its archive', async () => {
    const old = manyLines(50, flagged);
    const path = place.write('access.log', old);
    await scan(path);
    const fresh = logOf(squidLine({ atMs: MONDAY_MS + 86_400_000, url: CASINO }));
    place.write('access.log', fresh);
    expect((await scan(path)).lines).to.equal(1);
    expect((await scan(place.write('access.log.1.gz', gzipSync(old)), path)).lines).to.equal(0);
    // The same first line, another content: the next ordinal.
    const twin = logOf(...old.split('\n').slice(0, 2), squidLine({ url: CASINO, client: '192.0.2.251' }));
    expect((await scan(place.write('twin.log', twin))).lines).to.equal(3);
    expect((await scan(path, 'twin.log', 'access.log.1.gz')).lines).to.equal(0);
    expect(await idsOf()).to.have.length(54);
  });

  it('§2.1 leaves half a line pending until it is whole', async () => {
    const [first, second] = [squidLine({ url: CASINO }), squidLine({ url: CASINO, user: 'bo' })];
    const path = place.write('access.log', `${first}\n${second.slice(0, 50)}`);
    expect(await scan(path)).to.deep.include({ lines: 1, pending: 1 });
    expect(await scan(path)).to.deep.include({ lines: 0, pending: 1 });
    place.write('access.log', `${first}\n${second}\n`);
    expect(await scan(path)).to.deep.include({ lines: 1, records: 1, pending: 0 });
    const half = place.write('half.log', squidLine({ user: 'cecilia' }).slice(0, 30));
    expect(await scan(half)).to.deep.include({ lines: 0, pending: 1, bytes: 0 });
  });

  it('§9.2 takes half a line with --final, and rejects what it grows by once, as `continued`', async () => {
    const [first, second] = [squidLine({ url: CASINO }), squidLine({ url: CASINO, user: 'bo' })];
    const path = place.write('access.log', `${first}\n${second.slice(0, -5)}`);
    expect(await scan(path, '--final')).to.deep.include({ lines: 2, records: 2, pending: 0 });
    expect(await scan(path)).to.deep.include({ lines: 0, pending: 0 });
    place.write('access.log', `${first}\n${second}\n${first}\n`);
    expect(await scan(path)).to.deep.include({ lines: 2, records: 1, rejects: { continued: 1 } });
    expect(await scan(path)).to.deep.include({ lines: 0 });
  });

  it('§9.2 reads anew with --again: all is known, nothing is added, no position moves', async () => {
    const log = logOf(
      squidLine({ url: CASINO }),
      squidLine({ url: 'http://halsa.example/' }),
      squidLine(),
      'not a line',
    );
    const path = place.write('access.log', log);
    await scan(path);
    const rejects = (await place.run(['rejects', '--json'])).stdout;
    const again = await scan(path, '--again');
    expect(again).to.deep.include({
      lines: 4,
      findings: { new: 0, known: 1 },
      protected: 1,
      rejected: 1,
    });
    expect((await place.run(['rejects', '--json'])).stdout).to.equal(rejects);
    expect((await scan(path)).lines).to.equal(0);
    // Of a log that was never read, --again stores findings, but it is still to be read.
    const other = place.write('other.log', logOf(squidLine({ url: CASINO, client: '192.0.2.9' })));
    expect((await scan(other, '--again')).findings).to.deep.equal({ new: 1, known: 0 });
    expect((await scan(other)).findings).to.deep.equal({ new: 0, known: 1 });
    const piped = await place.json(['scan', '-', '--again', '--json'], { stdin: log });
    expect(piped.findings).to.deep.equal({ new: 0, known: 1 });
  });

  it('§9.2 keeps sources apart by --source, not by the names of files', async () => {
    const path = place.write('access.log', manyLines(3, flagged));
    expect((await scan(path, '--source', 'north')).findings.new).to.equal(3);
    expect((await scan(path, '--source', 'south')).findings.new).to.equal(3);
    expect((await scan(path, '--source', 'north')).lines).to.equal(0);
    expect(new Set(await idsOf()).size).to.equal(6);
    const north = readNdjson((await place.run(['search', 'source:north'])).stdout);
    expect(north).to.have.length(3);
  });

  it('takes rotated files in one run, in any order, each line once', async () => {
    const log = manyLines(90, flagged);
    const [a, b] = [log.split('\n').slice(0, 40).join('\n'), log.split('\n').slice(40).join('\n')];
    place.write('access.log.1.gz', gzipSync(`${a}\n`));
    place.write('access.log', b);
    place.write('copy-of-1', `${a}\n`);
    const summary = await scan('access.log', 'access.log.1.gz', 'copy-of-1');
    expect(summary).to.deep.include({ lines: 90, findings: { new: 90, known: 0 } });
  });
});
