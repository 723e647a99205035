// §9.1, §9.4, §9.5: whatever happens to workers, broker, Elasticsearch and network, the store at last holds what it holds
// when nothing happens, document by document. Schedules of faults are drawn from seeds and run on real servers.
// `GRANSKA_FAULT_SEED` names the first seed, `GRANSKA_FAULT_SCHEDULES` how many follow from it; `npm run faults` runs many.
import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'chai';
import { areEnginesRequired } from './engines.ts';
import { type Content, differences, withoutVersions } from './faults/content.ts';
import { type Ground, startGround } from './faults/ground.ts';
import { type FaultLog, makeLog } from './faults/log.ts';
import { change, meddle } from './faults/meddle.ts';
import { drawSchedule, FAULT_KINDS, type Schedule, scheduleText } from './faults/schedule.ts';
import { untilStored } from './faults/stored.ts';
import { CHANGES } from './faults/town.ts';
import { openTrial, runTrial, stopAll, type TrialResult } from './faults/trial.ts';
import type { Worker } from './faults/worker.ts';
import type { Fate } from './meddling-proxy.ts';
import { send } from './send.ts';

const SCHEDULES = Number(process.env.GRANSKA_FAULT_SCHEDULES ?? 2);
const FIRST_SEED = Number(process.env.GRANSKA_FAULT_SEED ?? 1);
/** How long the worker stands still that is overtaken: more than two sessions. */
const FROZEN_MS = Number(process.env.GRANSKA_FAULT_FROZEN_SECONDS ?? 15) * 1_000;
/** As many as a person can look through. */
const SHOWN = 20;

describe('workers under faults', function () {
  this.timeout(400_000);
  this.retries(0);
  let ground: Ground;
  let log: FaultLog;
  let undisturbed: Content;
  const kinds = new Map(FAULT_KINDS.map(kind => [kind, 0]));

  before(async function () {
    log = makeLog();
    try {
      ground = await startGround();
      await ground.useElasticsearch('8.19.8');
    } catch (error) {
      if (areEnginesRequired()) throw error;
      process.stderr.write('Not run: Kafka and Elasticsearch could not be started here.\n');
      await ground?.stop();
      this.skip();
    }
  });
  afterEach(function () {
    if (this.currentTest?.state !== 'failed' || ground === undefined) return;
    process.stderr.write(`    logs of the workers are left in ${ground.keepFolder()}\n`);
  });
  after(async () => {
    await ground?.stop();
    const counted = [...kinds].map(([kind, count]) => `${kind} ${count}`).join(', ');
    process.stderr.write(`    faults done: ${counted}\n`);
  });

  it('§9.1 without any give what is in the log', async () => {
    const trial = await openTrial(ground, { seed: 0, data: 'shared' }, log.messages);
    const result = await runTrial(trial, async () => undefined);
    undisturbed = result.content;
    const { findings, rejects, days, records } = undisturbed;
    expect(result.wrongs).to.deep.equal([]);
    expect(findings).to.equal(log.findings);
    expect([...rejects.values()].reduce((sum, count) => sum + count, 0)).to.equal(log.rejected);
    expect(days).to.include({ protected: log.protected });
    expect(records).to.be.within(log.lines * 0.9, log.lines);
  });

  it('§9.5 that are overtaken say fenced and write nothing more', async () => {
    await ground.useElasticsearch('9.2.0');
    const trial = await openTrial(ground, { seed: 0, data: 'shared' }, log.messages);
    const found: { changed: string[]; actions: unknown[] } = { changed: [], actions: [] };
    const result = await runTrial(trial, async () => {
      const [frozen] = trial.workers;
      const wake = await new Promise<() => void>(stopped => {
        whenWriting(frozen!, trial.prefix, () => {
          frozen!.signal('SIGSTOP');
          return new Promise(go => stopped(() => go('through')));
        });
      });
      await pause(FROZEN_MS);
      await untilStored(trial);
      const before = await everythingOf(trial.prefix);
      wake();
      frozen!.signal('SIGCONT');
      await untilSaid(() => frozen!.hasSaid('fenced'));
      const after = await everythingOf(trial.prefix);
      found.changed = [...new Set([...before.keys(), ...after.keys()])]
        .filter(id => before.get(id) !== after.get(id) && !isIdleEnvelope(id, after))
        .map(id => `${id}: ${before.get(id)} → ${after.get(id)}`);
      found.actions = frozen!.log().map(line => line['event.action']);
    });
    expect(found.actions).to.include('fenced');
    expect(found.changed).to.deep.equal([]);
    expect(result.wrongs).to.deep.equal([]);
    expectSame(result.content);
  });

  it('§9.4 that are killed between pin and content leave a window that others judge by its pin', async () => {
    const trial = await openTrial(ground, { seed: 0, data: 'shared' }, log.messages);
    const result = await runTrial(trial, async () => {
      const [killed] = trial.workers;
      await new Promise<void>(done => {
        whenWriting(killed!, trial.prefix, async () => {
          killed!.signal('SIGKILL');
          done();
          return 'cut';
        });
      });
      // Its session is not over yet: whoever takes the window over judges by the new versions else.
      for (const what of CHANGES) change(trial, what);
      await killed!.exited;
    });
    expect(result.wrongs).to.deep.equal([]);
    const versions = new Set([...result.content.judged.values()].map(judged => judged.versions));
    expect(versions.size).to.be.at.least(2);
    expectSame(withoutVersions(result.content), withoutVersions(undisturbed));
  });

  it('§10.2 that are stopped while the broker is away leave, and stay away', async () => {
    const trial = await openTrial(ground, { seed: 0, data: 'shared' }, log.messages);
    let members: unknown[] = [];
    const result = await runTrial(trial, async () => {
      const [stopped] = trial.workers;
      await ground.killKafka();
      await untilSaid(() => stopped!.hasSaid('source-reconnecting'));
      const left = stopAll(trial, [stopped!]);
      await ground.restartKafka();
      await left;
      await untilStored(trial);
      members = await membersOf(trial.group);
    });
    expect(result.wrongs).to.deep.equal([]);
    expect(members).to.have.length(1);
    expectSame(result.content);
  });

  for (const schedule of schedulesByVersion()) {
    it(`§9 leave what an undisturbed run leaves: ${scheduleText(schedule)}`, async () => {
      await ground.useElasticsearch(schedule.version);
      const trial = await openTrial(ground, schedule, log.messages);
      const result = await runTrial(trial, async () => {
        for (const kind of await meddle(trial, schedule.faults)) kinds.set(kind, kinds.get(kind)! + 1);
      });
      say(schedule, result);
      expect(result.wrongs.slice(0, SHOWN)).to.deep.equal([]);
      if (schedule.isChanging) expectSame(withoutVersions(result.content), withoutVersions(undisturbed));
      else expectSame(result.content);
    });
  }

  function expectSame(found: Content, wanted = undisturbed): void {
    const found20 = differences(found, wanted);
    expect(found20.slice(0, SHOWN), `${found20.length} differences`).to.deep.equal([]);
  }

  async function membersOf(groupId: string): Promise<unknown[]> {
    const admin = ground.kafka.client().admin();
    await admin.connect();
    try {
      return (await admin.describeGroups([groupId])).groups[0]!.members;
    } finally {
      await admin.disconnect();
    }
  }

  /**
   * All that is there, word for word, `event.ingested` too; but for sealed texts: they are written before the pin of their
   * window, so that one may be left over that nothing names, which is deleted when its time is over (§6.4). When lines were
   * rejected is what the last one to write a row says; that may be the one whose request was under way.
   */
  async function everythingOf(prefix: string): Promise<Map<string, string>> {
    const url = ground.elasticsearchUrl();
    await send(url, { method: 'POST', path: `/${prefix}-*/_refresh` });
    const path = `/${prefix}-*,-${prefix}-sealed*/_search?size=10000`;
    const { body } = await send(url, { method: 'GET', path });
    const hits = body.hits.hits as { _index: string; _id: string; _source: Record<string, unknown> }[];
    return new Map(
      hits.map(({ _index, _id, _source }) => {
        const { rejected: _, written: __, ...source } = _source;
        return [`${_index}/${_id}`, JSON.stringify(source)];
      }),
    );
  }
});

/** Does something when what comes of a window is under way, after its pin; that is answered by what it gives. */
function whenWriting(worker: Worker, prefix: string, does: () => Promise<Fate>): void {
  worker.meddling.trap = body => {
    if (!body.includes(`"_index":"${prefix}-findings-`)) return null;
    worker.meddling.trap = null;
    return does();
  };
}

async function untilSaid(isSo: () => boolean): Promise<void> {
  for (let tries = 0; !isSo() && tries < 300; tries++) await pause(100);
}

/** In the order of their servers, so that each is started once. */
function schedulesByVersion(): Schedule[] {
  const drawn = Array.from({ length: SCHEDULES }, (_, n) => drawSchedule(FIRST_SEED + n));
  return drawn.sort((a, b) => b.version.localeCompare(a.version));
}

function say({ seed }: Schedule, { content, windows, told, gaveUp, tookMs, wrongs }: TrialResult): void {
  const of = (action: string) => `${action} ${told[action] ?? 0}`;
  const actions = [
    'fenced',
    'store-waiting',
    'group-rebalancing',
    'source-reconnecting',
    'configuration-reloaded',
  ];
  process.stderr.write(
    `    seed ${seed}: ${(tookMs / 1000).toFixed(0)} s, ${content.findings} findings, ${windows.count()} windows, ${actions.map(of).join(', ')}, given up ${gaveUp}, wrong ${wrongs.length}\n`,
  );
}

/** A sealed envelope that was on its way when the worker was frozen, and that no name points to: nobody can ask for it. */
function isIdleEnvelope(id: string, content: ReadonlyMap<string, string>): boolean {
  const [, envelope] = /-names\/(.+)$/.exec(id) ?? [];
  if (envelope === undefined) return false;
  return ![...content].some(([owner, text]) => owner.includes('-name-ids/') && text.includes(envelope));
}
