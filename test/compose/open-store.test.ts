import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { openDeskStore, openReadStore, openWriteStore } from '../../src/compose/open-store.ts';
import type { Config, StoreAuth, StoreConfig } from '../../src/config/config.ts';
import { GranskaError } from '../../src/errors.ts';
import { aLine } from '../contract/desk.ts';

const CLUSTER: Extract<StoreConfig, { kind: 'elasticsearch' }> = {
  kind: 'elasticsearch',
  url: ['http://127.0.0.1:9'],
  prefix: 'granska',
  shards: 1,
  auth: { kind: 'none' },
  caFile: null,
};

describe('compose/open-store', () => {
  let dir = '';
  let server: Server | null = null;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'granska-open-'));
  });
  afterEach(async () => {
    rmSync(dir, { recursive: true, force: true });
    await new Promise(resolve => (server === null ? resolve(null) : server.close(resolve)));
    server = null;
  });

  const configOf = (store: StoreConfig) => ({ dataDir: join(dir, 'data'), store }) as Config;

  async function errorOf(store: StoreConfig): Promise<GranskaError> {
    try {
      await (await openReadStore(configOf(store))).close();
    } catch (error) {
      if (error instanceof GranskaError) return error;
      throw error;
    }
    throw new Error('it was opened');
  }

  /** Answers every request with 401, as a cluster does whose user nobody is; gives what it was asked with. */
  async function startRefuser(): Promise<{ url: string; asked: IncomingHttpHeaders[] }> {
    const asked: IncomingHttpHeaders[] = [];
    const made = createServer((request, response) => {
      asked.push(request.headers);
      response.writeHead(401, { 'content-type': 'application/json', 'x-elastic-product': 'Elasticsearch' });
      response.end('{"error":{"type":"security_exception"}}');
    });
    server = made;
    await new Promise<void>(resolve => made.listen(0, '127.0.0.1', resolve));
    return { url: `http://127.0.0.1:${(made.address() as AddressInfo).port}`, asked };
  }

  it('§10.2 ends with exit 3 where the embedded store is not there', async () => {
    const error = await errorOf({ kind: 'sqlite' });
    expect([error.code, error.exit]).to.deep.equal(['STORE', 3]);
  });

  it('§9.3 makes the embedded store for who writes, with its sealed texts in the data folder beside it', async () => {
    const config = configOf({ kind: 'sqlite' });
    const signal = new AbortController().signal;
    const opened = await openWriteStore(config, { seal: async plain => plain, signal });
    expect(opened.kind).to.equal('transactions');
    expect(opened.sealed.place).to.equal(join(config.dataDir, 'rejects'));
    await opened.store.close();
    const read = await openReadStore(config);
    expect((await read.totals()).findings).to.equal(0);
    await read.close();
  });

  it('opens the desk of a store that is there, and makes none', async () => {
    const config = configOf({ kind: 'sqlite' });
    const refused = await openDeskStore(config).then(
      () => null,
      (error: unknown) => error,
    );
    expect(refused).to.be.instanceOf(GranskaError).and.to.include({ code: 'STORE', exit: 3 });
    const signal = new AbortController().signal;
    const worker = await openWriteStore(config, { seal: async plain => plain, signal });
    const desk = await openDeskStore(config);
    expect(await desk.append(aLine())).to.equal(true);
    await Promise.all([worker.store.close(), desk.close()]);
  });

  it('§10.2 ends with exit 3, within seconds, where the cluster cannot be reached, and names no address', async () => {
    const error = await errorOf(CLUSTER);
    expect([error.code, error.exit]).to.deep.equal(['STORE', 3]);
    expect(error.message).to.match(/^the Elasticsearch server cannot be reached/);
    expect(`${error.message} ${error.hint}`).to.not.match(/127\.0\.0\.1|http:/);
  }).timeout(10_000);

  const secrets: [string, string, StoreAuth, string][] = [
    ['a password', 'pass word\n', { kind: 'basic', username: 'reader', passwordFile: 'secret' }, 'Basic '],
    ['an API key', 'a2V5OnNlY3JldA==\r\n', { kind: 'apiKey', apiKeyFile: 'secret' }, 'ApiKey '],
  ];
  for (const [name, content, auth, scheme] of secrets) {
    it(`logs in with ${name} from its file, without the line feed at its end`, async () => {
      const path = join(dir, 'secret');
      writeFileSync(path, content);
      // As container secrets are: they are of use all the same.
      chmodSync(path, 0o444);
      const { url, asked } = await startRefuser();
      const error = await errorOf({ ...CLUSTER, url: [url], auth: withFile(auth, path) });
      expect([error.code, error.exit]).to.deep.equal(['STORE', 3]);
      const secret = content.trimEnd();
      const sent = auth.kind === 'basic' ? Buffer.from(`reader:${secret}`).toString('base64') : secret;
      expect(asked[0]!.authorization).to.equal(scheme + sent);
      expect(`${error.message} ${error.hint} ${String(error.cause)}`).to.not.contain(secret);
    });

    it(`names key and path where the file of ${name} is missing, or holds none`, async () => {
      const path = join(dir, 'secret');
      const key = auth.kind === 'basic' ? 'store.passwordFile' : 'store.apiKeyFile';
      const store = { ...CLUSTER, auth: withFile(auth, path) };
      const missing = await errorOf(store);
      expect([missing.code, missing.exit]).to.deep.equal(['KEYS', 2]);
      expect(missing.message).to.contain(key).and.to.contain(path);
      for (const bad of ['', '\n', 'one\ntwo\n', 'nul\0']) {
        writeFileSync(path, bad);
        const error = await errorOf(store);
        expect(error.code, JSON.stringify(bad)).to.equal('KEYS');
        expect(error.message).to.contain(key).and.to.contain(path).and.to.not.contain('two');
      }
    });
  }

  it('names key and path where the file of the authority is missing, or holds no certificate', async () => {
    const caFile = join(dir, 'ca.pem');
    const missing = await errorOf({ ...CLUSTER, caFile });
    writeFileSync(caFile, '-----BEGIN PRIVATE KEY-----\n');
    for (const error of [missing, await errorOf({ ...CLUSTER, caFile })]) {
      expect(error.code).to.equal('KEYS');
      expect(error.message).to.contain('store.caFile').and.to.contain(caFile);
    }
  });
});

function withFile(auth: StoreAuth, path: string): StoreAuth {
  switch (auth.kind) {
    case 'none':
      return auth;
    case 'basic':
      return { ...auth, passwordFile: path };
    case 'apiKey':
      return { ...auth, apiKeyFile: path };
    default:
      return auth satisfies never;
  }
}
