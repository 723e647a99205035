// Parity at length: one log of a million lines through both paths, file → SQLite and Kafka → Elasticsearch (and file →
// Elasticsearch), and everything that either store holds or the command line answers laid side by side.
// Run: node bench/parity.ts [--lines 1000000] [--versions 9.2.0,8.19.8]     writes bench/results/parity.md
import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Config } from '../src/config/config.ts';
import { loadConfig, requireConfig } from '../src/config/load.ts';
import { makePlace, type Ran, removePlaces } from '../test/cli/run.ts';
import { type ElasticsearchVersion, startElasticsearch } from '../test/engines/elasticsearch.ts';
import { type KafkaServer, startKafka } from '../test/engines/kafka.ts';
import { type Account, accountOf, type Likeness } from '../test/engines/parity/account.ts';
import { type Answer, answersOf, bothAnswersOf } from '../test/engines/parity/answers.ts';
import { differencesOf, differencesOfAnswers } from '../test/engines/parity/compare.ts';
import { type Packing, produceLog } from '../test/engines/parity/messages.ts';
import { send } from '../test/engines/send.ts';
import { makeParityLog, parityFiles } from './parity-town.ts';

const { values } = parseArgs({
  options: {
    lines: { type: 'string', default: '1000000' },
    versions: { type: 'string', default: '9.2.0,8.19.8' },
  },
});

interface Installation {
  run(args: readonly string[]): Promise<Ran>;
  config(): Promise<Config>;
}

/** One row of the result. */
interface Compared {
  path: string;
  version: ElasticsearchVersion;
  seconds: number;
  findings: number;
  answers: number;
  differences: string[];
}

const PACKINGS: readonly Packing[] = ['a line a message, by user', 'a hundred lines a message, in turn'];
const RESULTS = join(import.meta.dirname, 'results', 'parity.md');

const files = makePlace();
try {
  const { rows, account, lines, seconds } = await compareAll();
  const text = report(rows, { account, lines, seconds });
  console.log(text);
  writeFileSync(RESULTS, text);
  if (rows.some(({ differences }) => differences.length > 0)) process.exitCode = 1;
} finally {
  removePlaces();
}

async function compareAll() {
  const path = files.write('access.log', '');
  const log = makeParityLog(path, Number(values.lines));
  files.write('access.log', log);
  const embedded = install('');
  const { seconds, ran } = await timed(embedded, ['scan', path, '--format', 'squid', '--json']);
  const scanned = JSON.parse(ran.stdout);
  const accounts = {
    'same streams': await accountOf(await embedded.config(), 'same streams'),
    'same lines': await accountOf(await embedded.config(), 'same lines'),
  };
  const answers = await bothAnswersOf(embedded);
  const rows: Compared[] = [];
  for (const version of values.versions.split(',') as ElasticsearchVersion[]) {
    rows.push(...(await compareOn(version, { log, path, lines: scanned.lines, accounts, answers })));
  }
  return { rows, account: accounts['same lines'], lines: scanned.lines as number, seconds };
}

interface Expected {
  log: Buffer;
  path: string;
  lines: number;
  accounts: Record<Likeness, Account>;
  answers: Record<Likeness, Answer[]>;
}

async function compareOn(version: ElasticsearchVersion, expected: Expected): Promise<Compared[]> {
  const server = await startElasticsearch({ version });
  const kafka = await startKafka();
  const rows: Compared[] = [];
  try {
    for (const [number, packing] of PACKINGS.entries()) {
      const topic = `proxy_${number}`;
      await produceLog(kafka, { topic, log: expected.log, packing });
      const streaming = install(`${storeAt(server.url, topic)}\n${sourceOf(kafka, topic)}`);
      const { seconds, ran } = await timed(streaming, ['run', '--once']);
      const wrong = numbersOf(ran.stdout)[0] === expected.lines ? [] : [`lines: ${ran.stdout}`];
      rows.push(await row(streaming, { path: `Kafka, ${packing}`, likeness: 'same lines', seconds, wrong }));
    }
    const clustered = install(storeAt(server.url, 'file'));
    const { seconds, ran } = await timed(clustered, ['scan', expected.path, '--format', 'squid', '--json']);
    const wrong = JSON.parse(ran.stdout).lines === expected.lines ? [] : [`lines: ${ran.stdout}`];
    rows.push(await row(clustered, { path: 'file, id by id', likeness: 'same streams', seconds, wrong }));
    return rows;
  } finally {
    await kafka.stop();
    await server.stop();
  }

  async function row(
    installation: Installation,
    of: { path: string; likeness: Likeness; seconds: number; wrong: string[] },
  ): Promise<Compared> {
    await send(server.url, { method: 'POST', path: '/_refresh' });
    const account = await accountOf(await installation.config(), of.likeness);
    const answers = await answersOf(installation, of.likeness);
    const compared: Compared = {
      path: of.path,
      version,
      seconds: of.seconds,
      findings: account.findings.length,
      answers: answers.length,
      differences: [
        ...of.wrong,
        ...differencesOf(expected.accounts[of.likeness], account),
        ...differencesOfAnswers(expected.answers[of.likeness], answers),
      ],
    };
    console.log(JSON.stringify(compared));
    return compared;
  }
}

function install(sections: string): Installation {
  const made = parityFiles();
  const place = makePlace(
    { ...made, 'granska.yaml': `${made['granska.yaml']}${sections}\n` },
    'granska.yaml',
  );
  // The same keys give the same people the same pseudonyms.
  const env = { GRANSKA_KEYS_DIR: files.keysDir };
  return {
    run: args => place.run(args, { env }),
    async config() {
      const where = { flags: {}, env: { ...place.env, ...env }, cwd: place.dir, packageRoot: place.dir };
      return requireConfig(await loadConfig(where)).config;
    },
  };
}

function storeAt(url: string, prefix: string): string {
  return `store: { kind: elasticsearch, url: "${url}", prefix: ${prefix} }`;
}

function sourceOf(kafka: KafkaServer, topic: string): string {
  return `sources: [{ name: proxy, kind: kafka, brokers: ["${kafka.brokers[0]}"], group: "${topic}", topics: ["${topic}"], format: squid }]`;
}

async function timed(
  installation: Installation,
  args: readonly string[],
): Promise<{ seconds: number; ran: Ran }> {
  const began = performance.now();
  const ran = await installation.run(args);
  if (ran.code !== 0)
    throw new Error(`granska ${args[0]} ended with ${ran.code}: ${ran.stderr.slice(-2000)}`);
  return { seconds: (performance.now() - began) / 1000, ran };
}

function numbersOf(text: string): number[] {
  return (text.match(/\d[\d,]*/g) ?? []).map(number => Number(number.replaceAll(',', '')));
}

function report(
  rows: readonly Compared[],
  { account, lines, seconds }: { account: Account; lines: number; seconds: number },
): string {
  const { totals, facets, usage, days, rejects, names } = account;
  const count = (number: number) => number.toLocaleString('en-US');
  const sum = (numbers: readonly number[]) => count(numbers.reduce((total, number) => total + number, 0));
  const table = rows.map(
    row =>
      `| ${row.path} | ${row.version} | ${count(row.findings)} | ${row.answers} | ${row.differences.length} | ${row.seconds.toFixed(1)} |`,
  );
  const differences = rows.flatMap(row =>
    row.differences.map(found => `- ${row.path}, ${row.version}: ${found}`),
  );
  return `# Parity

Written by \`node bench/parity.ts\` with Node ${process.versions.node} on ${cpus().length} × ${cpus()[0]!.model}. One log of ${count(lines)} lines
goes from a file into the embedded store, and from Kafka (4 partitions) and from a file into Elasticsearch, with the same
configuration and keys. Then everything that either store holds is laid side by side: every field of every finding (but
when it was stored and, from Kafka, its ids and position), all facets, the usage of each hour and department, the counts of
each day, rejected lines by code, totals, the sealed names (opened); and what \`granska search\` and \`granska rejects retry
--dry-run\` print and exit with. One log line more or less, or one field, is a difference.

| from | into Elasticsearch | findings | answers compared | differences | seconds, start and all |
|---|---|---|---|---|---|
${table.join('\n')}

The file into SQLite: ${count(totals.findings)} findings (${count(totals.examine)} to examine, ${count(totals.exempt)} exempt, ${count(totals.attempts)} attempts) in ${facets.category.length} categories, ${facets.department.length} departments and
${count(facets.domain.length)} domains; ${count(usage.length)} cells of usage with ${sum(usage.map(({ records }) => records))} records; ${days.length} counts of days (${sum(days.map(({ count: n }) => n))}); ${sum(Object.values(rejects))} rejected
lines of ${Object.keys(rejects).length} codes; ${count(names.length)} sealed names; ${seconds.toFixed(1)} seconds. Seconds are by the clock, while other programs ran.
${differences.length === 0 ? '' : `\n${differences.join('\n')}\n`}`;
}
