import { existsSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { makePlace, type Place, readNdjson, removePlaces } from './run.ts';
import { CASINO, combinedLine, logOf, MONDAY_MS, manyLines, squidLine } from './squid-log.ts';

describe('granska parse', () => {
  let place: Place;
  beforeEach(() => {
    place = makePlace();
  });
  afterEach(removePlaces);

  it('prints an object a line, in order, whatever the line is, and writes nothing', async () => {
    const lines = [
      squidLine({ user: 'bo', url: `${CASINO}spel/?q=1`, elapsedMs: 250 }),
      squidLine({ method: 'CONNECT', url: 'casino.example:443', tag: 'TCP_TUNNEL/200', mime: '-' }),
      '# comment',
      'not a line',
      squidLine({ tag: 'TCP_DENIED/403', client: '2001:db8::7' }),
    ];
    place.write('a.log', logOf(...lines));
    const { stdout, code } = await place.run(['parse', 'a.log']);
    expect(code).to.equal(0);
    const [get, tunnel, comment, broken, denied, ...rest] = readNdjson(stdout);
    expect(rest).to.deep.equal([]);
    expect(get).to.deep.equal({
      '@timestamp': new Date(MONDAY_MS).toISOString(),
      event: {
        start: new Date(MONDAY_MS - 250).toISOString(),
        end: new Date(MONDAY_MS).toISOString(),
        duration: 250_000_000,
        type: 'allowed',
        outcome: 'success',
      },
      source: { ip: '192.0.2.7' },
      user: { name: 'bo' },
      http: {
        request: { method: 'GET' },
        response: { status_code: 200, bytes: 5120, mime_type: 'text/html' },
      },
      url: {
        original: `${CASINO}spel/?q=1`,
        scheme: 'http',
        domain: 'casino.example',
        port: 80,
        path: '/spel/',
        query: 'q=1',
      },
      observer: { vendor: 'Squid' },
      log: { offset: 0 },
    });
    expect(tunnel.url).to.deep.equal({ original: 'casino.example:443', domain: 'casino.example', port: 443 });
    expect(tunnel).to.not.have.property('user');
    const offsetOf = (index: number) => logOf(...lines.slice(0, index)).length;
    expect(comment).to.deep.equal({
      log: { offset: offsetOf(2) },
      granska: { skipped: 'comment' },
      event: { original: '# comment' },
    });
    expect(broken).to.deep.equal({
      log: { offset: offsetOf(3) },
      granska: { rejected: 'unknown-format' },
      event: { original: 'not a line' },
    });
    expect(denied.event).to.deep.include({ type: 'denied' });
    expect(denied.source.ip).to.equal('2001:db8::7');
    expect(existsSync(place.dataDir) || existsSync(place.keysDir)).to.equal(false);
  });

  it('reads what scan reads, goes on after a missing file, and stops quietly where the reader goes away', async () => {
    place.write('b.gz', gzipSync(logOf(combinedLine({ referrer: 'http://r.example/', agent: 'App/1' }))));
    const ran = await place.run(['parse', 'missing.log', 'b.gz', '-'], { stdin: squidLine() });
    expect(ran.code).to.equal(3);
    const [combined, piped] = readNdjson(ran.stdout);
    expect(combined.http.request.referrer).to.equal('http://r.example/');
    expect(combined.user_agent).to.deep.equal({ original: 'App/1' });
    expect(piped.log.offset).to.equal(0);

    place.write(
      'long.log',
      manyLines(30_000, () => ({})),
    );
    const { child, ended } = place.start(['parse', 'long.log']);
    child.stdout.once('data', () => child.stdout.destroy());
    expect(await ended).to.deep.include({ code: 0 });
  });
});

describe('granska doctor', () => {
  afterEach(removePlaces);

  it('says what a log is, what cannot be read and what to change, and stores nothing', async () => {
    const place = makePlace();
    const line = squidLine({ user: 'secretname', client: '192.0.2.99' });
    place.write(
      'a.log',
      `${manyLines(50, () => ({}))}${logOf(line, line.slice(0, 30), 'x', squidLine({ method: 'CONNECT', url: 'a.example:443' }))}`,
    );
    const { stdout, stderr, code } = await place.run(['doctor', 'a.log']);
    expect(code, stderr).to.equal(0);
    for (const part of [
      'squid',
      'parsed',
      'truncated',
      'unknown-format',
      'user names',
      'referrers',
      'mime types',
      'tunnels',
      'hours',
    ]) {
      expect(stdout).to.contain(part);
    }
    expect(stdout + stderr).to.not.match(/secretname|192\.0\.2\.99/);
    const report = await place.json(['doctor', 'a.log', '--json']);
    expect(report.schema).to.match(/^granska\.doctor\/\d+$/);
    expect(existsSync(place.dataDir) || existsSync(place.keysDir)).to.equal(false);
    expect((await place.run(['doctor', 'missing.log'])).code).to.equal(3);
  });
});
