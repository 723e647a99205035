// A site that becomes protected after people worked on what was found there: decided cases, and reviews that were frozen.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { runAs } from './as-account.ts';
import { type Json, makePlace, type Place, readNdjson, removePlaces } from './run.ts';
import { CASINO, logOf, MONDAY_MS, squidLine } from './squid-log.ts';
import { TOWN } from './town.ts';

const DAY_MS = 86_400_000;
const NOW_MS = MONDAY_MS + 40 * DAY_MS;
const SITE = /casino\[?\.\]?example/;

const line = (day: number, parts: Parameters<typeof squidLine>[0] = {}) =>
  squidLine({ atMs: MONDAY_MS + day * DAY_MS, user: 'bo', url: CASINO, ...parts });

const peopleYaml = (publicKey: string) => `version: 1
people:
  - { id: head, accounts: [head], duties: [reviewer]${publicKey} }
  - { id: disa, accounts: [disa], duties: [signer] }
`;

const FILES = {
  ...TOWN,
  'config/granska.yaml': `${TOWN['config/granska.yaml']}people: people.yaml\nreviews: reviews.yaml\n`,
  'config/people.yaml': peopleYaml(''),
  'config/reviews.yaml': `version: 1
plans:
  - id: monthly
    names: { sv: Månadens granskning, en: Monthly review }
    period: month
    schedule: 0 6 3 * *
    checklist: { version: v1, items: [{ id: grade, sv: Är styrkan rimlig?, en: Is the grade reasonable? }] }
    reviewers: [head]
    signers: [disa]
`,
  'access.log': logOf(
    line(0),
    line(1, { url: 'http://weapons.example/' }),
    line(35, { user: '-', url: 'http://www.example.com/' }),
  ),
};

describe('a site that is protected later', () => {
  let place: Place;
  beforeEach(async () => {
    place = makePlace(FILES, 'config');
    await place.json(['scan', 'access.log', '--json']);
  });
  after(removePlaces);

  const as = async (account: string, ...args: string[]) => runAs(place, { account, nowMs: NOW_MS }, args);
  const ok = async (...args: string[]) => {
    const ran = await as('head', ...args);
    expect(ran.code, `${args.join(' ')}: ${ran.stderr}`).to.equal(0);
    return ran;
  };
  const judgeWith = async (hosts: string) => {
    writeFileSync(join(place.dir, 'config/lists/protected/domains'), hosts);
    await ok('rejudge', '--from', '2025-03-01', '--to', '2025-03-31', '--apply', '--reason', 'SN 9');
  };
  const protect = () => judgeWith('halsa.example\ncasino.example\n');

  it('§6.2 leaves no case, though somebody decided one: its decisions stay and come back with it', async () => {
    const list = async (...args: string[]): Promise<Json[]> =>
      readNdjson((await ok('cases', 'list', '--json', ...args)).stdout);
    const [{ id }] = await list('category:gambling');
    await ok('cases', 'decide', id, '--outcome', 'explained', '--reason', 'asked at the meeting');
    await protect();
    expect((await list()).map(one => one.category)).to.deep.equal(['weapons']);
    expect((await list('site:casino.example')).length).to.equal(0);
    expect((await ok('cases', 'list')).stderr).to.equal('1 case: open 1\n');
    const gone = await as('head', 'cases', 'show', id);
    expect([gone.code, gone.stdout]).to.deep.equal([1, '']);
    expect(gone.stderr).to.contain('no case has that id').and.to.not.match(SITE);

    await judgeWith('halsa.example\n');
    const [back] = await list('category:gambling');
    expect(back.id).to.equal(id);
    expect(back.decisions.map((one: Json) => one.outcome)).to.deep.equal(['explained']);
  });

  it('§6.2 is in no review that is begun later, whose coverage counts it with what was taken back', async () => {
    await protect();
    await ok('review', 'run', 'monthly', '--period', '2025-03');
    const { stdout } = await ok('review', 'show', 'monthly/2025-03', '--json');
    const [review, ...items] = readNdjson(stdout);
    expect([review.findings, items.map(one => one.category)]).to.deep.equal([1, ['weapons']]);
    const protocol = await ok('review', 'protocol', 'monthly/2025-03', '--format', 'json');
    expect(JSON.parse(protocol.stdout).coverage).to.include({ withdrawn: 1, withoutSubject: 0 });
  });

  it('§6.2 is shown by no review that was frozen before, and nothing is held against anybody for it', async () => {
    const { stdout } = await ok('people', 'keygen', '--person', 'head');
    const key = `, publicKey: ${stdout.trim().replace('publicKey: ', '')}`;
    writeFileSync(join(place.dir, 'config/people.yaml'), peopleYaml(key));
    const review = 'monthly/2025-03';
    await ok('review', 'run', 'monthly', '--period', '2025-03');
    const items = async (): Promise<Json[]> =>
      readNdjson((await ok('review', 'show', review, '--json')).stdout).slice(1);
    const before = await items();
    const item = before.find(one => one.category === 'gambling');
    await protect();

    const hidden = (await items()).find(({ number }) => number === item.number);
    expect(hidden).to.deep.equal({
      ...{ schema: 'granska.review-item/1', kind: 'visit', number: item.number },
      ...{ protected: true, rejudged: true, decision: null },
    });
    expect((await items()).filter(one => one.category === 'weapons')).to.have.length(1);
    for (const lang of ['en', 'sv']) {
      const shown = (await ok('review', 'show', review, '--lang', lang)).stdout;
      expect(shown, lang).to.contain('(§6.2)').and.to.contain('weapons');
      expect(shown, lang).to.not.match(/gambling|casino/);
    }
    const decide = (outcome: string, ...more: string[]) => {
      const about = ['--item', String(item.number), '--outcome', outcome, '--answers', 'grade=na'];
      return as('head', 'review', 'decide', review, ...about, ...more);
    };
    const refused = await decide('case', '--remark', 'look again');
    expect([refused.code, refused.stderr.includes('protected now')]).to.deep.equal([2, true]);
    expect((await decide('nothing')).code).to.equal(0);
    const protocol = (await ok('review', 'protocol', review, '--format', 'text')).stdout;
    expect(protocol).to.not.match(SITE);
    // Whoever froze it froze it: that the ledger holds what was drawn is what its signature stands on.
    const audit = readFileSync(join(place.dataDir, 'audit/chain.ndjson'), 'utf8');
    expect(audit).to.not.match(SITE);
  });
});
