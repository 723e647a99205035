// The health check of the image: what /healthz says decides for `granska run`, and nothing for other commands.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';

const SCRIPT = join(import.meta.dirname, '..', '..', 'bin', 'container-health');

describe('the health check of the container', () => {
  let folder: string;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'granska-health-'));
  });

  after(() => rmSync(folder, { recursive: true, force: true }));

  async function check(words: readonly string[], port: number): Promise<number | null> {
    const commandLine = join(folder, 'cmdline');
    writeFileSync(commandLine, words.map(word => `${word}\0`).join(''));
    const env = { ...process.env, GRANSKA_HEALTH_URL: `http://127.0.0.1:${port}/healthz` };
    const child = spawn(process.execPath, [SCRIPT, commandLine], { env, stdio: 'ignore' });
    return new Promise(resolve => child.once('exit', resolve));
  }

  async function withServer(status: number, use: (port: number) => Promise<void>): Promise<void> {
    const server = createServer((request, response) => {
      response.writeHead(request.url === '/healthz' ? status : 404).end();
    });
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    try {
      await use((server.address() as AddressInfo).port);
    } finally {
      await new Promise(resolve => server.close(resolve));
    }
  }

  const RUN = ['/sbin/docker-init', '--', 'node', '/app/bin/granska', 'run'];

  it('passes while the worker says that it is well', async () => {
    await withServer(200, async port => {
      expect(await check(RUN, port)).to.equal(0);
    });
  });

  it('fails when the worker says that it is not, or says nothing', async () => {
    let gone = 0;
    await withServer(503, async port => {
      gone = port;
      expect(await check(RUN, port)).to.equal(1);
    });
    expect(await check(RUN, gone)).to.equal(1);
  });

  it('passes for a command that ends by itself', async () => {
    await withServer(503, async port => {
      for (const words of [
        ['scan', '-'],
        ['review', 'run'],
      ]) {
        expect(await check(['node', '/app/bin/granska', ...words], port)).to.equal(0);
      }
    });
  });
});
