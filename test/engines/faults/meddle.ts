// What faults do to a trial. Each begins when it was drawn for, and undoes itself after a while: several may last at the
// same time. What cannot be done now (nobody is there to be stopped) is left out.
import { setTimeout as pause } from 'node:timers/promises';
import type { Fate } from '../meddling-proxy.ts';
import { send } from '../send.ts';
import { TOPIC } from './log.ts';
import type { Fault, FaultKind } from './schedule.ts';
import { aheadOfStore } from './stored.ts';
import { CHANGES, type Change, changeTown } from './town.ts';
import { running, stopAll, type Trial } from './trial.ts';
import type { Worker } from './worker.ts';

const MAX_WORKERS = 3;
/** Most of the requests, so that many are met, and some get through. */
const MOST = 0.7;
/** A worker that is to be met while it writes may have nothing to write. */
const TRAP_MS = 5_000;

/** Does all that was drawn; answers what was done. */
export async function meddle(trial: Trial, faults: readonly Fault[]): Promise<FaultKind[]> {
  const begunMs = performance.now();
  const done: FaultKind[] = [];
  const lasting: Promise<void>[] = [];
  for (const fault of faults) {
    await pause(Math.max(0, begunMs + fault.atMs - performance.now()));
    const work = begin(trial, fault);
    if (work === null) continue;
    done.push(fault.kind);
    lasting.push(work);
    // A failure is heard of below, and not as one that nobody waited for.
    work.catch(() => undefined);
    if (!trial.ground.isElasticsearchAway() && !trial.ground.isKafkaAway()) {
      trial.wrongs.push(...(await aheadOfStore(trial).catch(() => [])));
    }
  }
  await Promise.all(lasting);
  return done;
}

/** Begins a fault; null where it cannot be. What it gives ends when the fault is over. */
function begin(trial: Trial, fault: Fault): Promise<void> | null {
  const { ground, random } = trial;
  const awake = running(trial).filter(({ isFrozen }) => !isFrozen);
  const worker = awake[Math.floor(fault.pick * awake.length)];
  const { lastsMs } = fault;
  switch (fault.kind) {
    case 'kill':
      return worker === undefined ? null : kill(trial, worker);
    case 'kill-while-writing':
      return worker === undefined ? null : killWhileWriting(trial, worker, fault);
    case 'freeze':
      return worker === undefined ? null : freeze(worker, lastsMs);
    case 'freeze-while-writing':
      return worker === undefined ? null : freezeWhileWriting(worker, fault);
    case 'add':
      return running(trial).length >= MAX_WORKERS ? null : trial.start().then(() => undefined);
    case 'remove':
      return worker === undefined ? null : remove(trial, worker);
    case 'broker-away':
      return away(
        () => ground.killKafka(),
        () => ground.restartKafka(),
        lastsMs,
      );
    case 'elasticsearch-away':
      return away(
        () => ground.killElasticsearch(),
        async () => {
          await ground.restartElasticsearch();
          for (const { proxy } of trial.workers) proxy.target = ground.elasticsearchUrl();
        },
        lastsMs,
      );
    case 'busy':
      return forAWhile(running(trial), lastsMs, ({ meddling }, is) => {
        meddling.busy = is ? MOST : 0;
      });
    case 'answers-lost':
      return forAWhile(running(trial), lastsMs, ({ meddling }, is) => {
        meddling.lost = is ? MOST : 0;
      });
    case 'cut':
      return forAWhile(
        random() < 0.5 ? running(trial) : awake.slice(0, 1),
        lastsMs,
        ({ meddling, proxy }, is) => {
          meddling.isCut = is;
          if (is) proxy.cutAll();
        },
      );
    case 'write-block':
      return block(trial, fault);
    case 'deliver-again':
      return deliverAgain(trial, fault);
    case 'change':
      change(trial, CHANGES[Math.floor(fault.pick * CHANGES.length)]!);
      return Promise.resolve();
    case 'change-and-kill':
      change(trial, CHANGES[Math.floor(fault.pick * CHANGES.length)]!);
      return worker === undefined ? null : pause(random() * 300).then(() => kill(trial, worker));
    default:
      return fault.kind satisfies never;
  }
}

async function kill(trial: Trial, worker: Worker): Promise<void> {
  worker.signal('SIGKILL');
  await worker.exited;
  await trial.start();
}

async function killWhileWriting(trial: Trial, worker: Worker, fault: Fault): Promise<void> {
  await atWrite(worker, fault, () => {
    worker.signal('SIGKILL');
    return Promise.resolve();
  });
  await kill(trial, worker);
}

async function freeze(worker: Worker, lastsMs: number): Promise<void> {
  worker.signal('SIGSTOP');
  await pause(lastsMs);
  worker.signal('SIGCONT');
}

/** A write of the frozen one is under way for as long as it is frozen: it comes late, after what its successor wrote. */
async function freezeWhileWriting(worker: Worker, fault: Fault): Promise<void> {
  await atWrite(worker, fault, () => freeze(worker, fault.lastsMs));
}

/** Does something while the nth next bulk request of a worker is under way. */
async function atWrite(worker: Worker, { nth, when }: Fault, does: () => Promise<void>): Promise<void> {
  let left = nth;
  await new Promise<void>((done, failed) => {
    const timer = setTimeout(() => {
      worker.meddling.trap = null;
      done();
    }, TRAP_MS);
    worker.meddling.trap = () => {
      left--;
      if (left > 0) return null;
      worker.meddling.trap = null;
      clearTimeout(timer);
      const met = does().then(done, failed);
      // After the answer: the request goes through, and the worker does not hear of it.
      return when === 'after' ? Promise.resolve<Fate>('lost') : met.then((): Fate => 'through');
    };
  });
}

async function remove(trial: Trial, worker: Worker): Promise<void> {
  const stopped = stopAll(trial, [worker]);
  if (running(trial).length === 0) await trial.start();
  await stopped;
}

async function away(
  leave: () => Promise<void>,
  comeBack: () => Promise<void>,
  lastsMs: number,
): Promise<void> {
  await leave();
  await pause(lastsMs / 2);
  await comeBack();
}

async function forAWhile(
  workers: readonly Worker[],
  lastsMs: number,
  set: (worker: Worker, is: boolean) => void,
): Promise<void> {
  for (const worker of workers) set(worker, true);
  await pause(lastsMs);
  for (const worker of workers) set(worker, false);
}

/** Lets Elasticsearch refuse writes of an index, as one does whose disk is full. */
async function block(trial: Trial, { pick, lastsMs }: Fault): Promise<void> {
  const { prefix } = trial;
  const indices = ['findings-*', 'usage', 'streams', 'rejects'];
  const index = `${prefix}-${indices[Math.floor(pick * indices.length)]}`;
  await setBlock(trial, index, true);
  await pause(lastsMs);
  await setBlock(trial, index, false);
}

/** Until it is so: Elasticsearch may be away. */
async function setBlock({ ground }: Trial, index: string, is: boolean): Promise<void> {
  const path = `/${index}/_settings?allow_no_indices=true`;
  const body = { 'index.blocks.write': is };
  for (;;) {
    const what = { method: 'PUT', path, body };
    const { status } = await send(ground.elasticsearchUrl(), what).catch(() => ({ status: 0 }));
    // An index that is not there yet.
    if (status === 200 || status === 404) return;
    await pause(200);
  }
}

/** The group's place is forgotten while nobody reads: everything comes a second time, and the store decides. */
async function deliverAgain(trial: Trial, { pick }: Fault): Promise<void> {
  let goOn = () => {};
  trial.quiet = new Promise(resolve => {
    goOn = resolve;
  });
  const all = trial.workers.filter(({ exit }) => exit === null);
  try {
    await stopAll(trial, all);
    await untilDone(() => forgetOffsets(trial, pick < 0.5 ? 'delete' : 'rewind'));
  } finally {
    trial.quiet = null;
    goOn();
  }
  for (const _ of all) await trial.start();
}

async function forgetOffsets({ ground, group }: Trial, how: 'delete' | 'rewind'): Promise<void> {
  const admin = ground.kafka.client({ retry: { retries: 1 } }).admin();
  try {
    await admin.connect();
    if (how === 'delete') await admin.deleteGroups([group]);
    else await admin.resetOffsets({ groupId: group, topic: TOPIC, earliest: true });
  } finally {
    await admin.disconnect();
  }
}

/** Of a member that was killed the group hears only when its session is over. */
async function untilDone(work: () => Promise<void>): Promise<void> {
  for (let tryNo = 1; ; tryNo++) {
    try {
      await work();
      return;
    } catch (error) {
      if (tryNo >= 100) throw error;
      await pause(250);
    }
  }
}

/** Changes the configuration while workers run, and tells them. */
export function change(trial: Trial, what: Change): void {
  trial.changes++;
  changeTown(trial.townFolder, { what, number: trial.changes });
  // One that has only just been started reads the new files anyway, and may not yet listen to the signal.
  const listening = running(trial).filter(worker => worker.hasSaid('started'));
  for (const worker of listening) worker.signal('SIGHUP');
}
