// A worker in a thread of its own: writes batches of 50 findings, from id 10,000 on, and says when the first is there.
import { parentPort, workerData } from 'node:worker_threads';
import { createSqliteStore } from '../../../src/adapters/store/sqlite/sqlite-store.ts';
import { aBatch } from '../../contract/store.ts';
import { aFinding, idOf } from '../../finding/arbitrary.ts';

const { path, batches } = workerData as { path: string; batches: number };
const store = createSqliteStore({ path, mode: 'write' });
for (let batch = 0; batch < batches; batch++) {
  const findings = Array.from({ length: 50 }, (_, n) => {
    const no = 10_000 + batch * 50 + n;
    return aFinding({ id: idOf(no), offset: no, path: `log ${batch}`, verdict: 'examine' });
  });
  await store.write(aBatch({ findings }));
  if (batch === 0) parentPort!.postMessage('begun');
}
await store.close();
