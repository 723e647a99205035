// How fast findings go into Elasticsearch: the store's windows, one by one as a worker writes them, beside the client's
// own bulk helper with the same documents and the same templates; rounds of both in turn; medians, and the median of the
// rounds' ratios.
// Run: node bench/elasticsearch.ts [--version 9.2.0] [--findings 100000] [--rounds 5]
import { parseArgs } from 'node:util';
import { Client } from '@elastic/elasticsearch';
import { createElasticsearchStore } from '../src/adapters/store/elasticsearch/elasticsearch-store.ts';
import { toDocument } from '../src/adapters/store/elasticsearch/finding-document.ts';
import type { Finding } from '../src/model/finding.ts';
import type { StreamState } from '../src/model/stream.ts';
import type { WindowBatch, WindowStore } from '../src/ports/window-store.ts';
import { type ElasticsearchVersion, startElasticsearch } from '../test/engines/elasticsearch.ts';
import { aFinding } from '../test/finding/arbitrary.ts';
import { hostName, siteName } from './names.ts';

const { values } = parseArgs({
  options: {
    version: { type: 'string', default: '9.2.0' },
    findings: { type: 'string', default: '100000' },
    rounds: { type: 'string', default: '5' },
  },
});

/** Findings of one window. */
const WINDOW = 8_192;
const STREAM = 'a'.repeat(64);

const server = await startElasticsearch({ version: values.version as ElasticsearchVersion });
try {
  await compare(server.url, { count: Number(values.findings), rounds: Number(values.rounds) });
} finally {
  await server.stop();
}

async function compare(url: string, sizes: { count: number; rounds: number }): Promise<void> {
  const findings = Array.from({ length: sizes.count }, (_, n) => makeFinding(n));
  const runs: Record<string, number[]> = { 'store, new': [], helper: [], 'store, known': [] };
  for (let round = 0; round <= sizes.rounds; round++) {
    const store = await createElasticsearchStore({ url, mode: 'write', prefix: `store${round}` });
    // Its templates make the helper's index.
    await (await createElasticsearchStore({ url, mode: 'write', prefix: `helper${round}` })).close();
    const withStore = (stream: string) => rate(findings.length, () => writeAll(store, findings, stream));
    const withHelper = () => rate(findings.length, () => help(url, `helper${round}`, findings));
    const [own, helper] =
      round % 2 === 0
        ? [await withStore(STREAM), await withHelper()]
        : await inTurn(withHelper, () => withStore(STREAM));
    // The same findings as windows of another stream: every one is known.
    const known = await withStore('b'.repeat(64));
    await store.close();
    // The first round warms up.
    if (round === 0) continue;
    runs['store, new']!.push(own);
    runs.helper!.push(helper);
    runs['store, known']!.push(known);
    console.log(
      `round ${round}: store ${own}, helper ${helper}, store again (all known) ${known} findings/s`,
    );
  }
  for (const [name, rates] of Object.entries(runs)) console.log(name.padEnd(14), median(rates), 'findings/s');
  // Round by round: on a shared machine a round may be slow, but then both sides of it are.
  const ratio = median(runs['store, new']!.map((own, round) => own / runs.helper![round]!));
  console.log(
    `store / helper ${ratio.toFixed(2)} (Elasticsearch ${values.version}, ${sizes.count} findings)`,
  );
}

async function inTurn(
  helper: () => Promise<number>,
  store: () => Promise<number>,
): Promise<[number, number]> {
  const first = await helper();
  return [await store(), first];
}

async function writeAll(store: WindowStore, findings: readonly Finding[], stream: string): Promise<void> {
  await store.takeOver([stream]);
  let from = 0;
  for (let start = 0; start < findings.length; start += WINDOW) {
    const part = findings.slice(start, start + WINDOW);
    const end = part.at(-1)!.offset + 170;
    await store.writeWindows(batchOf(part, { stream, from, end }));
    from = end;
  }
}

function batchOf(
  findings: readonly Finding[],
  { stream, from, end }: { stream: string; from: number; end: number },
): WindowBatch {
  const state: StreamState = {
    id: stream,
    source: 'default',
    firstLine: stream,
    ordinal: 0,
    position: end,
    endsInHalfLine: false,
  };
  const pin = { end, versions: { lists: null, policy: null, directory: null }, clockMs: 0 };
  const nothing = { marks: [], usage: [], days: [], rejects: [], settled: [] };
  return { windows: [{ from, state, pin, findings, ...nothing }], names: [], versions: [] };
}

async function help(url: string, prefix: string, findings: readonly Finding[]): Promise<void> {
  const client = new Client({ node: url });
  const index = `${prefix}-findings-questionable-2026.10`;
  const done = await client.helpers.bulk<Finding>({
    datasource: findings as Finding[],
    onDocument: finding => [{ create: { _index: index, _id: finding.id } }, toDocument(finding)],
  });
  await client.close();
  if (done.successful !== findings.length) throw new Error(`${done.failed} documents were refused`);
}

async function rate(count: number, run: () => Promise<void>): Promise<number> {
  const begunMs = performance.now();
  await run();
  return Math.round(count / ((performance.now() - begunMs) / 1000));
}

/** Makes a finding as a busy office's log has it: many hosts, few subjects, ids like hashes. */
function makeFinding(n: number): Finding {
  const host = (n * 7919) % 20_000;
  const subject = (n * 104_729) % 5_000;
  const startMs = Date.UTC(2026, 9, 1) + n * 50;
  return aFinding({
    id: mixed(n).padStart(32, mixed(n + 1)),
    recordId: mixed(n + 2).padStart(32, mixed(n)),
    stream: STREAM,
    offset: n * 170,
    stampMs: startMs + 120,
    startMs,
    endMs: startMs + 120,
    ingestedMs: startMs + 60_000,
    subjectId: `u26-${mixed(subject).padStart(26, 'q')}`,
    clientId: `c261001-${mixed(subject + 1).padStart(26, 'q')}`,
    domain: hostName(host),
    registeredDomain: siteName(Math.floor(host / 3)),
    urlPath: `/${mixed(n % 997)}/${n % 89}`,
    entry: siteName(Math.floor(host / 3)),
    entryLine: 1 + host,
    bytes: (n * 31) % 100_000,
  });
}

function mixed(n: number): string {
  const high = (Math.imul(n + 1, 0x9e3779b1) ^ (n >>> 3)) >>> 0;
  const low = Math.imul(high ^ 0x85ebca6b, 0xc2b2ae35) >>> 0;
  return high.toString(16).padStart(8, '0') + low.toString(16).padStart(8, '0');
}

function median(rates: readonly number[]): number {
  const sorted = rates.toSorted((a, b) => a - b);
  return sorted[sorted.length >> 1]!;
}
