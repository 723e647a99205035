// `granska exemptions list | expiring | history`: which decisions exempt, until when, and how each came to be what it is.
// In: what the configuration has; out: tables or one JSON object. It shows no name of a user or an approver.
import { EXIT, type ExitCode, GranskaError } from '../../errors.ts';
import type { Decision } from '../../policy/decisions.ts';
import type { App, InstalledExemptions } from '../app.ts';
import { EXEMPTION_COLUMNS, exemptionCells, exemptionJson, stateOf } from '../exemption-row.ts';
import { type Io, write } from '../io.ts';
import { counted } from '../numbers.ts';
import { alignTable } from '../table.ts';

type Deps = Pick<App, 'exemptions'>;

const DAY_MS = 86_400_000;

/** Lists the exemptions in force today, or all. */
export async function runExemptionsList(
  options: { all: boolean; json: boolean },
  app: Deps,
  io: Io,
): Promise<ExitCode> {
  const { all, today } = await app.exemptions();
  const shown = all.filter(item => options.all || stateOf(item, today) === 'inForce');
  if (options.json) {
    const exemptions = shown.map(item => exemptionJson(item, today));
    await write(io.stdout, `${JSON.stringify({ schema: 'granska.exemptions/1', day: today, exemptions })}\n`);
    return EXIT.done;
  }
  const rest = all.length - shown.length;
  const more = rest === 0 ? '' : `; ${rest} more with --all`;
  const head = options.all
    ? counted(all.length, 'exemption')
    : `${counted(shown.length, 'exemption')} in force on ${today}${more}`;
  await write(io.stdout, `${head}\n${tableOf(shown, today)}`);
  return EXIT.done;
}

/** Lists the exemptions whose last day is near. */
export async function runExemptionsExpiring(
  options: { within: number; exitCode: boolean; json: boolean },
  app: Deps,
  io: Io,
): Promise<ExitCode> {
  const { all, today, zone } = await app.exemptions();
  // Twelve hours into the day, or a day of 23 hours would be passed over.
  const through = zone.dayOf(zone.startOfDayMs(today) + (options.within + 0.5) * DAY_MS);
  const near = all
    .filter(item => ['inForce', 'coming'].includes(stateOf(item, today)))
    .filter(item => item.exemption.validThrough <= through)
    .sort((a, b) => Date.parse(a.exemption.validThrough) - Date.parse(b.exemption.validThrough));
  if (options.json) {
    const exemptions = near.map(item => exemptionJson(item, today));
    const json = { schema: 'granska.exemptions-expiring/1', day: today, through, exemptions };
    await write(io.stdout, `${JSON.stringify(json)}\n`);
  } else {
    const verb = near.length === 1 ? 'ends' : 'end';
    const head = `${counted(near.length, 'exemption')} ${verb} from ${today} through ${through}`;
    await write(io.stdout, `${head}\n${tableOf(near, today)}`);
  }
  return options.exitCode && near.length > 0 ? EXIT.condition : EXIT.done;
}

/** Tells every decision about one exemption. */
export async function runExemptionsHistory(
  options: { id: string; json: boolean },
  app: Deps,
  io: Io,
): Promise<ExitCode> {
  const { all, decisions, today } = await app.exemptions();
  const placed = all.find(item => item.exemption.id === options.id);
  if (placed === undefined) {
    throw new GranskaError('NOT_FOUND', 'there is no exemption of that id', {
      hint: '"granska exemptions list --all" shows all of them',
    });
  }
  const own = placed.decision === null ? [] : decisions.filter(item => idOf(item) === options.id);
  if (options.json) {
    const json = {
      schema: 'granska.exemption-history/1',
      exemption: exemptionJson(placed, today),
      decisions: own.map(decisionJson),
    };
    await write(io.stdout, `${JSON.stringify(json)}\n`);
    return EXIT.done;
  }
  const lines = own.map(
    item => `  ${item.seq}  ${item.day}  ${item.by}  ${item.kind}: ${describeDecision(item)}`,
  );
  const from = `  It stands in ${placed.file}:${placed.line}: its history is that of the file.`;
  const text = own.length === 0 ? [from] : lines;
  await write(io.stdout, `${tableOf([placed], today)}${text.join('\n')}\n`);
  return EXIT.done;
}

function tableOf(shown: InstalledExemptions['all'], today: string): string {
  if (shown.length === 0) return '';
  const rows = [[...EXEMPTION_COLUMNS], ...shown.map(item => exemptionCells(item, today))];
  return `${alignTable(rows, { rightFrom: rows[0]!.length, indent: 2 })}\n`;
}

function idOf(decision: Decision): string {
  return decision.kind === 'grant' ? decision.exemption.id : decision.id;
}

function decisionJson(decision: Decision): Record<string, unknown> {
  const { seq, day, at, by, kind } = decision;
  const head = { decision: seq, kind, day, at, by };
  switch (decision.kind) {
    case 'grant': {
      const { reason, caseNumber, validFrom, validThrough, approvers, retroactive } = decision.exemption;
      const rest = { reason, caseNumber, validFrom, validThrough, approvers: approvers.length };
      return { ...head, ...rest, retroactive: retroactive !== undefined };
    }
    case 'change': {
      const { reason, caseNumber, validThrough, approvers } = decision;
      return { ...head, reason, caseNumber, validThrough, approvers: approvers?.length };
    }
    case 'end':
      return { ...head, reason: decision.reason, validThrough: decision.validThrough };
    default:
      return decision satisfies never;
  }
}

function describeDecision(decision: Decision): string {
  switch (decision.kind) {
    case 'grant': {
      const { reason, caseNumber, validFrom, validThrough, approvers, retroactive } = decision.exemption;
      const late = retroactive === undefined ? '' : `, retroactive: ${retroactive.reason}`;
      return `from ${validFrom} through ${validThrough}, case ${caseNumber}, ${counted(approvers.length, 'approver')}: ${reason}${late}`;
    }
    case 'change': {
      const { reason, caseNumber, validThrough, approvers } = decision;
      const parts: string[] = [];
      if (validThrough !== undefined) parts.push(`through ${validThrough}`);
      if (caseNumber !== undefined) parts.push(`case ${caseNumber}`);
      if (approvers !== undefined) parts.push(`approved by ${approvers.length}`);
      if (reason !== undefined) parts.push(`reason: ${reason}`);
      return parts.join(', ');
    }
    case 'end':
      return `through ${decision.validThrough}: ${decision.reason}`;
    default:
      return decision satisfies never;
  }
}
