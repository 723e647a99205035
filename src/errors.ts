// Every error that a user can meet: its code, the exit it leads to, and whether trying again can help.

/** Exit codes of the program (semantics 10.2). */
export const EXIT = {
  done: 0,
  condition: 1,
  usage: 2,
  unreachable: 3,
  damaged: 4,
  refused: 5,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

interface ErrorKind {
  exit: ExitCode;
  retriable: boolean;
  /** What the error means, for the reference page. */
  meaning: string;
}

/** The error table. A code never changes its meaning. */
export const ERRORS = {
  USAGE: { exit: EXIT.usage, retriable: false, meaning: 'the command line is not right' },
  CONFIG: { exit: EXIT.usage, retriable: false, meaning: 'a configuration file is missing or has mistakes' },
  KEYS: { exit: EXIT.usage, retriable: false, meaning: 'a key is missing, misplaced or readable by others' },
  QUERY: { exit: EXIT.usage, retriable: false, meaning: 'a search query cannot be read' },
  LISTS: { exit: EXIT.usage, retriable: false, meaning: 'a category list or its folder cannot be used' },
  SOURCE: { exit: EXIT.unreachable, retriable: true, meaning: 'a log file is missing or cannot be read' },
  STORE: { exit: EXIT.unreachable, retriable: true, meaning: 'the store cannot be opened, read or written' },
  LISTEN: { exit: EXIT.usage, retriable: true, meaning: 'the address for health and metrics cannot be had' },
  DAMAGED: { exit: EXIT.damaged, retriable: false, meaning: 'a file is damaged, or a verification failed' },
  NOT_FOUND: { exit: EXIT.condition, retriable: false, meaning: 'what was asked for is not there' },
  OVERTAKEN: { exit: EXIT.condition, retriable: false, meaning: 'what was looked at has changed meanwhile' },
  CHECK_FAILED: { exit: EXIT.condition, retriable: false, meaning: 'a policy test or a check failed' },
  REFUSED: { exit: EXIT.refused, retriable: false, meaning: 'the rules do not allow it' },
} as const satisfies Record<string, ErrorKind>;

export type ErrorCode = keyof typeof ERRORS;

/** An error that a user is meant to read: what happened, to which thing, what to do next. Holds no name and no URL. */
export class GranskaError extends Error {
  readonly code: ErrorCode;
  readonly hint: string;

  constructor(code: ErrorCode, message: string, options: { hint?: string; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'GranskaError';
    this.code = code;
    this.hint = options.hint ?? '';
  }

  /** The exit code that this error leads to. */
  get exit(): ExitCode {
    return ERRORS[this.code].exit;
  }
}

/** An error that is not for users: a mistake of the program. */
export interface Fault {
  /** Its class, and its code where it has one: `TypeError [ERR_INVALID_ARG_TYPE]`. */
  kind: string;
  /** Where it was thrown, one frame a line; empty where that cannot be told from its words. */
  frames: string;
}

/** Gives what may be told of a fault. Never its words: those of the platform quote what it was given, a name perhaps. */
export function faultOf(error: unknown): Fault {
  if (!(error instanceof Error)) return { kind: 'Error', frames: '' };
  const { name, message, stack = '', code } = error as Error & { code?: unknown };
  const whole = typeof code === 'string' && !name.includes('[') ? `${name} [${code}]` : name;
  const kind = KIND.test(whole) ? whole : 'Error';
  const wordsAt = stack.indexOf(message);
  if (wordsAt < 0) return { kind, frames: '' };
  const behind = stack.slice(wordsAt + message.length).split('\n');
  return { kind, frames: behind.filter(line => line.startsWith('    at ')).join('\n') };
}

const KIND = /^[A-Za-z]{1,64}(?: \[[A-Z0-9_]{1,64}\])?$/;
