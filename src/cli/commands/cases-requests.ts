// `granska cases requests`: what was asked, by whom, who answered, how it stands, and which lines count for nothing.
// It shows people who act, never a subject; the view is noted before anything is shown (§8.5).
import { type AccessRequest, type AccessStanding, standingOf, type VoidBecause } from '../../case/access.ts';
import { EXIT, type ExitCode } from '../../errors.ts';
import { readAccesses } from '../../pipeline/opened-cases.ts';
import { ACCESS_TEXT } from '../../text/access.ts';
import type { AccessDeps } from '../case-access.ts';
import { withoutControls } from '../display-width.ts';
import { type Io, write } from '../io.ts';
import { localMinute } from '../local-time.ts';
import { counted } from '../numbers.ts';
import { alignTable } from '../table.ts';

interface Requested {
  kind: 'request';
  request: AccessRequest;
  standing: AccessStanding;
}

interface Voided {
  kind: 'void';
  caseId: string;
  number: number;
  because: VoidBecause;
}

type RequestsDeps = Pick<AccessDeps, 'openDesk' | 'openAudit' | 'people' | 'nowMs' | 'zone'>;

/** Prints the requests by case. */
export async function runCasesRequests(
  options: { json: boolean },
  deps: RequestsDeps,
  io: Io,
): Promise<ExitCode> {
  const desk = await deps.openDesk();
  try {
    const rows: (Requested | Voided)[] = [];
    for await (const { caseId, requests, voids } of readAccesses(desk, deps.people)) {
      for (const request of requests) {
        rows.push({ kind: 'request', request, standing: standingOf(request, deps.nowMs()) });
      }
      for (const { number, because } of voids) rows.push({ kind: 'void', caseId, number, because });
    }
    const audit = await deps.openAudit();
    await audit.append({ action: 'cases requests', shown: rows.length, details: {} });
    if (options.json) {
      await write(io.stdout, rows.map(row => `${JSON.stringify(jsonOf(row))}\n`).join(''));
    } else if (rows.length > 0) {
      const table = alignTable([HEAD, ...rows.map(row => cellsOf(row, deps))], { rightFrom: 99, indent: 0 });
      await write(io.stdout, `${table}\n`);
    }
    const pending = rows.filter(row => row.kind === 'request' && row.standing.state === 'pending').length;
    await write(io.stderr, `${counted(rows.length, 'request')}, ${pending} pending\n`);
    return EXIT.done;
  } finally {
    await desk.close();
  }
}

const HEAD = ['case', 'request', 'state', 'until', 'asked by', 'answered by', 'reason'];

function cellsOf(row: Requested | Voided, { zone }: RequestsDeps): string[] {
  if (row.kind === 'void') {
    const why = ACCESS_TEXT.en.voids[row.because];
    return [row.caseId, String(row.number), 'void', '-', '-', '-', `counts for nothing: ${why}`];
  }
  const { request, standing } = row;
  const state = ACCESS_TEXT.en.states[standing.state];
  return [
    request.case,
    String(request.number),
    standing.state === 'ended' ? `${state}: ${ACCESS_TEXT.en.ended[standing.because]}` : state,
    'untilMs' in standing ? localMinute(zone, standing.untilMs) : '-',
    request.asker,
    request.answer?.person ?? '-',
    [request.reason, request.answer?.reason ?? ''].filter(text => text !== '').join(' / '),
  ].map(withoutControls);
}

function jsonOf(row: Requested | Voided): Record<string, unknown> {
  const schema = 'granska.case-request/1';
  if (row.kind === 'void') {
    return { schema, case: row.caseId, number: row.number, state: 'void', because: row.because };
  }
  const { request, standing } = row;
  const { answer } = request;
  return {
    schema,
    case: request.case,
    number: request.number,
    state: standing.state,
    because: standing.state === 'ended' ? standing.because : null,
    until: 'untilMs' in standing ? isoOf(standing.untilMs) : null,
    askedBy: request.asker,
    askedAt: isoOf(request.askedMs),
    reason: request.reason,
    answer:
      answer === null
        ? null
        : {
            outcome: answer.kind === 'case-grant' ? 'granted' : 'refused',
            number: answer.number,
            by: answer.person,
            at: isoOf(answer.atMs),
            reason: answer.reason,
          },
  };
}

function isoOf(atMs: number): string {
  return new Date(atMs).toISOString();
}
