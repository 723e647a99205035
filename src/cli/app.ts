// What the commands are given: everything that reads, writes or decides, without knowing what it is made of.
// compose.ts makes it; a command asks only for what it needs, and nothing is opened before it is asked for.
import type { Zone } from '../calendar/zone.ts';
import type { Image } from '../category/image.ts';
import type { Config } from '../config/config.ts';
import type { Exemptions } from '../config/placed-exemptions.ts';
import type { Problem } from '../config/problem.ts';
import type { Detection } from '../format/detect.ts';
import type { Format } from '../format/formats.ts';
import type { StandingFinding, Versions } from '../model/finding.ts';
import type { Person as ActingPerson } from '../model/person.ts';
import type { Query } from '../model/query.ts';
import type { LogRecord, RejectCode } from '../model/record.ts';
import type { Review } from '../model/review.ts';
import type { Period, Plans, ReviewPlan } from '../model/review-plan.ts';
import type { Judged } from '../pipeline/judge.ts';
import type { Judging, KeptJudging, RejudgeOutcome } from '../pipeline/rejudge/rejudge.ts';
import type { RetryOutcome, RetryPlan } from '../pipeline/retry/retry.ts';
import type { DeadLetterOutcome } from '../pipeline/retry/retry-dead-letters.ts';
import type { ScheduleEvent, WakeOutcome } from '../pipeline/schedule-runner.ts';
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
import type { People, Signing } from '../ports/people.ts';
import type { ReportMaker } from '../ports/reports.ts';
import type { Source } from '../ports/source.ts';
import type { ReadStore } from '../ports/store.ts';
import type { StoreCare } from '../ports/store-care.ts';
import type { Surroundings } from '../proof/surroundings.ts';
import type { DepartmentSizes } from '../report/lattice.ts';
import type { Page } from '../text/page.ts';
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
  /** What makes the reports that are delivered, where the configuration has plans carried out too. */
  reports: ReportMaker;
}

export interface ScheduleRequest {
  /** `once` carries out what is due, and ends. */
  mode: 'once' | 'go-on';
  reports: ReportMaker;
  signal: AbortSignal;
  onEvent(event: ScheduleEvent): void;
  /** Is told what kept a wake from its work; it is tried again at the next. */
  onTrouble(error: unknown): void;
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
  kept(finding: StandingFinding, versions: Versions): Promise<KeptJudging>;
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

/** A review to be begun. */
export interface ReviewRequest {
  plan: ReviewPlan;
  period: Period;
  /** Null where it has no diary number yet. */
  diary: string | null;
  /** `allow` begins although the period is not complete (§8.3); the review says so. */
  incomplete: 'refuse' | 'allow';
  signal?: AbortSignal;
}

/** Whom a case or an item is about. */
export interface AboutSubject {
  tenant: string;
  subjectId: string;
  subjectKind: 'user' | 'client' | 'none';
  /** Any instant of its local day. */
  startMs: number;
}

/** Tells whose a pseudonym is, for those who hold the key of its year, and makes no key. */
export interface Ownership {
  /** Tells whether a person is the subject; `unknown` where the key of its year is not here: then refuse (§8.4). */
  of(person: ActingPerson, about: AboutSubject): 'own' | 'other' | 'unknown';
  /** Tells whether a canonical name is behind a pseudonym. */
  isBehind(name: string, about: AboutSubject): boolean;
}

/** Opens the sealed name of one pseudonym; null where the store keeps none. Throws KEYS, DAMAGED. */
export type OpenName = (store: Pick<ReadStore, 'sealedName'>, subjectId: string) => Promise<string | null>;

/** A key that was made for a person. */
export interface MadeKey {
  /** The file of its private half, as the user would name it. */
  file: string;
  publicKey: string;
}

/** What reports need of the configuration beside policy and zone. */
export interface ReportGround {
  /** Every organisation that the configuration names. */
  tenants: readonly string[];
  departments: DepartmentSizes;
  /** Counts the shared networks of an organisation in a time. */
  sharedNetworks(tenant: string, fromMs: number, toMs: number): number;
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
  /** Gives what makes the configured store, and what tells how it stands. */
  storeCare(): Promise<StoreCare>;
  openAudit(): Promise<Audit>;
  /** Gives the people who act; nobody where no file of them is named. */
  people(): Promise<People>;
  /** Gives what acts and signs for whoever runs the program. */
  signing(): Promise<Signing>;
  ownership(): Promise<Ownership>;
  /** Reads the private sealing key, that of the keys folder where none is named, and gives what opens names. */
  openName(identity: string | null): Promise<OpenName>;
  /** Makes the private key of a person; throws REFUSED where there is one. */
  makePersonKey(id: string): Promise<MadeKey>;
  /** Begins the review of a plan and a period, or gives the one that was begun. Throws CONFIG, CHECK_FAILED, OVERTAKEN. */
  beginReview(desk: DeskStore, request: ReviewRequest): Promise<Review>;
  /** Tells whether a text was signed with the private half of a key; needs no configuration. */
  isSignedText(publicKey: string, text: string, signature: string): boolean;
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
  /** Reads the plans of reviews and the deliveries; throws CONFIG where they have mistakes. */
  plans(): Promise<Plans>;
  /** Carries out what is due of them, each period once; gives what the last wake came to. */
  schedule(request: ScheduleRequest): Promise<WakeOutcome>;
  compileLists(paths: readonly string[], out: string, overrides: string | null): Image;
  loadImage(path: string): Image;
  makeKeys(keysDir: string): Promise<void>;
  /** Gives what hides free text in the audit chain. */
  textHider(): Promise<(text: string) => string>;
  sealedPlaces(): Promise<SealedPlaces>;
  reportGround(): Promise<ReportGround>;
  /** Finds out what a proof has to know beside the store. */
  surroundings(): Promise<Surroundings>;
  retryRejects(request: RejectsRetryRequest): Promise<RetryOutcome>;
  retryDeadLetters(request: DeadLettersRetryRequest): Promise<DeadLetterOutcome>;
  /** Judges stored findings again; throws CONFIG where a policy on trial would change verdicts. */
  rejudge(request: RejudgeRequest): Promise<RejudgeOutcome>;
  /** Opens what judges findings of a store again: the versions that judged them, and those of today. */
  openJudging(store: ReadStore): Promise<OpenedJudging>;
  /** Prints a page as PDF; the same page gives the same bytes. */
  renderPdf(page: Page): Promise<Uint8Array>;
  /** Total size of the files, null where it cannot be told (stdin, compressed). */
  sizeOf(files: readonly string[]): number | null;
}
