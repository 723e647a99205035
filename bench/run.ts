// The benchmark: the hot path beside the C floor on one log and the same lists, in turns, and what the lists cost.
// Run: node bench/run.ts [--lines 2000000] [--domains 5000000] [--rounds 3] [--name fast-path] [--quick] [--end-to-end]
// Logs, lists and images lie in bench/work/ and are made once. Without --quick the figures go to bench/results/.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type EndToEndResult, runEndToEnd } from './end-to-end.ts';
import { generateLists, LISTS } from './generate-list.ts';
import { generateLog, OFFICE } from './generate-log.ts';
import type { CompileResult, LoadResult } from './lists.ts';
import { type RoundResult, STAGES } from './stages.ts';

interface Plan {
  lines: number;
  domains: number;
  /** How often floor and program take turns. */
  turns: number;
  /** Passes over the log in each turn. */
  rounds: number;
  withStore: boolean;
}

/** What was measured with one log. */
interface Measured {
  listedChild: number;
  bytes: number;
  lines: number;
  flagged: number;
  handedOn: number;
  /** Seconds of each pass, by stage; `floor` is the C program, `first` the program's first pass of all. */
  seconds: Map<string, number[]>;
  compile: CompileResult;
  load: LoadResult[];
  endToEnd: EndToEndResult | null;
}

const FOLDER = import.meta.dirname;
const WORK = join(FOLDER, 'work');
const SHARES = [0.4, 0.65];

function main(): void {
  const { values } = parseArgs({
    options: {
      lines: { type: 'string', default: '2000000' },
      domains: { type: 'string', default: String(LISTS.domains) },
      turns: { type: 'string', default: '5' },
      rounds: { type: 'string', default: '4' },
      name: { type: 'string', default: 'fast-path' },
      quick: { type: 'boolean', default: false },
      'end-to-end': { type: 'boolean', default: false },
    },
  });
  const plan: Plan = values.quick
    ? { lines: 200_000, domains: 200_000, turns: 2, rounds: 3, withStore: values['end-to-end'] }
    : {
        lines: Number(values.lines),
        domains: Number(values.domains),
        turns: Number(values.turns),
        rounds: Number(values.rounds),
        withStore: values['end-to-end'],
      };
  mkdirSync(WORK, { recursive: true });
  const floor = buildFloor();
  const text = report(
    plan,
    SHARES.map(share => measure(plan, share, floor)),
  );
  console.log(text);
  if (values.quick) return;
  mkdirSync(join(FOLDER, 'results'), { recursive: true });
  writeFileSync(join(FOLDER, 'results', `${values.name}.md`), text);
}

/** Compiles the C floor; null where there is no compiler: then there is nothing to compare with. */
function buildFloor(): string | null {
  const out = join(WORK, 'floor');
  const built = spawnSync('gcc', ['-O2', '-o', out, join(FOLDER, 'floor/floor.c')], { stdio: 'inherit' });
  return built.status === 0 ? out : null;
}

function measure(plan: Plan, listedChild: number, floor: string | null): Measured {
  const mark = `${plan.lines}-${Math.round(listedChild * 100)}`;
  const log = join(WORK, `log-${mark}.log`);
  const lists = join(WORK, `lists-${plan.domains}-${Math.round(listedChild * 100)}`);
  const image = `${lists}.image`;
  if (!existsSync(log)) generateLog(log, { ...OFFICE, lines: plan.lines, listedChild });
  if (!existsSync(lists)) generateLists(lists, { ...LISTS, domains: plan.domains, listedChild });
  const measured: Measured = {
    listedChild,
    bytes: statSync(log).size,
    lines: 0,
    flagged: 0,
    handedOn: 0,
    seconds: new Map(),
    compile: runNode<CompileResult>('lists.ts', ['compile', lists, image])[0]!,
    load: [],
    endToEnd: null,
  };
  for (let turn = 0; turn < plan.turns; turn++) {
    measured.load.push(...runNode<LoadResult>('lists.ts', ['load', image]));
    if (floor !== null) takeFloor(measured, { floor, log, lists, rounds: plan.rounds });
    takeStages(
      measured,
      runNode<RoundResult & { round: number }>('stages.ts', [log, image, String(plan.rounds)]),
    );
  }
  if (plan.withStore) measured.endToEnd = runEndToEnd(log, lists);
  return measured;
}

function takeFloor(
  measured: Measured,
  from: { floor: string; log: string; lists: string; rounds: number },
): void {
  const domains = readdirSync(from.lists).map(name => join(from.lists, name, 'domains'));
  const printed = execFileSync(from.floor, [from.log, String(from.rounds), ...domains], { encoding: 'utf8' });
  for (const { flagged, seconds } of parseLines<{ flagged: number; seconds: number }>(printed)) {
    measured.flagged = flagged;
    note(measured, 'floor', seconds);
  }
}

// The first pass of a stage runs while the compiler settles: it is told apart.
function takeStages(measured: Measured, rounds: readonly (RoundResult & { round: number })[]): void {
  for (const { stage, round, lines, handedOn, seconds } of rounds) {
    measured.lines = lines;
    if (stage === 'counts') measured.handedOn = handedOn;
    note(measured, round === 0 ? `${stage}, first` : stage, seconds);
  }
}

function note(measured: Measured, name: string, seconds: number): void {
  const known = measured.seconds.get(name);
  if (known === undefined) measured.seconds.set(name, [seconds]);
  else known.push(seconds);
}

function runNode<T>(script: string, args: readonly string[]): T[] {
  return parseLines<T>(execFileSync(process.execPath, [join(FOLDER, script), ...args], { encoding: 'utf8' }));
}

function parseLines<T>(text: string): T[] {
  return text
    .trim()
    .split('\n')
    .map(line => JSON.parse(line) as T);
}

function report(plan: Plan, all: readonly Measured[]): string {
  const { model } = cpus()[0] ?? { model: 'unknown processor' };
  const gibibytes = Math.round(totalmem() / 2 ** 30);
  return `# Hot path

Taken by \`node bench/run.ts\` with Node ${process.versions.node} (V8 ${process.versions.v8}) on ${cpus().length} × ${model}, ${gibibytes} GiB,
${process.platform}. Floor and program take turns, ${plan.turns} times ${plan.rounds} passes over a log that the system holds in memory. Seconds are
processor time of the whole process (user and system, compiler and collector included), since other programs ran meanwhile:
medians over all passes but the first of each process, the least in brackets. ${plan.domains.toLocaleString('en')} domains, all
mapped; seeded log of ${plan.lines.toLocaleString('en')} lines: 60 % tunnels, Zipf over 200,000 hosts, 5,000 users, 1 % flagged.

The floor (\`bench/floor/floor.c\`, gcc -O2) finds the fields, hashes each suffix of the host and probes a table of all
domains; it validates nothing and counts nothing per hour or person. Granska's stages each include those above: \`frame\` reads
the file and finds line ends, \`parse\` validates every field instead, \`lookup\` adds the host and the lists, \`counts\` the person,
the hour and the sums: all that the fast scan does. What it hands on to the exact path is not in these figures; it is in
those from end to end.

${all.map(section).join('\n')}`;
}

function section(measured: Measured): string {
  const { compile, load, endToEnd } = measured;
  const floor = measured.seconds.get('floor');
  const rows = ['floor', ...STAGES, 'counts, first'].flatMap(name => {
    const seconds = measured.seconds.get(name);
    return seconds === undefined ? [] : [row(measured, { name, seconds, floor })];
  });
  const stored =
    endToEnd === null
      ? ''
      : `\nEnd to end into SQLite: ${endToEnd.lines.toLocaleString('en')} lines, ${endToEnd.findings.toLocaleString('en')} findings in ${endToEnd.seconds.toFixed(2)} s of processor time (${endToEnd.wallSeconds.toFixed(1)} s by the clock; the start with its lists took ${endToEnd.startSeconds.toFixed(1)} s more): ${millions(endToEnd.lines / endToEnd.seconds)} M lines/s${floor === undefined ? '' : `, ${(endToEnd.lines / endToEnd.seconds / (measured.lines / median(floor))).toFixed(2)} of the floor`}; peak memory ${mebibytes(endToEnd.peakBytes)} MiB.\n`;
  return `## ${Math.round(measured.listedChild * 100)} % of the lines on sites with a listed child

${measured.lines.toLocaleString('en')} lines, ${Math.round(measured.bytes / measured.lines)} bytes each; flagged ${measured.flagged.toLocaleString('en')}, handed on ${measured.handedOn.toLocaleString('en')}.

| stage | seconds | M lines/s | MB/s | of the floor |
|---|---|---|---|---|
${rows.join('\n')}

Lists: ${compile.entries.toLocaleString('en')} entries compiled in ${compile.seconds.toFixed(1)} s, peak memory ${mebibytes(compile.peakBytes)} MiB, image ${mebibytes(compile.imageBytes)} MiB;
loaded and verified in ${median(load.map(one => one.loadSeconds)).toFixed(2)} s, filter of the mapped lists built in ${median(load.map(one => one.filterSeconds)).toFixed(2)} s, the scan's own in ${median(load.map(one => one.scanFilterSeconds)).toFixed(2)} s.
${stored}`;
}

function row(
  measured: Measured,
  { name, seconds, floor }: { name: string; seconds: number[]; floor: number[] | undefined },
): string {
  const middle = median(seconds);
  const least = Math.min(...seconds);
  const ratio =
    floor === undefined
      ? '-'
      : `${(median(floor) / middle).toFixed(2)} (${(Math.min(...floor) / least).toFixed(2)})`;
  const time = `${middle.toFixed(3)} (${least.toFixed(3)})`;
  return `| ${name} | ${time} | ${millions(measured.lines / middle)} | ${Math.round(measured.bytes / middle / 1e6)} | ${ratio} |`;
}

function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}

function millions(number: number): string {
  return (number / 1e6).toFixed(2);
}

function mebibytes(bytes: number): number {
  return Math.round(bytes / 2 ** 20);
}

main();
