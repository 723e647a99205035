// One run of a plan: it is for one period, and lines of the ledger say how far it came.

/** Why a run failed, in words that name nobody. */
export interface RunFailure {
  /** Our own code, or the system's. */
  code: string;
  message: string;
}

/** One line on the runs of a plan. The lines of a plan are one sequence: whoever adds the next has the turn. */
export type RunStep =
  /** A schedule knew the plan for the first time: nothing before is due. */
  | { what: 'planned' }
  /** Somebody carries it out, and is believed to be alive until then. */
  | { what: 'claimed'; period: string; dueMs: number; owner: string; untilMs: number }
  | { what: 'kept'; period: string; owner: string; untilMs: number }
  | { what: 'done'; period: string; owner: string; result: Readonly<Record<string, number | string>> }
  | { what: 'failed'; period: string; owner: string; failure: RunFailure; againMs: number }
  /** Left unfinished by whoever was told to stop, or asked for again: anybody may go on at once. */
  | { what: 'released'; period: string; owner: string };

/** How the run for one period stands. */
export interface PlanRun {
  period: string;
  dueMs: number;
  state: 'claimed' | 'released' | 'done' | 'failed';
  /** When the last line was written. */
  atMs: number;
  owner: string;
  /** Of a claim: until when it holds. */
  untilMs: number;
  /** How often it was begun. */
  tries: number;
  failure: RunFailure | null;
  /** Of a failed one: when it is tried again unless somebody asks before. */
  againMs: number;
  result: Readonly<Record<string, number | string>>;
}

/** All that is known of the runs of one plan. */
export interface PlanRuns {
  /** Lines so far. */
  lines: number;
  /** Null where no schedule has known the plan yet. */
  plannedMs: number | null;
  /** By period, in the order in which they were begun. */
  runs: ReadonlyMap<string, PlanRun>;
}
