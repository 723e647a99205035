// §3.6 §6.2 §6.4: what is followed by `granska run` into the embedded store leaks nowhere: not into its log (both kinds,
// every level), its numbers and signs of life, its data folder with journals, nor by mistakes, damage, crash and kill.
import { appendFileSync, mkdirSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { makePlace, type Place, readNdjson, removePlaces } from '../cli/run.ts';
import { MONDAY_MS, squidLine } from '../cli/squid-log.ts';
import { TOWN } from '../cli/town.ts';
import { endWorkers, startWorker } from '../engines/run/worker.ts';
import { findBytes, findEncoded, findTexts } from './find-bytes.ts';
import {
  brokenLog,
  CONFIG,
  combinedLog,
  HOST_MARKERS,
  MARKERS,
  NAME,
  nativeLog,
  PASSWORD,
  V4,
} from './leak-material.ts';
import { mistaken } from './leak-mistakes.ts';
import { openSealed } from './open-sealed.ts';

const SOURCES = `sources:
  - { name: native, kind: files, paths: ["../log/native*"], format: squid }
  - { name: broken, kind: files, paths: ["../log/broken*"], format: squid }
  - { name: combined, kind: files, paths: ["../log/combined*"], format: auto }
`;

const settings = (format: 'json' | 'text', listen: string) =>
  `${TOWN['config/granska.yaml']}${SOURCES}run: { listen: ${listen}, flushSeconds: 1, reloadSeconds: 0 }\nlog: { level: debug, format: ${format} }\n`;

const SOUND: Readonly<Record<string, string>> = {
  ...CONFIG,
  'config/granska.yaml': settings('json', '"127.0.0.1:0"'),
};

/** How far a journal has grown only while findings are written. */
const JOURNAL_BYTES = 200_000;

describe('nothing leaks from followed files:', function () {
  this.timeout(240_000);
  let place: Place;
  afterEach(async () => {
    await endWorkers();
    removePlaces();
  });

  it('§3.6 §6.2 §6.4 log, numbers, signs of life, data folder and journals hold no marker, nor do sealed texts a protected host', async () => {
    place = makePlace(SOUND, 'config');
    const log = (name: string) => join(place.dir, 'log', name);
    const [native, broken, combined] = [nativeLog(), brokenLog(), combinedLog()];
    place.write('log/native.log', native);
    place.write('log/broken.log', broken);
    // Half a stream, as a disk that was full leaves it.
    place.write('log/combined.1.gz', gzipSync(combined).subarray(0, 2_000));
    place.write('log/combined.log', combined);
    const said: string[] = [];
    const lines = [native, broken, combined].join('').split('\n').length - 1;

    const worker = startWorker(place);
    await worker.untilStored(lines);
    await worker.until('file-unfinished');
    renameSync(log('native.log'), log('native.log.1'));
    writeFileSync(log('native.log'), brokenLog());
    await worker.until('file-rotated');
    writeFileSync(log('broken.log'), '');
    await worker.until('file-shrunk');

    const mistakes = mistaken(SOUND);
    for (const [file, content] of mistakes) {
      place.write(file, content);
      worker.signal('SIGHUP');
      await worker.until('configuration-refused');
      place.write(file, SOUND[file]!);
    }
    await worker.untilReady(['configuration-refused']);
    for (const path of ['/metrics', '/readyz', '/healthz']) said.push((await worker.ask(path)).text);

    const journal = join(place.dataDir, 'granska.db-wal');
    const from = sizeOf(journal);
    appendFileSync(log('combined.log'), combined.repeat(6));
    while (Math.abs(sizeOf(journal) - from) < JOURNAL_BYTES) await pause(1);
    said.push((await worker.end('SIGKILL')).stderr);
    expect(sizeOf(journal)).to.be.greaterThan(0);
    expect(worker.told().split('what was in force before stays')).to.have.length(mistakes.length + 1);
    expect(findBytes(place.dataDir, MARKERS)).to.deep.equal([]);

    place.write('config/granska.yaml', settings('text', 'off'));
    const again = await place.run(['run', '--once']);
    expect(again.code, again.stderr).to.be.oneOf([0, 4]);
    expect(again.stderr).to.contain('window-written');
    said.push(again.stderr, again.stdout);
    expect(findBytes(place.dataDir, MARKERS)).to.deep.equal([]);
    for (const text of said) expect(findEncoded(text, MARKERS)).to.deep.equal([]);

    // The markers did go in, and names and rejected lines lie under seal: but for protected hosts and passwords.
    const found = readNdjson((await place.run(['search', '--limit', '100000'])).stdout);
    expect(found.length).to.be.greaterThan(500);
    expect(findEncoded(JSON.stringify(found), MARKERS)).to.deep.equal([]);
    const opened = await openSealed(place);
    expect(findTexts(opened.names, MARKERS)).to.include(NAME);
    expect(findEncoded(opened.rejects, [NAME, V4])).to.deep.equal([NAME, V4]);
    expect(findEncoded(opened.names + opened.rejects, [...HOST_MARKERS, PASSWORD])).to.deep.equal([]);

    // The search itself sees what is there.
    expect(findBytes(place.dataDir, ['casino.example'])).to.not.deep.equal([]);
    expect(said.flatMap(text => findTexts(text, ['granska_lines_total', 'window-written']))).to.not.be.empty;
    mkdirSync(join(place.dataDir, 'planted'));
    writeFileSync(join(place.dataDir, 'planted', 'file'), `\0${NAME}\0`);
    expect(findBytes(place.dataDir, MARKERS)).to.have.length(1);
    expect(findEncoded(`x ${Buffer.from(`to ${NAME}`).toString('base64')} y`, MARKERS)).to.deep.equal([NAME]);
  });

  it('§3.6 an error of the program itself is told by its place, never by words that can quote a line', async () => {
    const text = `${squidLine({ user: NAME, client: V4, atMs: MONDAY_MS })}\n`;
    place = makePlace(
      { ...CONFIG, 'config/granska.yaml': settings('json', 'off'), 'log/native.log': text },
      'config',
    );
    // It stands for whatever of the platform refuses a value and quotes it, where it is called or later.
    for (const how of ['throw error;', 'setImmediate(() => { throw error; });']) {
      const preload = place.write(
        'quote.mjs',
        `const normalize = String.prototype.normalize;
         String.prototype.normalize = function (form) {
           if (this.includes('${NAME}') && /pipeline/.test(new Error().stack)) {
             const error = new TypeError('Received ' + this + '\\n    at ' + this);
             ${how}
           }
           return normalize.call(this, form);
         };\n`,
      );
      const ran = await place.run(['run', '--once'], { env: { NODE_OPTIONS: `--import=${preload}` } });
      expect(ran.code, ran.stderr).to.equal(70);
      expect(ran.stderr)
        .to.contain('an error of the program itself')
        .and.match(/\n {4}at .*pipeline/);
      expect(findTexts(ran.stderr, MARKERS)).to.deep.equal([]);
    }
  });
});

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
