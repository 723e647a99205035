// `granska exemptions` as a user runs it, on a copy of the sample municipality: decisions, refusals and what they leave.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { createZone } from '../../src/calendar/zone.ts';
import { makePlace, type Place, ROOT, readNdjson, removePlaces } from './run.ts';

const zone = createZone('Europe/Stockholm');
const DAY_MS = 86_400_000;
/** The local day so many days from now. */
const dayIn = (days: number) => zone.dayOf(zone.startOfDayMs(zone.dayOf(Date.now())) + (days + 0.5) * DAY_MS);

function makeTown(exemptionsFile = true): Place {
  const demo = join(ROOT, 'config', 'demo');
  const files = readdirSync(demo).filter(name => name !== 'access.log');
  const place = makePlace(
    Object.fromEntries(files.map(name => [`config/${name}`, readFileSync(join(demo, name))])),
    'config',
  );
  const settings = readFileSync(join(demo, 'granska.yaml'), 'utf8')
    .replaceAll('../../categories', join(ROOT, 'categories'))
    .replace('policyTests: policy.tests.yaml\n', '');
  place.write(
    'config/granska.yaml',
    exemptionsFile ? `${settings}exemptions: exemptions.ndjson\n` : settings,
  );
  return place;
}

const SQUID = (startMs: number, user: string, url: string) =>
  `${(startMs / 1000).toFixed(3)}     50 192.0.2.7 TCP_MISS/200 5000 GET ${url} ${user} HIER_DIRECT/203.0.113.1 text/html\n`;

describe('cli: exemptions', () => {
  afterEach(removePlaces);

  const grant = (id: string, over: Readonly<Record<string, string | null>> = {}) => {
    const flags: Record<string, string | null> = {
      ...{ id, category: 'gambling', role: 'teacher', reason: 'lessons on chance', case: 'BUN 2026/1' },
      ...{ approver: 'sofia.hed', from: dayIn(0), through: dayIn(200), ...over },
    };
    const given = Object.entries(flags).filter(([, value]) => value !== null);
    return ['exemptions', 'grant', ...given.flatMap(([key, value]) => [`--${key}`, ...value!.split('|')])];
  };
  const kept = (place: Place) => {
    const path = join(place.dir, 'config', 'exemptions.ndjson');
    return existsSync(path) ? readNdjson(readFileSync(path, 'utf8')) : [];
  };

  it('§5.3 grants, changes and ends, and keeps the whole history', async () => {
    const place = makeTown();
    const granted = await place.json([...grant('B-1'), '--json']);
    expect(granted).to.include({
      schema: 'granska.exemption-decided/1',
      decision: 1,
      kind: 'grant',
      id: 'B-1',
    });
    const longer = ['exemptions', 'change', 'B-1', '--through', dayIn(300), '--approver', 'henrik.lind'];
    expect((await place.run(longer)).code).to.equal(0);
    const over = ['exemptions', 'end', 'B-1', '--through', dayIn(30), '--reason', 'the course is over'];
    expect((await place.run(over)).stdout).to.match(/^Decision 3 of \d{4}-\d\d-\d\d in .*: ended B-1\.\n$/);

    const { exemption, decisions } = await place.json(['exemptions', 'history', 'B-1', '--json']);
    expect(exemption).to.include({ validThrough: dayIn(30), approvers: 2, decision: 1, state: 'inForce' });
    expect(decisions.map((item: { kind: string }) => item.kind)).to.deep.equal(['grant', 'change', 'end']);
    const { stdout } = await place.run(['exemptions', 'history', 'B-1']);
    expect(stdout).to.match(/grant: .*lessons on chance\n.*approved by 1\n.*the course is over\n/);
    expect(stdout).to.not.match(/sofia|henrik/);
    expect(kept(place).map(line => line.by)).to.not.include(undefined);
  }).timeout(60_000);

  it('lists what is in force, and where each stands', async () => {
    const place = makeTown();
    await place.run(grant('B-1'));
    await place.run(grant('B-2', { from: dayIn(5) }));
    const ids = (json: { exemptions: { id: string }[] }) => json.exemptions.map(item => item.id);
    const now = await place.json(['exemptions', '--json']);
    expect(now.schema).to.equal('granska.exemptions/1');
    expect(ids(now)).to.include('B-1').and.not.include('B-2');
    const all = await place.json(['exemptions', 'list', '--all', '--json']);
    expect(ids(all)).to.include.members(['U-2025-040', 'B-1', 'B-2']);
    expect(all.exemptions.find((item: { id: string }) => item.id === 'B-2')).to.include({
      state: 'coming',
      decision: 2,
    });
    const table = (await place.run(['exemptions', 'list', '--all'])).stdout;
    expect(table)
      .to.match(/U-2025-040 .*policy\.yaml:\d+\n/)
      .and.match(/B-2 .*\(coming\) .*decision 2\n/);
    expect(table + JSON.stringify(all)).to.not.match(/ida\.strand|sofia\.hed/);
  }).timeout(60_000);

  it('§5.3 lets a late grant cover visits from its own day on, and earlier ones only where it is retroactive', async () => {
    const place = makeTown();
    const late = { from: dayIn(-20) };
    const { stderr, code } = await place.run(grant('B-1', late));
    expect(code).to.equal(0);
    expect(stderr).to.contain('visits before that are not covered unless it is retroactive');
    const teacher = readFileSync(join(ROOT, 'config/demo/directory.csv'), 'utf8')
      .split('\n')
      .find(line => line.split(',')[1] === 'teacher')!
      .split(',')[0]!;
    const explain = async (day: string) =>
      (await place.run(['explain', 'http://casino.example/', '--user', teacher, '--at', `${day}T12:00`]))
        .stdout;
    expect(await explain(dayIn(-10))).to.contain(
      `exemption B-1 (case BUN 2026/1) does not apply: it was decided on ${dayIn(0)}, and does not cover earlier visits`,
    );
    expect(await explain(dayIn(0))).to.contain('gambling: exempt under B-1');
    const because = { 'retroactive-reason': 'the course had begun', 'retroactive-approver': 'sofia.hed' };
    const { stdout } = await place.run(grant('B-2', { ...late, ...because }));
    expect(stdout).to.contain(
      `keep their verdict; "granska rejudge --from ${dayIn(-20)} --to ${dayIn(0)}" shows`,
    );
    const { exemptions } = await place.json(['exemptions', '--json']);
    const froms = exemptions
      .filter((item: { decision: number | null }) => item.decision !== null)
      .map((item: { coversFrom: string }) => item.coversFrom);
    expect(froms).to.deep.equal([dayIn(0), dayIn(-20)]);
  }).timeout(60_000);

  const two = 'sofia.hed|henrik.lind';
  const refusals: [string, string[], number, RegExp][] = [
    [
      'class forbidden with one approver',
      grant('B-1', { category: 'weapons' }),
      5,
      /approvers: the category weapons/,
    ],
    [
      'class forbidden that one approver made retroactive',
      grant('B-1', {
        ...{ category: 'weapons', approver: two, from: dayIn(-5) },
        ...{ 'retroactive-reason': 'late', 'retroactive-approver': 'sofia.hed' },
      }),
      5,
      /retroactive\.approvers: the category weapons/,
    ],
    [
      'an approver whom it covers by name',
      grant('B-1', { role: null, user: 'sofia.hed' }),
      5,
      /approvers\[0\]: is covered by the exemption by name/,
    ],
    [
      'an approver whom it covers by department',
      grant('B-1', { role: null, department: 'Socialförvaltningen', approver: 'anna.berg' }),
      5,
      /approvers\[0\]: is covered by the exemption by department/,
    ],
    [
      'one person as two approvers',
      grant('B-1', { approver: 'sofia.hed|EXEMPELBY\\Sofia.Hed' }),
      5,
      /approvers\[1\]: is the same person/,
    ],
    ['a grant without a last day', grant('B-1', { through: null }), 2, /validThrough: is missing/],
    ['a day that is none', grant('B-1', { through: '2026-02-30' }), 2, /validThrough: must be a day/],
    [
      'days in the wrong order',
      grant('B-1', { through: dayIn(-1) }),
      2,
      /validThrough: lies before validFrom/,
    ],
    ['a category that is not there', grant('B-1', { category: 'gamblin' }), 2, /did you mean gambling\?/],
    ['an id that stands in the policy file', grant('U-2026-011'), 2, /id: another exemption has this id/],
    ['nobody to cover', grant('B-1', { role: null }), 2, /covers nobody/],
    [
      'an end of one that stands in the policy file',
      ['exemptions', 'end', 'U-2026-011', '--through', dayIn(1), '--reason', 'x'],
      2,
      /id: no exemption of this id was granted here \(one that stands in policy\.yaml/,
    ],
    ['an end without a reason', ['exemptions', 'end', 'B-1', '--through', dayIn(1)], 2, /reason: is missing/],
  ];
  it('§10.2 refuses by exit 5 where a second person is missing, else by 2, and writes nothing', async () => {
    const place = makeTown();
    for (const [name, args, exit, message] of refusals) {
      const { code, stderr, stdout } = await place.run(args);
      expect([code, stdout], name).to.deep.equal([exit, '']);
      expect(stderr, name)
        .to.match(message)
        .and.not.match(/sofia|anna\.berg/i);
    }
    expect(kept(place)).to.deep.equal([]);
  }).timeout(120_000);

  it('§10.2 refuses to end in the past, and to make longer without approval', async () => {
    const place = makeTown();
    await place.run(grant('B-1'));
    const past = await place.run(['exemptions', 'end', 'B-1', '--through', dayIn(-1), '--reason', 'x']);
    expect(past.code).to.equal(2);
    expect(past.stderr).to.contain('validThrough: lies before the day of the decision');
    const longer = await place.run(['exemptions', 'change', 'B-1', '--through', dayIn(400)]);
    expect([longer.code, kept(place).length]).to.deep.equal([5, 1]);
  }).timeout(60_000);

  it('§5.3 goes on where an approver moves into the department that a decision covers, and lets it be ended', async () => {
    const place = makeTown();
    await place.run(grant('B-1', { role: null, department: 'IT', approver: 'sofia.hed' }));
    const directory = readFileSync(join(ROOT, 'config', 'demo', 'directory.csv'), 'utf8');
    place.write(
      'config/directory.csv',
      directory.replace(
        'sofia.hed,procurement,Kommunledning,staff,2020-01-01,',
        `sofia.hed,procurement,Kommunledning,staff,2020-01-01,${dayIn(-1)}\nsofia.hed,procurement,IT,staff,${dayIn(0)},`,
      ),
    );
    const check = await place.run(['check']);
    expect([check.code, check.stdout]).to.satisfy(
      ([code, text]: [number, string]) => code === 0 && /warning: approvers\[0\]: is covered/.test(text),
    );
    const longer = ['exemptions', 'change', 'B-1', '--through', dayIn(300), '--approver', 'henrik.lind'];
    expect((await place.run(longer)).code).to.equal(5);
    const end = await place.run(['exemptions', 'end', 'B-1', '--through', dayIn(0), '--reason', 'x']);
    expect([end.code, kept(place).length]).to.deep.equal([0, 2]);
  }).timeout(60_000);

  it('§3.6 takes no reason that names somebody: it is shown beside the pseudonym of whom it covers', async () => {
    const place = makeTown();
    const { code, stderr } = await place.run(grant('B-1', { reason: 'the duties of Anna Berg' }));
    expect([code, kept(place).length]).to.deep.equal([2, 0]);
    expect(stderr)
      .to.match(/reason: names somebody of the directory/)
      .and.not.match(/anna/i);
  }).timeout(60_000);

  it('takes one exemption from a file, and points at mistakes in it', async () => {
    const place = makeTown();
    const yaml = (extra: string) =>
      `id: B-1\ncategories: [gambling]\nroles: [teacher]\nreason: lessons\ncaseNumber: BUN 1\napprovers: [sofia.hed]\nvalidFrom: ${dayIn(0)}\nvalidThrough: ${dayIn(10)}\n${extra}`;
    const bad = place.write('b.yaml', yaml('to: 2027-01-01\n'));
    const refused = await place.run(['exemptions', 'grant', '--file', bad]);
    expect(refused.code).to.equal(2);
    expect(refused.stderr).to.match(/b\.yaml:9:1: error: to: is not a known key \(write validThrough/);
    place.write('b.yaml', yaml(''));
    expect((await place.run(['exemptions', 'grant', '--file', bad])).code).to.equal(0);
    expect(kept(place)[0].exemption).to.include({ id: 'B-1', decided: dayIn(0) });
    expect((await place.run(['exemptions', 'grant', '--file', bad, '--id', 'B-2'])).code).to.equal(2);
  }).timeout(60_000);

  it('§10.2 names the line of a flipped byte and exits 4, while check calls it a mistake', async () => {
    const place = makeTown();
    await place.run(grant('B-1'));
    await place.run(grant('B-2'));
    const path = join(place.dir, 'config', 'exemptions.ndjson');
    const text = readFileSync(path, 'utf8');
    writeFileSync(path, text.replace('"id":"B-2"', '"id":"B-3"'));
    for (const args of [
      ['exemptions'],
      grant('B-4'),
      ['exemptions', 'end', 'B-1', '--through', dayIn(1), '--reason', 'x'],
    ]) {
      const { code, stdout, stderr } = await place.run(args);
      expect([code, stdout]).to.deep.equal([4, '']);
      expect(stderr).to.match(
        /exemptions\.ndjson:2: the file of decisions is broken: it was changed \[DAMAGED\]/,
      );
    }
    const check = await place.run(['check']);
    expect(check.code).to.equal(2);
    expect(check.stdout).to.match(/exemptions\.ndjson:2:1: error: the file of decisions is broken/);
  }).timeout(60_000);

  it('keeps both decisions of two processes at once, in one chain', async () => {
    const place = makeTown();
    const both = await Promise.all([place.run(grant('B-1')), place.run(grant('B-2'))]);
    expect(both.map(ran => ran.code)).to.deep.equal([0, 0]);
    expect(
      kept(place)
        .map(line => line.exemption.id)
        .sort(),
    ).to.deep.equal(['B-1', 'B-2']);
    expect((await place.run(['exemptions'])).code).to.equal(0);
    // One of two that grant the same id is refused.
    const same = await Promise.all([place.run(grant('B-3')), place.run(grant('B-3'))]);
    expect(same.map(ran => ran.code).sort()).to.deep.equal([0, 2]);
  }).timeout(60_000);

  it('tells which end soon, and exits 1 only where it is asked to', async () => {
    const place = makeTown();
    await place.run(grant('B-1', { through: dayIn(10) }));
    const expiring = async (...args: string[]) => place.run(['exemptions', 'expiring', ...args]);
    expect((await expiring('--within', '10')).stdout).to.match(/B-1/);
    expect((await expiring('--within', '9')).stdout).to.not.match(/B-1/);
    expect((await expiring('--within', '10')).code).to.equal(0);
    expect((await expiring('--within', '10', '--exit-code')).code).to.equal(1);
    expect((await expiring('--within', 'ten')).code).to.equal(2);
  }).timeout(60_000);

  it('says which file to name where the configuration names none', async () => {
    const place = makeTown(false);
    const { code, stderr } = await place.run(grant('B-1'));
    expect(code).to.equal(2);
    expect(stderr).to.contain('exemptions: exemptions.ndjson');
    expect((await place.run(['exemptions'])).code).to.equal(0);
  }).timeout(60_000);

  it('§8.5 counts what each decision covered, notes the view first, and names decisions that nobody used', async () => {
    const place = makeTown();
    const noon = zone.startOfDayMs('2026-10-05') + 12 * 3_600_000;
    const url = 'http://casino.example/';
    const log = ['kristina.björk', 'lena.ås', 'emma.sjö'].flatMap((user, n) =>
      [0, 1].map(day => SQUID(noon + day * DAY_MS + n * 1000, encodeURIComponent(user), url)),
    );
    expect((await place.run(['scan', place.write('access.log', log.join(''))])).code).to.equal(0);
    await place.run(grant('B-1'));
    const used = await place.json(['exemptions', 'used', '--json']);
    expect(used.used).to.deep.equal([
      {
        ...{ id: 'U-2026-011', visits: 6, subjects: null, firstDay: '2026-10-05', lastDay: '2026-10-06' },
        ...{ byCategory: { gambling: 6 }, isInPolicy: true },
      },
    ]);
    expect(used.unused).to.include('B-1').and.not.include('U-2027-002');
    const text = (await place.run(['exemptions', 'used', '--from', '2026-10-06'])).stdout;
    expect(text).to.match(/U-2026-011 +3 +<5 +2026-10-06 +2026-10-06 +gambling 3\nUsed by nobody: .*B-1/);
    expect(text).to.not.match(/u26-|U-2025-040/);
    const audit = readNdjson(readFileSync(join(place.dataDir, 'audit/chain.ndjson'), 'utf8'));
    expect(audit.map(line => [line.action, line.shown])).to.deep.equal([
      ['exemptions-used', 6],
      ['exemptions-used', 3],
    ]);
  }).timeout(60_000);
});
