// Rejudging in a real Elasticsearch: the same diff, the same later judgements and the same new findings as in the embedded
// store, which is held to a scan of the same log (test/compose/rejudge.test.ts).
import { join } from 'node:path';
import { expect } from 'chai';
import type { Finding } from '../../src/model/finding.ts';
import {
  type Archive,
  asking,
  createArchive,
  findingsOf,
  monthOf,
  scan,
  townOf,
} from '../compose/rejudge-support.ts';
import type { Elasticsearch } from './elasticsearch.ts';
import { removeStore, send } from './send.ts';
import { startFor } from './start-for.ts';

const PREFIX = 'rejudge';
const APPLY = { reason: 'PN 2025/7' };

describe('rejudging in Elasticsearch', () => {
  let server: Elasticsearch;
  let archive: Archive;

  before(async function () {
    server = await startFor(this, { version: '9.2.0' });
  });
  after(() => server?.stop());
  beforeEach(() => {
    archive = createArchive();
  });
  afterEach(async () => {
    archive.close();
    await removeStore(server.url, PREFIX);
  });

  /** Writes one configuration of the town for each of the stores. */
  function write(seed: number, kind: 'first' | 'second'): void {
    const files = townOf(seed, kind);
    const store = `store: { kind: elasticsearch, url: "${server.url}", prefix: ${PREFIX} }\n`;
    archive.write(`embedded-${kind}`, files);
    archive.write(`cluster-${kind}`, { ...files, 'granska.yaml': `${files['granska.yaml']}${store}` });
  }

  const appOf = (store: 'embedded' | 'cluster', kind: 'first' | 'second') =>
    archive.app(`${store}-${kind}`, store);
  const said = async (store: 'embedded' | 'cluster') => {
    const found = [...(await findingsOf(appOf(store, 'second'))).values()];
    return found
      .map(({ ingestedMs: _, ...finding }: Finding) => finding)
      .sort((a, b) => (a.id < b.id ? -1 : 1));
  };

  for (const seed of [4, 5]) {
    it(`§5.8 comes to the same as in the embedded store, and a second time to nothing (${seed})`, async () => {
      write(seed, 'first');
      write(seed, 'second');
      const log = join(archive.write('logs', { 'access.log': monthOf(seed, 400) }), 'access.log');
      for (const store of ['embedded', 'cluster'] as const) await scan(appOf(store, 'first'), log);
      // A cluster finds what others wrote after a second at the latest; here nobody waits for it.
      await send(server.url, { method: 'POST', path: '/_refresh' });
      const expected = await appOf('embedded', 'second').rejudge(asking({ apply: APPLY }));
      const looked = await appOf('cluster', 'second').rejudge(asking());
      expect(looked.diff).to.deep.equal(expected.diff);
      expect(looked.diff.total.new * looked.diff.total.gone * looked.diff.total.changed).to.be.greaterThan(0);
      const applied = await appOf('cluster', 'second').rejudge(asking({ apply: APPLY }));
      expect(applied).to.deep.equal(expected);
      expect(await said('cluster')).to.deep.equal(await said('embedded'));
      const again = await appOf('cluster', 'second').rejudge(asking({ apply: APPLY }));
      expect(again.applied).to.deep.equal({ revised: 0, added: 0, known: 0, overtaken: [] });
    });
  }
});
