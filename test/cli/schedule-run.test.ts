// `granska schedule` over the sample municipality: the review of October and its reports, at the times of its plans.
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { type Acted, runAs } from './as-account.ts';
import { makePlace, type Place, ROOT, readNdjson, removePlaces } from './run.ts';
import { logOf, squidLine } from './squid-log.ts';

const DEMO = join(ROOT, 'config', 'demo');

describe('granska schedule', () => {
  let place: Place;
  let nowMs = Date.parse('2026-11-02T06:00:00Z');
  const as = (...args: string[]): Promise<Acted> => runAs(place, { account: 'operator', nowMs }, args);
  const month = (...parts: string[]) => join(place.dir, 'config/demo/reports/hr/2026-10', ...parts);
  const status = async () => JSON.parse((await as('schedule', 'status', '--json')).stdout);
  const views = () =>
    readNdjson(readFileSync(join(place.dataDir, 'audit/chain.ndjson'), 'utf8')).filter(
      line => line.action === 'report hr',
    );

  before(async () => {
    place = makePlace({}, 'config/demo');
    for (const name of readdirSync(DEMO)) place.write(`config/demo/${name}`, readFileSync(join(DEMO, name)));
    const path = join(place.dir, 'config/demo/granska.yaml');
    writeFileSync(path, readFileSync(path, 'utf8').replaceAll('../../categories', join(ROOT, 'categories')));
    expect((await as('scan', join(DEMO, 'access.log'))).code).to.equal(0);
  });
  after(removePlaces);

  it('§8.3 fails before the month is complete, tells why, and exits 1; nothing is issued', async () => {
    const { stdout, code } = await as('schedule', '--once');
    expect(code, stdout).to.equal(1);
    expect(stdout).to.match(/monthly 2026-10: failed: .*whole through 2026-10-29.*\[CHECK_FAILED\]/);
    expect(stdout).to.include('0 runs done, 2 failed, 0 left');
    const { plans, schema } = await status();
    expect(schema).to.equal('granska.schedule-status/1');
    expect(plans[0].left[0]).to.deep.include({ period: '2026-10', state: 'failed', tries: 1 });
    expect(plans[1].left[0].failure.code).to.equal('CHECK_FAILED');
    expect(JSON.parse(readFileSync(month('index.json'), 'utf8')).failed).to.have.length(10);
    expect(existsSync(join(place.dataDir, 'audit/chain.ndjson'))).to.equal(false);
  });

  it('carries out what failed when it can be, and each run once', async () => {
    const late = squidLine({ atMs: nowMs - 60_000, user: 'nils.ek', url: 'http://skola.example/' });
    expect((await as('scan', place.write('late.log', logOf(late)))).code).to.equal(0);
    const { stdout, stderr, code } = await as('schedule', '--once');
    expect(code, stdout + stderr).to.equal(0);
    expect(stdout).to.include('2 runs done, 0 failed, 0 left');
    expect((await as('schedule', '--once')).stdout).to.equal('0 runs done, 0 failed, 0 left\n');
    const { plans } = await status();
    expect(plans.map((plan: { left: unknown[] }) => plan.left)).to.deep.equal([[], []]);
    expect(plans[0].lastDone).to.deep.include({ period: '2026-10' });
    expect(plans[0].lastDone.result).to.deep.include({ review: 'monthly/2026-10', sampled: 40 });
    expect(plans[0].next).to.equal('2026-12-02T05:00:00.000Z');
    const review = await as('review', 'list');
    expect(review.stdout, review.stderr).to.include('monthly/2026-10');
  });

  it('§8.1 has put each administration’s own report into its folder, as the command prints it', async () => {
    const { files, failed } = JSON.parse(readFileSync(month('index.json'), 'utf8'));
    expect(failed).to.deep.equal([]);
    const departments = [...new Set<string>(files.map((file: { department: string }) => file.department))];
    expect(departments.sort()).to.deep.equal([
      'Barn och utbildning',
      'Kommunledning',
      'Kultur och fritid',
      'Samhällsbyggnad',
      'Socialförvaltningen',
    ]);
    for (const folder of readdirSync(month()).filter(name => !name.startsWith('index.'))) {
      expect(readdirSync(month(folder)).sort()).to.deep.equal(['hr-2026-10-1.csv', 'hr-2026-10-1.html']);
    }
    const printed = await as(
      ...['report', 'hr', '--period', '2026-10', '--department', 'Samhällsbyggnad', '--format', 'csv'],
    );
    const delivered = readFileSync(month('samhallsbyggnad/hr-2026-10-1.csv'), 'utf8');
    expect(delivered).to.equal(printed.stdout);
    for (const other of ['Socialförvaltningen', 'Kultur och fritid']) {
      const page = readFileSync(month('samhallsbyggnad/hr-2026-10-1.html'), 'utf8');
      expect(page + delivered).not.to.include(other);
    }
  });

  it('§8.5 has noted each report in the audit chain before it was delivered', () => {
    // Five administrations in two forms, and the one that was printed.
    expect(views()).to.have.length(11);
  });

  it('names nobody in its folder of reports, its status or what it tells', async () => {
    const names = readFileSync(join(DEMO, 'directory.csv'), 'utf8')
      .split('\n')
      .slice(1)
      .map(line => line.split(',')[0]!)
      .filter(name => name !== '');
    expect(names.length).to.be.above(50);
    const files = readdirSync(month(), { recursive: true, withFileTypes: true }).filter(file =>
      file.isFile(),
    );
    const texts = files.map(file => readFileSync(join(file.parentPath, file.name), 'utf8'));
    texts.push((await as('schedule', 'status')).stdout, JSON.stringify(await status()));
    expect(texts.length).to.be.above(12);
    for (const name of names) for (const text of texts) expect(text.includes(name), name).to.equal(false);
  });

  it('delivers a correction beside what it corrects once the month is asked for again (§8.2)', async () => {
    const day = Date.parse('2026-10-20T09:00:00Z');
    const lines = Array.from({ length: 6 }, (_, n) =>
      squidLine({ atMs: day + n * 7_200_000, user: 'nils.ek', url: 'http://casino.example/' }),
    );
    const again = (...args: string[]) => as('schedule', 'again', ...args);
    expect((await again('heads', '--period', '2026-09')).code).to.equal(2);
    expect((await again('monthly', '--period', '2026-10')).stderr).to.include('there are: heads');
    expect((await as('scan', place.write('more.log', logOf(...lines)))).code).to.equal(0);
    const before = readFileSync(month('samhallsbyggnad/hr-2026-10-1.csv'), 'utf8');
    const why = ['--correct', '--reason', 'late lines'];
    const corrected = await as(
      'report',
      'hr',
      '--period',
      '2026-10',
      '--department',
      'Socialförvaltningen',
      ...why,
    );
    expect(corrected.code, corrected.stderr).to.equal(0);
    expect((await as('schedule', '--once')).stdout).to.include('0 runs done');
    expect((await again('heads', '--period', '2026-10')).stdout).to.include('due again');
    expect((await again('heads', '--period', '2026-10')).code).to.equal(2);
    expect((await as('schedule', '--once')).stdout).to.include('1 run done');
    expect(readdirSync(month('socialforvaltningen')).filter(name => name.includes('-2.'))).to.have.length(2);
    expect(readFileSync(month('samhallsbyggnad/hr-2026-10-1.csv'), 'utf8')).to.equal(before);
  });

  it('delivers the same bytes when what was delivered is gone and the ledger is new', async () => {
    const before = readFileSync(month('samhallsbyggnad/hr-2026-10-1.html'), 'utf8');
    rmSync(month(), { recursive: true });
    const yaml = join(place.dir, 'config/demo/reviews.yaml');
    writeFileSync(yaml, readFileSync(yaml, 'utf8').replace('id: heads', 'id: heads-again'));
    nowMs += 3_600_000;
    expect((await as('schedule', '--once')).stdout).to.include('1 run done');
    expect(readFileSync(month('samhallsbyggnad/hr-2026-10-1.html'), 'utf8')).to.equal(before);
  });

  it('says in words what is left', async () => {
    nowMs = Date.parse('2026-12-02T05:10:00Z');
    const { stdout } = await as('schedule', 'status');
    expect(stdout).to.include('monthly 2026-11: due since 2026-12-02 06:00, not begun');
    expect(stdout).not.to.include('heads-again 2026-11');
  });

  it('goes on until SIGTERM (exit 143), and says that it stopped', async () => {
    const yaml = join(place.dir, 'config/demo/reviews.yaml');
    writeFileSync(
      yaml,
      readFileSync(yaml, 'utf8').replaceAll('validFrom: 2026-11-01', 'validFrom: 2120-01-01'),
    );
    const { child, ended } = place.start(['schedule']);
    child.stdout.once('data', () => child.kill('SIGTERM'));
    const { stdout, code } = await ended;
    expect(code).to.equal(143);
    expect(stdout).to.match(/carrying out 2 plans.*stopped\n$/s);
  });

  it('needs plans (exit 2)', async () => {
    const path = join(place.dir, 'config/demo/granska.yaml');
    writeFileSync(path, readFileSync(path, 'utf8').replace('reviews: reviews.yaml\n', ''));
    const { code, stderr } = await as('schedule', '--once');
    expect(code).to.equal(2);
    expect(stderr).to.include('no plans are configured');
    expect((await as('schedule', 'status')).stdout).to.equal('no plans\n');
  });
});
