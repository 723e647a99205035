// Appends to the file of decisions: one line a decision, each with the hash of the one before, and `FILE.head` beside it,
// which says where it ends. It holds names as `policy.yaml` does, and is read by the group.
// In: what is decided, under a lock; out: a line. Invariant: a line is on the disk before its decision is confirmed; nothing
// of a line is ever changed. Example: `append(day => ({ kind: 'end', id: 'E-1', … }), check)` → `{ seq: 4, day, … }`.
import { chownSync, closeSync, fstatSync, fsyncSync, ftruncateSync, openSync, statSync } from 'node:fs';
import { type ChainLink, link, writeLink } from '../../audit/link.ts';
import { DECISION_SCHEMA } from '../../config/decision-schema.ts';
import { GranskaError } from '../../errors.ts';
import type { Decision, DecisionBody } from '../../policy/decisions.ts';
import { hashText, writeHead, writeWhole } from '../chain/chain-file.ts';
import { takeLock } from '../lock/exclusive-lock.ts';
import { guarded, type ReadDecisions, readDecisions, requireWhole } from './read-decisions.ts';

export interface DecisionFileOptions {
  path: string;
  /** The file as the user would name it. */
  shown: string;
  /** Account of the operating system that decides. */
  by: string;
  nowMs(): number;
  /** Gives the local day of a time. */
  dayOf(atMs: number): string;
  /** How long to wait for another process that decides, milliseconds; 30,000 unless set. */
  waitMs?: number;
}

export interface DecisionFile {
  /** Appends a decision that is made on a day; where its check throws, nothing is written. Nobody else decides meanwhile. */
  append(make: (day: string) => DecisionBody, check: CheckLine): Promise<Decision>;
}

/** Is given a line as it will stand and what the file holds; throws where it cannot be. */
export type CheckLine = (line: Line, file: ReadDecisions) => Promise<void>;

type Line = Decision & ChainLink & { schema: typeof DECISION_SCHEMA };

const WAIT_MS = 30_000;
const NEW_FILE_MODE = 0o640;

/** Creates what appends decisions to a file. */
export function createDecisionFile(options: DecisionFileOptions): DecisionFile {
  const { path, shown } = options;

  function lineOf(make: (day: string) => DecisionBody, { end, lines }: ReadDecisions): Line {
    const atMs = options.nowMs();
    const day = options.dayOf(atMs);
    requireOrder(lines.at(-1), day);
    const at = new Date(atMs).toISOString();
    return link({ schema: DECISION_SCHEMA, ...make(day), day, at, by: options.by }, end, hashText);
  }

  async function append(make: (day: string) => DecisionBody, check: CheckLine): Promise<Decision> {
    const release = lock();
    try {
      const file = requireWhole(readDecisions(path, shown));
      const line = lineOf(make, file);
      await check(line, file);
      write(line, file);
      return line;
    } finally {
      release();
    }
  }

  function lock(): () => void {
    const release = guarded(shown, () => takeLock(`${path}.lock`, options.waitMs ?? WAIT_MS));
    if (release !== null) return release;
    throw new GranskaError('STORE', `another process holds the file of decisions ${shown}`, {
      hint: 'try again when it has ended',
    });
  }

  function write(line: Line, { wholeBytes }: ReadDecisions): void {
    guarded(shown, () => {
      const file = openSync(path, wholeBytes === 0 ? 'a+' : 'r+', NEW_FILE_MODE);
      try {
        ftruncateSync(file, wholeBytes);
        writeWhole(file, `${writeLink(line)}\n`, wholeBytes);
        fsyncSync(file);
        const { mode, uid, gid } = fstatSync(file);
        writeHead(`${path}.head`, line, mode & 0o777);
        giveTo(`${path}.head`, { uid, gid });
      } finally {
        closeSync(file);
      }
    });
  }

  return { append };
}

/** By a clock that went back, a decision would take away what was covered between its day and that of the last one. */
function requireOrder(last: unknown, day: string): void {
  const lastDay = (last as Partial<Decision> | undefined)?.day;
  if (typeof lastDay !== 'string' || day >= lastDay) return;
  throw new GranskaError('USAGE', `the last decision is of ${lastDay}, and by the clock it is ${day}`, {
    hint: 'nothing was written: set the clock of this machine, and decide again',
  });
}

/** Lets who reads the file read its head, also where somebody else has decided; only the superuser always can. */
function giveTo(path: string, owner: { uid: number; gid: number }): void {
  const { uid, gid } = statSync(path);
  if (uid === owner.uid && gid === owner.gid) return;
  try {
    chownSync(path, owner.uid, owner.gid);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') throw error;
  }
}
