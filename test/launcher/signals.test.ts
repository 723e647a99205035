import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { expect } from 'chai';

const MAIN = resolve(import.meta.dirname, '../../src/main.ts');
const LINE =
  '1795563829.595 3 192.0.2.7 TCP_MISS/200 275 GET http://example.com/ok - HIER_NONE/- text/html\n';

/** Follows a log on stdin, sends so many SIGINTs once the first line was answered, and says how it ended. */
async function interrupt(times: number): Promise<{ code: number | null; hasReturned: boolean }> {
  const program = `
    import { run } from ${JSON.stringify(MAIN)};
    await run(['parse', '-', '--format', 'squid']);
    process.stderr.write('returned');
  `;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program], { stdio: 'pipe' });
  let told = '';
  child.stderr.on('data', part => {
    told += part;
  });
  // As a shell tells it: a second signal may come when the program has drained and is taking its leave, and end it then.
  const ended = new Promise<number | null>(done =>
    child.on('close', (code, signal) => done(signal === 'SIGINT' ? 130 : code)),
  );
  const answered = new Promise(done => child.stdout.once('data', done));
  // A program that has left already does not read on.
  child.stdin.on('error', () => {});
  child.stdin.write(LINE);
  await answered;
  for (let i = 0; i < times; i++) child.kill('SIGINT');
  return { code: await ended, hasReturned: told.includes('returned') };
}

describe('the program under signals', () => {
  it('§10.2 drains at the first SIGINT and exits 130', async () => {
    expect(await interrupt(1)).to.deep.equal({ code: 130, hasReturned: true });
  });

  it('takes Ctrl-C, which comes from the terminal and from the launcher, for one', async () => {
    expect(await interrupt(2)).to.deep.equal({ code: 130, hasReturned: true });
  });
});
