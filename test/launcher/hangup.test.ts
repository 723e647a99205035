// SIGHUP means "read the configuration anew", and is sent by machines that do not ask how far a start has come. The real
// program, sent it again and again from its first line on: in one process, and behind a launcher of an older Node.
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { expect } from 'chai';
import { makePlace, type Place, type Ran, ROOT, removePlaces } from '../cli/run.ts';
import { CASINO, MONDAY_MS, squidLine } from '../cli/squid-log.ts';
import { TOWN } from '../cli/town.ts';
import { endWorkers, startWorker } from '../engines/run/worker.ts';

const SETTINGS = `${TOWN['config/granska.yaml']}
sources: [{ name: proxy, kind: files, paths: [../log/access.log], format: squid }]
run: { listen: "127.0.0.1:0", flushSeconds: 1, reloadSeconds: 0 }
log: { level: debug }
`;

// Runs in front of the program: says on a pipe of its own that the program's first lines have run, at the first thing
// that the launcher asks of Node, before the program itself is loaded. Before these lines Node can be told nothing.
const SAY_BEGUN = `
function sayFirst(module, name) {
  const asked = module[name];
  module[name] = function () {
    module[name] = asked;
    require('node:fs').writeSync(3, 'begun');
    return asked.apply(this, arguments);
  };
}
sayFirst(require('node:module'), 'enableCompileCache');
sayFirst(require('node:child_process'), 'spawn');
`;
const AN_OLDER_NODE = `
Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.0.0' } });
`;

const WAYS = { 'in one process': SAY_BEGUN, 'behind a launcher of an older Node': SAY_BEGUN + AN_OLDER_NODE };

describe('the program told to read its configuration anew', function () {
  this.timeout(120_000);
  let place: Place;
  const ends: (() => void)[] = [];
  beforeEach(() => {
    place = makePlace({ ...TOWN, 'config/granska.yaml': SETTINGS }, 'config');
    place.write('log/access.log', `${squidLine({ url: CASINO, client: '10.20.0.7', atMs: MONDAY_MS })}\n`);
    place.write('early.cjs', '');
  });
  afterEach(async () => {
    for (const end of ends.splice(0)) end();
    await endWorkers();
    removePlaces();
  });

  /** Starts a command behind what runs in front of it. */
  function startBehind(front: string, args: readonly string[]) {
    const early = place.write('early.cjs', front);
    const child = spawn(process.execPath, ['-r', early, `${ROOT}/bin/granska`, ...args], {
      cwd: place.dir,
      env: { PATH: process.env.PATH, HOME: place.dir, ...place.env },
      stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
      // A group of its own: where a launcher was ended, what it launched is ended too.
      detached: true,
    }) as unknown as ChildProcessWithoutNullStreams;
    ends.push(() => endGroup(child.pid!));
    const begun = new Promise<void>(done => (child.stdio[3] as Readable).once('data', () => done()));
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on('data', part => out.push(part));
    child.stderr.on('data', part => err.push(part));
    const over = new Promise<{ ran: Ran; signal: NodeJS.Signals | null }>(done =>
      child.on('close', (code, signal) => {
        const [stdout, stderr] = [Buffer.concat(out).toString(), Buffer.concat(err).toString()];
        done({ ran: { stdout, stderr, code }, signal });
      }),
    );
    return { child, begun, over };
  }

  for (const [way, front] of Object.entries(WAYS)) {
    it(`§10.2 goes on as a worker, ${way}, from its first line to its last, and keeps its exit code`, async () => {
      let sent = 0;
      const early: Pick<Place, 'start'> = {
        start(args) {
          const { child, begun, over } = startBehind(front, args);
          void begun.then(() => {
            const timer = setInterval(() => {
              if (child.kill('SIGHUP')) sent++;
            }, 2);
            ends.push(() => clearInterval(timer));
            child.on('exit', () => clearInterval(timer));
          });
          return { child, ended: over.then(({ ran }) => ran) };
        },
      };
      // The command is not the first word.
      const worker = startWorker({ ...place, ...early }, ['--data-dir', place.dataDir, 'run']);
      await worker.until('ready');
      await worker.untilStored(1);
      const { code } = await worker.end('SIGTERM');
      expect(code).to.equal(143);
      expect(sent).to.be.greaterThan(20);
      expect(worker.log().map(line => line['event.action'])).to.include('stopped');
    });

    it(`ends as any other command, ${way}, as a terminal that goes away ends it`, async () => {
      const { child, begun, over } = startBehind(front, ['parse', '-', '--format', 'squid']);
      await begun;
      const answered = new Promise(done => child.stdout.once('data', done));
      child.stdin.write(`${squidLine({ url: CASINO, client: '10.20.0.7', atMs: MONDAY_MS })}\n`);
      await answered;
      child.kill('SIGHUP');
      expect((await over).signal).to.equal('SIGHUP');
    });
  }
});

function endGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended, as it should have.
  }
}
