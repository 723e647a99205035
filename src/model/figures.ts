// Figures: what is counted of one organisation in one time, on the one lattice that may be shown (§8.2): the whole
// organisation, its administrations, their departments × category. `Figures` are what was counted and never leave the
// program; `ShownFigures` are what is left once small groups are hidden: reports are made of these alone.
// There is no sum over categories: whoever visits two of them would be counted twice.
import type { Grade } from './visit.ts';

/**
 * `own` is what an administration or the organisation has beside the units below it, so that the parts of a unit add up
 * to it. Departments that are too small to be counted by themselves are part of the `own` of the unit above.
 */
export type UnitKind = 'tenant' | 'administration' | 'department' | 'own';

/** One row of the lattice. Units come parent first. */
export interface Unit {
  /** `t` the whole, `d:NAME` a department with all below it, `o:` and `o:NAME` the own part of the whole and of one. */
  id: string;
  kind: UnitKind;
  /** Name of the department; that of the unit which it is the own part of; `''` for the organisation. */
  name: string;
  /** Id of the unit that it is part of; null for the whole. */
  parent: string | null;
}

/**
 * Visits of which something is to be examined · visits that exemptions cover wholly · requests that the proxy stopped.
 * Each is hidden or shown by its own number of persons.
 */
export type FigureKind = 'examine' | 'exempt' | 'attempts';

/** What one unit has in one category and kind. */
export interface Measures {
  /**
   * Persons, each counted once in a category and kind: where they were first seen in that time. So they add up, and are
   * never more than there were. Only subjects that are known surely enough count (users; where there are more addresses
   * on the busiest day than users, the addresses of that day).
   */
  persons: number;
  /** Visits; 0 for attempts. */
  visits: number;
  /** Different requests of the visits; for attempts, the attempts. */
  records: number;
  /** Visits by grade: only of those to examine (else all 0). */
  grades: Readonly<Record<Grade, number>>;
}

/** A count that is not zero. Units hold all that is below them. */
export interface FigureCell extends Measures {
  unit: string;
  category: string;
  kind: FigureKind;
}

/** Exempt visits by the decisions that cover them; a visit with two of them stands under both together, once. */
export interface DecisionCell {
  unit: string;
  category: string;
  /** Ids, sorted. */
  exemptions: readonly string[];
  persons: number;
  visits: number;
}

/** Persons of any kind in a unit and category: below k, nothing of it is shown. */
export interface CellPersons {
  unit: string;
  category: string;
  persons: number;
}

/** What was counted. It tells of single persons, and is never shown, stored or handed out as it is. */
export interface Figures {
  tenant: string;
  /** Inclusive local days. */
  from: string;
  through: string;
  units: readonly Unit[];
  /** By unit, category and kind; what is not in it is zero. */
  cells: readonly FigureCell[];
  decisions: readonly DecisionCell[];
  cellPersons: readonly CellPersons[];
  /** Findings that are in no figure: of a subject that is nobody, and taken back. */
  withoutSubject: number;
  withdrawn: number;
  /** Content hashes of what judged the findings. */
  versions: { policy: readonly string[]; lists: readonly string[]; directory: readonly string[] };
}

/** A cell as it may be shown; absent ones are zero. Each part is null where it is hidden. */
export interface ShownCell {
  unit: string;
  category: string;
  examine: Measures | null;
  exempt: Measures | null;
  attempts: Measures | null;
  /** Exempt visits by decision; null where they are hidden: then not even which decisions there were is told. */
  decisions: readonly { exemptions: readonly string[]; visits: number }[] | null;
}

/** All figures of one organisation and month that may be shown. Every report of that month is cut from these. */
export interface ShownFigures {
  tenant: string;
  from: string;
  through: string;
  smallGroup: number;
  units: readonly Unit[];
  cells: readonly ShownCell[];
}

/** What the figures rest on, and what they cannot tell (§8.3). Counts of the whole organisation unless said otherwise. */
export interface ReportCoverage {
  from: string;
  through: string;
  /** The last local day of the period that later lines show to be over; null where nothing of it or of later was read. */
  completeThrough: string | null;
  isComplete: boolean;
  /** Requests that were read, whatever they were to; those tunnelled, and with a user name. */
  records: number;
  tunnels: number;
  named: number;
  /**
   * Share of the requests that the proxy stopped, in thousandths. No count: less the attempts that are shown it would be
   * those that are hidden.
   */
  deniedPerMille: number;
  /**
   * Lines that could not be read and were read in the period, of the whole installation: they belong to no organisation.
   * Those that were expired since are not in it.
   */
  rejected: number;
  /** Documents that the store refused in the period. */
  refused: number;
  /** Streams that rejected lines belong to. */
  rejectedStreams: number;
  protected: number;
  unreviewed: number;
  unannounced: number;
  tooOld: number;
  authChallenges: number;
  /** Findings on shared networks and others without a subject, and findings that were taken back. */
  withoutSubject: number;
  withdrawn: number;
  /** Shared networks of the configuration in that time. */
  sharedNetworks: number;
  daysWithoutLines: readonly string[];
  /** Departments that are counted by themselves and have no line. */
  departmentsWithoutLines: readonly string[];
  /** The longest time without any line, from one hour to another; null where there is none of more than an hour. */
  longestGap: { fromMs: number; toMs: number; hours: number } | null;
}
