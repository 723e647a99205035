// The one place that builds adapters and puts the parts together. Only main.ts calls it.
import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { Writable } from 'node:stream';
import { createFileAudit } from './adapters/audit/file-audit.ts';
import { createTextHider } from './adapters/audit/hide-text.ts';
import { osAccount } from './adapters/audit/os-account.ts';
import { openCachedImage } from './adapters/lists/cached-image.ts';
import { compileFolders } from './adapters/lists/compile-folders.ts';
import { loadImageFile } from './adapters/lists/image-file.ts';
import { addOverride, hasOverride } from './adapters/lists/override-files.ts';
import { verifyText } from './adapters/people/ed25519.ts';
import { createFileSource } from './adapters/source/file.ts';
import { checkKeys } from './adapters/vault/check-keys.ts';
import { createFileVault, KEY_PLACES } from './adapters/vault/file-vault.ts';
import type { Image } from './category/image.ts';
import type { App, Checked, Installation, ScheduleRequest } from './cli/app.ts';
import { composeDecider } from './compose/decider.ts';
import { openDeliveries } from './compose/deliveries.ts';
import { decideExemption, readExemptions } from './compose/exemptions.ts';
import { holdHangups } from './compose/hold-hangups.ts';
import { type Chain, composeChain, type Parts } from './compose/installation.ts';
import { createPartsLoader, type LoaderOptions } from './compose/load-parts.ts';
import { openDeskStore, openReadStore, openWriteStore, SEALED_FOLDER } from './compose/open-store.ts';
import {
  composeOpenName,
  composeOwnership,
  composePeople,
  composePersonKey,
  composeSigning,
} from './compose/people.ts';
import { composeOpenedJudging, composeRejudge } from './compose/rejudge.ts';
import { composeReportGround } from './compose/report-ground.ts';
import { composeDeadLettersRetry, composeRejectsRetry } from './compose/retry.ts';
import { composeScan } from './compose/scan.ts';
import { composeStoreCare } from './compose/store-care.ts';
import { composeSurroundings } from './compose/surroundings.ts';
import { trialWarning } from './config/check-live.ts';
import type { Config } from './config/config.ts';
import { type Instead, loadConfig, requireConfig } from './config/load.ts';
import { shownPath } from './config/locate.ts';
import type { Problem } from './config/problem.ts';
import type { WakeOutcome } from './pipeline/schedule-runner.ts';
import type { Policy } from './policy/policy.ts';

export interface ComposeOptions extends LoaderOptions {
  /** Where the log of a worker goes. */
  stderr: Writable & { fd?: number };
  /** Account that is at work; that of the operating system unless given. Nothing that a user types or sets decides it. */
  account?: string;
}

/** Makes what the commands ask for; nothing is opened before it is asked for. */
export function compose(options: ComposeOptions): App {
  const { clock, tell, account = osAccount() } = options;

  const { load, openVault, makeParts } = createPartsLoader(options);

  /** Read once: a command that asks twice gets the same configuration, and each warning is told once. */
  let made: { lists: 'keep' | 'look'; parts: Promise<Parts> } | null = null;

  function parts(lists: 'keep' | 'look'): Promise<Parts> {
    if (made === null || (made.lists === 'look' && lists === 'keep'))
      made = { lists, parts: makeParts(lists) };
    return made.parts;
  }

  /** Puts the stages together once, when a record is first asked about: marking the lists takes a while. */
  const chains = new WeakMap<Parts, Chain>();

  function chainOf(parts: Parts): Chain {
    const known = chains.get(parts);
    if (known !== undefined) return known;
    const chain = composeChain(parts);
    chains.set(parts, chain);
    return chain;
  }

  async function installation(lists: 'keep' | 'look'): Promise<Installation> {
    const made = await parts(lists);
    const { image, policy, opened } = made;
    return {
      config: made.config,
      policy,
      zone: made.config.zone,
      versions: { lists: image.version, policy: policy.hash, directory: opened.hash },
      isWithoutDirectory: opened.directory === null,
      isWithoutEntries: isEmpty(image, policy),
      image,
      judge: record => chainOf(made).judge.judge(record),
      userId(tenant, name, startMs) {
        const { pseudonyms } = chainOf(made);
        return pseudonyms.isEpochOpen(startMs) ? pseudonyms.user(tenant, name, startMs) : null;
      },
    };
  }

  async function config(): Promise<Config> {
    const loaded = await loadConfig({ ...options });
    if (loaded.config !== null) return loaded.config;
    return requireConfig(loaded).config;
  }

  async function check(): Promise<Checked> {
    const { config: read, policy, opened, tests, problems } = await load();
    const people = opened?.content?.namesUsers === true ? opened.content.users : null;
    const none = { policy: null, judge: null, people };
    if (read === null) return { config: null, problems, tests: null, ...none };
    const all = [...problems, ...checkKeys(read.keysDir, read.dataDir)];
    if (policy === null || opened === null) return { config: read, problems: all, tests, ...none };
    const { listDirs, overridesDir, dataDir } = read;
    const image = openCachedImage({ listDirs, overridesDir, dataDir, mode: 'look' });
    if (isEmpty(image, policy)) all.push(emptyLists(shownPath(read.file, options.cwd)));
    if (policy.live === null) all.push(trialWarning(shownPath(read.policyFile, options.cwd)));
    const vault = openVault(read);
    const { judge } = composeChain({ config: read, policy, opened, image, vault, clock });
    return { config: read, problems: all, tests, policy, judge: record => judge.judge(record), people };
  }

  async function schedule(request: ScheduleRequest): Promise<WakeOutcome> {
    const { composeSchedule } = await import('./compose/schedule.ts');
    const readPlans = async () => requireConfig(await load());
    return composeSchedule(request, {
      ...{ readPlans, makeParts: () => makeParts('look'), chainOf, clock, account },
    });
  }

  return {
    clock,
    packageRoot: options.packageRoot,
    installation,
    config,
    check,
    async openStore() {
      return openReadStore(await config());
    },
    async openDesk() {
      return openDeskStore(await config());
    },
    async storeCare() {
      return composeStoreCare(await config(), path => shownPath(path, options.cwd));
    },
    async openAudit() {
      const { dataDir } = await config();
      return createFileAudit({ dataDir, actor: account, nowMs: () => clock.nowMs() });
    },
    exemptions: async () => readExemptions(await config(), { load, clock, cwd: options.cwd }),
    decide: async make => decideExemption(make, await config(), { load, clock, cwd: options.cwd }),
    async deliveries() {
      return openDeliveries(await config(), { clock, shown: path => shownPath(path, options.cwd) });
    },
    people: () => composePeople(load),
    async signing() {
      return composeSigning(await composePeople(load), { config: await config(), account, clock });
    },
    async ownership() {
      const made = await parts('look');
      return composeOwnership(made.config, chainOf(made).pseudonyms);
    },
    async openName(identity) {
      return composeOpenName(identity, await config());
    },
    async makePersonKey(id) {
      const { file, publicKey } = composePersonKey(id, await config());
      return { file: shownPath(file, options.cwd), publicKey };
    },
    async beginReview(desk, request) {
      const made = await parts('look');
      const { beginReview } = await import('./compose/reviews.ts');
      return beginReview(request, { parts: made, chain: chainOf(made), desk, account });
    },
    isSignedText: verifyText,
    async decider() {
      return { ...composeDecider(await parts('look')), account };
    },
    async overridesPlace() {
      const { overridesDir: folder } = await config();
      if (folder === null) return null;
      return {
        has: override => hasOverride(folder, override),
        add: (override, remark) => addOverride(folder, override, remark),
      };
    },
    readFiles: files =>
      createFileSource({ files, source: 'default', known: null, mode: 'anew', takeHalfLine: true }),
    async scan(request) {
      const made = await parts('keep');
      await made.vault.prepare();
      const opened = await openWriteStore(made.config, {
        seal: plain => made.vault.seal(plain),
        signal: request.signal,
        patience: 'bounded',
      });
      try {
        return await composeScan(request, { parts: made, chain: chainOf(made) }, opened);
      } finally {
        await opened.store.close();
      }
    },
    async run(asked) {
      // Before anything is read: a file may change, and a signal say so, once it was.
      const { onHangup } = holdHangups(asked.onHangup);
      const request = { ...asked, onHangup };
      const first = await parts('keep');
      await first.vault.prepare();
      const { createTelemetry } = await import('./adapters/telemetry/telemetry.ts');
      const { composeRun } = await import('./compose/run.ts');
      const { level, format } = first.config.log;
      const telemetry = createTelemetry({
        ...{ level, format, stream: options.stderr },
        nowMs: () => clock.nowMs(),
      });
      const { flags, env, cwd, packageRoot } = options;
      const run = () =>
        composeRun(request, {
          ...{ first, chainOf, telemetry, tell, load: () => makeParts('keep') },
          places: { flags, env: { ...env }, cwd, packageRoot },
        });
      if (first.config.run.schedule === 'off') return run();
      const { runWithSchedule } = await import('./compose/run-with-schedule.ts');
      return runWithSchedule(request, { run, schedule, telemetry });
    },
    plans: async () => requireConfig(await load()).plans,
    schedule,
    compileLists: (paths, out, overridesDir) => compileFolders(paths, { out, overridesDir }),
    loadImage: loadImageFile,
    async makeKeys(keysDir) {
      await createFileVault({ keysDir, dataDir: `${keysDir}-none`, nowMs: () => clock.nowMs() }).prepare();
    },
    async textHider() {
      return createTextHider(openVault(await config()).auditKey());
    },
    async sealedPlaces() {
      const { dataDir, keysDir, store } = await config();
      const shown = (path: string) => shownPath(path, options.cwd);
      const privateKey = shown(join(keysDir, KEY_PLACES.identity));
      switch (store.kind) {
        case 'sqlite':
          return { kind: 'files', place: shown(join(dataDir, SEALED_FOLDER)), privateKey };
        case 'elasticsearch':
          return { kind: 'index', place: `index ${store.prefix}-sealed of Elasticsearch`, privateKey };
        default:
          return store satisfies never;
      }
    },
    async reportGround() {
      return composeReportGround(await parts('look'));
    },
    async surroundings() {
      const made = await parts('look');
      return composeSurroundings(made, chainOf(made));
    },
    async retryRejects(request) {
      const made = await parts('keep');
      return composeRejectsRetry(request, { parts: made, chain: chainOf(made) });
    },
    async retryDeadLetters(request) {
      return composeDeadLettersRetry(request, await parts('look'));
    },
    async rejudge(request) {
      const installed = await parts(request.apply === null ? 'look' : 'keep');
      const read = (instead: Instead) => createPartsLoader({ ...options, instead }).makeParts('look');
      return composeRejudge(request, { installed, read, cwd: options.cwd });
    },
    async openJudging(store) {
      return composeOpenedJudging(store, await parts('look'));
    },
    async renderPdf(page) {
      const { pagePdf } = await import('./adapters/pdf/page-pdf.ts');
      return pagePdf(page);
    },
    sizeOf(files) {
      let total = 0;
      for (const file of files) {
        const bytes = /\.(gz|zst)$/.test(file) ? null : plainSizeOf(file);
        if (bytes === null) return null;
        total += bytes;
      }
      return total;
    },
  };
}

/** Says whether no list that a category is fed from holds an entry: then nothing can be found. */
function isEmpty(image: Image, policy: Policy): boolean {
  return !image.lists.some(list => list.entries > 0 && policy.categoriesOf(list.name).length > 0);
}

function emptyLists(file: string): Problem {
  return {
    ...{ file, line: 0, column: 0, key: 'lists', severity: 'warning' },
    message: 'the lists that feed the categories hold no entry: nothing can be found',
    hint: 'put lists into their folders; docs/guide/lists.md tells how',
  };
}

/** Tells how long a plain file is; null where it cannot be told: the source says why, when its turn comes. */
function plainSizeOf(file: string): number | null {
  try {
    const found = statSync(file);
    return found.isFile() ? found.size : null;
  } catch {
    return null;
  }
}
