// `granska directory import|status`: deliveries of who is who. In: what was asked; out: numbers of people, never one of them.
import { EXIT, type ExitCode } from '../../errors.ts';
import type { Deliveries, DirectoryStatus, ImportOutcome, ImportRequest } from '../../ports/deliveries.ts';
import { type Io, write } from '../io.ts';
import { formatCount } from '../numbers.ts';

/** Imports a delivery, or says what it would do; gives 5 where a dry run would be refused. */
export async function runDirectoryImport(
  args: ImportRequest & { json: boolean },
  deliveries: Deliveries,
  io: Io,
): Promise<ExitCode> {
  const { json, ...request } = args;
  const outcome = await deliveries.import(request);
  const isTooMuch = outcome.vanishedShare > outcome.maxVanished;
  const text = json
    ? `${JSON.stringify({ schema: 'granska.directory-import/1', ...outcome, needsConfirmation: isTooMuch })}\n`
    : describeImport(outcome, isTooMuch);
  await write(io.stdout, text);
  return isTooMuch && !outcome.written ? EXIT.refused : EXIT.done;
}

/** Says how the directory stands; gives 4 where the log of its deliveries is not whole. */
export async function runDirectoryStatus(
  args: { json: boolean },
  deliveries: Deliveries,
  io: Io,
): Promise<ExitCode> {
  const status = await deliveries.status();
  const text = args.json ? `${JSON.stringify(toJson(status))}\n` : describeStatus(status);
  await write(io.stdout, text);
  return status.brokenLine === null ? EXIT.done : EXIT.damaged;
}

function describeImport(
  { asOf, counts, before, after, written, ...rest }: ImportOutcome,
  isTooMuch: boolean,
): string {
  const lines = [
    written ? `The delivery is in force as of ${asOf}.` : `The delivery, as of ${asOf}: nothing was written.`,
    row(counts.unchanged, 'unchanged'),
    row(counts.changed, 'changed'),
    row(counts.arrived, 'new'),
    row(
      counts.vanished,
      `vanished: ${percent(rest.vanishedShare)} of ${formatCount(before)} in force before`,
    ),
  ];
  if (counts.notNamed > 0) {
    lines.push(row(counts.notNamed, 'of organisations that it does not name: left as they are'));
  }
  lines.push(row(after, 'in force'));
  if (isTooMuch && !written) {
    lines.push(`More than ${percent(rest.maxVanished)} would vanish: it needs --confirm.`);
  }
  return `${lines.join('\n')}\n`;
}

function describeStatus(status: DirectoryStatus): string {
  const { last, ageDays, maxAgeDays, brokenLine, inForce, leaving, arriving } = status;
  const lines = [];
  if (last === null) lines.push('No delivery was ever imported: the directory is kept by hand.');
  else {
    const old = ageDays! > maxAgeDays ? `, OLDER than the ${maxAgeDays} that are allowed` : '';
    lines.push(
      `Last delivery: as of ${last.asOf} (${ageDays} days${old}), ${formatCount(status.deliveries)} in all`,
    );
    lines.push(
      `  imported ${new Date(last.atMs).toISOString()} by ${last.by}${last.confirmed ? ', confirmed' : ''}`,
    );
  }
  lines.push(row(inForce, 'in force today'));
  lines.push(row(leaving, 'leaving within 30 days'));
  lines.push(row(arriving, 'arriving within 30 days'));
  if (status.changedSince) lines.push('The directory was changed since, other than by a delivery.');
  if (brokenLine !== null) lines.push(`The log of deliveries is BROKEN at line ${brokenLine}.`);
  return `${lines.join('\n')}\n`;
}

function toJson({ last, ...status }: DirectoryStatus): unknown {
  const { atMs, ...rest } = last ?? { atMs: 0 };
  const delivery = last === null ? null : { at: new Date(atMs).toISOString(), ...rest };
  return { schema: 'granska.directory-status/1', last: delivery, ...status };
}

function row(count: number, words: string): string {
  return `  ${formatCount(count).padStart(7)}  ${words}`;
}

function percent(share: number): string {
  return `${Math.round(share * 1000) / 10} %`;
}
