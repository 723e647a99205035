import { PassThrough } from 'node:stream';
import { expect } from 'chai';
import { createZone } from '../../../src/calendar/zone.ts';
import { runStoreStatus } from '../../../src/cli/commands/store-status.ts';
import type { Config } from '../../../src/config/config.ts';
import type { StoreStatus } from '../../../src/ports/store-care.ts';

const NOW_MS = Date.UTC(2026, 8, 28, 7);
const STATUS: StoreStatus = {
  schemaVersion: 3,
  streams: [],
  newestHourMs: NOW_MS - 7_200_000,
  findings: { questionable: 1_234, forbidden: 5 },
  rejects: { count: 3, sinceMs: NOW_MS - 86_400_000 },
  deadLetters: { count: 0, sinceMs: null },
};

async function shown(status: Partial<StoreStatus>, json = false): Promise<string> {
  const stdout = new PassThrough();
  const stream = { stdin: new PassThrough(), stdout, stderr: new PassThrough() };
  const io = { ...stream, isTerminal: false, isErrorTerminal: false, columns: 80 };
  const care = {
    ...{ kind: 'sqlite' as const, place: 'data/granska.db' },
    openSetup: () => Promise.reject(new Error('it is not made')),
    readStatus: async () => ({ ...STATUS, ...status }),
  };
  const app = {
    clock: { nowMs: () => NOW_MS },
    config: async () => ({ zone: createZone('Europe/Stockholm') }) as Config,
    storeCare: async () => care,
  };
  await runStoreStatus({ json }, app, io);
  return String(stdout.read());
}

describe('granska store status', () => {
  it('§1.2 tells times by the local clock, and how long ago the newest hour began', async () => {
    expect(await shown({})).to.equal(
      [
        'store                sqlite, data/granska.db',
        'schema               3',
        'findings             1,234 questionable, 5 forbidden',
        'newest record        in the hour from 2026-09-28 07:00 (begun 2 h ago)',
        'rejected lines kept  3, the oldest since 2026-09-27 09:00',
        'dead letters         0',
        'streams              0',
        '',
      ].join('\n'),
    );
    expect(await shown({ newestHourMs: null })).to.contain('newest record        none\n');
  });

  it('keeps to one screen however many streams there are; as JSON all are there', async () => {
    const streams = Array.from({ length: 40 }, (_, ordinal) => {
      return { id: 'a'.repeat(64), source: 'proxy', ordinal, position: 1_000 * ordinal };
    });
    const text = await shown({ streams });
    expect(text.split('\n').length).to.be.lessThan(24);
    expect(text).to.match(/\n {2}proxy +11 +a{12} +11,000\n {2}and 28 more; --json has all\n$/);
    const json = JSON.parse(await shown({ streams }, true));
    expect(json.streams).to.deep.equal(streams);
    expect(json).to.include({ schema: 'granska.store-status/1', newestHourAgeSeconds: 7_200 });
  });
});
