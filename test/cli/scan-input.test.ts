import { readFileSync, symlinkSync } from 'node:fs';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { expect } from 'chai';
import { makePlace, type Place, removePlaces } from './run.ts';
import { CASINO, combinedLine, commonLine, logOf, MONDAY_MS, manyLines, squidLine } from './squid-log.ts';

describe('granska scan reads', () => {
  let place: Place;
  beforeEach(() => {
    place = makePlace();
  });
  afterEach(removePlaces);

  it('several files into one object, and says of a missing one so, with exit 3, after the others were read', async () => {
    place.write('a.log', logOf(squidLine({ url: CASINO })));
    place.write('b.log', logOf(squidLine({ url: CASINO, user: 'bo' }), squidLine()));
    const ran = await place.run(['scan', 'a.log', 'missing.log', 'b.log', '--json']);
    expect(ran.code).to.equal(3);
    expect(ran.stderr).to.match(/granska: .*missing\.log/);
    expect(JSON.parse(ran.stdout)).to.deep.include({ lines: 3, findings: { new: 2, known: 0 } });
    const pattern = await place.run(['scan', '*.log', 'no*.such', '--json']);
    expect(pattern.code).to.equal(3);
    expect(JSON.parse(pattern.stdout).lines).to.equal(0);
  });

  it('a link that leads back to itself as a file that cannot be opened, and the others', async () => {
    const looped = place.write('a.log', logOf(squidLine())).replace(/a\.log$/, 'loop.log');
    symlinkSync('loop.log', looped);
    const ran = await place.run(['scan', looped, 'a.log', '--json']);
    expect(ran.code).to.equal(3);
    expect(ran.stderr).to.match(/granska: "[^"]*loop\.log": it cannot be opened: ELOOP/);
    expect(JSON.parse(ran.stdout).lines).to.equal(1);
  });

  it('a long file that nothing fits, and says so once and not for each part of it', async () => {
    const line = `${'word '.repeat(12_000)}\n`;
    const ran = await place.run(['scan', place.write('prose.log', line.repeat(200)), '--json']);
    expect(JSON.parse(ran.stdout)).to.deep.include({ lines: 200, rejected: 200 });
    expect(ran.stderr.match(/format squid, not sure/g)).to.have.length(1);
  });

  it('a truncated archive as far as it goes, with exit 4, and goes on where the whole one is read', async () => {
    const log = manyLines(4000, index => ({ url: `http://h${(index * 7919) % 100_003}.casino.example/` }));
    const whole = gzipSync(log);
    place.write('torn.gz', whole.subarray(0, whole.length >> 1));
    const torn = await place.run(['scan', 'torn.gz', '--json']);
    expect(torn.code).to.equal(4);
    const first = JSON.parse(torn.stdout);
    expect(first.lines).to.be.within(100, 3900);
    expect(first.findings.new).to.equal(first.lines);
    place.write('whole.gz', whole);
    const rest = await place.json(['scan', 'whole.gz', '--json']);
    expect(rest.lines).to.equal(4000 - first.lines);
    expect(rest.findings).to.deep.equal({ new: rest.lines, known: 0 });
  });

  it('standard input, gzip and zstd alike, and half a line of theirs as a line', async () => {
    const log = manyLines(10, index => ({ url: CASINO, user: `user${index}` })).trimEnd();
    const options = { stdin: gzipSync(log) };
    const [plain, gzip, zstd, piped] = await Promise.all([
      place.json(['scan', '-', '--json', '--source', 'a'], { stdin: log }),
      place.json([
        'scan',
        place.write('l.gz', options.stdin),
        '--json',
        '--data-dir',
        'b',
        '--keys-dir',
        'kb',
      ]),
      place.json([
        ...['scan', place.write('l.zst', zstdCompressSync(log))],
        ...['--json', '--data-dir', 'c', '--keys-dir', 'kc'],
      ]),
      place.json(['scan', '-', '--json', '--data-dir', 'd', '--keys-dir', 'kd'], options),
    ]);
    for (const summary of [plain, gzip, zstd, piped]) {
      expect(summary).to.deep.include({
        lines: 10,
        records: 10,
        pending: 0,
        bytes: log.length,
        findings: { new: 10, known: 0 },
      });
    }
  });

  it('§9.2 standard input from where it was left, and stops where it goes on differently', async () => {
    const log = manyLines(50, index => ({ url: CASINO, client: `192.0.2.${index}` }));
    const grown = log + manyLines(5, index => ({ atMs: MONDAY_MS + 90_000 + index, url: CASINO }));
    expect((await place.json(['scan', '-', '--json'], { stdin: log })).lines).to.equal(50);
    expect((await place.json(['scan', '-', '--json'], { stdin: grown })).lines).to.equal(5);
    const other = await place.run(['scan', '-', '--json'], {
      stdin: log.replace('192.0.2.30 ', '192.0.2.99 '),
    });
    expect(other.code).to.equal(4);
    expect(other.stderr).to.contain('--again');
    expect(JSON.parse(other.stdout)).to.deep.include({ lines: 0, findings: { new: 0, known: 0 } });
  });

  it('carriage returns, NUL bytes, broken UTF-8, a byte order mark and endless lines, each line once', async () => {
    const endless = squidLine({ url: `http://casino.example/${'x'.repeat(200_000)}` });
    const huge = squidLine({ url: `http://casino.example/${'x'.repeat(9 << 20)}` });
    const parts = [
      '\ufeff',
      `${squidLine({ url: CASINO })}\r\n`,
      `${squidLine({ url: CASINO }).replace('casino', 'cas\0no')}\n`,
      `${endless}\n`,
      `${squidLine({ url: CASINO, user: 'bo' })}\n`,
      `${huge}\n`,
      '\r\n',
      `${squidLine({ url: CASINO })}\n`,
    ];
    const bytes = Buffer.concat([
      Buffer.from(parts.join('')),
      Buffer.from(`${squidLine({ url: CASINO, user: 'r\xe4v' })}\n`, 'latin1'),
      Buffer.from(`${squidLine({ url: 'http://casino.example/r\xff\xfe' })}\n`, 'latin1'),
    ]);
    place.write('odd.log', bytes);
    const summary = await place.json(['scan', 'odd.log', '--json']);
    expect(summary).to.deep.include({
      lines: 9,
      records: 5,
      findings: { new: 5, known: 0 },
      rejects: { 'nul-bytes': 1, 'too-long': 2 },
      skips: { empty: 1 },
      // The byte order mark is no part of a line.
      bytes: bytes.length - 3,
    });
    expect((await place.json(['scan', 'odd.log', '--json'])).lines).to.equal(0);
  });

  it('common and combined lines by themselves, squidGuard lines between, and says which format it took', async () => {
    place.write('common.log', logOf(commonLine({ url: CASINO, user: 'bo' }), commonLine(), commonLine()));
    place.write(
      'combined.log',
      logOf(
        combinedLine({ url: CASINO, referrer: 'http://www.casino.example/' }),
        combinedLine({ url: 'casino.example:443', method: 'CONNECT', tag: 'TCP_TUNNEL/200' }),
        combinedLine({ url: CASINO, tag: 'TCP_DENIED/403' }),
      ),
    );
    const squidguard = (site: string) =>
      `2025-03-03 09:00:00 [26] Request(default/gambling/-) ${site} 192.0.2.7/192.0.2.7 - CONNECT REDIRECT`;
    place.write(
      'mixed.log',
      logOf(squidguard('casino.example:443'), squidLine({ url: CASINO }), squidguard('a')),
    );
    const ran = await place.run(['scan', 'common.log', 'combined.log', 'mixed.log', '--json']);
    expect(ran.code).to.equal(0);
    expect(ran.stderr).to.match(/common\.log: format common \(100 %/);
    expect(ran.stderr).to.match(/combined\.log: format combined \(100 %/);
    expect(ran.stderr).to.match(/mixed\.log: format squid \(100 %/);
    expect(JSON.parse(ran.stdout)).to.deep.include({
      lines: 9,
      records: 7,
      skips: { squidguard: 2 },
      findings: { new: 5, known: 0 },
      attempts: 1,
    });
    const told = await place.run(['search', 'referrer:same']);
    expect(told.stdout.trim().split('\n')).to.have.length(1);
  });

  it('anything at all: where nothing fits it takes squid, says "not sure", rejects every line and exits 0', async () => {
    place.write(
      'strange.log',
      'date=2025-03-03 srcip=192.0.2.7 action=pass\nMar  3 09:00:00 fw kernel: DROP\n',
    );
    const ran = await place.run(['scan', 'strange.log', '--json']);
    expect(ran.code).to.equal(0);
    expect(ran.stderr).to.contain('format squid, not sure');
    expect(JSON.parse(ran.stdout)).to.deep.include({ lines: 2, records: 0, rejected: 2 });
    const guarded = place.write('guard.log', '# only\n# comments\n');
    expect(await place.json(['scan', guarded, '--json'])).to.deep.include({ lines: 2, skipped: 2 });
  });

  it('as the format that it is told, and refuses one that it does not know', async () => {
    place.write('common.log', logOf(commonLine({ url: CASINO })));
    const told = await place.json(['scan', 'common.log', '--format', 'squid', '--json']);
    expect(told).to.deep.include({ lines: 1, rejected: 1 });
    const unknown = await place.run(['scan', 'common.log', '--format', 'squib']);
    expect(unknown.code).to.equal(2);
    expect(unknown.stderr).to.contain('auto, squid, common, combined');
    expect(unknown.stderr).to.not.contain('squib');
  });

  it('§1.4 a stamp ahead of the clock as a reject, never as a record', async () => {
    place.write(
      'future.log',
      logOf(
        squidLine({ url: CASINO, atMs: Date.UTC(2200, 0, 1) }),
        squidLine({ url: CASINO, atMs: Date.now() + 3_600_000 }),
        squidLine({ url: CASINO, atMs: Date.now() + 300_000 }),
      ),
    );
    const summary = await place.json(['scan', 'future.log', '--json']);
    expect(summary).to.deep.include({ records: 1, rejects: { 'time-future': 2 } });
    expect(summary.findings.new).to.equal(1);
  });

  it('without writing a log line into the data folder but sealed', async () => {
    place.write('a.log', logOf(squidLine({ user: 'bo' }).slice(0, 50), 'broken beyond repair'));
    await place.json(['scan', 'a.log', '--json']);
    const rejects = await place.json(['rejects', '--json']);
    const files = JSON.stringify(rejects).match(/[\w-]+\.age/g);
    expect(files).to.have.length.greaterThan(0);
    const sealed = readFileSync(`${place.dataDir}/rejects/${files![0]}`);
    expect(sealed.toString('latin1')).to.match(/^age-encryption\.org\/v1\n/);
  });
});
