// What the commands are given: everything that reads, writes or decides, without knowing what it is made of.
// compose.ts makes it; a command asks only for what it needs, and nothing is opened before it is asked for.
import type { Zone } from '../calendar/zone.ts';
import type { Image } from '../category/image.ts';
import type { Config } from '../config/config.ts';
import type { Exemptions } from '../config/placed-exemptions.ts';
import type { Problem } from '../config/problem.ts';
import type { Detection } from '../format/detect.ts';
import type { Format } from '../format/formats.ts';
import type { Finding, Versions } from '../model/finding.ts';
import type { Query } from '../model/query.ts';
import type { LogRecord, RejectCode } from '../model/record.ts';
import type { Judged } from '../pipeline/judge.ts';
import type { Judging, KeptJudging, RejudgeOutcome } from '../pipeline/rejudge/rejudge.ts';
import type { RetryOutcome, RetryPlan } from '../pipeline/retry/retry.ts';
import type { DeadLetterOutcome } from '../pipeline/retry/retry-dead-letters.ts';
import type { ScanSummary } from '../pipeline/summary.ts';
import type { WorkerResult } from '../pipeline/worker.ts';
import type { Decision, DecisionBody } from '../policy/decisions.ts';
import type { Policy } from '../policy/policy.ts';
import type { PolicyTest } from '../policy/policy-test.ts';
import type { Person } from '../policy/who.ts';
import type { Audit } from '../ports/audit.ts';
import type { Clock } from '../ports/clock.ts';
import type { Deliveries } from '../ports/deliveries.ts';
import type { DeskStore } from '../ports/desk-store.ts';
import type { Source } from '../ports/source.ts';
import type { ReadStore } from '../ports/store.ts';
import type { Surroundings } from '../proof/surroundings.ts';
import type { OverridesPlace } from './commands/lists-overrides.ts';
import type { Decider } from './decider.ts';

/** A configuration without mistakes, ready to judge by. */
export interface Installation {
  config: Config;
  policy: Policy;
  zone: Zone;
  versions: Versions;
  isWithoutDirectory: boolean;
  /** True where no list of a category holds an entry. */
  isWithoutEntries: boolean;
  image: Image;
  judge(record: LogRecord): Judged;
  /** Gives the pseudonym of a user at a time; null where the epoch's key was destroyed. */
  userId(tenant: string, name: string, startMs: number): string | null;
}

/** What `granska check` looks at: whatever could be read, and every mistake. */
export interface Checked {
  config: Config | null;
  problems: readonly Problem[];
  tests: readonly PolicyTest[] | null;
  policy: Policy | null;
  judge: ((record: LogRecord) => Judged) | null;
  /** People of the directory with their intervals; null where there is none. */
  people: readonly Person[] | null;
}

export interface ScanRequest {
  files: readonly string[];
  source: string;
  /** Null for `auto`. */
  format: Format | null;
  mode: 'resume' | 'again';
  takeHalfLine: boolean;
  onDetect(path: string | null, detection: Detection): void;
  onProgress(summary: ScanSummary): void;
  signal: AbortSignal;
}

export interface ScanOutcome {
  summary: ScanSummary;
  worker: WorkerResult;
  rejectsFolder: string;
}

export interface RunRequest {
  /** Ends when all that is there was read. */
  once: boolean;
  signal: AbortSignal;
  /** Calls a listener whenever the process is told to read its configuration anew (SIGHUP); answers what ends that. */
  onHangup(listener: () => void): () => void;
}

export interface RunOutcome {
  summary: ScanSummary;
  failures: WorkerResult['failures'];
}

/** What both retries are asked; the private key is that of the keys folder where none is named. */
interface UnsealRequest {
  /** File with the private sealing key. */
  identity: string | null;
  /** Told once, before the first sealed text is opened, unless there is none. */
  beforeOpening(plan: RetryPlan): Promise<void>;
  signal: AbortSignal;
}

export interface RejectsRetryRequest extends UnsealRequest {
  /** Null for lines of every code. */
  code: RejectCode | null;
  /** Null for each line's own. */
  format: Format | null;
  /** `dry-run` reads and counts, and stores nothing. */
  mode: 'write' | 'dry-run';
}

export type DeadLettersRetryRequest = UnsealRequest;

export interface RejudgeRequest {
  /** With both ends of its time. */
  query: Query;
  /** Files to judge by in place of those that are configured; null for those. */
  policyFile: string | null;
  directoryFile: string | null;
  listsImage: string | null;
  /** Why verdicts are to be changed; null to look only. */
  apply: { reason: string } | null;
  /** Told before anything is judged, with the store that will be. */
  beforeJudging(store: ReadStore): Promise<void>;
  signal: AbortSignal;
}

/** What judges stored findings again. */
export interface OpenedJudging {
  today: Judging;
  /** Opens the versions that judged a finding. */
  kept(finding: Finding, versions: Versions): Promise<KeptJudging>;
}

/** Where sealed texts lie and what opens them, as the user would name both. */
export interface SealedPlaces {
  /** Files of a folder, with the embedded store; or an index of the other one. */
  kind: 'files' | 'index';
  place: string;
  privateKey: string;
}

/** Everything that exempts by the configuration of today. */
export interface InstalledExemptions extends Exemptions {
  zone: Zone;
  policy: Policy;
  /** The local day that it is. */
  today: string;
}

/** A decision that was made, and what is doubtful about it. */
export interface Decided {
  decision: Decision;
  /** The file that it stands in, as the user would name it. */
  file: string;
  warnings: readonly Problem[];
}

export interface App {
  readonly clock: Clock;
  readonly packageRoot: string;
  /** Loads the configuration; throws CONFIG where it has mistakes. `keep` stores the compiled lists. */
  installation(lists: 'keep' | 'look'): Promise<Installation>;
  /** Loads the configuration for those who need only its places and its clock. */
  config(): Promise<Config>;
  check(): Promise<Checked>;
  /** Opens the store that the configuration names, for reading; throws STORE where there is none. */
  openStore(): Promise<ReadStore>;
  /** Opens the store as people write to it, beside any worker; throws STORE where there is none. */
  openDesk(): Promise<DeskStore>;
  openAudit(): Promise<Audit>;
  /** Tells who decides at the command line, and whom a reason must not name. */
  decider(): Promise<Decider>;
  /** Gives where approved overrides of lists lie; null where no folder is named for them. */
  overridesPlace(): Promise<OverridesPlace | null>;
  /** Opens the deliveries of the directory; throws CONFIG where there is none. */
  deliveries(): Promise<Deliveries>;
  /** Gives everything that exempts, and where it stands; throws DAMAGED where the file of decisions is broken. */
  exemptions(): Promise<InstalledExemptions>;
  /**
   * Makes a decision on the day that it is, held to the whole configuration. Throws REFUSED where a second person is
   * missing, USAGE for what else cannot be; then nothing is written.
   */
  decide(make: (day: string) => DecisionBody): Promise<Decided>;
  /** Reads files without a store. */
  readFiles(files: readonly string[]): Source;
  scan(request: ScanRequest): Promise<ScanOutcome>;
  /** Runs the configured sources into the store until the signal says stop. */
  run(request: RunRequest): Promise<RunOutcome>;
  compileLists(paths: readonly string[], out: string, overrides: string | null): Image;
  loadImage(path: string): Image;
  makeKeys(keysDir: string): Promise<void>;
  /** Gives what hides free text in the audit chain. */
  textHider(): Promise<(text: string) => string>;
  sealedPlaces(): Promise<SealedPlaces>;
  /** Finds out what a proof has to know beside the store. */
  surroundings(): Promise<Surroundings>;
  retryRejects(request: RejectsRetryRequest): Promise<RetryOutcome>;
  retryDeadLetters(request: DeadLettersRetryRequest): Promise<DeadLetterOutcome>;
  /** Judges stored findings again; throws CONFIG where a policy on trial would change verdicts. */
  rejudge(request: RejudgeRequest): Promise<RejudgeOutcome>;
  /** Opens what judges findings of a store again: the versions that judged them, and those of today. */
  openJudging(store: ReadStore): Promise<OpenedJudging>;
  /** Total size of the files, null where it cannot be told (stdin, compressed). */
  sizeOf(files: readonly string[]): number | null;
}
