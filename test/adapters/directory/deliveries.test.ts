import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { openDirectory } from '../../../src/adapters/directory/csv.ts';
import { createDeliveries, type DeliveriesOptions } from '../../../src/adapters/directory/deliveries.ts';
import { readPeople, writePeople } from '../../../src/adapters/directory/people-file.ts';
import { takeLock } from '../../../src/adapters/lock/exclusive-lock.ts';
import { createZone } from '../../../src/calendar/zone.ts';
import { GranskaError } from '../../../src/errors.ts';
import type { ImportRequest } from '../../../src/ports/deliveries.ts';
import { createIdentity, DEFAULT_IDENTITY_RULES } from '../../../src/subject/identity.ts';

const zone = createZone('Europe/Stockholm');
const TODAY = Date.parse('2026-11-25T11:00Z');
const day = (text: string) => zone.startOfDayMs(text);
const HEADER = 'user,roles,department,population,validFrom,validThrough\n';
const PEOPLE = `# kept by the registry
${HEADER}bo,teacher,School,staff,2020-01-01,
cecilia,"counsellor;head",Social,staff,2020-01-01,
disa,,Board,elected,2020-01-01,2026-12-31
${Array.from({ length: 20 }, (_, n) => `p${n},,School,staff,2021-01-01,\n`).join('')}`;
const COLUMNS = 'user,roles,department,population\n';
const SNAPSHOT = `${COLUMNS}bo,teacher,School,staff
cecilia,head;counsellor,Social,staff
disa,,Board,elected
${Array.from({ length: 20 }, (_, n) => `p${n},,School,staff\n`).join('')}`;

describe('deliveries of the directory', () => {
  let folder = '';
  let nowMs = TODAY;
  const at = (name: string) => join(folder, name);
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'granska-deliveries-'));
    nowMs = TODAY;
    writeFileSync(at('directory.csv'), PEOPLE);
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const options = (over: Partial<DeliveriesOptions> = {}): DeliveriesOptions => ({
    ...{ directoryFile: at('directory.csv'), departmentsFile: null, tenant: 'kommun', zone },
    ...{
      identity: { ...DEFAULT_IDENTITY_RULES, stripDomains: ['KOMMUN'] },
      maxVanished: 0.1,
      maxAgeDays: 35,
    },
    ...{ account: 'registrar', nowMs: () => nowMs, shown: (path: string) => path.slice(folder.length + 1) },
    ...over,
  });
  const deliver = (text: string, over: Partial<ImportRequest> = {}, by: Partial<DeliveriesOptions> = {}) => {
    writeFileSync(at('hr.csv'), text);
    return createDeliveries(options(by)).import({ file: at('hr.csv'), asOf: null, mode: 'import', ...over });
  };
  const directory = () => readFileSync(at('directory.csv'), 'utf8');
  const entriesOf = async (user: string) => {
    const { directoryFile, departmentsFile, tenant, identity } = options();
    const opened = await openDirectory({
      ...{ directoryFile, departmentsFile, networksFile: null, tenant, zone, identity },
    });
    expect(opened.problems).to.deep.equal([]);
    return opened.directory!.entries('kommun', user);
  };
  const refused = async (work: Promise<unknown>): Promise<GranskaError> => {
    const before = readdirSync(folder).filter(name => name !== 'hr.csv' && !name.endsWith('.lock'));
    const text = directory();
    const error = await work.then(
      () => null,
      (thrown: unknown) => thrown,
    );
    expect(error).to.be.instanceOf(GranskaError);
    expect(directory(), 'nothing is written').to.equal(text);
    expect(readdirSync(folder).filter(name => name !== 'hr.csv' && !name.endsWith('.lock'))).to.deep.equal(
      before,
    );
    return error as GranskaError;
  };

  it('§3.3 of the same people change nothing but the log', async () => {
    const outcome = await deliver(SNAPSHOT);
    expect(outcome).to.deep.include({
      asOf: '2026-11-25',
      before: 23,
      after: 23,
      vanishedShare: 0,
      written: true,
    });
    expect(outcome.counts).to.deep.equal({ unchanged: 23, changed: 0, arrived: 0, vanished: 0, notNamed: 0 });
    const [disa] = await entriesOf('disa');
    expect(disa).to.include({ fromMs: day('2020-01-01'), toMs: day('2027-01-01') });
    expect(directory().startsWith('# kept by the registry\nuser,')).to.equal(true);
    const again = directory();
    await deliver(SNAPSHOT);
    expect(directory()).to.equal(again);
  });

  it('§5.3 become intervals: who changed, who came and who left, and nothing of the past', async () => {
    const text = SNAPSHOT.replace('bo,teacher', 'KOMMUN\\BO,head').replace(
      'disa,,Board,elected\n',
      'eva,,Social,staff\n',
    );
    const { counts } = await deliver(text, { asOf: '2026-11-20' });
    expect(counts).to.deep.equal({ unchanged: 21, changed: 1, arrived: 1, vanished: 1, notNamed: 0 });
    const asOf = day('2026-11-20');
    expect((await entriesOf('bo')).map(({ roles, fromMs, toMs }) => ({ roles, fromMs, toMs }))).to.deep.equal(
      [
        { roles: ['teacher'], fromMs: day('2020-01-01'), toMs: asOf },
        { roles: ['head'], fromMs: asOf, toMs: Infinity },
      ],
    );
    expect((await entriesOf('disa')).map(({ fromMs, toMs }) => [fromMs, toMs])).to.deep.equal([
      [day('2020-01-01'), asOf],
    ]);
    expect((await entriesOf('eva')).map(({ fromMs, toMs }) => [fromMs, toMs])).to.deep.equal([
      [asOf, Infinity],
    ]);
    expect(directory()).to.contain('bo,teacher,School,staff,2020-01-01,2026-11-19\n');
  });

  it('§3.3 in which too many vanish are refused until confirmed', async () => {
    const few = SNAPSHOT.replace(/^p[0-2],.*\n/gm, '');
    const error = await refused(deliver(few));
    expect(error).to.include({ code: 'REFUSED', exit: 5 });
    expect(error.message).to.equal(
      'with this delivery 3 of 23 people (13 %) would vanish, more than 10 %; nothing was written',
    );
    const tried = await deliver(few, { mode: 'dry-run' });
    expect(tried).to.include({ written: false, before: 23, after: 20 });
    expect(directory()).to.equal(PEOPLE);
    expect(await deliver(few, { mode: 'confirm' })).to.include({ written: true });
    const status = await createDeliveries(options()).status();
    expect(status.last).to.include({ confirmed: true, by: 'registrar' });
    expect(status.inForce).to.equal(20);
  });

  it('§3.3 in which just as many vanish as may are taken', async () => {
    const two = SNAPSHOT.replace(/^p[01],.*\n/gm, '');
    expect(await deliver(two, {}, { maxVanished: 2 / 23 })).to.include({ written: true });
  });

  it('§3.3 of nobody are refused', async () => {
    expect(await refused(deliver(COLUMNS))).to.include({ code: 'REFUSED' });
  });

  it('§5.3 of an earlier day than the last are refused, and of a day that has not come', async () => {
    await deliver(SNAPSHOT, { asOf: '2026-11-20' });
    const early = await refused(deliver(SNAPSHOT.replace('bo,teacher', 'bo,head'), { asOf: '2026-11-19' }));
    expect(early).to.include({ code: 'REFUSED', exit: 5 });
    expect(await refused(deliver(SNAPSHOT, { asOf: '2026-11-26' }))).to.include({ code: 'USAGE' });
    expect(await refused(deliver(SNAPSHOT, { asOf: '2026-02-30' }))).to.include({ code: 'USAGE' });
    expect(await deliver(SNAPSHOT, { asOf: '2026-11-20' })).to.include({ written: true });
  });

  it('§5.3 in which a column is empty in every line are refused until confirmed: exemptions hang on it', async () => {
    const blank = SNAPSHOT.replace('teacher', '').replace('head;counsellor', '');
    for (const mode of ['import', 'dry-run'] as const) {
      const error = await refused(deliver(blank, { mode }));
      expect(error.code).to.equal('CONFIG');
      expect(error.message).to.contain('hr.csv:1:1: error: roles: the column is empty in every line');
    }
    expect(directory()).to.equal(PEOPLE);
    const unknown = SNAPSHOT.replaceAll(/,(staff|elected)$/gm, ',');
    expect((await refused(deliver(unknown))).message).to.contain('population: the column is empty');
    expect((await deliver(blank, { mode: 'confirm' })).counts.changed).to.equal(2);
    // Nobody has a role any more: nothing can be lost.
    expect((await deliver(blank)).written).to.equal(true);
  });

  it('§1.2 go by the local day: late in the evening of UTC it is tomorrow', async () => {
    nowMs = Date.parse('2026-11-25T23:30Z');
    expect((await deliver(SNAPSHOT)).asOf).to.equal('2026-11-26');
  });

  for (const [title, text, expected] of [
    ['a row without a person', `${COLUMNS}-,,School,staff\n`, 'hr.csv:2:1: error: user: names nobody'],
    ['a formula', `${COLUMNS}bo,,=1+1,staff\n`, 'hr.csv:2:5: error: department: begins as a formula does'],
    ['a line break', `${COLUMNS}bo,,"a\nb",staff\n`, 'hr.csv:2:5: error: department: holds a line break'],
    [
      'no populations, where the directory has some',
      'user,roles,department\nbo,,School\n',
      'hr.csv:1:1: error: population: the column is missing',
    ],
    [
      'no roles, where the directory has some',
      'user,department,population\nbo,School,staff\n',
      'hr.csv:1:1: error: roles: the column is missing',
    ],
    [
      'one person twice',
      `${COLUMNS}bo,,School,staff\nBO,,School,staff\n`,
      'hr.csv:3:1: error: user: is the same person as in line 2',
    ],
    [
      '§1.3 a column named to',
      'user,roles,department,population,to\nbo,,School,staff,2026-12-31\n',
      'hr.csv:1:34: error: to: is refused',
    ],
  ] as const) {
    it(`with ${title} are told where, and not taken`, async () => {
      const error = await refused(deliver(text, { mode: 'confirm' }));
      expect(error.code).to.equal('CONFIG');
      expect(error.message).to.contain(expected);
    });
  }

  it('that are not there, and a log that was changed, are told apart', async () => {
    const gone = createDeliveries(options()).import({ file: at('none.csv'), asOf: null, mode: 'import' });
    expect(await refused(gone)).to.include({ code: 'SOURCE' });
    await deliver(SNAPSHOT);
    const log = at('directory.deliveries.ndjson');
    writeFileSync(log, readFileSync(log, 'utf8').replace('"vanished":0', '"vanished":9'));
    expect(await refused(deliver(SNAPSHOT))).to.include({ code: 'DAMAGED' });
    expect((await createDeliveries(options()).status()).brokenLine).to.equal(1);
  });

  it('continue a log behind half a line that a crash has left', async () => {
    await deliver(SNAPSHOT);
    const log = at('directory.deliveries.ndjson');
    writeFileSync(log, `${readFileSync(log, 'utf8')}{"asOf":"20`);
    await deliver(SNAPSHOT);
    const status = await createDeliveries(options()).status();
    expect(status).to.include({ deliveries: 2, brokenLine: null });
    expect(readFileSync(log, 'utf8').split('\n')).to.have.length(3);
  });

  it('wait their turn', async () => {
    const release = takeLock(`${at('directory.csv')}.lock`, 0)!;
    try {
      expect(await refused(deliver(SNAPSHOT, {}, { waitMs: 0 }))).to.include({ code: 'STORE' });
    } finally {
      release();
    }
    expect(await deliver(SNAPSHOT)).to.include({ written: true });
  });

  it('keep the rights of the directory, and a link a link', async () => {
    chmodSync(at('directory.csv'), 0o600);
    symlinkSync('directory.csv', at('link.csv'));
    await deliver(SNAPSHOT.replace('bo,teacher', 'bo,head'), {}, { directoryFile: at('link.csv') });
    expect(statSync(at('directory.csv')).mode & 0o777).to.equal(0o600);
    expect(directory()).to.contain('bo,head');
    expect(readFileSync(at('link.csv'), 'utf8')).to.equal(directory());
  });

  it('leave alone an organisation that they do not name', async () => {
    writeFileSync(at('directory.csv'), 'user,tenant\nbo,\neva,energi\n');
    const { counts } = await deliver('user,tenant\nbo,kommun\nkim,kommun\n');
    expect(counts).to.deep.equal({ unchanged: 1, changed: 0, arrived: 1, vanished: 0, notNamed: 1 });
    expect(directory()).to.contain('eva,,,staff,energi,,\n');
  });

  it('begin a directory that is not there yet', async () => {
    rmSync(at('directory.csv'));
    const { counts } = await deliver(SNAPSHOT);
    expect(counts.arrived).to.equal(23);
    expect(directory()).to.contain('bo,teacher,School,staff,2026-11-25,\n');
  });

  it('tell how old the last is, who comes and who goes, and whether somebody changed the directory', async () => {
    const [, ...people] = SNAPSHOT.trimEnd().split('\n');
    const dated = [
      'user,roles,department,population,validFrom,validThrough',
      ...people.map(line => `${line},,${line.startsWith('bo,') ? '2026-12-10' : ''}`),
      'eva,,School,staff,2026-12-01,\n',
    ].join('\n');
    await deliver(dated, { asOf: '2026-11-15' });
    const { last, ...status } = await createDeliveries(options()).status();
    expect(status).to.deep.equal({
      ...{ deliveries: 1, ageDays: 10, maxAgeDays: 35, changedSince: false, brokenLine: null },
      ...{ inForce: 23, leaving: 1, arriving: 1 },
    });
    expect(last).to.deep.include({ asOf: '2026-11-15', atMs: TODAY, by: 'registrar', confirmed: false });
    writeFileSync(at('directory.csv'), `${directory()}zoe,,School,staff,,\n`);
    expect((await createDeliveries(options()).status()).changedSince).to.equal(true);
  });

  it('are never names: neither the log nor what is told holds one', async () => {
    await deliver(SNAPSHOT.replace('bo,teacher', 'bo,head'));
    const log = readFileSync(at('directory.deliveries.ndjson'), 'utf8');
    for (const name of ['cecilia', 'disa', 'School', 'teacher']) expect(log).not.to.contain(name);
  });

  it('are written as they are read back, whatever stands in a cell', async () => {
    const text = (unit: readonly string[]) =>
      fc
        .string({ unit: fc.constantFrom(...unit), minLength: 1, maxLength: 6 })
        .filter(one => one.trim() !== '');
    const edge = fc.constantFrom('2020-01-01', '2026-03-29', '2026-10-25', '2026-11-01', '2027-01-01');
    const rows = fc.uniqueArray(
      fc.record({
        user: text(['a', 'å', '"', ',', ';', '#', "'", ' ', '\t', '=']),
        department: text(['A', '"', ',', ';', '#', ' ', '-']),
        roles: fc.uniqueArray(
          text(['r', '"', '#', ' ']).map(role => role.trim()),
          { maxLength: 3 },
        ),
        population: fc.constantFrom('staff' as const, 'unknown' as const, 'pupil' as const),
        edges: fc.tuple(fc.option(edge), fc.option(edge)),
        tenant: fc.constantFrom('kommun', 'energi'),
      }),
      { maxLength: 6, selector: one => one.user.trim().replace(/\s+/g, ' ').normalize('NFC') },
    );
    const canonicalName = createIdentity(DEFAULT_IDENTITY_RULES);
    await fc.assert(
      fc.asyncProperty(rows, fc.boolean(), async (drawn, isWithTenant) => {
        const made = drawn
          .map(({ user, department, roles, edges: [from, through], ...rest }) => ({
            ...rest,
            tenant: isWithTenant ? rest.tenant : 'kommun',
            user: canonicalName(user),
            department: department.trim(),
            roles: [...roles].sort(),
            fromMs: from === null ? -Infinity : day(from),
            toMs:
              through === null || (from !== null && through < from) ? Infinity : day(zone.nextDay(through)),
          }))
          .filter(row => row.user !== '')
          .sort((a, b) => (`${a.tenant}\u0000${a.user}` < `${b.tenant}\u0000${b.user}` ? -1 : 1));
        const csv = writePeople(made, {
          ...{ zone, comments: ['# "a comment'] },
          columns: isWithTenant ? 'with-tenant' : 'without-tenant',
        });
        const read = await readPeople(Buffer.from(csv), {
          ...{ file: 'x.csv', tenant: 'kommun', zone, departments: null, canonicalName },
        });
        expect(read.problems).to.deep.equal([]);
        expect(read.rows).to.have.deep.members(made);
      }),
      { numRuns: 300 },
    );
  });
});
