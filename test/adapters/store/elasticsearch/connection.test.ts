import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { createConnection } from '../../../../src/adapters/store/elasticsearch/connection.ts';
import { GranskaError } from '../../../../src/errors.ts';

describe('a connection to Elasticsearch', () => {
  let server: Server;
  let url: string;
  let asked: Promise<void>;

  /** Takes requests and never answers. */
  beforeEach(async () => {
    asked = new Promise(resolve => {
      server = createServer(() => resolve());
    });
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  it('§9.7 that is broken off does not wait for a server that is silent, and is closed at once', async () => {
    const stop = new AbortController();
    const connection = createConnection({ url, patience: 'endless', signal: stop.signal });
    const request = connection
      .attempt('granska-usage', () => connection.client.search({ index: 'granska-usage' }))
      .catch((error: unknown) => error);
    await asked;
    stop.abort();
    expect(await request)
      .to.be.instanceOf(GranskaError)
      .with.property('code', 'STORE');
    await connection.close();
  }).timeout(10_000);
});
