// `granska exemptions grant | change | end`: a decision about an exemption, written to the file of decisions.
// In: flags, or a file with one exemption as in `policy.yaml`; out: what was decided, and what is doubtful about it on
// stderr. Invariant: what cannot be decided is not written: 5 where a second person is missing, 2 for everything else.
import { readFileSync } from 'node:fs';
import { formatProblems, type Problem } from '../../config/problem.ts';
import { changeOf, endOf, exemptionOf, type Read, readExemption } from '../../config/read-decision.ts';
import { EXIT, type ExitCode, GranskaError } from '../../errors.ts';
import type { Decision, DecisionBody, WrittenExemption } from '../../policy/decisions.ts';
import type { App, Decided } from '../app.ts';
import { type Io, write } from '../io.ts';

/** What was typed for a grant; the names of the flags are those of the keys, except these. */
export interface GrantArgs {
  file?: string;
  json: boolean;
  id?: string;
  tenant?: string;
  category?: string[];
  user?: string[];
  role?: string[];
  department?: string[];
  site?: string[];
  weekday?: string[];
  hours?: string;
  reason?: string;
  case?: string;
  approver?: string[];
  from?: string;
  through?: string;
  retroactiveReason?: string;
  retroactiveApprover?: string[];
}

export interface ChangeArgs {
  id: string;
  through?: string;
  reason?: string;
  case?: string;
  approver?: string[];
  json: boolean;
}

export interface EndArgs {
  id: string;
  through?: string;
  reason?: string;
  json: boolean;
}

interface Deps {
  app: Pick<App, 'decide'>;
  io: Io;
}

/** Grants an exemption. Its decision is of today: earlier visits are covered only where it is retroactive. */
export async function runExemptionsGrant(args: GrantArgs, { app, io }: Deps): Promise<ExitCode> {
  const written = requireValid(args.file === undefined ? exemptionOf(grantKeys(args)) : readGrant(args));
  const grant = (day: string): DecisionBody => ({
    kind: 'grant',
    exemption: { ...written, decided: written.decided ?? day },
  });
  return await tell(await app.decide(grant), args.json, io);
}

/** Changes an exemption that was granted here. */
export async function runExemptionsChange(args: ChangeArgs, { app, io }: Deps): Promise<ExitCode> {
  const { id, through: validThrough, reason, case: caseNumber, approver: approvers } = args;
  const change = requireValid(changeOf({ id, validThrough, reason, caseNumber, approvers }));
  return await tell(await app.decide(() => change), args.json, io);
}

/** Ends an exemption that was granted here. */
export async function runExemptionsEnd(args: EndArgs, { app, io }: Deps): Promise<ExitCode> {
  const end = requireValid(endOf({ id: args.id, validThrough: args.through, reason: args.reason }));
  return await tell(await app.decide(() => end), args.json, io);
}

function grantKeys(args: GrantArgs): Record<string, unknown> {
  const { id, tenant, hours, reason, retroactiveReason, retroactiveApprover } = args;
  const isRetroactive = retroactiveReason !== undefined || retroactiveApprover !== undefined;
  return {
    ...{ id, tenant, hours, reason },
    categories: args.category,
    users: args.user,
    roles: args.role,
    departments: args.department,
    sites: args.site,
    weekdays: args.weekday,
    caseNumber: args.case,
    approvers: args.approver,
    retroactive: isRetroactive ? { reason: retroactiveReason, approvers: retroactiveApprover } : undefined,
    validFrom: args.from,
    validThrough: args.through,
  };
}

function readGrant({ file = '', ...rest }: GrantArgs): Read<WrittenExemption> {
  const { json: _json, ...flags } = rest;
  if (Object.values(flags).some(flag => flag !== undefined)) {
    throw new GranskaError('USAGE', '--file holds the whole exemption: no other flag goes with it', {
      hint: 'write everything in the file, or everything as flags',
    });
  }
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(file);
  } catch (cause) {
    const { code = 'unknown' } = cause as NodeJS.ErrnoException;
    throw new GranskaError('USAGE', `the file that --file names cannot be read (${code})`, {
      hint: 'it holds one exemption, with the keys that it would have in policy.yaml',
      cause,
    });
  }
  return readExemption(bytes, file);
}

function requireValid<T>(read: Read<T>): T {
  if ('value' in read) return read.value;
  throw new GranskaError('USAGE', `the decision cannot be made:\n${describe(read.problems)}`, {
    hint: 'nothing was written',
  });
}

/** Names the file and the line where there is one; what came from flags has keys alone. */
function describe(problems: readonly Problem[]): string {
  return problems
    .map(problem => (problem.file === '' ? describeKey(problem) : formatProblems([problem])))
    .join('\n');
}

function describeKey({ key, message, hint }: Problem): string {
  return `  ${key === '' ? '' : `${key}: `}${message}${hint === '' ? '' : ` (${hint})`}`;
}

async function tell({ decision, file, warnings }: Decided, json: boolean, io: Io): Promise<ExitCode> {
  for (const warning of warnings) await write(io.stderr, `warning:${describeKey(warning).slice(1)}\n`);
  const { seq, day, kind } = decision;
  const id = decision.kind === 'grant' ? decision.exemption.id : decision.id;
  const object = { schema: 'granska.exemption-decided/1', decision: seq, kind, id, day, file };
  const words = `Decision ${seq} of ${day} in ${file}: ${DONE[kind]} ${id}.\n${rejudgeText(decision)}`;
  await write(io.stdout, json ? `${JSON.stringify({ ...object, warnings: warnings.length })}\n` : words);
  return EXIT.done;
}

/** Stored judgements are only added to (§5.8): a decision alone changes none. */
function rejudgeText(decision: Decision): string {
  if (decision.kind !== 'grant' || decision.exemption.retroactive === undefined) return '';
  const { validFrom } = decision.exemption;
  const command = `granska rejudge --from ${validFrom} --to ${decision.day}`;
  return `Visits that were judged already keep their verdict; "${command}" shows what would change.\n`;
}

const DONE: Readonly<Record<DecisionBody['kind'], string>> = {
  grant: 'granted',
  change: 'changed',
  end: 'ended',
};
