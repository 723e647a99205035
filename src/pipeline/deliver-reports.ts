// One delivery of one month: each report in each form into its folder, and an index of what lies there and what failed.
// In: the plan, the departments, what makes reports; out: files, and how many. Invariant: a department's folder holds its own
// report and nothing else; delivering again gives the same bytes and no second file; one that fails stops no other.
// Example: `hr` of 2026-10 for two departments as html → 2026-10/bygg/hr-2026-10-1.html, 2026-10/vard/…, 2026-10/index.html.
import type { DeliveredFile, DeliveryIndex, FailedFile } from '../model/delivery.ts';
import type { DeliveryFormat, DeliveryPlan, Period } from '../model/review-plan.ts';
import type { Clock } from '../ports/clock.ts';
import type { ReportFolder, ReportMaker } from '../ports/reports.ts';
import { folderNames } from '../schedule/folder-names.ts';
import { failureOf } from '../schedule/run-failure.ts';
import type { CarriedOut } from './schedule-runner.ts';

export interface DeliveryOptions {
  maker: ReportMaker;
  folder: ReportFolder;
  /** Departments without a parent. */
  departments: readonly string[];
  clock: Clock;
  /** SHA-256 as 64 hex digits. */
  hash(bytes: Uint8Array): string;
  /** Prints the index for people. */
  indexPage(index: DeliveryIndex): Uint8Array;
}

/** Delivers the reports of one month. */
export async function deliverReports(
  plan: DeliveryPlan,
  period: Period,
  { signal, ...options }: DeliveryOptions & { signal: AbortSignal },
): Promise<CarriedOut> {
  const { folder, clock, hash } = options;
  const place = `${plan.folder}/${period.id}`;
  const before = await readIndex(folder, place);
  const files = new Map(before.map(file => [file.path, file]));
  const failed: FailedFile[] = [];
  const wanted = wantedOf(plan, options);
  for (const { department, inside, format } of wanted) {
    if (signal.aborted) return STOPPED;
    try {
      const asked = { report: plan.report, month: period.id, department, format, lang: plan.lang };
      const made = await options.maker.make(asked, signal);
      const path = `${inside}${plan.report}-${period.id}-${made.issue}.${format}`;
      const known = files.get(path);
      const there = await folder.read(`${place}/${path}`);
      const isKept = there !== null && known !== undefined && hash(there) === known.sha256;
      // What lies there says the same: a newer program, which would set it otherwise, changes nothing that was delivered.
      if (isKept && known.contentHash === made.contentHash) continue;
      await folder.write(`${place}/${path}`, made.bytes);
      const sha256 = hash(made.bytes);
      files.set(path, {
        ...{ path, department, format, issue: made.issue, contentHash: made.contentHash, sha256 },
        bytes: made.bytes.length,
        delivered: known?.sha256 === sha256 ? known.delivered : timeOf(clock),
      });
    } catch (error) {
      failed.push({ department, format, ...failureOf(error), at: timeOf(clock) });
    }
  }
  await writeIndex({ plan, period, files: [...files.values()], failed }, { ...options, place });
  return outcomeOf(wanted.length, failed);
}

/** What was put there stays; the index is written when somebody goes on. */
const STOPPED: CarriedOut = { result: {}, failure: { code: 'EINTR', message: 'it was told to stop' } };

interface Wanted {
  department: string | null;
  /** Folder of the department, with its `/`; empty for the whole organization. */
  inside: string;
  format: DeliveryFormat;
}

function wantedOf(plan: DeliveryPlan, { departments, hash }: DeliveryOptions): Wanted[] {
  const all = (department: string | null, inside: string) =>
    plan.formats.map(format => ({ department, inside, format }));
  if (plan.split === 'whole') return all(null, '');
  const named = plan.departments ?? departments;
  const encoder = new TextEncoder();
  const names = folderNames(named, text => hash(encoder.encode(text)));
  return [...names].flatMap(([department, name]) => all(department, `${name}/`));
}

function outcomeOf(wanted: number, failed: readonly FailedFile[]): CarriedOut {
  const result = { reports: wanted - failed.length, failed: failed.length };
  const [first] = failed;
  if (first === undefined) return { result, failure: null };
  const message = `${failed.length} of ${wanted} reports could not be delivered: ${first.message}`;
  return { result, failure: { code: first.code, message } };
}

async function writeIndex(
  {
    plan,
    period,
    files,
    failed,
  }: { plan: DeliveryPlan; period: Period } & Pick<DeliveryIndex, 'files' | 'failed'>,
  { folder, place, indexPage }: DeliveryOptions & { place: string },
): Promise<void> {
  const index: DeliveryIndex = {
    schema: 'granska.delivery/1',
    delivery: plan.id,
    report: plan.report,
    month: period.id,
    lang: plan.lang,
    files: [...files].sort((a, b) => (a.path < b.path ? -1 : 1)),
    failed,
  };
  await folder.write(`${place}/index.html`, indexPage(index));
  await folder.write(`${place}/index.json`, new TextEncoder().encode(`${JSON.stringify(index, null, 2)}\n`));
}

/** Reads what was delivered before; nothing where the index cannot be read, for it is written anew. */
async function readIndex(folder: ReportFolder, place: string): Promise<readonly DeliveredFile[]> {
  const bytes = await folder.read(`${place}/index.json`);
  if (bytes === null) return [];
  try {
    const index = JSON.parse(new TextDecoder().decode(bytes)) as Partial<DeliveryIndex>;
    if (index.schema !== 'granska.delivery/1' || !Array.isArray(index.files)) return [];
    return index.files.filter(file => typeof file?.path === 'string');
  } catch {
    return [];
  }
}

function timeOf(clock: Clock): string {
  return new Date(clock.nowMs()).toISOString();
}
