// Leases change all day: a worker that runs takes them up, though no version changes by it.
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { endWorkers, startWorker } from '../engines/run/worker.ts';
import { makePlace, type Place, readNdjson, removePlaces } from './run.ts';
import { CASINO, MONDAY_MS, squidLine } from './squid-log.ts';
import { TOWN } from './town.ts';

const SETTINGS = `${TOWN['config/granska.yaml']}intervals: [leases.csv]
sources: [{ name: proxy, kind: files, paths: [../log/access.log], format: squid }]
run: { listen: "127.0.0.1:0", flushSeconds: 1, reloadSeconds: 0 }
log: { level: debug }
`;
const LEASES = 'user,client,start,end\nbo,10.20.0.7,2025-03-03T08:00,2025-03-03T12:00\n';

describe('leases while a worker runs', function () {
  this.timeout(120_000);
  let place: Place;
  afterEach(async () => {
    await endWorkers();
    removePlaces();
  });

  it('§3.2 §9.4 are taken up; what was stored before keeps whom it was about', async () => {
    place = makePlace({ ...TOWN, 'config/granska.yaml': SETTINGS, 'config/leases.csv': LEASES }, 'config');
    const line = (client: string, n: number) =>
      `${squidLine({ url: CASINO, client, atMs: MONDAY_MS + n * 60_000 })}\n`;
    place.write('log/access.log', line('10.20.0.7', 1) + line('10.20.0.8', 2));
    const worker = startWorker(place);
    await worker.untilStored(2);
    place.write('config/leases.csv', `${LEASES}cecilia,10.20.0.8,2025-03-03T08:00,2025-03-03T12:00\n`);
    worker.signal('SIGHUP');
    await worker.until('configuration-reloaded');
    appendFileSync(join(place.dir, 'log/access.log'), line('10.20.0.7', 3) + line('10.20.0.8', 4));
    await worker.untilStored(4);
    await worker.end('SIGTERM');
    const found = readNdjson((await place.run(['search', '', '--sort', 'start'])).stdout);
    const known = found
      .sort((a, b) => a['@timestamp'].localeCompare(b['@timestamp']))
      .map(({ granska }) => [granska.confidence, granska.department, granska.verdict].join(' '));
    expect(known).to.deep.equal([
      'lease Bygg examine',
      'none Bygg examine',
      'lease Bygg examine',
      'lease Social exempt',
    ]);
    expect(new Set(found.map(({ granska }) => granska.versions.directory)).size).to.equal(1);
  });
});
