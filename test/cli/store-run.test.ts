// Which store the commands read is the configuration's to say: here one that nobody answers for.
import { expect } from 'chai';
import { VALID } from '../config/support.ts';
import { makePlace, removePlaces } from './run.ts';

describe('cli: a store that is a cluster', () => {
  afterEach(removePlaces);

  /** Nothing listens on the discard port. */
  const place = (store: string) =>
    makePlace({ ...VALID, 'granska.yaml': `${VALID['granska.yaml']}${store}` }, 'granska.yaml');
  const AWAY = 'store: { kind: elasticsearch, url: http://127.0.0.1:9 }\n';

  for (const command of [['search'], ['rejects'], ['explain', '--finding', 'f'.repeat(64)]]) {
    it(`§10.2 ends "${command.join(' ').slice(0, 17)}" with 3 and a clear word where it is away`, async () => {
      const { code, stdout, stderr } = await place(AWAY).run(command);
      expect([code, stdout]).to.deep.equal([3, '']);
      expect(stderr).to.match(/the Elasticsearch server cannot be reached .*\[STORE\]\n {2}see that it runs/);
      expect(stderr).to.not.contain('127.0.0.1');
    }).timeout(30_000);
  }

  it('ends with 2, naming key and file, where its password cannot be read', async () => {
    const here = place(
      'store: { kind: elasticsearch, url: https://127.0.0.1:9, username: w, passwordFile: none }\n',
    );
    const { code, stderr } = await here.run(['search']);
    expect(code).to.equal(2);
    expect(stderr).to.match(/the file that store\.passwordFile names cannot be read: .*none .*\[KEYS\]/);
  });

  it('is checked without being asked', async () => {
    const here = place(`${AWAY}sources: [{ name: a, kind: files, paths: [x.log], format: squit }]\n`);
    const { code, stdout } = await here.run(['check']);
    expect(code).to.equal(2);
    expect(stdout).to.match(/granska\.yaml:8:\d+: error: sources\[0\]\.format: there is no such log format/);
  });
});
