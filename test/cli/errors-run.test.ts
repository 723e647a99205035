// §10.2: every way to fail has its exit, its code and a word on what to do next.
import { chmodSync, mkdirSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { makePlace, type Place, removePlaces } from './run.ts';
import { CASINO, logOf, squidLine } from './squid-log.ts';

describe('granska, where something is wrong,', () => {
  let place: Place;
  beforeEach(() => {
    place = makePlace({ 'a.log': logOf(squidLine({ url: CASINO })) });
  });
  afterEach(removePlaces);

  async function fails(exit: number, code: string, ...args: string[]): Promise<string> {
    const ran = await place.run(args);
    expect(ran.code, `${args.join(' ')}: ${ran.stderr}`).to.equal(exit);
    expect(ran.stdout).to.equal('');
    expect(ran.stderr).to.match(new RegExp(`^granska: .*\\[${code}\\]\\n {2}\\S`, 'ms'));
    expect(ran.stderr).to.not.match(/ at .*\.ts:\d+|node:internal/);
    return ran.stderr;
  }

  it('§10.2 exits 2 for a command line that is not right, and repeats nothing that was typed', async () => {
    expect(await fails(2, 'USAGE', 'scna', 'x')).to.contain('Did you mean scan?');
    expect(await fails(2, 'USAGE', 'search', '--limit', 'anna')).to.not.contain('anna');
    expect(await fails(2, 'USAGE', 'scan', 'a.log', '--name=anna'))
      .to.contain("'--name'")
      .and.to.not.contain('anna');
    await fails(2, 'USAGE', 'scan');
    await fails(2, 'USAGE', 'explain');
    await fails(2, 'QUERY', 'search', 'colour:red');
    const help = await place.run(['scan', '--help']);
    expect(help.code).to.equal(0);
    expect(help.stdout).to.contain('--again');
    expect((await place.run([])).code).to.equal(2);
    expect((await place.run(['--version'])).stdout).to.equal('0.1.0\n');
  });

  it('§10.2 exits 2 for a configuration that is missing', async () => {
    await fails(2, 'CONFIG', 'scan', 'a.log', '--config', 'nowhere');
    await fails(2, 'CONFIG', 'search', '--config', 'nowhere');
  });

  it('§10.2 exits 3 where there is no store, or none that can be used', async () => {
    await fails(3, 'STORE', 'search');
    await fails(3, 'STORE', 'rejects');
    writeFileSync(join(place.dir, 'file'), '');
    expect(await fails(3, 'STORE', 'scan', 'a.log', '--data-dir', 'file')).to.not.contain('casino');
    mkdirSync(join(place.dir, 'data', 'granska.db'), { recursive: true });
    await fails(3, 'STORE', 'scan', 'a.log');
  });

  it('§10.2 exits 3 for files that are missing or are folders, and says so of each', async () => {
    const ran = await place.run(['scan', 'none.log', '.', '--json']);
    expect(ran.code).to.equal(3);
    expect(ran.stderr).to.contain('none.log').and.to.contain('is a folder');
    expect(JSON.parse(ran.stdout).lines).to.equal(0);
  });

  it('§10.2 exits 4 for a store that is damaged, and touches it no more', async () => {
    await place.json(['scan', 'a.log', '--json']);
    const path = join(place.dataDir, 'granska.db');
    writeFileSync(path, 'this is no database, however one looks at it'.repeat(200));
    const before = readFileSync(path);
    await fails(4, 'DAMAGED', 'search');
    await fails(4, 'DAMAGED', 'scan', 'a.log');
    expect(readFileSync(path).equals(before)).to.equal(true);
  });

  it('§10.2 exits 4 for an image of the lists that is damaged', async () => {
    await place.json(['scan', 'a.log', '--json']);
    const folder = join(place.dataDir, 'lists');
    const image = readdirSync(folder).find(name => name.endsWith('.image'))!;
    truncateSync(join(folder, image), 1000);
    await fails(4, 'DAMAGED', 'scan', 'a.log');
  });

  it('§10.2 exits 2 for keys that are damaged or open to others', async () => {
    await place.json(['scan', 'a.log', '--json']);
    const epoch = join(place.keysDir, 'epochs', '2025.key');
    chmodSync(epoch, 0o644);
    place.write('b.log', logOf(squidLine({ url: CASINO, user: 'bo' })));
    await fails(2, 'KEYS', 'scan', 'b.log');
    chmodSync(epoch, 0o600);
    truncateSync(epoch, 3);
    await fails(2, 'KEYS', 'scan', 'b.log');
  });

  it('§3.6 refuses keys inside the data folder', async () => {
    await fails(2, 'KEYS', 'scan', 'a.log', '--keys-dir', 'data/keys');
    await fails(2, 'KEYS', 'scan', 'a.log', '--data-dir', 'keys/data');
  });
});
