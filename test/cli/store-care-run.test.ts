// `granska store` over the embedded store, as its operator runs it.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { makePlace, type Place, removePlaces } from './run.ts';
import { CASINO, MONDAY_MS, squidLine } from './squid-log.ts';
import { TOWN } from './town.ts';

describe('cli: granska store', function () {
  this.timeout(60_000);
  let place: Place;
  beforeEach(() => {
    place = makePlace(TOWN, 'config');
  });
  afterEach(removePlaces);

  const file = () => join(place.dataDir, 'granska.db');
  const states = ({ parts }: { parts: { what: string; state: string }[] }) =>
    parts.map(({ what, state }) => `${what} ${state}`);

  it('§10.2 setup --check makes nothing, says what is missing, and exits 1', async () => {
    const { code, stdout } = await place.run(['store', 'setup', '--check', '--json']);
    expect(code).to.equal(1);
    const said = JSON.parse(stdout);
    expect(said).to.include({ schema: 'granska.store-setup/1', kind: 'sqlite', whole: false });
    expect(states(said)).to.deep.equal(['file missing', 'schema missing']);
    expect(existsSync(file())).to.equal(false);
  });

  it('setup makes the store, says so, and a second time finds it there', async () => {
    expect(states(await place.json(['store', 'setup', '--json']))).to.deep.equal([
      'file made',
      'schema made',
    ]);
    expect(existsSync(file())).to.equal(true);
    const again = await place.json(['store', 'setup', '--json']);
    expect(states(again)).to.deep.equal(['file there', 'schema there']);
    const { code, stdout } = await place.run(['store', 'setup', '--check']);
    expect(code).to.equal(0);
    expect(stdout).to.match(/there {2}schema {2}\d+\nThe store is made\.\n$/);
  });

  it('status tells positions and counts, and no name, address or site', async () => {
    const line = (client: string, n: number) =>
      squidLine({ url: CASINO, client, atMs: MONDAY_MS + n * 60_000 });
    const log = [line('10.20.0.7', 1), line('10.20.0.8', 2), 'no line of any log', ''].join('\n');
    place.write('access.log', log);
    await place.json(['scan', 'access.log', '--format', 'squid', '--json']);
    const ran = await place.run(['store', 'status', '--json']);
    const said = JSON.parse(ran.stdout);
    expect(said).to.include({ schema: 'granska.store-status/1', kind: 'sqlite' });
    expect(said.findings).to.deep.equal({ questionable: 2, forbidden: 0 });
    expect(said.streams).to.have.length(1);
    expect(said.streams[0]).to.include({ source: 'default', ordinal: 0, position: log.length });
    expect(said.rejects.count).to.equal(1);
    expect(said.deadLetters).to.deep.equal({ count: 0, since: null });
    expect(Date.parse(said.newestHour)).to.be.within(MONDAY_MS - 3_600_000, MONDAY_MS + 120_000);
    const text = (await place.run(['store', 'status'])).stdout;
    expect(text)
      .to.match(/findings +2 questionable, 0 forbidden\n/)
      .and.match(/rejected lines kept +1, the oldest/);
    for (const shown of [text, ran.stdout]) {
      expect(shown).to.not.match(/10\.20\.0|casino|no line of any log/);
    }
  });

  it('§10.2 status exits 3 where there is no store, and makes none', async () => {
    const { code, stderr } = await place.run(['store', 'status']);
    expect(code).to.equal(3);
    expect(stderr).to.contain('there is no store at');
    expect(existsSync(file())).to.equal(false);
  });
});
