// `granska check --who` and `--coverage`, as a user runs them over the small municipality.
import { expect } from 'chai';
import { makePlace, type Place, removePlaces } from './run.ts';
import { TOWN } from './town.ts';

const AT = '2025-03-05T10:00';

describe('granska check', function () {
  this.timeout(60_000);
  let place: Place;
  beforeEach(() => {
    place = makePlace(TOWN, 'config');
  });
  afterEach(removePlaces);

  const who = async (url: string, at = AT) => (await place.run(['check', '--who', url, '--at', at])).stdout;

  it('§5.3 says who could visit an address then, by which decision', async () => {
    expect(await who('http://user:secret@casino.example/slots?q=1#x')).to.equal(
      `Who could visit hxxp://casino[.]example/slots at 2025-03-05 10:00 (wednesday), by which decision:
category gambling (questionable)
  E-1 (SN 2025/1), 2025-01-01 through 2025-03-05, approved by head
    role counsellor: cecilia
Only counted, as the policy does not review them: elected, pupil, public, guest, server.
`,
    );
  });

  it('says nobody once the decision has ended', async () => {
    const text = await who('casino.example:443', '2025-03-06T00:00');
    expect(text)
      .to.contain('Who could visit casino[.]example:443')
      .and.contain('\n  nobody\n')
      .and.not.contain('E-1');
  });

  it('§4.3 answers for every category of an address, and for what is wrapped in it', async () => {
    const text = await who('https://web.archive.org/web/2020/http://armoury.example/');
    expect(text).to.match(
      /category gambling \(questionable\)\n {2}E-1.*category weapons \(forbidden\)\n {2}nobody/s,
    );
  });

  it('§5.6 says to whom a category had not been announced', async () => {
    expect(await who('drugs.example')).to.contain('announced to them (§5.6): staff, unknown');
  });

  it('§6.2 says of a protected site only that it is one', async () => {
    for (const url of ['https://www.halsa.example/x', 'https://halsa-example.translate.goog/']) {
      const { stdout } = await place.run(['check', '--who', url, '--at', AT]);
      expect(stdout).to.equal('It is a protected site: visits leave no trace but a count (§6.2).\n');
      const json = await place.json(['check', '--who', url, '--at', AT, '--json']);
      expect(json).to.deep.equal({
        ...{ schema: 'granska.who/1', at: '2025-03-05T09:00:00.000Z', kind: 'protected', categories: [] },
        unreviewed: ['elected', 'pupil', 'public', 'guest', 'server'],
      });
    }
  });

  it('says that no list covers an address', async () => {
    expect(await who('news.example')).to.equal('No list of a category covers it: visits are only counted.\n');
  });

  it('§10.1 prints one JSON object', async () => {
    const json = await place.json(['check', '--who', 'http://casino.example/', '--at', AT, '--json']);
    expect(json).to.include({ schema: 'granska.who/1', kind: 'flagged', url: 'http://casino.example/' });
    expect(json.categories[0].exemptions[0]).to.deep.include({
      ...{ id: 'E-1', caseNumber: 'SN 2025/1', approvers: ['head'], closed: [] },
      roles: [{ role: 'counsellor', users: ['cecilia'] }],
    });
  });

  it('§10.2 refuses a time that is none, and a configuration with errors', async () => {
    for (const url of ['', ' ', 'http://casino.example:99999/', 'javascript:alert(1)']) {
      const none = await place.run(['check', '--who', url]);
      expect(none.code, url).to.equal(2);
      expect(none.stderr).to.contain('--who is no address').and.not.to.contain('99999');
    }
    const asked = ['check', '--who', 'http://bo:pw@casino.example/a?user=bo#b', '--json'];
    expect((await place.json(asked)).url).to.equal('http://casino.example/a');
    const { code, stderr } = await place.run(['check', '--who', 'casino.example', '--at', 'soon']);
    expect(code).to.equal(2);
    expect(stderr).to.contain('--at is no time').and.not.contain('soon');
    expect((await place.run(['check', '--at', AT])).stderr).to.contain('--at goes with --who');
    place.write('config/policy.yaml', TOWN['config/policy.yaml']!.replace('[counsellor]', '[counselor]'));
    const refused = await place.run(['check', '--who', 'casino.example']);
    expect(refused.code).to.equal(2);
    expect(refused.stderr).to.contain('the policy has no such role');
  });

  it('§10.2 says what no policy test shows, and exits 1 for it only where that is asked', async () => {
    const { stdout, code } = await place.run(['check', '--coverage']);
    expect(code).to.equal(0);
    expect(stdout)
      .to.contain('no passing test: category gambling: attempt, unannounced\n')
      .and.contain('no passing test: category weapons: examine, attempt, unannounced\n')
      .and.contain('no passing test: population unknown is judged in none\n')
      .and.contain('no passing test: a protected site\n')
      .and.match(/The policy tests show 4 of \d+ things/)
      .and.not.contain('exemption E-1');
    expect((await place.run(['check', '--coverage', '--exit-code'])).code).to.equal(1);
    const { coverage } = JSON.parse((await place.run(['check', '--coverage', '--json'])).stdout);
    expect(coverage.shown).to.equal(4);
    expect(coverage.missing[0]).to.deep.equal({
      ...{ kind: 'category', name: 'gambling', missing: ['attempt', 'unannounced'] },
    });
    expect((await place.run(['check', '--exit-code'])).code).to.equal(0);
  });
});
