import { expect } from 'chai';
import { caseIdOf } from '../../../src/case/case-id.ts';
import { runListsDecide, runListsOverrides } from '../../../src/cli/commands/lists-overrides.ts';
import { GranskaError } from '../../../src/errors.ts';
import { hash } from '../../case/support.ts';
import { aFinding, idOf } from '../../finding/arbitrary.ts';
import { readNdjson } from '../run.ts';
import { anOffice, aPolicy, type Office } from './cases-support.ts';

const START_MS = Date.parse('2026-10-05T06:00:07Z');
const BO = 'u26-bobobobobobobobobobobobobo';

const gambling = (n: number, changes: Parameters<typeof aFinding>[0] = {}) =>
  aFinding({ id: idOf(n), startMs: START_MS + n * 1000, subjectId: BO, ...changes });

async function oneCase(office: Office): Promise<string> {
  return readNdjson((await office.list({ json: true })).out)[0].id;
}

/** Finds two subjects whose cases have the same first four digits. */
function twoThatBeginAlike(): [string, string] {
  const seen = new Map<string, string>();
  for (let n = 0; ; n++) {
    const subjectId = `u26-${n}`;
    const of = { tenant: 'kommun', subjectId, category: 'gambling', day: '2026-10-05' };
    const start = caseIdOf(of, hash).slice(0, 13);
    const other = seen.get(start);
    if (other !== undefined) return [other, subjectId];
    seen.set(start, subjectId);
  }
}

async function refusal(run: () => Promise<unknown>): Promise<GranskaError> {
  try {
    await run();
  } catch (error) {
    if (error instanceof GranskaError) return error;
    throw error;
  }
  throw new Error('it was not refused');
}

describe('granska cases list', () => {
  it('shows cases, neither attempts (§2.4) nor what is exempt or withdrawn (§5.4, §5.8)', async () => {
    const office = await anOffice([
      gambling(1),
      gambling(2, { subjectId: 'u26-b', verdict: null, access: 'denied' }),
      gambling(3, { subjectId: 'u26-c', verdict: 'exempt', exemptions: ['U-1'] }),
      gambling(4, { subjectId: 'u26-d', verdict: 'withdrawn' }),
      gambling(5, { subjectId: null, subjectKind: 'none' }),
    ]);
    const { out, err } = await office.list();
    expect(err).to.equal('1 case: open 1\n');
    expect(out.split('\n')[1]).to.match(
      /^20261005-[0-9a-f]{16} {2}open {4}u26-bobobobo .* gambling .* A1 .* casino\[\.\]example$/,
    );
  });

  it('asks by query, days and status', async () => {
    const office = await anOffice([gambling(1), gambling(2, { department: 'Social', subjectId: 'u26-ek' })]);
    expect((await office.list({ query: 'department:social', json: true })).err).to.equal('1 case: open 1\n');
    expect((await office.list({ from: '2026-10-06' })).err).to.equal('no cases\n');
    expect((await office.list({ from: '2026-10-05', to: '2026-10-05' })).err).to.equal('2 cases: open 2\n');
    expect((await office.list({ status: 'explained,reopened' })).err).to.equal('no cases\n');
    expect((await refusal(() => office.list({ status: 'opn' }))).hint).to.contain('open');
    expect((await refusal(() => office.list({ query: 'status:200' }))).code).to.equal('QUERY');
  });

  it('notes the view with its amount (§8.5)', async () => {
    const office = await anOffice([gambling(1)]);
    await office.list({ query: 'category:gambling' });
    expect(office.audited).to.have.length(1);
    expect(office.audited[0]).to.include({ action: 'cases list', shown: 1 });
    expect(office.audited[0]!.details.terms).to.deep.equal(['category:gambling']);
  });
});

describe('granska cases show', () => {
  it('tells what was found, how strong it is, and what else could explain it, in both languages', async () => {
    const office = await anOffice([gambling(1)]);
    const id = await oneCase(office);
    const en = (await office.show(id.slice(0, 14))).out;
    expect(en).to.contain('1 visit, 1 record that no exemption covers').and.to.contain('grade A');
    expect(en).to.contain('a link in a mail').and.to.contain('Hear the person');
    const sv = (await office.show(id, { lang: 'sv' })).out;
    expect(sv).to.contain('styrka A').and.to.contain('Lyssna på personen');
    for (const text of [en, sv])
      expect(text).to.not.match(/violation|offen[cs]e|guilt|överträdelse|skyldig|brottslig/i);
    expect(office.audited.at(-1)).to.deep.include({ action: 'cases show', shown: 1, details: { case: id } });
  });

  it('says before all else that some addresses are not to be opened, and does not show them', async () => {
    const office = await anOffice([
      gambling(1, {
        category: 'material',
        class: 'forbidden',
        domain: 'x.bad.example',
        registeredDomain: 'bad.example',
      }),
    ]);
    const { out } = await office.show(await oneCase(office));
    expect(out.split('\n')[0]).to.equal('! Do not open any of these addresses; contact the police.');
    expect(out).to.not.contain('bad[.]example');
    const listed = (await office.list()).out;
    expect(listed).to.contain('do not open').and.to.not.contain('bad[.]example');
  });

  it('refuses what is no id and what could be several, and says where there is none', async () => {
    const office = await anOffice([gambling(1)]);
    expect((await refusal(() => office.show('bo'))).code).to.equal('USAGE');
    expect((await refusal(() => office.show('20261345-abcd'))).code).to.equal('USAGE');
    expect((await refusal(() => office.show('20261005-0000'))).code).to.equal('NOT_FOUND');
  });

  it('asks for more of an id that two cases begin with', async () => {
    const [one, other] = twoThatBeginAlike();
    const office = await anOffice([gambling(1, { subjectId: one }), gambling(2, { subjectId: other })]);
    const ids = readNdjson((await office.list({ json: true })).out).map(found => found.id);
    expect((await refusal(() => office.show(ids[0].slice(0, 13)))).message).to.contain('several');
    expect((await office.show(ids[0])).out).to.contain(ids[0]);
  });

  it('prints JSON with the visits and their facts', async () => {
    const office = await anOffice([gambling(1), gambling(2)]);
    const shown = JSON.parse((await office.show(await oneCase(office), { json: true })).out);
    expect(shown).to.include({ schema: 'granska.case/1', status: 'open', visits: 1, records: 2 });
    expect(shown.visitList).to.have.length(1);
    expect(shown.visitList[0].facts[0]).to.have.keys('code', 'values', 'text');
  });
});

describe('granska cases decide', () => {
  it('keeps who, when, why and on what, and reopens when more is found', async () => {
    const office = await anOffice([gambling(1)]);
    const id = await oneCase(office);
    const { out } = await office.decide('anna', { id });
    expect(out).to.contain(`case ${id}: explained`).and.to.contain('no name belongs in it');
    expect((await office.list()).err).to.equal('1 case: explained 1\n');
    await office.put(gambling(2));
    expect((await office.list()).err).to.equal('1 case: reopened 1\n');
    const shown = (await office.show(id)).out;
    expect(shown)
      .to.contain('then 1 visit, 1 record, now 1 visit, 2 records')
      .and.to.contain('“an assignment”');
    await office.decide('bo', { id, outcome: 'dismissed' });
    const [found] = readNdjson((await office.list({ json: true })).out);
    expect(
      found.decisions.map((one: { by: string; records: number }) => [one.by, one.records]),
    ).to.deep.equal([
      ['anna', 1],
      ['bo', 2],
    ]);
  });

  it('leaves decisions on other days alone, and reads none of them as closed', async () => {
    const office = await anOffice([gambling(1)]);
    await office.decide('anna', { id: await oneCase(office) });
    expect((await office.list({ from: '2026-10-06' })).err).to.equal('no cases\n');
    expect((await office.list({ to: '2026-10-04' })).err).to.equal('no cases\n');
    expect((await office.list({ query: 'category:material' })).err).to.equal('no cases\n');
    expect((await office.list({ from: '2026-10-05', to: '2026-10-05' })).err).to.equal(
      '1 case: explained 1\n',
    );
  });

  it('shows an address in a reason so that nothing makes a link of it', async () => {
    const office = await anOffice([gambling(1)]);
    const id = await oneCase(office);
    await office.decide('anna', { id, reason: 'see http://casino.example/rules' });
    const { out } = await office.show(id);
    expect(out).to.contain('hxxp://casino[.]example/rules').and.to.not.contain('http:');
  });

  it('is about one subject, not about those whose pseudonyms begin alike', async () => {
    const other = gambling(2, { subjectId: `${BO}x`, entry: 'poker.example', domain: 'poker.example' });
    const office = await anOffice([gambling(1), other]);
    const [own] = readNdjson((await office.list({ json: true })).out);
    expect(JSON.parse((await office.show(own.id, { json: true })).out).visitList).to.have.length(1);
    const { out } = await office.decide('anna', { id: own.id, outcome: 'falseMatch' });
    expect(out).to.contain('casino[.]example').and.to.not.contain('poker');
  });

  it('lets one of two who decide at once decide, and tells the other', async () => {
    const office = await anOffice([gambling(1)]);
    const id = await oneCase(office);
    const both = await Promise.allSettled([
      office.decide('anna', { id }),
      office.decide('bo', { id, outcome: 'confirmed' }),
    ]);
    const [lost, ...others] = both.filter(one => one.status === 'rejected');
    expect(others).to.deep.equal([]);
    expect(lost!.reason).to.include({ code: 'OVERTAKEN', exit: 1 });
    expect(await office.desk.entries('case', id)).to.have.length(1);
  });

  it('does not decide a decided case anew unless told which decision was seen', async () => {
    const office = await anOffice([gambling(1)]);
    const id = await oneCase(office);
    await office.decide('anna', { id });
    expect((await refusal(() => office.decide('bo', { id }))).message).to.contain(
      'decision 1 stands: explained',
    );
    expect((await refusal(() => office.decide('bo', { id, after: 2 }))).code).to.equal('OVERTAKEN');
    // What the refusal tells is a view as well (§8.5).
    expect(office.audited.slice(-2).map(entry => entry.action)).to.deep.equal([
      'cases decide',
      'cases decide',
    ]);
    expect(await office.desk.entries('case', id)).to.have.length(1);
    await office.decide('bo', { id, after: 1, outcome: 'dismissed' });
    expect((await office.list()).err).to.equal('1 case: dismissed 1\n');
  });

  it('does not decide on other evidence than was seen', async () => {
    const office = await anOffice([gambling(1)]);
    const shown = JSON.parse((await office.show(await oneCase(office), { json: true })).out);
    const seen = shown.digest.slice(0, 12);
    await office.put(gambling(2));
    const refused = await refusal(() => office.decide('anna', { id: shown.id, seen }));
    expect([refused.code, refused.exit]).to.deep.equal(['OVERTAKEN', 1]);
    expect(await office.desk.entries('case', shown.id)).to.deep.equal([]);
  });

  it('takes no decision while the policy is on trial, and confirms nothing from before it was in force', async () => {
    const trial = await anOffice([gambling(1)], aPolicy('trial'));
    const id = await oneCase(trial);
    expect((await trial.list()).err).to.equal(
      '1 case: open 1; the policy is on trial, so none can be decided\n',
    );
    expect((await refusal(() => trial.decide('anna', { id }))).code).to.equal('CONFIG');
    const early = await anOffice([gambling(1, { startMs: Date.parse('2026-01-31T22:59:59Z') })]);
    const earlyId = await oneCase(early);
    expect((await refusal(() => early.decide('anna', { id: earlyId, outcome: 'confirmed' }))).code).to.equal(
      'CONFIG',
    );
    expect((await early.decide('anna', { id: earlyId })).exit).to.equal(0);
  });

  it('refuses a reason that names somebody, and an empty one, and keeps neither (§3.6)', async () => {
    const office = await anOffice([gambling(1)]);
    const id = await oneCase(office);
    const refused = await refusal(() => office.decide('anna', { id, reason: 'Cecilia was on leave' }));
    expect(refused.code).to.equal('USAGE');
    expect(`${refused.message} ${refused.hint}`).to.not.match(/cecilia/i);
    expect((await refusal(() => office.decide('anna', { id, reason: '  ' }))).code).to.equal('USAGE');
    expect(await office.desk.entries('case', id)).to.deep.equal([]);
    expect(JSON.stringify(office.audited)).to.not.match(/cecilia/i);
  });

  it('shows a decided case that was judged exempt later as closed, and decides it no more (§5.8)', async () => {
    const office = await anOffice([gambling(1)]);
    const id = await oneCase(office);
    await office.decide('anna', { id });
    const versions = { lists: null, policy: null, directory: null };
    const later = {
      ...{ findingId: idOf(1), revision: 1, versions, verdict: 'exempt' as const },
      exemptions: ['U-1'],
    };
    const revision = { ...later, otherExemptions: [], reason: 'granted late', by: 'anna', atMs: 1 };
    await office.desk.revise({ revisions: [revision], findings: [], versions: [] });
    expect((await office.list()).err).to.equal('1 case: closed: nothing is left to examine 1\n');
    expect((await office.show(id)).out)
      .to.contain('the decisions stay')
      .and.to.contain('“an assignment”');
    expect((await refusal(() => office.decide('anna', { id, after: 1 }))).code).to.equal('USAGE');
  });
});

describe('a false match', () => {
  async function proposed() {
    const office = await anOffice([
      gambling(1),
      gambling(2),
      gambling(3, { domain: 'a.b.example', entry: 'b.example' }),
    ]);
    const { out } = await office.decide('anna', {
      id: await oneCase(office),
      outcome: 'falseMatch',
      reason: 'a chess club',
    });
    const { out: json } = await office.ran(io => runListsOverrides({ json: true }, office.deps('anna'), io));
    return { office, out, proposals: readNdjson(json) };
  }
  const decide = (
    office: Office,
    account: string,
    id: string,
    decision: 'approved' | 'rejected' = 'approved',
  ) => office.ran(io => runListsDecide({ id, decision, reason: 'looked at it' }, office.deps(account), io));

  it('proposes each correction once, the narrowest that would have prevented it', async () => {
    const { out, proposals } = await proposed();
    const whats = proposals.map(one => `${one.state} ${one.action} ${one.list} ${one.what}`).sort();
    expect(whats).to.deep.equal([
      'proposed never gambling a.b.example',
      'proposed remove gambling casino.example',
    ]);
    expect(out)
      .to.contain('remove casino[.]example from the list gambling')
      .and.to.not.contain('casino.example');
  });

  it('is not approved by who proposed it, but by another (§4.3)', async () => {
    const { office, proposals } = await proposed();
    const { id } = proposals.find(one => one.action === 'remove');
    const refused = await refusal(() => decide(office, 'anna', id));
    expect([refused.code, refused.exit]).to.deep.equal(['REFUSED', 5]);
    expect([...office.overrides]).to.deep.equal([]);
    const { out } = await decide(office, 'bo', id);
    expect([...office.overrides]).to.deep.equal(['remove gambling,casino.example']);
    expect(out).to.contain('granska rejudge');
    const { out: listed } = await office.ran(io => runListsOverrides({ json: false }, office.deps('bo'), io));
    expect(listed).to.contain(`${id}  applied by bo, proposed by anna`);
    expect((await refusal(() => decide(office, 'cecilia', id, 'rejected'))).code).to.equal('OVERTAKEN');
  });

  it('is put into the overrides again where it was approved and is not there', async () => {
    const { office, proposals } = await proposed();
    const { id } = proposals[0];
    await decide(office, 'bo', id);
    office.overrides.clear();
    const { out } = await office.ran(io => runListsOverrides({ json: false }, office.deps('bo'), io));
    expect(out).to.contain('approve it again');
    await decide(office, 'bo', id);
    expect(office.overrides.size).to.equal(1);
    expect(await office.desk.entries('override', id)).to.have.length(2);
  });

  it('can be rejected by its proposer, and is proposed anew by another decision', async () => {
    const { office, proposals } = await proposed();
    for (const { id } of proposals) await decide(office, 'anna', id, 'rejected');
    expect(office.overrides.size).to.equal(0);
    await office.decide('bo', { id: await oneCase(office), outcome: 'falseMatch', after: 1 });
    const { out } = await office.ran(io => runListsOverrides({ json: true }, office.deps('anna'), io));
    expect(readNdjson(out).map(one => [one.state, one.steps.length])).to.deep.equal([
      ['proposed', 3],
      ['proposed', 3],
    ]);
    expect((await refusal(() => decide(office, 'bo', proposals[0].id))).code).to.equal('REFUSED');
  });

  it('needs a folder for overrides before anything is approved', async () => {
    const { office, proposals } = await proposed();
    const deps = { ...office.deps('bo'), place: null };
    const options = { id: proposals[0].id, decision: 'approved' as const, reason: 'looked at it' };
    const refused = await refusal(() => office.ran(io => runListsDecide(options, deps, io)));
    expect(refused.code).to.equal('CONFIG');
    expect(await office.desk.entries('override', proposals[0].id)).to.have.length(1);
  });

  it('says where there is no such proposal', async () => {
    const { office } = await proposed();
    for (const id of ['0'.repeat(12), 'x']) {
      expect((await refusal(() => decide(office, 'bo', id))).code).to.equal('NOT_FOUND');
    }
  });
});
