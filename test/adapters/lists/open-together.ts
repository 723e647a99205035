// A thread that opens an image as others do at the same moment, each round in another data folder; for cached-image.test.ts.
import { parentPort, workerData } from 'node:worker_threads';
import { openCachedImage } from '../../../src/adapters/lists/cached-image.ts';

const { listDirs, dataDir, gate, threads, rounds } = workerData as {
  listDirs: string[];
  dataDir: string;
  gate: Int32Array;
  threads: number;
  rounds: number;
};
const versions: string[] = [];
for (let round = 0; round < rounds; round++) {
  Atomics.add(gate, 0, 1);
  // Whoever has failed does not come: then the others go on after a while.
  const lastMs = performance.now() + 2_000;
  while (Atomics.load(gate, 0) < (round + 1) * threads && performance.now() < lastMs);
  versions.push(openCachedImage({ listDirs, dataDir: `${dataDir}-${round}`, mode: 'keep' }).version);
}
parentPort!.postMessage(versions);
