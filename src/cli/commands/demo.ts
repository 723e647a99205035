// `granska demo`: the sample municipality's log, and what to try next.
import { join, relative } from 'node:path';
import { EXIT, type ExitCode } from '../../errors.ts';
import type { App } from '../app.ts';
import { type Io, write } from '../io.ts';
import { runScan } from './scan.ts';

/** Scans the sample log under its own configuration and says what to try next. */
export async function runDemo(deps: { app: App; signal: AbortSignal }, io: Io): Promise<ExitCode> {
  const folder = join(deps.app.packageRoot, 'config', 'demo');
  const log = join(folder, 'access.log');
  await write(io.stdout, 'Exempelby kommun, a made-up municipality: seven weeks of its proxy log.\n\n');
  const exit = await runScan(
    { files: [log], source: 'demo', format: null, again: false, final: false, json: false },
    deps,
    io,
  );
  if (exit !== EXIT.done) return exit;
  const config = relative(process.cwd(), folder) || '.';
  await write(io.stdout, nextSteps(config));
  return exit;
}

function nextSteps(config: string): string {
  return `
Try next
  bin/granska search verdict:examine category:gambling --config ${config}
  bin/granska explain http://casino.example/ --user kristina.björk --at 2026-09-21T10:00 --config ${config}
  bin/granska rejects --config ${config}

Your own log: bin/granska doctor LOG says what is in it and stores nothing; "First steps" in README.md goes on.
`;
}
