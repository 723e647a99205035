import { expect } from 'chai';
import { type BulkAction, createBulk } from '../../../../src/adapters/store/elasticsearch/bulk.ts';
import { createFence } from '../../../../src/adapters/store/elasticsearch/fence.ts';
import { createSearcher } from '../../../../src/adapters/store/elasticsearch/search.ts';
import { failureOf } from '../../../failure-of.ts';
import { type Answer, asElasticsearch, asProxy, scriptConnections } from './scripted-server.ts';

const INDEX = 'granska-findings-questionable-2026.10';
const QUICK = { tries: 3, firstMs: 1, maxMs: 2 };

describe('many documents to Elasticsearch through a proxy', () => {
  const { connect, server, waits } = scriptConnections(QUICK);
  const bodies = () => server().asked.map(({ body }) => body);

  it('sends in halves what a proxy finds too long, and each document once', async () => {
    const bulk = createBulk(await connect(takingAtMost(250_000)));
    const { statuses, refusals } = await bulk(someActions(30, 50_000));
    expect([...statuses]).to.deep.equal(Array(30).fill(201));
    expect(refusals).to.deep.equal([]);
    const taken = bodies().filter(body => body.length <= 250_000);
    expect(taken.flatMap(idsOf).sort()).to.deep.equal(someActions(30, 50_000).map(({ id }) => id));
  });

  it('remembers how long a request may be: what follows is not refused again', async () => {
    const bulk = createBulk(await connect(takingAtMost(1 << 20)), { concurrency: 1 });
    await bulk(someActions(40, 50_000));
    const first = bodies().filter(body => body.length > 1 << 20).length;
    expect(first).to.equal(1);
    await bulk(someActions(40, 50_000));
    expect(bodies().filter(body => body.length > 1 << 20).length).to.equal(first);
  });

  it('tells which is which in halves: one refused for what it holds, one there already', async () => {
    const bulk = createBulk(
      await connect(takingAtMost(120_000, id => (id === '007' ? 400 : id === '009' ? 409 : 201))),
    );
    const { statuses, refusals } = await bulk(someActions(10, 50_000));
    expect([...statuses]).to.deep.equal([201, 201, 201, 201, 201, 201, 201, 400, 201, 409]);
    expect(refusals.map(({ n, action }) => [n, action.id])).to.deep.equal([[7, '007']]);
  });

  it('names the proxy where one document alone is too long, and is not a dead letter', async () => {
    const bulk = createBulk(await connect(takingAtMost(10_000)));
    const refusal = await failureOf(bulk(someActions(3, 50_000)));
    expect(refusal.message).to.equal(`Elasticsearch refused a request on ${INDEX}: no_reason_given (413)`);
    expect(refusal.hint).to.contain('client_max_body_size');
  });

  it('names the proxy where positions of streams are too long for it', async () => {
    const fence = createFence(
      await connect(asElasticsearch(200, { docs: [{ found: false }] }), asProxy(413)),
      INDEX,
    );
    await fence.takeOver(['a']);
    const stream = {
      id: 'a',
      source: 's',
      first_line: '',
      ordinal: 0,
      position: 1,
      ends_in_half_line: false,
    };
    expect((await failureOf(fence.change([stream]))).hint).to.contain('client_max_body_size');
  });

  const IN_BETWEEN: Record<string, { answer: Answer; reason: string }> = {
    'that gave up waiting (408)': { answer: asProxy(408), reason: 'timeout' },
    'whose answer is cut off': {
      answer: asElasticsearch(200, '{"items":[{"create":{"sta'),
      reason: 'unanswered',
    },
    'whose answer holds nothing': { answer: asElasticsearch(200, {}), reason: 'unanswered' },
    'that breaks the connection': {
      answer: response => {
        response.writeHead(200, { 'content-length': '500' });
        response.write('{"items":', () => response.destroy());
      },
      reason: 'unreachable',
    },
  };
  for (const [what, { answer, reason }] of Object.entries(IN_BETWEEN)) {
    it(`§9.7 sends again after a proxy ${what}, and counts what it created as new`, async () => {
      const there = asElasticsearch(200, { items: [{ create: { status: 409 } }] });
      const { statuses } = await createBulk(await connect(answer, there))(someActions(1, 10));
      expect([...statuses]).to.deep.equal([201]);
      expect(waits).to.deep.equal([reason]);
    });

    it(`shows nothing of what was sent or answered where a proxy ${what} and stays so`, async () => {
      const refusal = await failureOf(createBulk(await connect(answer))(someActions(1, 10)));
      expect(refusal.cause).to.equal(undefined);
      expect(refusal.hint).to.not.equal('');
      expect(`${refusal.message} ${refusal.hint}`).to.not.match(/items|xxx|html/);
    });
  }

  it('waits for a page that a proxy shows in place of a server that has answered before', async () => {
    const good = asElasticsearch(200, { items: [{ create: { status: 201 } }] });
    const bulk = createBulk(await connect(good, asProxy(200), asProxy(200), good));
    await bulk(someActions(1, 10));
    expect([...(await bulk(someActions(1, 10))).statuses]).to.deep.equal([201]);
    expect(waits).to.deep.equal(['unanswered', 'unanswered']);
  });

  it('says at once that what has never answered well is not Elasticsearch', async () => {
    const refusal = await failureOf(createBulk(await connect(asProxy(200)))(someActions(1, 10)));
    expect(refusal.message).to.equal('what answers at the address of the store is not Elasticsearch');
    expect(waits).to.deep.equal([]);
  });

  it('says of a refusal without a reason that it is not Elasticsearch’s own', async () => {
    const refusal = await failureOf(createBulk(await connect(asProxy(405)))(someActions(1, 10)));
    expect(refusal.hint).to.contain('no answer of Elasticsearch itself');
  });

  it('searches again where an answer has no hits in it', async () => {
    const none = asElasticsearch(200, { hits: { hits: [] } });
    const searcher = createSearcher(await connect(asElasticsearch(200, {}), none), 10);
    expect((await searcher.once(INDEX, {})).hits.hits).to.deep.equal([]);
    expect(waits).to.deep.equal(['unanswered']);
  });
});

/** Takes requests up to a length, as a proxy does, and answers for each document. */
function takingAtMost(bytes: number, statusOf: (id: string) => number = () => 201): Answer {
  return (response, asked) => {
    if (asked.body.length > bytes) {
      asProxy(413)(response, asked);
      return;
    }
    const items = idsOf(asked.body).map(id => {
      const status = statusOf(id);
      return {
        create: { status, ...(status === 400 ? { error: { type: 'document_parsing_exception' } } : {}) },
      };
    });
    asElasticsearch(200, { items })(response, asked);
  };
}

function idsOf(body: string): string[] {
  const lines = body.trim().split('\n');
  return lines.filter((_, n) => n % 2 === 0).map(line => JSON.parse(line).create._id);
}

function someActions(count: number, chars: number): BulkAction[] {
  return Array.from({ length: count }, (_, n) => ({
    kind: 'create',
    index: INDEX,
    id: String(n).padStart(3, '0'),
    document: { path: 'x'.repeat(chars) },
  }));
}
