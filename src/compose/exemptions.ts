// Exemptions for the desk: what exempts today, and decisions about it. A decision is held to the whole configuration, with
// it in its place, before it is written: what `granska check` would refuse is never on the disk.
import { osAccount } from '../adapters/audit/os-account.ts';
import { createDecisionFile } from '../adapters/decisions/decision-file.ts';
import { readDecisions, requireWhole } from '../adapters/decisions/read-decisions.ts';
import type { Decided, InstalledExemptions } from '../cli/app.ts';
import type { Config } from '../config/config.ts';
import { requireConfig } from '../config/load.ts';
import { shownPath } from '../config/locate.ts';
import type { Problem } from '../config/problem.ts';
import { GranskaError } from '../errors.ts';
import type { DecisionBody } from '../policy/decisions.ts';
import type { Clock } from '../ports/clock.ts';
import type { PartsLoader } from './load-parts.ts';

export interface ExemptionsDeps {
  load: PartsLoader['load'];
  clock: Clock;
  cwd: string;
}

/** Gives everything that exempts. A broken file of decisions is damage here, and not a mistake of the configuration. */
export async function readExemptions(config: Config, deps: ExemptionsDeps): Promise<InstalledExemptions> {
  const { exemptionsFile: file, zone } = config;
  if (file !== null) requireWhole(readDecisions(file, shownPath(file, deps.cwd)));
  const { exemptions, policy } = requireConfig(await deps.load());
  return { ...exemptions, policy, zone, today: zone.dayOf(deps.clock.nowMs()) };
}

/** Makes a decision. */
export async function decideExemption(
  make: (day: string) => DecisionBody,
  config: Config,
  { load, clock, cwd }: ExemptionsDeps,
): Promise<Decided> {
  const { exemptionsFile: path, zone } = config;
  if (path === null) {
    throw new GranskaError('CONFIG', 'the configuration names no file of decisions', {
      hint: 'add "exemptions: exemptions.ndjson" to granska.yaml',
    });
  }
  const shown = shownPath(path, cwd);
  const warnings: Problem[] = [];
  const file = createDecisionFile({
    ...{ path, shown, by: osAccount(), nowMs: () => clock.nowMs() },
    dayOf: atMs => zone.dayOf(atMs),
  });
  const decision = await file.append(make, async (line, read) => {
    // What was wrong already is no mistake of this decision; what is wrong with decisions only a decision can put right.
    const before = await load(read);
    if (before.problems.some(problem => problem.severity === 'error' && problem.file !== shown)) {
      requireConfig(before);
    }
    const after = await load({ ...read, lines: [...read.lines, line], isMaking: true });
    const found = newIn(after.problems, before.problems);
    refuse(found.filter(problem => problem.severity === 'error'));
    warnings.push(...found.filter(problem => problem.severity === 'warning'));
  });
  return { decision, file: shown, warnings };
}

/** Gives what was not wrong before; that it is graver now, as somebody decides about it, makes it no other mistake. */
function newIn(after: readonly Problem[], before: readonly Problem[]): Problem[] {
  const known = new Set(before.map(keyOf));
  return after.filter(problem => !known.has(keyOf(problem)));
}

function keyOf({ severity: _severity, ...rest }: Problem): string {
  return JSON.stringify(rest);
}

/** Refuses a decision: by the rule of the second person where that is among what is wrong. */
function refuse(errors: readonly Problem[]): void {
  const [first] = errors;
  if (first === undefined) return;
  const isSecondPerson = errors.some(({ key }) => /^(retroactive\.)?approvers(\[|$)/.test(key));
  throw new GranskaError(
    isSecondPerson ? 'REFUSED' : 'USAGE',
    `the decision cannot be made:\n${errors.map(describeProblem).join('\n')}`,
    { hint: 'nothing was written' },
  );
}

function describeProblem({ key, message, hint }: Problem): string {
  return `  ${key === '' ? '' : `${key}: `}${message}${hint === '' ? '' : ` (${hint})`}`;
}
