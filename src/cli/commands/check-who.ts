// `granska check --who URL --at TIME`: who could visit an address at a time, by which decision. The names in it are those
// of the policy and the directory, which whoever asks can read; no finding is looked at.
// In: what `check` reads; out: lines, or one JSON object. Invariant: of a protected site it says only that it is one (§6.2).
import { readInstant } from '../../calendar/instant.ts';
import { formatProblems } from '../../config/problem.ts';
import { EXIT, type ExitCode, GranskaError } from '../../errors.ts';
import { fillAnswer } from '../../format/answer.ts';
import { blankRecord } from '../../model/record.ts';
import { POPULATIONS } from '../../model/subject.ts';
import type { Judged, RecordKind } from '../../pipeline/judge.ts';
import type { Policy } from '../../policy/policy.ts';
import { WEEKDAYS } from '../../policy/rules.ts';
import { type Person, type WhoAnswer, type WhoExemption, whoCould } from '../../policy/who.ts';
import type { Clock } from '../../ports/clock.ts';
import { defang } from '../../url/defang.ts';
import type { Checked } from '../app.ts';
import { type Io, write } from '../io.ts';
import { localMinute } from '../local-time.ts';

export interface WhoArgs {
  url: string;
  /** Now where it is not given. */
  at: string | undefined;
  json: boolean;
}

/** Prints who could visit an address; 2 where the configuration has errors. */
export async function runCheckWho(
  args: WhoArgs,
  { checked, clock }: { checked: Checked; clock: Clock },
  io: Pick<Io, 'stdout'>,
): Promise<ExitCode> {
  const { policy, judge, people } = checked;
  const errors = checked.problems.filter(problem => problem.severity === 'error');
  if (policy === null || judge === null || errors.length > 0) {
    throw new GranskaError('CONFIG', `the configuration has mistakes:\n${formatProblems(errors)}`, {
      hint: 'correct them, then ask again',
    });
  }
  const atMs = args.at === undefined ? clock.nowMs() : readInstant(args.at, policy.zone);
  if (Number.isNaN(atMs)) {
    throw new GranskaError('USAGE', '--at is no time', {
      hint: 'write 2026-10-05T14:30 by the local clock, or with an offset such as 2026-10-05T14:30+02:00',
    });
  }
  const judged = judge(recordOf(args.url, atMs));
  if (judged.target.host === '') {
    throw new GranskaError('USAGE', '--who is no address', {
      hint: 'write it as in a log: https://site.example/path, site.example:443 or site.example',
    });
  }
  const answers = answersOf(policy, { judged, atMs, people });
  const text = args.json
    ? `${JSON.stringify(reportOf({ judged, answers, atMs, policy }))}\n`
    : textOf({ judged, answers, atMs, policy });
  await write(io.stdout, text);
  return EXIT.done;
}

interface Asked {
  judged: Judged;
  answers: readonly WhoAnswer[];
  atMs: number;
  policy: Policy;
}

/** Makes the record of a visit by nobody: which categories an address has does not depend on who asks. */
function recordOf(url: string, atMs: number) {
  const isTunnel = /^(\[[^\]]*\]|[^/?#\\:]*):\d+$/.test(url);
  const isWhole = isTunnel || /^[a-z][a-z0-9+.-]*:[/\\]/i.test(url);
  const record = Object.assign(blankRecord(), {
    ...{ stampMs: atMs, startMs: atMs, endMs: atMs, status: 200 },
    method: isTunnel ? 'CONNECT' : 'GET',
    url: isWhole ? url : `http://${url.replace(/^\/\//, '')}`,
  });
  fillAnswer(record, 'allowed');
  return record;
}

function answersOf(
  policy: Policy,
  asked: { judged: Judged; atMs: number; people: readonly Person[] | null },
): WhoAnswer[] {
  const { judged, atMs, people } = asked;
  return [...judged.categories].flatMap(([category, matches]) => {
    const targets = matches.map(match => match.target);
    const answer = whoCould(policy, { atMs, category, targets, people });
    return answer === null ? [] : [answer];
  });
}

/** Which of four answers it is; that nobody of them is reviewed is told apart. */
function kindOf({ kind }: Judged): Exclude<RecordKind, 'unreviewed' | 'authChallenge'> {
  return kind === 'unreviewed' || kind === 'authChallenge' ? 'flagged' : kind;
}

function reportOf({ judged, answers, atMs, policy }: Asked): object {
  const kind = kindOf(judged);
  return {
    schema: 'granska.who/1',
    ...(kind === 'protected' ? {} : { url: urlOf(judged) }),
    at: new Date(atMs).toISOString(),
    kind,
    categories: answers.map(answer => ({
      ...answer,
      exemptions: answer.exemptions.map(exemption => ({
        ...exemption,
        weekdays: exemption.weekdays?.map(day => WEEKDAYS[day - 1]) ?? null,
      })),
    })),
    unreviewed: unreviewedOf(policy),
  };
}

function textOf(asked: Asked): string {
  const { judged, answers, atMs, policy } = asked;
  const when = `${localMinute(policy.zone, atMs)} (${WEEKDAYS[policy.zone.weekdayOf(atMs) - 1]})`;
  const kind = kindOf(judged);
  switch (kind) {
    case 'protected':
      return 'It is a protected site: visits leave no trace but a count (§6.2).\n';
    case 'tooOld':
      return `A visit at ${when} is too old to be stored (§1.4).\n`;
    case 'clear':
      return 'No list of a category covers it: visits are only counted.\n';
    case 'flagged':
      return `${[
        `Who could visit ${defang(urlOf(judged))} at ${when}, by which decision:`,
        ...answers.flatMap(categoryLines),
        `Only counted, as the policy does not review them: ${unreviewedOf(policy).join(', ')}.`,
      ].join('\n')}\n`;
    default:
      return kind satisfies never;
  }
}

function categoryLines({ category, class: kind, populations, exemptions }: WhoAnswer): string[] {
  const untold = populations.filter(({ announced }) => !announced).map(({ population }) => population);
  const open = exemptions.filter(({ closed }) => closed.length === 0);
  const closed = exemptions.filter(exemption => exemption.closed.length > 0);
  return [
    `category ${category} (${kind})`,
    ...(untold.length === 0
      ? []
      : [`  only counted, as it had not been announced to them (§5.6): ${untold.join(', ')}`]),
    ...(open.length === 0 ? ['  nobody'] : open.flatMap(exemptionLines)),
    ...(closed.length === 0 ? [] : ['  not then and there, as a limit said no:']),
    ...closed.flatMap(exemptionLines),
  ];
}

function exemptionLines(exemption: WhoExemption): string[] {
  const { id, caseNumber, approvers, validFrom, validThrough, users, roles, departments } = exemption;
  const tenant = exemption.tenant === null ? '' : `, for ${exemption.tenant}`;
  return [
    `  ${id} (${caseNumber}), ${validFrom} through ${validThrough}, approved by ${approvers.join(' and ')}${tenant}`,
    ...(users.length === 0 ? [] : [`    by name: ${users.join(', ')}`]),
    ...roles.map(({ role, users: holders }) =>
      holders.length === 0 ? `    role ${role}: nobody held it` : `    role ${role}: ${holders.join(', ')}`,
    ),
    ...departments.map(
      ({ department, persons }) =>
        `    department ${department}: ${persons} ${persons === 1 ? 'person' : 'persons'}, and its networks`,
    ),
    ...limitLines(exemption),
  ];
}

function limitLines({ sites, weekdays, hours, closed }: WhoExemption): string[] {
  const mark = (limit: WhoExemption['closed'][number]) => (closed.includes(limit) ? ': no' : '');
  const days = weekdays?.map(day => WEEKDAYS[day - 1]).join(', ');
  return [
    ...(sites === null ? [] : [`    only on ${sites.map(defangHost).join(', ')}${mark('site')}`]),
    ...(days === undefined ? [] : [`    only on ${days}${mark('weekday')}`]),
    ...(hours === null ? [] : [`    only ${hours}${mark('hours')}`]),
  ];
}

function defangHost(host: string): string {
  return host.replaceAll('.', '[.]');
}

/** Writes the address without what is never shown of one: user, query and fragment. */
function urlOf({ target }: Judged): string {
  const { scheme, port, path } = target;
  const host = target.host.includes(':') ? `[${target.host}]` : target.host;
  return scheme === '' ? `${host}:${port}` : `${scheme}://${host}${path}`;
}

/** Populations that the policy does not review. */
function unreviewedOf({ reviewed }: Policy): string[] {
  return POPULATIONS.filter(
    population => !reviewed.has(population) && !(population === 'unknown' && reviewed.has('staff')),
  );
}
