// The real thread beside the real loader, on files that are changed under them: what the thread judges by, and what is told.
import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'chai';
import { createHealth } from '../../../src/adapters/telemetry/health.ts';
import { fingerprintOf } from '../../../src/compose/fingerprint.ts';
import { createInForce } from '../../../src/compose/in-force.ts';
import { createPartsLoader } from '../../../src/compose/load-parts.ts';
import { followVersions } from '../../../src/compose/thread/follow-versions.ts';
import { createReadingThread, type ReadingThread } from '../../../src/compose/thread/thread-readers.ts';
import { createVersions, versionsOf } from '../../../src/compose/versions.ts';
import { formatNamed } from '../../../src/format/formats.ts';
import type { Versions } from '../../../src/model/finding.ts';
import type { LineEvent } from '../../../src/pipeline/lane.ts';
import type { Reader } from '../../../src/pipeline/reader.ts';
import { told } from '../../adapters/telemetry/kit.ts';
import { makePlace, type Place, ROOT, removePlaces } from '../../cli/run.ts';
import { CASINO, MONDAY_MS, squidLine } from '../../cli/squid-log.ts';
import { TOWN } from '../../cli/town.ts';

const POLICY = TOWN['config/policy.yaml']!;
/** The exemption of the counsellors goes on. */
const LONGER = POLICY.replace('validThrough: 2025-03-05', 'validThrough: 2027-12-31');
const TESTS_OF_LONGER = 'version: 1\ntests: []\n';

const threads: ReadingThread[] = [];

/** A process that has loaded a place, and one thread that has as well. */
async function begin(place: Place) {
  const data = { flags: {}, env: { ...place.env }, cwd: place.dir, packageRoot: ROOT };
  const loader = createPartsLoader({ ...data, clock: { nowMs: () => MONDAY_MS }, tell() {} });
  const first = await loader.makeParts('keep');
  await first.vault.prepare();
  const seen = told();
  const health = createHealth({ nowMs: () => 0 });
  const versions = createVersions({
    first,
    load: async () => ({ ...(await loader.makeParts('keep')), vault: first.vault }),
    fingerprint: ({ config }) => fingerprintOf(config),
    onLoaded: () => inForce.loaded(),
    onRefused: error => inForce.refused(error),
  });
  const texts: string[] = [];
  const inForce = createInForce({
    ...{ wanted: versions.wanted, telemetry: seen.telemetry, health },
    tell: text => texts.push(text),
  });
  const thread = createReadingThread(data);
  threads.push(thread);
  const clock = { nowMs: 1_000_000 };
  const readers = await followVersions({
    threads: [thread],
    wanted: versions.wanted,
    reload: versions.reload,
    join: judging => inForce.join(judging),
    nowMs: () => clock.nowMs,
    signal: new AbortController().signal,
    beginPauseMs: 10,
  });
  const inNumber = async () => {
    const text = await seen.telemetry.metrics.text();
    return [...text.matchAll(/^granska_configuration_info\{.*policy="(\w+)"/gm)].map(([, policy]) => policy);
  };
  return {
    ...{ versions, readers, texts, thread },
    warnings: () => health.report().warnings,
    /** What is told to judge is what the readers judge by, whatever has happened. */
    async agree() {
      const { policy } = readers.current().versions;
      expect(await inNumber()).to.deep.equal([policy!.slice(0, 12)]);
      const told = seen.lines().filter(line => line['event.action'] === 'configuration-reloaded');
      if (told.length > 0) expect(told.at(-1)!['granska.versions.policy']).to.equal(policy!.slice(0, 12));
      return versionsOf(versions.parts()).policy === policy ? 'new' : 'old';
    },
    /** Windows end, a second apart, until something holds. */
    async windowsUntil(holds: () => boolean) {
      for (let n = 0; n < 400 && !holds(); n++) {
        readers.refresh();
        clock.nowMs += 1_000;
        await pause(10);
      }
      expect(holds()).to.equal(true);
    },
  };
}

/** A week after the shorter exemption ended. */
const LATER_MS = MONDAY_MS + 7 * 86_400_000;
const LINE = { atMs: LATER_MS, url: CASINO, user: 'cecilia', client: '10.20.0.7' };

/** What a reader makes of one line of the counsellor. */
async function judge(reader: Reader) {
  const bytes = Buffer.from(`${squidLine(LINE)}\n`);
  const state = { id: 'a'.repeat(64), source: 's', firstLine: '', ordinal: 0, position: bytes.length };
  const event = {
    kind: 'lines',
    state,
    path: null,
    offset: 0,
    bytes,
    start: 0,
    end: bytes.length,
    marks: [],
  };
  const by = { clockMs: LATER_MS + 60_000, format: formatNamed('squid')! };
  const { batch } = await reader.read(event as unknown as LineEvent, by);
  const [finding] = batch.findings;
  return { verdict: finding!.verdict, carries: finding!.versions as Versions, readers: reader.versions };
}

describe('a reading thread beside its process', function () {
  this.timeout(60_000);
  afterEach(async () => {
    await Promise.all(threads.splice(0).map(thread => thread.close()));
    removePlaces();
  });

  it('§9.4 comes to judge by a change though it met the file half written, and nothing false is told meanwhile', async () => {
    const place = makePlace(TOWN, 'config');
    const worker = await begin(place);
    expect((await judge(worker.readers.current())).verdict).to.equal('examine');
    place.write('config/policy.tests.yaml', TESTS_OF_LONGER);
    place.write('config/policy.yaml', LONGER);
    await worker.versions.reload();
    place.write('config/policy.yaml', 'version: 1\ncategories: [half wri');
    await worker.windowsUntil(() => worker.warnings().length > 0);
    expect(await worker.agree()).to.equal('old');
    // Whole again, and a signal: this process has it already, and the thread has not.
    place.write('config/policy.yaml', LONGER);
    await worker.versions.reload();
    expect(await worker.agree()).to.equal('old');
    expect(worker.warnings()).to.deep.equal(['configuration-refused']);
    await worker.windowsUntil(() => worker.warnings().length === 0);
    expect(await worker.agree()).to.equal('new');
    const { verdict, carries, readers } = await judge(worker.readers.current());
    expect(verdict).to.equal('exempt');
    expect(carries).to.deep.equal(readers);
    expect(carries).to.deep.equal(versionsOf(worker.versions.parts()));
  });

  for (const [what, file, before, after] of [
    ['the directory', 'config/directory.csv', 'disa,,Nämnden,elected', 'disa,,Nämnden,staff'],
    ['a list', 'config/lists/casino/domains', 'casino.example\n', 'casino.example\nbingo.example\n'],
  ] as const) {
    it(`§9.4 never judges by ${what} that its process has not read`, async () => {
      const place = makePlace(TOWN, 'config');
      const worker = await begin(place);
      place.write('config/policy.tests.yaml', TESTS_OF_LONGER);
      place.write('config/policy.yaml', LONGER);
      await worker.versions.reload();
      const wanted = worker.versions.wanted();
      // Between the two loads.
      place.write(file, TOWN[file]!.replace(before, after));
      await worker.windowsUntil(() => worker.versions.wanted() !== wanted);
      expect(await worker.agree()).to.equal('old');
      await worker.windowsUntil(
        () => worker.readers.current().versions.policy === versionsOf(worker.versions.parts()).policy,
      );
      expect(await worker.agree()).to.equal('new');
      const { carries } = await judge(worker.readers.current());
      expect(carries).to.deep.equal(versionsOf(worker.versions.parts()));
    });
  }

  it('§9.4 makes lanes anew from the store that a window still asks for and that were let go', async () => {
    const place = makePlace(TOWN, 'config');
    const log = place.write('access.log', `${squidLine(LINE)}\n`);
    // The store keeps the versions of what it was given.
    expect((await place.run(['scan', log])).code).to.equal(0);
    const worker = await begin(place);
    const left = worker.readers.current();
    place.write('config/policy.tests.yaml', TESTS_OF_LONGER);
    place.write('config/policy.yaml', LONGER);
    await worker.versions.reload();
    await worker.windowsUntil(() => worker.readers.current() !== left);
    worker.readers.refresh();
    const { verdict, carries } = await judge(left);
    expect([verdict, carries]).to.deep.equal(['examine', left.versions]);
    expect((await judge(worker.readers.current())).verdict).to.equal('exempt');
  });

  it('§9.4 begins with what its process has, where a file changes between their first loads', async () => {
    const place = makePlace(TOWN, 'config');
    const data = { flags: {}, env: { ...place.env }, cwd: place.dir, packageRoot: ROOT };
    const loader = createPartsLoader({ ...data, clock: { nowMs: () => MONDAY_MS }, tell() {} });
    const first = await loader.makeParts('keep');
    await first.vault.prepare();
    place.write('config/policy.tests.yaml', TESTS_OF_LONGER);
    place.write('config/policy.yaml', LONGER);
    const versions = createVersions({
      ...{ first, load: () => loader.makeParts('keep'), fingerprint: () => '' },
      ...{ onLoaded() {}, onRefused() {} },
    });
    const pair = [createReadingThread(data), createReadingThread(data)];
    threads.push(...pair);
    const readers = await followVersions({
      ...{
        threads: pair,
        wanted: versions.wanted,
        reload: versions.reload,
        nowMs: () => 0,
        beginPauseMs: 10,
      },
      join: () => ({ takes() {}, refused() {}, leave() {} }),
      signal: new AbortController().signal,
    });
    expect(readers.current().versions).to.deep.equal(versionsOf(versions.parts()));
    expect(versionsOf(versions.parts()).policy).to.not.equal(first.policy.hash);
  });
});
