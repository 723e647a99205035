// Runs `bin/granska` as a user does: a process of its own, in folders of its own, on a machine whose clock stands far
// away from Sweden (no day may depend on it).
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

/** The checkout. */
export const ROOT = resolve(import.meta.dirname, '../..');
const PROGRAM = join(ROOT, 'bin', 'granska');

// With the cache a start takes half the time, and there are hundreds of them.
const ENVIRONMENT = {
  PATH: process.env.PATH ?? '',
  HOME: tmpdir(),
  TZ: 'Pacific/Auckland',
  NODE_COMPILE_CACHE: join(tmpdir(), 'granska-test-compiled'),
};

export interface Ran {
  stdout: string;
  stderr: string;
  /** Null where a signal ended it. */
  code: number | null;
}

export interface RunOptions {
  /** What stands on stdin; null leaves it open, for the test to write to. */
  stdin?: string | Uint8Array | null;
  env?: Readonly<Record<string, string>>;
  cwd?: string;
}

/** Runs one command to its end. */
export async function run(args: readonly string[], options: RunOptions = {}): Promise<Ran> {
  return await start(args, options).ended;
}

/** Starts a command, to be stopped half-way. */
export function start(
  args: readonly string[],
  options: RunOptions = {},
): { child: ChildProcessWithoutNullStreams; ended: Promise<Ran> } {
  const { stdin = '', env = {}, cwd = tmpdir() } = options;
  const child = spawn(process.execPath, [PROGRAM, ...args], {
    cwd,
    env: { ...ENVIRONMENT, ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout.on('data', part => out.push(part));
  child.stderr.on('data', part => err.push(part));
  // A program that does not read its input may be gone before all of it was written.
  child.stdin.on('error', () => {});
  if (stdin !== null) child.stdin.end(stdin);
  const ended = new Promise<Ran>((done, failed) => {
    child.on('error', failed);
    child.on('close', code => done({ stdout: textOf(out), stderr: textOf(err), code }));
  });
  return { child, ended };
}

function textOf(parts: readonly Buffer[]): string {
  return Buffer.concat(parts).toString('utf8');
}

/** A folder with data, keys and whatever a test writes. */
export interface Place {
  readonly dir: string;
  readonly dataDir: string;
  readonly keysDir: string;
  /** The environment that names the folders. */
  readonly env: Readonly<Record<string, string>>;
  /** Writes a file and gives its path. */
  write(name: string, content: string | Uint8Array): string;
  /** Runs a command here: data and keys lie here, and the working directory is here. */
  run(args: readonly string[], options?: RunOptions): Promise<Ran>;
  start(args: readonly string[], options?: RunOptions): ReturnType<typeof start>;
  /** Runs a command that must succeed and print one JSON object. */
  json(args: readonly string[], options?: RunOptions): Promise<Json>;
}

/** What `scan --json` and its like print: any of it may be asked for. */
// biome-ignore lint/suspicious/noExplicitAny: a test reads what it expects, and fails where it is not there.
export type Json = any;

const made: string[] = [];

/** Makes a place; `files` are written into it, `config` names the configuration among them (the shipped one unless given). */
export function makePlace(
  files: Readonly<Record<string, string | Uint8Array>> = {},
  config: string | null = null,
): Place {
  const dir = mkdtempSync(join(tmpdir(), 'granska-run-'));
  made.push(dir);
  const dataDir = join(dir, 'data');
  const keysDir = join(dir, 'keys');
  const env: Record<string, string> = { GRANSKA_DATA_DIR: dataDir, GRANSKA_KEYS_DIR: keysDir };
  if (config !== null) env.GRANSKA_CONFIG = join(dir, config);
  const inPlace = (options: RunOptions = {}) => ({ cwd: dir, ...options, env: { ...env, ...options.env } });
  const write = (name: string, content: string | Uint8Array) => {
    const path = join(dir, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
    return path;
  };
  for (const [name, content] of Object.entries(files)) write(name, content);
  const runHere = (args: readonly string[], options?: RunOptions) => run(args, inPlace(options));
  return {
    dir,
    dataDir,
    keysDir,
    env,
    write,
    run: runHere,
    start: (args, options) => start(args, inPlace(options)),
    async json(args, options) {
      const { stdout, stderr, code } = await runHere(args, options);
      if (code !== 0) throw new Error(`granska ${args[0]} ended with ${code}: ${stderr}`);
      return JSON.parse(stdout);
    },
  };
}

/** Removes every place that was made. */
export function removePlaces(): void {
  for (const dir of made.splice(0)) rmSync(dir, { recursive: true, force: true });
}

/** Reads NDJSON. */
export function readNdjson(text: string): Json[] {
  return text
    .split('\n')
    .filter(line => line !== '')
    .map(line => JSON.parse(line));
}
