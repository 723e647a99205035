import { expect } from 'chai';
import { makePlace, readNdjson, removePlaces } from './run.ts';
import { CASINO, logOf, squidLine } from './squid-log.ts';
import { TOWN } from './town.ts';

describe('granska scan, and what files are called', () => {
  afterEach(removePlaces);

  it('§3.6 keeps the path of a log in its findings, but not one that is named after somebody', async () => {
    const place = makePlace({ ...TOWN }, 'config');
    const plain = place.write('access.log', logOf(squidLine({ url: CASINO, user: 'bo' })));
    const named = place.write('cecilia/access.log', logOf(squidLine({ url: CASINO, user: 'head' })));
    expect((await place.json(['scan', plain, named, '--json'])).findings.new).to.equal(2);
    const paths = readNdjson((await place.run(['search'])).stdout).map(found => found.log.file?.path ?? null);
    expect(paths).to.have.members([plain, null]);
  });
});
