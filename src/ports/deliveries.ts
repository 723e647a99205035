// Deliveries: the directory as it is brought up to date, one whole snapshot after the other, and what was brought when.

/** One delivery as the log has it. */
export interface Delivery {
  atMs: number;
  /** Account of the operating system that imported it. */
  by: string;
  /** Local day from which it holds. */
  asOf: string;
  /** SHA-256 (hex) of the delivered file, and of the directory that it led to. */
  sha256: string;
  directory: string;
  counts: PeopleCounts;
  /** True where more people vanished than may unasked, and somebody said that this is right. */
  confirmed: boolean;
}

/** How many people a delivery leaves, changes, begins and ends. */
export interface PeopleCounts {
  unchanged: number;
  changed: number;
  arrived: number;
  vanished: number;
  notNamed: number;
}

export interface ImportRequest {
  file: string;
  /** Local day from which the delivery holds; null for today. */
  asOf: string | null;
  /** `confirm` lets more people vanish than may unasked; `dry-run` writes nothing. */
  mode: 'import' | 'confirm' | 'dry-run';
}

export interface ImportOutcome {
  asOf: string;
  counts: PeopleCounts;
  /** People in force before, of the organisations that the delivery names, and after, of all. */
  before: number;
  after: number;
  /** Share of the former that vanishes, and the share that may. */
  vanishedShare: number;
  maxVanished: number;
  written: boolean;
}

export interface DirectoryStatus {
  /** Null where none was ever imported. */
  last: Delivery | null;
  deliveries: number;
  /** Age of the last delivery, counted from the day as of which it holds; null where there is none. */
  ageDays: number | null;
  maxAgeDays: number;
  /** True where the directory is not what the last delivery made of it. */
  changedSince: boolean;
  /** First line of the log that does not fit the one before; null where all do. */
  brokenLine: number | null;
  inForce: number;
  /** People in force who will not be in 30 days, and those who are not yet but will be. */
  leaving: number;
  arriving: number;
}

export interface Deliveries {
  /** Merges a delivery. Throws CONFIG for mistakes in a file, REFUSED where too many vanish or it is out of turn. */
  import(request: ImportRequest): Promise<ImportOutcome>;
  status(): Promise<DirectoryStatus>;
}
