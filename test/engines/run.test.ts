// `granska run` as its operator meets it: a process that follows files, takes changes up, tells how it is, and ends as it
// should. What it stores is held against a scan of the same lines.
import { execFile } from 'node:child_process';
import { appendFileSync, renameSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { type Place, ROOT, readNdjson, removePlaces } from '../cli/run.ts';
import { squidLine } from '../cli/squid-log.ts';
import { TOWN } from '../cli/town.ts';
import { expectSameAsScan, lineNumbers, peopleRead, thirds, untilAll } from './run/check.ts';
import { followed, makeTown, textOf } from './run/town.ts';
import { endWorkers, startWorker, type Worker } from './run/worker.ts';

describe('granska run over followed files', function () {
  this.timeout(240_000);
  afterEach(async () => {
    await endWorkers();
    removePlaces();
  });

  it('§9.2 §9.3 reads each line once: appended, rotated, killed half-way, and started again', async () => {
    const place = makeTown({ sections: followed('squid/access.log*') });
    const log = place.write('squid/access.log', textOf(0, 100));
    let worker = startWorker(place);
    await worker.untilStored(100);
    appendFileSync(log, textOf(100, 150));
    await worker.untilStored(150);
    renameSync(log, `${log}.1`);
    appendFileSync(`${log}.1`, textOf(150, 160));
    writeFileSync(log, textOf(160, 200));
    await worker.untilStored(200);
    appendFileSync(log, textOf(200, 240));
    expect((await worker.end('SIGKILL')).code).to.equal(null);
    appendFileSync(log, textOf(240, 270));

    worker = startWorker(place);
    await worker.until('file-found');
    appendFileSync(log, textOf(270, 300));
    await untilAll(place, 300);
    const ended = await worker.end('SIGTERM');
    expect([ended.code, ended.stdout, worker.told()]).to.deep.equal([143, '', '']);
    expect(await lineNumbers(place)).to.deep.equal(thirds(300));
    await expectSameAsScan(place, textOf(0, 300));
  });

  it('§10.2 stores what was read when SIGTERM comes, and ends with 143', async () => {
    const place = makeTown({ sections: followed('access.log', 'auto'), flushSeconds: 300 });
    place.write('access.log', textOf(0, 90));
    const worker = startWorker(place);
    // It has read lines, and nothing makes it store them yet.
    await worker.until('format-detected');
    const ended = await worker.end('SIGTERM');
    expect(ended.code).to.equal(143);
    expect(worker.told()).to.match(/^granska: made \S+: .*$/);
    const events = worker.log().map(line => line['event.action']);
    expect(events.slice(-3)).to.deep.equal(['stopping', 'window-written', 'stopped']);
    const once = await place.run(['run', '--once']);
    expect(once.code, once.stderr).to.equal(0);
    expect(await lineNumbers(place)).to.deep.equal(thirds(90));
  });

  it('§9.2 ends by itself with --once, says what it read, and finds nothing new the next time', async () => {
    const place = makeTown({ sections: followed('*.log') });
    place.write('a.log', textOf(0, 60));
    place.write('b.log', textOf(60, 90));
    const first = await place.run(['run', '--once']);
    expect(first.code, first.stderr).to.equal(0);
    expect(first.stdout).to.equal(
      '90 lines read: 90 records, 0 rejected, 0 skipped\n30 new findings, 0 known already\n',
    );
    const second = await place.run(['run', '--once']);
    expect(second.code, second.stderr).to.equal(0);
    expect(second.stdout).to.match(/^0 lines read/);
  });

  it('§9.7 follows more files than the process may open, and leaves room for keys, store and sealed texts', async () => {
    const place = makeTown({ sections: followed('*.log') });
    const count = 300;
    for (let n = 0; n < count; n++) place.write(`${n}.log`, `${textOf(n, n + 1)}no line of a log\n`);
    const command = `ulimit -n 200; exec "${process.execPath}" "${join(ROOT, 'bin', 'granska')}" run --once`;
    const { stdout, stderr } = await promisify(execFile)('sh', ['-c', command], {
      ...{ cwd: place.dir, env: { ...process.env, ...place.env }, maxBuffer: 8 << 20 },
    });
    expect(stderr).to.not.contain('EMFILE');
    expect(stdout).to.match(new RegExp(`^${count * 2} lines read: ${count} records, ${count} rejected`));
  });

  it('§10.2 ends with --once as a scan does where a file is missing (3) or damaged (4), and reads the others', async () => {
    const place = makeTown({ sections: followed('typo.log') });
    const missing = await place.run(['run', '--once']);
    expect(missing.code).to.equal(3);
    expect(missing.stderr).to.contain('typo.log": check the name [SOURCE]');
    const other = makeTown({ sections: followed('access.log*') });
    const packed = gzipSync(textOf(0, 300));
    other.write('access.log.1.gz', packed.subarray(0, packed.length - 9));
    other.write('access.log', textOf(300, 330));
    const damaged = await other.run(['run', '--once']);
    expect(damaged.code).to.equal(4);
    expect(damaged.stderr).to.contain('access.log.1.gz": the archive is damaged or cut short [DAMAGED]');
    expect(await lineNumbers(other)).to.include.members([300, 327]);
  });
});

describe('granska run and its configuration', function () {
  this.timeout(240_000);
  let place: Place;
  let worker: Worker;
  beforeEach(async () => {
    place = makeTown({ sections: followed('access.log') });
    place.write('access.log', textOf(0, 3));
    worker = startWorker(place);
    await worker.untilStored(3);
  });
  afterEach(async () => {
    await endWorkers();
    removePlaces();
  });

  const visit = (host: string) =>
    appendFileSync(join(place.dir, 'access.log'), `${squidLine({ url: `http://${host}/`, user: 'bo' })}\n`);

  it('§9.4 judges by new lists after SIGHUP, and tells so', async () => {
    const listed = `${TOWN['config/lists/casino/domains']}new-casino.example\n`;
    place.write('config/lists/casino/domains', listed);
    worker.signal('SIGHUP');
    const before = (await worker.until('started'))['granska.versions.lists'];
    const after = (await worker.until('configuration-reloaded'))['granska.versions.lists'];
    expect(after)
      .to.match(/^[0-9a-f]{12}$/)
      .and.not.equal(before);
    visit('new-casino.example');
    await worker.untilStored(4);
    expect(await worker.number('granska_configuration_reloads_total{result="ok"}')).to.equal(1);
    await worker.end('SIGTERM');
    const versions = readNdjson((await place.run(['search'])).stdout).map(
      found => found.granska.versions.lists,
    );
    expect(versions.map(version => version.slice(0, 12))).to.deep.equal([before, after]);
  });

  it('refuses a policy with mistakes, says which, keeps judging by the old one, and takes it back when mended', async () => {
    const policy = TOWN['config/policy.yaml']!;
    place.write('config/policy.yaml', policy.replace('announcedFrom', 'anouncedFrom'));
    worker.signal('SIGHUP');
    expect(await worker.until('configuration-refused')).to.include({
      'log.level': 'error',
      'error.code': 'CONFIG',
    });
    await worker.untilTold('what was in force before stays');
    const line = policy.split('\n').findIndex(text => text.includes('announcedFrom')) + 1;
    expect(worker.told())
      .to.match(new RegExp(`policy\\.yaml:${line}:\\d+.*anouncedFrom`, 's'))
      .and.contain('announcedFrom');
    expect(await worker.number('granska_configuration_reloads_total{result="refused"}')).to.equal(1);
    await worker.untilReady(['configuration-refused']);
    visit('casino.example');
    await worker.untilStored(4);

    place.write('config/policy.yaml', policy);
    worker.signal('SIGHUP');
    await worker.untilReady([]);
    await worker.end('SIGTERM');
    const found = readNdjson((await place.run(['search'])).stdout);
    expect(found).to.have.length(2);
    expect(new Set(found.map(one => one.granska.versions.policy)).size).to.equal(1);
  });

  it('tells that it lives, that it is ready, and its numbers', async () => {
    await worker.untilReady([]);
    const [alive, ready] = [await worker.ask('/healthz'), await worker.ask('/readyz')];
    expect(alive.status).to.equal(200);
    expect(JSON.parse(alive.text)).to.include({ schema: 'granska.health/1', alive: true });
    expect(JSON.parse(ready.text)).to.deep.equal({
      ...{ schema: 'granska.readiness/1', ready: true },
      ...{ because: [], warnings: [] },
    });
    const { text } = await worker.ask('/metrics');
    expect(text).to.contain('granska_lines_total{outcome="records"} 3');
    expect(text).to.contain('granska_stored_findings_total{result="new"} 1');
    expect(text).to.not.match(/casino|10\.20|\bbo\b/);
    expect((await worker.ask('/nothing')).status).to.equal(404);
  });
});

describe('granska run that cannot be', function () {
  this.timeout(240_000);
  const servers: Server[] = [];
  afterEach(async () => {
    await endWorkers();
    for (const server of servers.splice(0)) server.close();
    removePlaces();
  });

  /** Listens on a port and never answers. */
  async function silentPort(): Promise<number> {
    const server = createServer(socket => socket.on('error', () => undefined));
    servers.push(server);
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    return (server.address() as { port: number }).port;
  }

  it('§10.2 ends with exit 2 where no source is named, and says what to do', async () => {
    const ran = await makeTown({ sections: '' }).run(['run']);
    expect(ran.code).to.equal(2);
    expect(ran.stderr).to.match(/no source is configured.*\[CONFIG\]\n {2}name one under sources/);
  });

  it('§10.2 ends with exit 2 where its address is taken', async () => {
    const port = await silentPort();
    const place = makeTown({ sections: followed('access.log'), listen: `127.0.0.1:${port}` });
    const ran = await place.run(['run']);
    expect(ran.code).to.equal(2);
    expect(ran.stderr)
      .to.match(/\[LISTEN\]/)
      .and.contain(String(port));
  });

  it('raises an alarm when too few lines can be read, goes on, and takes it back', async () => {
    const place = makeTown({
      sections: followed('access.log'),
      parseRate: '{ minimum: 0.9, lines: 50 }',
    });
    const log = place.write('access.log', textOf(0, 60));
    const worker = startWorker(place);
    await worker.untilStored(60);
    appendFileSync(log, 'a line of another program altogether\n'.repeat(20));
    expect(await worker.until('parse-rate-low')).to.include({
      'log.level': 'error',
      'granska.source': 'proxy',
    });
    await worker.untilReady(['parse-rate-low']);
    expect(await worker.number('granska_parse_rate_low')).to.equal(1);
    appendFileSync(log, textOf(60, 200));
    await worker.until('parse-rate-restored');
    expect(await worker.number('granska_parse_rate_low')).to.equal(0);
    expect(await worker.number('granska_rejects_total{code="unknown-format"}')).to.equal(20);
    await worker.end('SIGTERM');
    expect(await lineNumbers(place)).to.deep.equal(thirds(200));
  });

  it('§10.2 tells within half a minute that no Kafka answers: exit 3, not a wait without a word', async () => {
    const sections = (at: string) =>
      `sources: [{ name: proxy, kind: kafka, brokers: ["${at}"], topics: [proxy-log], format: squid }]`;
    for (const at of ['127.0.0.1:1', 'kafka.invalid:9092']) {
      const began = performance.now();
      const ran = await makeTown({ sections: sections(at) }).run(['run']);
      expect(ran.code, ran.stderr).to.equal(3);
      expect(peopleRead(ran))
        .to.contain(`no Kafka answers at ${at} [SOURCE]`)
        .and.contain('check that it runs');
      expect(performance.now() - began).to.be.below(30_000);
    }
  });

  it('waits for an Elasticsearch that is away, says so, is alive and not ready, and can be stopped', async () => {
    const place = makeTown({
      sections: `store: { kind: elasticsearch, url: "http://127.0.0.1:1" }\n${followed('access.log')}`,
    });
    const worker = startWorker(place);
    expect(await worker.until('store-waiting')).to.include({ 'granska.reason': 'unreachable' });
    expect((await worker.ask('/healthz')).status).to.equal(200);
    const ready = await worker.ask('/readyz');
    expect([ready.status, JSON.parse(ready.text).because]).to.deep.equal([
      503,
      ['sources-not-joined', 'store-not-answering'],
    ]);
    const ended = await worker.end('SIGTERM');
    expect(ended.code).to.equal(143);
  });

  it('tells within half a minute of an Elasticsearch that takes the connection and is silent', async () => {
    const place = makeTown({
      sections: `store: { kind: elasticsearch, url: "http://127.0.0.1:${await silentPort()}" }\n${followed('access.log')}`,
    });
    const began = performance.now();
    const worker = startWorker(place);
    expect(await worker.until('store-waiting')).to.include({ 'granska.reason': 'unanswered' });
    expect(performance.now() - began).to.be.below(30_000);
    await worker.end('SIGKILL');
  });
});
