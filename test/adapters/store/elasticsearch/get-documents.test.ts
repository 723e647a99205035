import { expect } from 'chai';
import type { Connection } from '../../../../src/adapters/store/elasticsearch/connection.ts';
import { createCumulativeCounts } from '../../../../src/adapters/store/elasticsearch/cumulative-counts.ts';
import { createFence } from '../../../../src/adapters/store/elasticsearch/fence.ts';
import { createNoFreshness } from '../../../../src/adapters/store/elasticsearch/freshness.ts';
import { getDocument, getDocuments } from '../../../../src/adapters/store/elasticsearch/get-documents.ts';
import { createIndexNames } from '../../../../src/adapters/store/elasticsearch/index-names.ts';
import { createStoreReader } from '../../../../src/adapters/store/elasticsearch/read-store.ts';
import { createSearcher } from '../../../../src/adapters/store/elasticsearch/search.ts';
import { createStandingFindings } from '../../../../src/adapters/store/elasticsearch/standing-findings.ts';
import { aWindow } from '../../../contract/window-store.ts';
import { failureOf } from '../../../failure-of.ts';
import { idOf } from '../../../finding/arbitrary.ts';
import { type Answer, asElasticsearch, asProxy, scriptConnections } from './scripted-server.ts';

const INDEX = 'granska-streams';
const ID = 'a'.repeat(64);
const USAGE = {
  tenant: 'kommun',
  hourMs: 0,
  department: '',
  records: 5,
  bytes: 9,
  denied: 1,
  tunnels: 2,
  named: 3,
};
const QUICK = { tries: 4, firstMs: 1, maxMs: 2 };

describe('documents of Elasticsearch by their ids', () => {
  const { connect, server, waits } = scriptConnections(QUICK);
  const told = (type: string, index = INDEX, id = ID) =>
    asElasticsearch(200, { docs: [{ _index: index, _id: id, error: { type, reason: 'of anna.berg' } }] });
  const starting = (index: string, id: string) => told('no_shard_available_action_exception', index, id);
  const found = (index: string, id: string, source: object) =>
    asElasticsearch(200, {
      docs: [
        { _index: index, _id: id, _version: 3, _seq_no: 1, _primary_term: 1, found: true, _source: source },
      ],
    });

  it('§9.7 waits for a server that answers 200 and has not opened the index yet', async () => {
    const connection = await connect(starting(INDEX, ID), starting(INDEX, ID), found(INDEX, ID, { n: 1 }));
    expect(await getDocuments(connection, INDEX, [ID])).to.deep.equal([{ n: 1 }]);
    expect(waits).to.deep.equal(Array(2).fill('no_shard_available_action_exception'));
  });

  it('§9.5 takes no stream, count, finding or name for missing while the server starts', async () => {
    const names = createIndexNames('granska');
    const month = 'granska-findings-forbidden-2026.10';
    const hits = asElasticsearch(200, { hits: { total: 1, hits: [{ _index: month, _id: idOf(1) }] } });
    const written = asElasticsearch(200, {
      items: [{ index: { status: 200, _seq_no: 2, _primary_term: 1 } }],
    });
    const missing = (index: string) =>
      asElasticsearch(200, { docs: [{ _index: index, _id: 'x', found: false }] });
    const common = (connection: Connection) => ({
      connection,
      names,
      searcher: createSearcher(connection, 10),
      freshness: createNoFreshness(),
    });
    const readers: Record<string, { answers: Answer[]; read(connection: Connection): Promise<unknown> }> = {
      stream: {
        answers: [starting(INDEX, ID), found(INDEX, ID, { id: ID, position: 7 }), written],
        read: connection => createFence(connection, INDEX).takeOver([ID]),
      },
      count: {
        answers: [starting('granska-usage', 'x'), missing('granska-usage')],
        read: connection => createCumulativeCounts(connection, names).prepare([aWindow({ usage: [USAGE] })]),
      },
      finding: {
        answers: [hits, starting(month, idOf(1)), missing(month)],
        read: connection => createStandingFindings(common(connection)).find([idOf(1)]),
      },
      name: {
        answers: [starting('granska-name-ids', 'x'), missing('granska-name-ids')],
        read: connection => createStoreReader(common(connection)).knownNames(['x']),
      },
    };
    for (const [what, { answers, read }] of Object.entries(readers)) {
      waits.length = 0;
      await read(await connect(...answers));
      expect(waits, what).to.deep.equal(['no_shard_available_action_exception']);
      expect(server().asked.length, what).to.equal(answers.length);
      server().close();
    }
  });

  it('says what the cluster lacks where it never opens the index, and nothing of the document', async () => {
    const connection = await connect(starting(INDEX, ID));
    const refusal = await failureOf(getDocuments(connection, INDEX, [ID]));
    expect(refusal.message).to.equal(
      `Elasticsearch cannot read ${INDEX} now: no_shard_available_action_exception`,
    );
    expect(refusal.hint).to.contain('not opened the index yet');
    expect(refusal.cause).to.equal(undefined);
    expect(waits.length).to.equal(QUICK.tries - 1);
  });

  it('does not wait for an index that was removed or closed, nor for a right that is not given', async () => {
    const cases = { index_not_found_exception: 404, index_closed_exception: 400, security_exception: 403 };
    for (const [type, status] of Object.entries(cases)) {
      const connection = await connect(told(type));
      const refusal = await failureOf(getDocuments(connection, INDEX, [ID]));
      expect(refusal.message).to.equal(`Elasticsearch refused a request on ${INDEX}: ${type} (${status})`);
      server().close();
    }
    expect(waits).to.deep.equal([]);
  });

  it('asks again where an answer holds fewer documents than were asked for', async () => {
    const connection = await connect(
      asElasticsearch(200, {}),
      asElasticsearch(200, { docs: [] }),
      found(INDEX, ID, {}),
    );
    expect(await getDocuments(connection, INDEX, [ID])).to.deep.equal([{}]);
    expect(waits).to.deep.equal(['unanswered', 'unanswered']);
  });

  it('takes a document for missing only where Elasticsearch itself says so', async () => {
    const missing = asElasticsearch(404, { _index: INDEX, _id: ID, found: false });
    const connection = await connect(asProxy(404), asElasticsearch(200, {}), missing);
    expect(await getDocument(connection, INDEX, ID)).to.equal(null);
    expect(waits).to.deep.equal(['unanswered', 'unanswered']);
    server().close();
    const noIndex = asElasticsearch(404, { error: { type: 'index_not_found_exception' }, status: 404 });
    expect(await getDocument(await connect(noIndex), INDEX, ID)).to.equal(null);
  });
});
