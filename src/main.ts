// The program's entry: signals, streams and errors. What the commands do is in cli/, what they are made of in compose.ts.
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Io } from './cli/io.ts';
import { runProgram } from './cli/program.ts';
import { compose } from './compose.ts';
import { EXIT, faultOf, GranskaError } from './errors.ts';

/** Signals nearer to each other than this are one: no hand is so fast. */
const SAME_SIGNAL_MS = 250;

const PACKAGE_ROOT = resolve(import.meta.dirname, '..');

/** Exit of an error that is ours and not the user's. */
const INTERNAL = 70;

/** Runs one command line and sets the process's exit code. */
export async function run(argv: readonly string[]): Promise<void> {
  quietExperiments();
  const stop = new AbortController();
  let stoppedBy: 'SIGINT' | 'SIGTERM' | null = null;
  let stoppedMs = 0;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      // The first signal drains and commits; the second leaves at once. Ctrl-C comes twice, from the terminal and
      // from the launcher, and is one.
      if (stoppedBy !== null && performance.now() - stoppedMs < SAME_SIGNAL_MS) return;
      if (stoppedBy !== null) process.exit(exitOfSignal(signal));
      stoppedBy = signal;
      stoppedMs = performance.now();
      stop.abort();
    });
  }
  // A reader that has gone away (`| head`) ends the program without a word.
  process.stdout.on('error', error => {
    if ((error as NodeJS.ErrnoException).code === 'EPIPE') process.exit(EXIT.done);
    throw error;
  });
  const io = standardIo();
  // Node would print the words of what nobody caught, and the line of the code.
  process.on('uncaughtException', error => process.exit(tell(io, error)));
  try {
    const exit = await runProgram(argv, {
      version: readVersion(),
      io,
      signal: stop.signal,
      onHangup,
      compose: flags =>
        compose({
          flags,
          env: process.env,
          cwd: process.cwd(),
          packageRoot: PACKAGE_ROOT,
          clock: { nowMs: () => Date.now() },
          stderr: process.stderr,
          tell: text => io.stderr.write(`granska: ${text}\n`),
        }),
    });
    process.exitCode = stoppedBy === null ? exit : exitOfSignal(stoppedBy);
  } catch (error) {
    const exit = tell(io, error);
    // Who is told to stop while a server is waited for has stopped as asked: nothing that is stored is lost by it.
    process.exitCode = stoppedBy !== null && exit === EXIT.unreachable ? exitOfSignal(stoppedBy) : exit;
  }
}

/**
 * A terminal that is closed ends the program, unless it has asked to read its configuration anew instead. Who has asked
 * once is never ended by it again: one that comes while a worker takes its leave would cost it its exit code.
 */
function onHangup(listener: () => void): () => void {
  if (!process.listeners('SIGHUP').includes(heed)) process.on('SIGHUP', heed);
  process.on('SIGHUP', listener);
  return () => void process.off('SIGHUP', listener);
}

function heed(): void {}

function readVersion(): string {
  return JSON.parse(readFileSync(join(PACKAGE_ROOT, 'package.json'), 'utf8')).version;
}

function exitOfSignal(signal: 'SIGINT' | 'SIGTERM'): number {
  return signal === 'SIGINT' ? 130 : 143;
}

function tell(io: Io, error: unknown): number {
  if (error instanceof GranskaError) {
    io.stderr.write(
      `granska: ${error.message} [${error.code}]\n${error.hint === '' ? '' : `  ${error.hint}\n`}`,
    );
    return error.exit;
  }
  const { code, message } = (error ?? {}) as NodeJS.ErrnoException;
  if (typeof code === 'string' && /^E[A-Z]+$/.test(code)) {
    io.stderr.write(`granska: the system refused: ${message} [${code}]\n`);
    return EXIT.unreachable;
  }
  const { kind, frames } = faultOf(error);
  io.stderr.write(`granska: an error of the program itself; please report it\n${kind}\n${frames}\n`);
  return INTERNAL;
}

function standardIo(): Io {
  return {
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    isTerminal: process.stdout.isTTY === true,
    isErrorTerminal: process.stderr.isTTY === true,
    columns: process.stdout.columns ?? 100,
  };
}

/** Node's note that SQLite is young is no news for a user. Every other warning is shown. */
function quietExperiments(): void {
  const shown = process.listeners('warning');
  process.removeAllListeners('warning');
  process.on('warning', warning => {
    if (warning.name === 'ExperimentalWarning' && /SQLite/i.test(warning.message)) return;
    for (const listener of shown) (listener as (warning: Error) => void)(warning);
  });
}
