// The audit chain as files of the data folder: `audit/chain.ndjson`, one line a view, and `audit/chain.head`, which says
// where the chain ends, so that lines cut off its end are missed. One process appends at a time; a line is on the disk
// before anything is shown.
//
// What a crash can leave: half a line, which the next append cuts off and says so in a line `recovered`; or a chain one
// line longer than its head. What the files by themselves cannot show: somebody with rights to both who writes both
// anew. Whoever notes the last hash elsewhere (`audit verify` prints it) can show that too.
import { closeSync, existsSync, fstatSync, fsyncSync, ftruncateSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { endOfLine, followLine, linkEntry, writeLine } from '../../audit/chain.ts';
import { type ChainEnd, NO_LINE } from '../../audit/link.ts';
import { GranskaError } from '../../errors.ts';
import type { Audit, AuditEntry, AuditReport } from '../../ports/audit.ts';
import { hashText, MAX_AHEAD, readHead, readTail, writeHead, writeWhole } from '../chain/chain-file.ts';
import { makePrivateFile, takeLock } from '../lock/exclusive-lock.ts';
import { readChain } from './read-chain.ts';

export interface FileAuditOptions {
  dataDir: string;
  /** Account of the operating system that is at work. */
  actor: string;
  nowMs(): number;
  /** How long to wait for another process that appends, milliseconds; 10,000 unless set. */
  waitMs?: number;
}

const WAIT_MS = 10_000;

/** Creates the audit chain of a data folder. */
export function createFileAudit(options: FileAuditOptions): Audit {
  const folder = join(options.dataDir, 'audit');
  const chain = join(folder, 'chain.ndjson');
  const head = join(folder, 'chain.head');
  const waitMs = options.waitMs ?? WAIT_MS;

  function append(entry: AuditEntry): void {
    const release = lock(folder, waitMs);
    try {
      makePrivateFile(chain);
      const file = openSync(chain, 'r+');
      try {
        appendTo(file, entry);
      } finally {
        closeSync(file);
      }
    } finally {
      release();
    }
  }

  function appendTo(file: number, entry: AuditEntry): void {
    const tail = readTail(file);
    const end = endOfChain(tail.lastLine, readHead(head), folder);
    const context = { actor: options.actor, atMs: options.nowMs(), hashText };
    const lines = [];
    if (tail.tornBytes > 0) {
      ftruncateSync(file, tail.wholeBytes);
      const details = { tornBytes: tail.tornBytes };
      lines.push(linkEntry({ action: 'recovered', shown: 0, details }, end, context));
    }
    lines.push(linkEntry(entry, lines.at(-1) ?? end, context));
    writeWhole(file, lines.map(line => `${writeLine(line)}\n`).join(''), tail.wholeBytes);
    fsyncSync(file);
    // Whoever may read the chain may read where it ends: accounts that share a data folder by their group.
    writeHead(head, lines.at(-1)!, fstatSync(file).mode & 0o777);
  }

  async function verify(): Promise<AuditReport> {
    if (!existsSync(folder)) return report(chain, NO_LINE);
    // Under the lock, or the chain could grow between its end and its head.
    const release = lock(folder, waitMs);
    try {
      return await report(chain, readHead(head));
    } finally {
      release();
    }
  }

  return {
    append: async entry => guarded(folder, () => append(entry)),
    verify,
  };
}

function lock(folder: string, waitMs: number): () => void {
  const release = takeLock(join(folder, 'chain.lock'), waitMs);
  if (release !== null) return release;
  throw new GranskaError('STORE', `another process holds the audit chain in ${folder}`, {
    hint: 'try again when it has ended',
  });
}

/** What cannot be noted is not shown: whoever views findings must be able to write here. */
function guarded<T>(folder: string, run: () => T): T {
  try {
    return run();
  } catch (cause) {
    if (cause instanceof GranskaError) throw cause;
    throw new GranskaError('STORE', `the audit chain in ${folder} cannot be written, so nothing is shown`, {
      hint: 'every view is noted (who, when, what was asked): it needs the right to write there, and room',
      cause,
    });
  }
}

/** Walks the whole chain, and says in words how it stands. */
async function report(chain: string, head: ChainEnd | 'damaged'): Promise<AuditReport> {
  let end = NO_LINE;
  let atHead: ChainEnd | null = head === 'damaged' || head.seq > 0 ? null : NO_LINE;
  let tornBytes = 0;
  for await (const line of readChain(chain)) {
    if (!line.isWhole) {
      tornBytes = line.bytes;
      break;
    }
    const next = followLine(line.text, end, hashText);
    if (typeof next === 'string') return broken(end.seq + 1, `line ${end.seq + 1} is broken: ${next}`);
    end = next;
    if (head !== 'damaged' && head.seq === end.seq) atHead = end;
  }
  const isTrue = atHead !== null && head !== 'damaged' && atHead.hash === head.hash;
  if (head === 'damaged') {
    return broken(end.seq + 1, 'the head of the chain is damaged: whether its end is missing cannot be told');
  }
  if (!isTrue) {
    const what = `its head says that line ${head.seq} is the last, and that line is missing or another one`;
    return broken(Math.min(end.seq + 1, head.seq), `the end of the chain does not fit: ${what}`);
  }
  if (end.seq > head.seq + MAX_AHEAD) {
    const what = 'its head is missing, or older than it can be';
    return broken(head.seq + 1, `the end of the chain does not fit: ${what}`);
  }
  const torn =
    tornBytes === 0
      ? ''
      : `; half a line follows (${tornBytes} bytes), of a crash: the next view cuts it off`;
  return { lines: end.seq, isIntact: true, brokenLine: null, message: `${describeEnd(end)}${torn}` };
}

function broken(line: number, message: string): AuditReport {
  return { lines: line - 1, isIntact: false, brokenLine: line, message };
}

function describeEnd(end: ChainEnd): string {
  if (end.seq === 0) return 'nothing has been viewed yet';
  return `each line fits the one before; line ${end.seq} ends in hash ${end.hash}`;
}

/** Gives the end that an append continues; refuses a chain whose end is not true, lest that be covered up. */
function endOfChain(lastLine: string | null, head: ChainEnd | 'damaged', folder: string): ChainEnd {
  const end = lastLine === null ? NO_LINE : endOfLine(lastLine, hashText);
  if (end !== null && head !== 'damaged') {
    const ahead = end.seq - head.seq;
    if (ahead === 0 ? end.hash === head.hash : ahead > 0 && ahead <= MAX_AHEAD) return end;
  }
  throw new GranskaError(
    'DAMAGED',
    `the audit chain in ${folder} is broken at its end, so nothing is shown`,
    {
      hint: '"granska audit verify" tells more; keep the folder as evidence, and move it away to begin a new chain',
    },
  );
}
