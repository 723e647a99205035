import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
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
import { createReportFolder } from '../../src/adapters/delivery/report-folder.ts';
import { createMemoryStore } from '../../src/adapters/store/memory-store.ts';
import { GranskaError } from '../../src/errors.ts';
import type { DeliveryIndex } from '../../src/model/delivery.ts';
import type { DeliveryPlan } from '../../src/model/review-plan.ts';
import { deliverReports } from '../../src/pipeline/deliver-reports.ts';
import type { ReportAsked, ReportMaker } from '../../src/ports/reports.ts';
import { periodOf } from '../../src/schedule/period.ts';
import { deliveryPage } from '../../src/text/delivery-page.ts';
import { pageHtml } from '../../src/text/page-html.ts';
import { aClock, aDelivery, GOING, startProcess } from './schedule-support.ts';

const OCTOBER = periodOf('month', '2026-10-01');
const hash = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** Makes reports that say whose they are. */
function aMaker(
  change: (asked: ReportAsked) => void = () => {},
  issue = () => 1,
): ReportMaker & { asked: ReportAsked[] } {
  const asked: ReportAsked[] = [];
  return {
    asked,
    async make(of) {
      asked.push(of);
      change(of);
      const text = `${of.report} ${of.month} ${of.department ?? 'whole'} ${of.format} ${of.lang} ${issue()}`;
      return {
        bytes: Buffer.from(text),
        issue: issue(),
        contentHash: hash(Buffer.from(of.department ?? '')),
      };
    },
  };
}

describe('a delivery of reports', () => {
  let root: string;
  const clock = aClock('2026-11-02T05:30:00Z');
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'granska-delivery-'));
  });
  afterEach(() => rmSync(root, { recursive: true }));

  const deliver = (maker: ReportMaker, plan: Partial<DeliveryPlan> = {}, signal = GOING) =>
    deliverReports(aDelivery(plan), OCTOBER, {
      ...{
        maker,
        folder: createReportFolder(join(root, 'reports')),
        departments: ['Vård', 'IT'],
        clock,
        hash,
        signal,
      },
      indexPage: index => Buffer.from(pageHtml(deliveryPage(index))),
    });
  const month = (...parts: string[]) => join(root, 'reports', 'hr', '2026-10', ...parts);
  const index = (): DeliveryIndex => JSON.parse(readFileSync(month('index.json'), 'utf8'));

  it('§8.1 puts each department’s own report into its folder, and nothing else there', async () => {
    expect(await deliver(aMaker())).to.deep.equal({ result: { reports: 4, failed: 0 }, failure: null });
    expect(readdirSync(month()).sort()).to.deep.equal(['index.html', 'index.json', 'it', 'vard']);
    for (const [folder, department] of [
      ['it', 'IT'],
      ['vard', 'Vård'],
    ] as const) {
      expect(readdirSync(month(folder)).sort()).to.deep.equal(['hr-2026-10-1.html', 'hr-2026-10-1.json']);
      for (const file of readdirSync(month(folder))) {
        expect(readFileSync(month(folder, file), 'utf8')).to.include(` ${department} `);
      }
    }
  });

  it('can be read by its owner and group alone, whatever the mask of the process', async () => {
    const mask = process.umask(0o077);
    try {
      await deliver(aMaker());
    } finally {
      process.umask(mask);
    }
    for (const path of [month('it', 'hr-2026-10-1.html'), month('index.html')]) {
      expect(statSync(path).mode & 0o777).to.equal(0o640);
    }
    expect(statSync(month('it')).mode & 0o007).to.equal(0);
  });

  it('has an index with the hash of every file and when it came, in the language of the reports', async () => {
    await deliver(aMaker());
    const { schema, files, failed } = index();
    expect(schema).to.equal('granska.delivery/1');
    expect(failed).to.deep.equal([]);
    expect(files.map(file => file.path)).to.deep.equal([
      'it/hr-2026-10-1.html',
      'it/hr-2026-10-1.json',
      'vard/hr-2026-10-1.html',
      'vard/hr-2026-10-1.json',
    ]);
    for (const file of files) {
      expect(file.sha256).to.equal(hash(readFileSync(month(file.path))));
      expect(file.delivered).to.equal('2026-11-02T05:30:00.000Z');
    }
    const page = readFileSync(month('index.html'), 'utf8');
    expect(page).to.include('vad som har levererats').and.to.include(files[0]!.sha256.slice(0, 16));
    expect(page).not.to.include('<script');
  });

  it('delivered twice is the same bytes, and no second file', async () => {
    await deliver(aMaker());
    const before = readdirSync(root, { recursive: true }).sort();
    const bytes = before.map(
      name => statSync(join(root, String(name))).isFile() && readFileSync(join(root, String(name)), 'utf8'),
    );
    clock.add(3_600_000);
    await deliver(aMaker());
    expect(readdirSync(root, { recursive: true }).sort()).to.deep.equal(before);
    const again = before.map(
      name => statSync(join(root, String(name))).isFile() && readFileSync(join(root, String(name)), 'utf8'),
    );
    expect(again).to.deep.equal(bytes);
  });

  it('stays as it was delivered when a newer program would print it otherwise, and is put back when it was altered', async () => {
    await deliver(aMaker());
    const path = month('it', 'hr-2026-10-1.html');
    const before = readFileSync(path, 'utf8');
    const other: ReportMaker = {
      async make(asked, signal) {
        const made = await aMaker().make(asked, signal);
        return { ...made, bytes: Buffer.from(`${Buffer.from(made.bytes)} set otherwise`) };
      },
    };
    await deliver(other);
    expect(readFileSync(path, 'utf8')).to.equal(before);
    writeFileSync(path, 'altered');
    await deliver(other);
    expect(readFileSync(path, 'utf8')).to.equal(`${before} set otherwise`);
    expect(index().files.find(file => file.path === 'it/hr-2026-10-1.html')?.sha256).to.equal(
      hash(readFileSync(path)),
    );
  });

  it('§8.2 a correction is a file of its own number beside the earlier one', async () => {
    await deliver(aMaker());
    await deliver(aMaker(undefined, () => 2));
    expect(readdirSync(month('it')).sort()).to.deep.equal([
      'hr-2026-10-1.html',
      'hr-2026-10-1.json',
      'hr-2026-10-2.html',
      'hr-2026-10-2.json',
    ]);
    expect(index().files).to.have.length(8);
  });

  it('tells what failed, delivers the rest, and takes the failure out once it is mended', async () => {
    const refuse = (asked: ReportAsked) => {
      if (asked.department === 'IT' && asked.format === 'json')
        throw new GranskaError('CHECK_FAILED', 'not complete');
    };
    const came = await deliver(aMaker(refuse));
    expect(came.result).to.deep.equal({ reports: 3, failed: 1 });
    expect(came.failure).to.deep.equal({
      code: 'CHECK_FAILED',
      message: '1 of 4 reports could not be delivered: not complete',
    });
    expect(index().failed).to.have.length(1);
    expect(index().failed[0]).to.include({ department: 'IT', format: 'json', code: 'CHECK_FAILED' });
    expect(readFileSync(month('index.html'), 'utf8')).to.include('Inte levererat');
    await deliver(aMaker());
    expect(index().failed).to.deep.equal([]);
    expect(readFileSync(month('index.html'), 'utf8')).not.to.include('Inte levererat');
  });

  it('a folder that cannot be had is tried three times and told by its code alone; when it can, everything comes', async () => {
    mkdirSync(month(), { recursive: true });
    // In the place of one department’s folder stands a file.
    writeFileSync(month('it'), '');
    const store = createMemoryStore();
    const maker = aMaker();
    const plan = aDelivery({ validFrom: '2026-11-01', schedule: '0 6 2 * *' });
    const runner = startProcess(store, aClock('2026-11-02T06:00:00Z'), (_plan, _period, signal) =>
      deliver(maker, plan, signal),
    );
    expect((await runner.wake([plan], 'time', GOING)).failed).to.equal(1);
    expect(runner.pauses).to.deep.equal([1_000, 5_000]);
    expect(maker.asked).to.have.length(12);
    expect(index().failed.map(({ department, code }) => `${department} ${code}`)).to.deep.equal([
      'IT ENOTDIR',
      'IT ENOTDIR',
    ]);
    expect(JSON.stringify(index())).not.to.include(root);
    expect(readdirSync(month('vard'))).to.have.length(2);
    rmSync(month('it'));
    expect((await runner.wake([plan], 'asked', GOING)).done).to.equal(1);
    expect(readdirSync(month('it'))).to.have.length(2);
    expect(index().failed).to.deep.equal([]);
  });

  it('a folder of reports that is a file fails as a whole, and leaves no draft behind', async () => {
    writeFileSync(join(root, 'reports'), '');
    const thrown = await deliver(aMaker()).catch((error: unknown) => error);
    expect(thrown).to.have.property('code', 'ENOTDIR');
    rmSync(join(root, 'reports'));
    if (process.getuid?.() !== 0) {
      mkdirSync(join(root, 'reports'));
      chmodSync(join(root, 'reports'), 0o500);
      expect(await deliver(aMaker()).catch((error: unknown) => error)).to.have.property('code', 'EACCES');
      chmodSync(join(root, 'reports'), 0o700);
    }
    await deliver(aMaker());
    expect(
      readdirSync(root, { recursive: true })
        .map(String)
        .filter(name => /(^|\/)\./.test(name)),
    ).to.deep.equal([]);
  });

  it('follows no link out of its folder', async () => {
    const outside = mkdtempSync(join(tmpdir(), 'granska-outside-'));
    try {
      mkdirSync(month(), { recursive: true });
      symlinkSync(outside, month('it'));
      expect((await deliver(aMaker())).result).to.deep.equal({ reports: 2, failed: 2 });
      expect(readdirSync(outside)).to.deep.equal([]);
      const folder = createReportFolder(join(root, 'reports'));
      const thrown = await folder.write('../out.txt', Buffer.from('x')).catch((error: unknown) => error);
      expect(thrown).to.be.instanceOf(GranskaError);
      expect(existsSync(join(root, 'out.txt'))).to.equal(false);
    } finally {
      rmSync(outside, { recursive: true });
    }
  });

  it('that is told to stop keeps what was put there, and is gone on with', async () => {
    const stop = new AbortController();
    const came = await deliver(
      aMaker(asked => void (asked.format === 'json' && stop.abort())),
      {},
      stop.signal,
    );
    expect(came.failure?.code).to.equal('EINTR');
    expect(readdirSync(month('vard'))).to.have.length(2);
    expect(existsSync(month('it'))).to.equal(false);
    await deliver(aMaker());
    expect(index().files).to.have.length(4);
  });

  it('of the whole organization lies in the folder of the month itself', async () => {
    await deliver(aMaker(), { id: 'board', report: 'statistics', split: 'whole', formats: ['csv'] });
    expect(readdirSync(month()).sort()).to.deep.equal([
      'index.html',
      'index.json',
      'statistics-2026-10-1.csv',
    ]);
    expect(index().files[0]).to.include({ department: null });
  });

  it('goes to the departments that are named, where some are', async () => {
    await deliver(aMaker(), { departments: ['Skola'] });
    expect(readdirSync(month()).sort()).to.deep.equal(['index.html', 'index.json', 'skola']);
  });
});
