import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { isReason } from '../../../src/adapters/telemetry/vocabulary.ts';
import type { LogEvent, LogFields } from '../../../src/ports/telemetry.ts';
import { told } from './kit.ts';

const HASH = 'ab'.repeat(32);

describe('the log', () => {
  it('writes one JSON object a line, with ECS names and nothing of the machine', () => {
    const { telemetry, lines } = told();
    telemetry.log('warn', 'store-waiting', { reason: 'circuit_breaking_exception', tryNo: 3 });
    expect(lines()).to.deep.equal([
      {
        'log.level': 'warn',
        '@timestamp': '2026-09-28T06:07:52.123Z',
        'ecs.version': '8.17.0',
        'service.name': 'granska',
        'event.action': 'store-waiting',
        'granska.reason': 'circuit_breaking_exception',
        'granska.try': 3,
        message: 'the store is busy or away: reading stands still until it takes what was read',
      },
    ]);
  });

  it('writes one line for people where text is asked for', () => {
    const { telemetry, text } = told({ format: 'text' });
    telemetry.log('info', 'ready');
    telemetry.log('debug', 'window-written', { stream: HASH, findings: 7, durationMs: 12.5 });
    expect(text().split('\n')).to.deep.equal([
      '2026-09-28T06:07:52.123Z info  ready: the sources are joined and the store answers',
      '2026-09-28T06:07:52.123Z debug window-written: stored (stream.id=abababababab findings=7 duration_ms=12.5)',
      '',
    ]);
  });

  it('leaves out what is below its level', () => {
    const { telemetry, lines } = told({ level: 'warn' });
    for (const level of ['debug', 'info', 'warn', 'error'] as const) telemetry.log(level, 'ready');
    expect(lines().map(line => line['log.level'])).to.deep.equal(['warn', 'error']);
  });

  it('writes hashes and streams short, durations in nanoseconds, and nothing for null', () => {
    const { telemetry, lines } = told();
    telemetry.log('info', 'configuration-reloaded', {
      lists: HASH,
      policy: HASH,
      directory: null,
      durationMs: 1.5,
    });
    expect(lines()[0]).to.include({
      'granska.versions.lists': 'abababababab',
      'granska.versions.policy': 'abababababab',
      'event.duration': 1_500_000,
    });
    expect(lines()[0]).to.not.have.any.keys('granska.versions.directory', 'granska.withheld');
  });

  it('writes the code of an error, whoever made the error', () => {
    const { telemetry, lines } = told();
    for (const code of ['STORE', 'SYSTEM', 'ENOSPC', 'TypeError']) telemetry.log('error', 'failed', { code });
    expect(lines().map(line => line['error.code'])).to.deep.equal(['STORE', 'SYSTEM', 'ENOSPC', 'TypeError']);
  });

  it('§6.2 does not write a key that is not in its vocabulary, says so, and counts it', async () => {
    const { telemetry, lines, text, value } = told();
    // A wider object passes the compiler: that is why the words are looked at again here.
    const wider = {
      tryNo: 1,
      user: 'anna.andersson',
      host: 'casino.example',
      __proto__: { reason: 'EHOST' },
    };
    telemetry.log('info', 'store-retrying', wider as LogFields);
    expect(text()).to.not.match(/anna|casino|EHOST/);
    expect(lines()[0]).to.include({ 'granska.try': 1, 'granska.withheld': 2 });
    expect(await value('granska_log_withheld_fields_total')).to.equal(2);
  });

  it('§6.2 does not write an event that is not in its vocabulary', () => {
    const { telemetry, lines, text } = told();
    telemetry.log('error', 'http://casino.example/anna' as LogEvent, { tryNo: 1 });
    telemetry.log('error', 'constructor' as LogEvent);
    expect(text()).to.not.match(/anna|casino|constructor/);
    expect(lines().map(line => line['event.action'])).to.deep.equal(['withheld', 'withheld']);
  });

  it('§6.2 does not write a value that has not the shape of its field', () => {
    const texts: LogFields[] = [
      { reason: 'connect ECONNREFUSED 192.0.2.7:9092' },
      { reason: 'anna' },
      { reason: 'casino.example' },
      { code: 'anna' },
      { code: 'toString' },
      { stream: 'casino.example' },
      { lists: 'anna' },
      { format: 'anna' },
      { topic: 'http://casino.example/anna' },
      { file: 'http://casino.example/anna' },
      { file: '//casino.example/anna' },
      { file: '/casino.example/?q=anna' },
      { partition: 'anna' as unknown as number },
      { partition: Number.NaN },
    ];
    for (const fields of texts) {
      const { telemetry, lines, text } = told();
      telemetry.log('warn', 'failed', fields);
      expect(text(), JSON.stringify(fields)).to.not.match(/anna|casino|192\.0|NaN|toString/);
      expect(lines()[0]?.['granska.withheld'], JSON.stringify(fields)).to.equal(1);
    }
  });

  it('writes what has the shape of its field', () => {
    const { telemetry, lines } = told();
    telemetry.log('error', 'failed', {
      code: 'STORE',
      reason: 'KafkaJSConnectionError',
      topic: 'squid.access-1',
      file: '/var/log/squid/access.log',
      format: 'squid',
    });
    expect(lines()[0]).to.include({
      'error.code': 'STORE',
      'granska.reason': 'KafkaJSConnectionError',
      'granska.stream.topic': 'squid.access-1',
      'log.file.path': '/var/log/squid/access.log',
      'granska.format': 'squid',
    });
  });

  it('takes no text for a reason that could be an address, a host or a sentence', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.webUrl(), fc.domain(), fc.emailAddress(), fc.ipV4(), fc.lorem({ maxCount: 4 })),
        text => {
          expect(isReason(text)).to.equal(false);
        },
      ),
    );
    for (const word of [
      'ECONNREFUSED',
      'NOT_COORDINATOR_FOR_GROUP',
      'SIGTERM',
      'cluster_block_exception',
      'busy',
    ])
      expect(isReason(word), word).to.equal(true);
  });

  it('loses no line when the process exits at once', async () => {
    const { stderr, exit } = await run(
      "for (let n = 0; n < 2000; n++) log('warn', 'store-waiting', { tryNo: n }); process.exit(3)",
    );
    const lines = stderr.split('\n').filter(Boolean);
    expect(exit).to.equal(3);
    expect(lines).to.have.length(2_000);
    expect(JSON.parse(lines.at(-1)!)['granska.try']).to.equal(1_999);
  });

  it('does not stop the work when nobody reads the log any more', async () => {
    const { exit } = await run(
      "for (let n = 0; n < 5; n++) { await wait(20); log('info', 'ready') } process.exitCode = 7",
      'close',
    );
    expect(exit).to.equal(7);
  });

  it('holds the work up for a moment only where its reader stands still, and goes on when it reads again', async () => {
    const child = start(`
      const lost = async () => Number(/lines_total (\\d+)/.exec(await metrics.text().then(text => text.match(/^granska_log_lost.*/m)[0]))[1]);
      for (let n = 0; (await lost()) < 50; n++) log('warn', 'store-waiting', { tryNo: n });
      process.stdout.write('lost');
      const end = async () => {
        const before = await lost();
        log('info', 'ready');
        if ((await lost()) > before) return setTimeout(end, 5);
        log('info', 'stopped');
        process.exit(0);
      };
      process.stdin.once('data', end);`);
    await once(child.stdout, 'data');
    let stderr = '';
    child.stderr.on('data', chunk => {
      stderr += chunk;
      // The reader is awake again, and has read all that there was: then there is room.
      if (stderr.length > 60_000 && child.stdin.writable) child.stdin.end('go');
    });
    await once(child, 'close');
    const lines = stderr.split('\n').filter(Boolean);
    expect(lines.slice(-2).map(line => JSON.parse(line)['event.action'])).to.deep.equal(['ready', 'stopped']);
    const torn = lines.filter(line => !line.endsWith('}'));
    expect(torn.length).to.be.lessThan(2);
  });

  it('lets a process end by itself', async () => {
    const { exit, stderr } = await run("log('info', 'stopped')");
    expect(exit).to.equal(0);
    expect(stderr).to.match(/stopped/);
  });
});

/** Runs some code with a log on stderr in a process of its own; `close` takes the reader of stderr away. */
function run(
  code: string,
  reader: 'read' | 'close' = 'read',
): Promise<{ stderr: string; exit: number | null }> {
  const child = start(code);
  let stderr = '';
  if (reader === 'close') child.stderr.destroy();
  else child.stderr.on('data', chunk => (stderr += chunk));
  child.stdin.end();
  return new Promise((done, fail) => {
    child.on('error', fail);
    child.on('close', exit => done({ stderr, exit }));
  });
}

function start(code: string): ChildProcessWithoutNullStreams {
  const telemetry = join(resolve(import.meta.dirname, '../../..'), 'src/adapters/telemetry/telemetry.ts');
  const script = `
    import { setTimeout as wait } from 'node:timers/promises';
    import { createTelemetry } from ${JSON.stringify(telemetry)};
    const options = { level: 'info', format: 'json', stream: process.stderr, nowMs: () => Date.now() };
    const { log, metrics } = createTelemetry(options);
    ${code}`;
  return spawn(process.execPath, ['--input-type=module-typescript', '-e', script]);
}
