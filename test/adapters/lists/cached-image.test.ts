import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { expect } from 'chai';
import { openCachedImage, openImageVersion } from '../../../src/adapters/lists/cached-image.ts';
import { GranskaError } from '../../../src/errors.ts';

describe('list images that are kept', () => {
  let root = '';
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'granska-images-'));
    mkdirSync(join(root, 'lists', 'casino'), { recursive: true });
  });
  afterEach(() => rmSync(root, { recursive: true }));

  const dataDir = () => join(root, 'data');
  const imageOf = (domains: string) => {
    writeFileSync(join(root, 'lists', 'casino', 'domains'), domains);
    return openCachedImage({ listDirs: [join(root, 'lists')], dataDir: dataDir(), mode: 'keep' });
  };

  it('§5.7 are opened by version after the lists have changed', () => {
    const earlier = imageOf('casino.example\n');
    const later = imageOf('betting.example\nodds.example\n');
    expect(later.version).not.to.equal(earlier.version);
    for (const { version, entries } of [earlier, later]) {
      expect(openImageVersion({ dataDir: dataDir(), hash: version })).to.include({ version, entries });
    }
  });

  it('are made by workers that share a data folder and start together, and each has the image', async () => {
    writeFileSync(join(root, 'lists', 'casino', 'domains'), 'casino.example\n');
    const [threads, rounds] = [4, 25];
    const gate = new Int32Array(new SharedArrayBuffer(4));
    const workerData = { listDirs: [join(root, 'lists')], dataDir: dataDir(), gate, threads, rounds };
    const file = new URL('./open-together.ts', import.meta.url);
    const running = Array.from({ length: threads }, () => new Worker(file, { workerData }));
    const versions = await Promise.all(
      running.map(
        thread =>
          new Promise<string[]>((resolve, reject) => {
            thread.once('message', resolve);
            thread.once('error', reject);
          }),
      ),
    );
    expect(new Set(versions.flat()).size).to.equal(1);
    expect(versions.flat()).to.have.length(threads * rounds);
    for (let round = 0; round < rounds; round++) {
      const left = readdirSync(join(`${dataDir()}-${round}`, 'lists')).filter(name => name.endsWith('.tmp'));
      expect(left).to.deep.equal([]);
    }
  });

  it('are null where the version is not there, and where what is asked for is no hash', () => {
    const { version } = imageOf('casino.example\n');
    copyFileSync(join(dataDir(), 'lists', `${version}.image`), join(dataDir(), 'x.image'));
    for (const hash of ['f'.repeat(64), '../x', '', version.slice(0, 12)]) {
      expect(openImageVersion({ dataDir: dataDir(), hash }), hash).to.equal(null);
    }
  });

  it('are refused where a file holds another version than its name says', () => {
    const { version } = imageOf('casino.example\n');
    const other = 'a'.repeat(64);
    copyFileSync(join(dataDir(), 'lists', `${version}.image`), join(dataDir(), 'lists', `${other}.image`));
    expect(() => openImageVersion({ dataDir: dataDir(), hash: other }))
      .to.throw(GranskaError)
      .with.property('code', 'DAMAGED');
  });
});
