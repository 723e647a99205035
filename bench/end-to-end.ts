// End to end: `granska scan` of the generated log with the generated lists into a new store, findings and all.
// Run: node bench/end-to-end.ts --log FILE --lists FOLDER      prints one JSON line
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';

export interface EndToEndResult {
  lines: number;
  findings: number;
  /** Processor time of the scan: the process's, less that of one which scans nothing. */
  seconds: number;
  /** Processor time of the start: program, lists, store. */
  startSeconds: number;
  /** By the clock, as the program tells it. */
  wallSeconds: number;
  peakBytes: number;
}

/** Scans a log into a new store with a configuration that maps every generated list. */
export function runEndToEnd(log: string, lists: string): EndToEndResult {
  const folder = mkdtempSync(join(tmpdir(), 'granska-bench-'));
  try {
    writeConfig(folder, lists);
    const places = [
      '--config',
      folder,
      '--data-dir',
      join(folder, 'data'),
      '--keys-dir',
      join(folder, 'keys'),
    ];
    // The lists are compiled by a first scan, of nothing: what is measured is the scan of every later day.
    writeFileSync(join(folder, 'empty.log'), '');
    runScan([...places, 'scan', join(folder, 'empty.log')]);
    const start = runScan([...places, 'scan', join(folder, 'empty.log')]);
    const scan = runScan([...places, 'scan', '--json', '--format', 'squid', resolve(log)]);
    const summary = JSON.parse(scan.stdout);
    const peak = /peak (\d+)/.exec(scan.stderr);
    return {
      lines: summary.lines,
      findings: summary.findings.new,
      seconds: scan.seconds - start.seconds,
      startSeconds: start.seconds,
      wallSeconds: summary.seconds,
      peakBytes: peak === null ? 0 : Number(peak[1]) * 1024,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function runScan(args: readonly string[]): { stdout: string; stderr: string; seconds: number } {
  const scan = spawnSync('/usr/bin/env', ['bash', '-c', MEASURED, 'granska', PROGRAM, ...args], {
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  if (scan.status !== 0) {
    throw new Error(`The scan ended with ${scan.status}: ${scan.stderr.slice(0, 2000)}`);
  }
  const [, user, system] = /cpu ([\d.]+) ([\d.]+)/.exec(scan.stderr)!;
  return { ...scan, seconds: Number(user) + Number(system) };
}

const ROOT = resolve(import.meta.dirname, '..');
const PROGRAM = join(ROOT, 'bin/granska');

// GNU time says what memory the program took; where it is not installed that stays unknown.
const MEASURED = `
TIMEFORMAT='cpu %3U %3S'
if [ -x /usr/bin/time ]; then time /usr/bin/time -f 'peak %M' "$@"; else time "$@"; fi`;

/** Writes a configuration that maps every generated list; `more` is added to it. */
export function writeConfig(folder: string, lists: string, more = ''): void {
  const from = (path: string) => relative(folder, path);
  writeFileSync(
    join(folder, 'granska.yaml'),
    `version: 1
organization: bench
policy: policy.yaml
policyTests: policy.tests.yaml
lists: [${from(resolve(lists))}, ${from(join(ROOT, 'categories'))}]
taxonomy: ${from(join(ROOT, 'categories/taxonomy.yaml'))}
${more}`,
  );
  const policy = readFileSync(join(ROOT, 'config/policy.yaml'), 'utf8')
    .replace('lists: [gambling]', 'lists: [gambling, bench-gambling]')
    .replace('lists: [pornography]', 'lists: [pornography, bench-adult]')
    .replace('lists: [hacking]', 'lists: [hacking, bench-malware]');
  writeFileSync(join(folder, 'policy.yaml'), policy);
  writeFileSync(join(folder, 'policy.tests.yaml'), readFileSync(join(ROOT, 'config/policy.tests.yaml')));
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { log: { type: 'string' }, lists: { type: 'string' } } });
  if (values.log === undefined || values.lists === undefined) {
    console.error('Say what to scan: node bench/end-to-end.ts --log FILE --lists FOLDER');
    process.exit(2);
  }
  console.log(JSON.stringify(runEndToEnd(values.log, values.lists)));
}
