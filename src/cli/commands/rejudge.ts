// `granska rejudge`: stored findings by other lists, another policy or directory than those that judged them: what would be
// new, gone and changed. It only shows until `--apply`. The view is noted in the audit chain before anything is judged,
// shown or changed (§5.8, §8.5).
import type { Zone } from '../../calendar/zone.ts';
import { EXIT, type ExitCode, GranskaError } from '../../errors.ts';
import type { Query } from '../../model/query.ts';
import type { RejudgeOutcome } from '../../pipeline/rejudge/rejudge.ts';
import { parseQuery } from '../../search/parse-query.ts';
import type { App } from '../app.ts';
import { type Decider, requireReason } from '../decider.ts';
import { type Io, write } from '../io.ts';
import { queryForAudit } from '../query-for-audit.ts';
import { rejudgeText } from '../rejudge-report.ts';

export interface RejudgeArgs {
  query: string;
  from: string;
  to: string;
  policy?: string;
  directory?: string;
  lists?: string;
  apply: boolean;
  reason?: string;
  json: boolean;
}

export interface RejudgeCommandDeps {
  app: Pick<App, 'rejudge' | 'openAudit'>;
  zone: Zone;
  hide(text: string): string;
  /** Gives what knows whom a reason must not name; asked only where one is to be stored. */
  decider(): Promise<Pick<Decider, 'namesSomebody'>>;
  signal: AbortSignal;
}

/** Judges stored findings again, and prints the difference. Throws USAGE, QUERY, CONFIG, KEYS and STORE. */
export async function runRejudge(args: RejudgeArgs, deps: RejudgeCommandDeps, io: Io): Promise<ExitCode> {
  const query = parseQuery(args.query, { zone: deps.zone, from: args.from, to: args.to, sort: 'start' });
  requireRange(query);
  const typed = applyOf(args);
  const apply = typed && { reason: requireReason(typed.reason, await deps.decider()) };
  const outcome = await deps.app.rejudge({
    query,
    policyFile: args.policy ?? null,
    directoryFile: args.directory ?? null,
    listsImage: args.lists ?? null,
    apply,
    signal: deps.signal,
    async beforeJudging(store) {
      const asked = await queryForAudit(query, { store, hide: deps.hide });
      const by = { policy: args.policy !== undefined, directory: args.directory !== undefined };
      const audit = await deps.app.openAudit();
      await audit.append({
        action: 'rejudge',
        shown: await store.count(query),
        details: {
          ...asked,
          ...{ given: { ...by, lists: args.lists !== undefined } },
          ...(apply === null ? { apply: false } : { apply: true, reason: deps.hide(apply.reason) }),
        },
      });
    },
  });
  await write(io.stdout, args.json ? `${JSON.stringify(asJson(outcome, query))}\n` : rejudgeText(outcome));
  if (outcome.interrupted) await write(io.stderr, 'granska: interrupted; what was done so far is stored\n');
  const isAll = (outcome.applied?.overtaken.length ?? 0) === 0;
  return isAll ? EXIT.done : EXIT.condition;
}

/** A verdict is changed by somebody who says why; what is only looked at needs no reason. */
function applyOf({ apply, reason }: RejudgeArgs): { reason: string } | null {
  if (!apply && reason === undefined) return null;
  const said = reason?.trim() ?? '';
  if (apply && said !== '' && said.length <= MAX_REASON && !/\p{Cc}/u.test(said)) return { reason: said };
  throw new GranskaError('USAGE', '--apply and --reason go together: verdicts are changed for a reason', {
    hint: `give --reason "…" with the number of the decision, at most ${MAX_REASON} signs on one line; it is stored with each judgement, so write no name in it`,
  });
}

function requireRange({ fromMs, toMs }: Query): void {
  if (fromMs !== null && toMs !== null) return;
  throw new GranskaError('USAGE', 'a range of days is missing', { hint: 'give --from and --to' });
}

const MAX_REASON = 500;

function asJson(outcome: RejudgeOutcome, query: Query): Record<string, unknown> {
  const { versions, records, findings, unjudged, diff, applied, interrupted } = outcome;
  const iso = (atMs: number | null) => new Date(atMs!).toISOString();
  return {
    schema: 'granska.rejudge/1',
    from: iso(query.fromMs),
    to: iso(query.toMs),
    ...{ versions, records, findings, unjudged },
    ...diff,
    ...{ applied, interrupted },
  };
}
