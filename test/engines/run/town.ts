// The small municipality with a worker: sources, a store, and settings that suit a test. Lines are numbered, so that each
// is another record; every third one asks for a listed site.
import { makePlace, type Place } from '../../cli/run.ts';
import { CASINO, MONDAY_MS, squidLine } from '../../cli/squid-log.ts';
import { TOWN } from '../../cli/town.ts';

export interface TownOptions {
  /** `sources`, and `store` where it is not the embedded one. */
  sections: string;
  flushSeconds?: number;
  parseRate?: string;
  listen?: string;
}

/** Makes a place for a worker; what it tells can be read line by line, and it listens on a port of its own. */
export function makeTown({
  sections,
  flushSeconds = 1,
  parseRate = '{}',
  listen = '127.0.0.1:0',
}: TownOptions): Place {
  const run = `run: { listen: "${listen}", flushSeconds: ${flushSeconds}, reloadSeconds: 0, parseRate: ${parseRate} }`;
  const granska = `${TOWN['config/granska.yaml']}${sections}\n${run}\nlog: { level: debug, format: json }\n`;
  return makePlace({ ...TOWN, 'config/granska.yaml': granska }, 'config');
}

/** Names the files of a place as a source; in its text, `*` stands for any. */
export function followed(pattern: string, format: 'squid' | 'auto' = 'squid'): string {
  return `sources: [{ name: proxy, kind: files, paths: ["../${pattern}"], format: ${format} }]`;
}

/** Names a topic as a source. */
export function streamed(brokers: readonly string[], topic: string): string {
  return `sources: [{ name: proxy, kind: kafka, brokers: ["${brokers[0]}"], group: "${topic}", topics: ["${topic}"], format: squid, sessionSeconds: 6 }]`;
}

/** Writes the lines from one number up to another, without line feeds. */
export function linesOf(from: number, to: number): string[] {
  return Array.from({ length: to - from }, (_, at) => {
    const number = from + at;
    const url = number % 3 === 0 ? `${CASINO}${number}` : `http://www.example.com/${number}`;
    const user = ['bo', 'cecilia', 'head'][number % 7] ?? '-';
    return squidLine({ atMs: MONDAY_MS + number * 1000, url, user, client: '10.20.0.7' });
  });
}

/** Writes them as a log. */
export function textOf(from: number, to: number): string {
  return linesOf(from, to)
    .map(line => `${line}\n`)
    .join('');
}
