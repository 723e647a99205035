// `granska run` as a process of its own, and what it tells of itself: its log line by line, its numbers and its signs of
// life. Nothing here sleeps: what is waited for is a line of the log, or the end.
// Example: `const worker = startWorker(place); await worker.until('started'); await worker.end('SIGTERM')`.
import { request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import type { Place, Ran } from '../../cli/run.ts';

/** A line of the log. */
export type LogLine = Readonly<Record<string, unknown>>;

export interface Worker {
  /** Lines of the log so far. */
  log(): LogLine[];
  /** What stands on stderr and is no line of the log: told to people. */
  told(): string;
  /** Waits for the next line of an event that was not waited for yet; fails where the worker ends first. */
  until(event: string, fits?: (line: LogLine) => boolean): Promise<LogLine>;
  /** Waits until so many lines were stored since the start. */
  untilStored(lines: number): Promise<void>;
  /** Waits until what it tells people holds a text. */
  untilTold(text: string): Promise<void>;
  /** Asks until it is ready, with exactly these warnings. */
  untilReady(warnings: readonly string[]): Promise<void>;
  signal(signal: NodeJS.Signals): void;
  /** Sends a signal and waits for the end. */
  end(signal: NodeJS.Signals): Promise<Ran>;
  ended: Promise<Ran>;
  /** Asks for one of its addresses. */
  ask(path: string): Promise<{ status: number; text: string }>;
  /** Gives a number by its name and labels, as `/metrics` writes them. */
  number(series: string): Promise<number | null>;
}

const PATIENCE_MS = 90_000;
const running = new Set<Worker>();

/** Starts a worker; its configuration logs as JSON. */
export function startWorker(place: Place, args: readonly string[] = ['run']): Worker {
  const { child, ended } = place.start(args);
  const lines: LogLine[] = [];
  const awaited = new Set<LogLine>();
  const told: string[] = [];
  const listeners = new Set<() => void>();
  let rest = '';
  let isOver = false;
  child.stderr.on('data', (part: Buffer) => {
    const pieces = (rest + part.toString('utf8')).split('\n');
    rest = pieces.pop()!;
    for (const piece of pieces) {
      if (piece.startsWith('{')) lines.push(JSON.parse(piece) as LogLine);
      else told.push(piece);
    }
    for (const listener of listeners) listener();
  });
  const over = ended.finally(() => {
    isOver = true;
    running.delete(worker);
    for (const listener of listeners) listener();
  });

  /** Waits until something can be found; looks whenever the worker has said something. */
  function untilFound<T>(what: string, find: () => T | undefined): Promise<T> {
    return new Promise((resolve, reject) => {
      const fail = (why: string) => {
        stop();
        const last = lines.slice(-5).map(line => JSON.stringify(line));
        reject(new Error(`${why} ${what}:\n${[...told, ...last].join('\n')}`));
      };
      const timer = setTimeout(() => fail('the worker did not come to'), PATIENCE_MS);
      const look = () => {
        const found = find();
        if (found === undefined && isOver) fail('the worker ended before');
        if (found === undefined) return;
        stop();
        resolve(found);
      };
      const stop = () => {
        clearTimeout(timer);
        listeners.delete(look);
      };
      listeners.add(look);
      look();
    });
  }

  function port(): number {
    const line = lines.find(found => found['event.action'] === 'listening');
    return Number(line?.['server.port']);
  }

  const worker: Worker = {
    log: () => lines,
    told: () => told.join('\n'),
    async until(event, fits = () => true) {
      const found = await untilFound(event, () =>
        lines.find(line => line['event.action'] === event && !awaited.has(line) && fits(line)),
      );
      awaited.add(found);
      return found;
    },
    async untilStored(count) {
      const stored = () =>
        lines
          .filter(line => line['event.action'] === 'window-written')
          .reduce((sum, line) => sum + Number(line['granska.lines']), 0);
      await untilFound(`${count} stored lines`, () => (stored() >= count ? true : undefined));
    },
    async untilTold(text) {
      await untilFound(text, () => (told.join('\n').includes(text) ? true : undefined));
    },
    async untilReady(warnings) {
      const wanted = JSON.stringify(warnings);
      const deadline = performance.now() + PATIENCE_MS;
      for (;;) {
        const { status, text } = await get(port(), '/readyz');
        if (status === 200 && JSON.stringify(JSON.parse(text).warnings) === wanted) return;
        if (performance.now() > deadline) throw new Error(`not ready with ${wanted}: ${text}`);
        await pause(20);
      }
    },
    signal: signal => void child.kill(signal),
    async end(signal) {
      child.kill(signal);
      return await over;
    },
    ended: over,
    ask: path => get(port(), path),
    async number(series) {
      const { text } = await get(port(), '/metrics');
      const found = text.split('\n').find(line => line.startsWith(`${series} `));
      return found === undefined ? null : Number(found.slice(series.length + 1));
    },
  };
  running.add(worker);
  return worker;
}

/** Kills whatever worker a test has left behind. */
export async function endWorkers(): Promise<void> {
  await Promise.all([...running].map(worker => worker.end('SIGKILL')));
}

function get(port: number, path: string): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port, path }, response => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (part: string) => {
        text += part;
      });
      response.on('end', () => resolve({ status: response.statusCode!, text }));
    });
    asked.on('error', reject);
    asked.end();
  });
}
