// deliveries: a delivered file → the directory with its history, and a line in the log of deliveries (§3.3).
// In: the path of the delivery; out: what it changes, in numbers. Invariant: the directory is replaced whole or not at
// all, after the new one was read back and agreed; nothing before the delivery's day is changed; one import at a time.
// Example: `await createDeliveries(options).import({ file: 'hr.csv', asOf: null, mode: 'dry-run' })`.
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { isDay, type Zone } from '../../calendar/zone.ts';
import { formatProblems, hasErrors, type Problem } from '../../config/problem.ts';
import { GranskaError } from '../../errors.ts';
import type { Deliveries, ImportOutcome, ImportRequest } from '../../ports/deliveries.ts';
import type { RosterRow } from '../../subject/create-roster.ts';
import { createIdentity, type IdentityRules } from '../../subject/identity.ts';
import { inForceAt, isInForce, mergeDelivery } from '../../subject/merge-delivery.ts';
import { DEPARTMENT_COLUMNS, REFUSED_COLUMNS } from './csv.ts';
import { appendDelivery, brokenLog, readDeliveryLog } from './delivery-log.ts';
import { type DepartmentList, readDepartments } from './departments.ts';
import { readBytes, replaceFile, withLock } from './directory-file.ts';
import { directoryStatus } from './directory-status.ts';
import { commentsOf, type PeopleOptions, readDelivery, readPeople, writePeople } from './people-file.ts';
import { readTable } from './read-table.ts';

export interface DeliveriesOptions {
  directoryFile: string;
  departmentsFile: string | null;
  tenant: string;
  zone: Zone;
  identity: IdentityRules;
  maxVanished: number;
  maxAgeDays: number;
  /** Account of the operating system that is at work. */
  account: string;
  /** How long to wait for another import, milliseconds; 5,000 unless set. */
  waitMs?: number;
  nowMs(): number;
  /** Names a file in a message as its user would. */
  shown(path: string): string;
}

const LOCK_WAIT_MS = 5_000;

/** Creates the deliveries of one directory file. */
export function createDeliveries(options: DeliveriesOptions): Deliveries {
  const { zone, directoryFile, shown } = options;

  async function prepare(request: ImportRequest) {
    const asOf = request.asOf ?? zone.dayOf(options.nowMs());
    checkDay(asOf, options);
    const asOfMs = zone.startOfDayMs(asOf);
    const bytes = readBytes(request.file, shown);
    const historyBytes = existsSync(directoryFile) ? readBytes(directoryFile, shown) : Buffer.from('user\n');
    const reading = await readingOf(options);
    const history = await readPeople(historyBytes, { ...reading, file: shown(directoryFile) });
    const inForce = history.rows.filter(row => isInForce(row, asOfMs));
    const delivery = await readDelivery(bytes, {
      ...{ ...reading, file: shown(request.file), inForce },
      isConfirmed: request.mode === 'confirm',
    });
    refuseMistakes([...history.problems, ...delivery.problems]);
    const merged = mergeDelivery({ history: history.rows, delivery: delivery.rows, asOfMs });
    const hasTenants = history.has('tenant') || delivery.has('tenant');
    const isOther = merged.rows.some(row => row.tenant !== options.tenant);
    const text = writePeople(merged.rows, {
      zone,
      comments: commentsOf(historyBytes),
      columns: hasTenants || isOther ? 'with-tenant' : 'without-tenant',
    });
    const before = inForceAt(history.rows, asOfMs) - merged.counts.notNamed;
    const outcome: ImportOutcome = {
      ...{ asOf, counts: merged.counts, before, after: inForceAt(merged.rows, asOfMs) },
      vanishedShare: before === 0 ? 0 : merged.counts.vanished / before,
      maxVanished: options.maxVanished,
      written: false,
    };
    return { outcome, merged, reading, text: Buffer.from(text), sha256: sha256(bytes) };
  }

  async function importNow(request: ImportRequest): Promise<ImportOutcome> {
    const { outcome, merged, reading, text, sha256: delivered } = await prepare(request);
    const isTooMuch = outcome.vanishedShare > options.maxVanished;
    if (request.mode === 'dry-run') return outcome;
    if (isTooMuch && request.mode !== 'confirm') throw tooManyVanish(outcome);
    await checkReadsBack(text, merged.rows, { ...reading, file: shown(directoryFile) });
    replaceFile(directoryFile, text);
    appendDelivery(directoryFile, {
      ...{ atMs: options.nowMs(), by: options.account, asOf: outcome.asOf, sha256: delivered },
      ...{ directory: sha256(text), counts: outcome.counts, confirmed: isTooMuch },
    });
    return { ...outcome, written: true };
  }

  return {
    async import(request) {
      if (request.mode === 'dry-run') return importNow(request);
      const { waitMs = LOCK_WAIT_MS } = options;
      return withLock({ path: directoryFile, waitMs, shown }, () => importNow(request));
    },
    async status() {
      const bytes = readBytes(directoryFile, shown);
      const people = await readPeople(bytes, { ...(await readingOf(options)), file: shown(directoryFile) });
      refuseMistakes(people.problems);
      const { zone: by, maxAgeDays, nowMs } = options;
      const log = readDeliveryLog(directoryFile);
      return directoryStatus({
        log,
        rows: people.rows,
        directory: sha256(bytes),
        zone: by,
        maxAgeDays,
        nowMs: nowMs(),
      });
    },
  };
}

/** A delivery holds from a day that has come, and not from one before the last delivery: its past is settled. */
function checkDay(asOf: string, { zone, nowMs, directoryFile }: DeliveriesOptions): void {
  if (!isDay(asOf)) {
    throw new GranskaError('USAGE', '--as-of is no day of the calendar', { hint: 'write it as 2026-11-25' });
  }
  if (asOf > zone.dayOf(nowMs())) {
    throw new GranskaError('USAGE', '--as-of is a day that has not come yet', {
      hint: 'write planned changes into the delivery, as validFrom and validThrough',
    });
  }
  const { deliveries, brokenLine } = readDeliveryLog(directoryFile);
  if (brokenLine !== null) throw brokenLog(brokenLine);
  const last = deliveries.at(-1);
  if (last === undefined || asOf >= last.asOf) return;
  throw new GranskaError(
    'REFUSED',
    `the last delivery holds from ${last.asOf}, after ${asOf}; nothing was written`,
    {
      hint: 'what a later delivery has settled is not settled anew by an earlier one',
    },
  );
}

function tooManyVanish({ counts, before, vanishedShare, maxVanished }: ImportOutcome): GranskaError {
  const share = `${counts.vanished} of ${before} people (${percent(vanishedShare)})`;
  return new GranskaError(
    'REFUSED',
    `with this delivery ${share} would vanish, more than ${percent(maxVanished)}; nothing was written`,
    { hint: 'a part of the file may be missing; where it is right, import it with --confirm' },
  );
}

function percent(share: number): string {
  return `${Math.round(share * 1000) / 10} %`;
}

async function readingOf(options: DeliveriesOptions): Promise<Omit<PeopleOptions, 'file'>> {
  const { tenant, zone, identity } = options;
  const departments = await departmentsOf(options);
  return { tenant, zone, departments, canonicalName: createIdentity(identity) };
}

async function departmentsOf(options: DeliveriesOptions): Promise<DepartmentList | null> {
  const { departmentsFile, shown, tenant } = options;
  if (departmentsFile === null) return null;
  const table = await readTable(readBytes(departmentsFile, shown), {
    ...{ file: shown(departmentsFile), columns: DEPARTMENT_COLUMNS, required: ['department'] },
    refused: REFUSED_COLUMNS,
  });
  const list = readDepartments(table, tenant);
  refuseMistakes(table.problems);
  return list;
}

function refuseMistakes(problems: readonly Problem[]): void {
  if (!hasErrors(problems)) return;
  const errors = problems.filter(problem => problem.severity === 'error');
  throw new GranskaError(
    'CONFIG',
    `the files have mistakes, and nothing was written:\n${formatProblems(errors)}`,
    {
      hint: 'correct them, then import anew',
    },
  );
}

/** Refuses to replace a directory by one that says something else than was decided. */
async function checkReadsBack(
  text: Uint8Array,
  rows: readonly RosterRow[],
  options: PeopleOptions,
): Promise<void> {
  const { rows: read, problems } = await readPeople(text, options);
  const plain = (all: readonly RosterRow[]) =>
    all.map(row => [
      row.tenant,
      row.user,
      row.roles,
      row.department,
      row.population,
      `${row.fromMs} ${row.toMs}`,
    ]);
  if (!hasErrors(problems) && JSON.stringify(plain(read)) === JSON.stringify(plain(rows))) return;
  throw new GranskaError(
    'DAMAGED',
    'the merged directory does not read back as it was made; nothing was written',
    {
      hint: 'a cell of the directory may hold a line break: take it out',
    },
  );
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
