// The claim on one run while it is carried out. In: the lines of the plan when it was claimed, and what adds the next one;
// out: lines, one after the other. Invariant: once another has added a line in between, nothing more is written.
import type { PlanRuns, RunStep } from '../model/plan-run.ts';

export interface RunClaim {
  /** Says stop when another has the turn. */
  readonly lost: AbortSignal;
  /** Keeps the claim up. A store that is away for a moment loses nothing by it: the next line decides. */
  keep(step: RunStep): Promise<void>;
  /** Ends it; false where it was lost. */
  end(step: RunStep): Promise<boolean>;
}

/** Holds a claim; `add` answers null where another line was there before. */
export function createRunClaim(
  claimed: PlanRuns,
  add: (before: PlanRuns, step: RunStep) => Promise<PlanRuns | null>,
): RunClaim {
  const lost = new AbortController();
  let turn: Promise<PlanRuns | null> = Promise.resolve(claimed);

  async function write(before: PlanRuns | null, step: RunStep): Promise<PlanRuns | null> {
    const after = before === null ? null : await add(before, step);
    if (after === null) lost.abort();
    return after;
  }

  return {
    lost: lost.signal,
    async keep(step) {
      const before = turn;
      turn = before.then(known => write(known, step).catch(() => known));
      await turn;
    },
    async end(step) {
      return (await write(await turn, step)) !== null;
    },
  };
}
