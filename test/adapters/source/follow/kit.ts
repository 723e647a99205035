// What the tests of followed files share: a folder, and a reader that stores what it is handed as a worker does.
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFollowSource } from '../../../../src/adapters/source/follow/follow.ts';
import type { FollowEvent, FollowOptions } from '../../../../src/adapters/source/follow/options.ts';
import type { OriginEnd } from '../../../../src/ports/source.ts';
import {
  createRememberedStreams,
  type RememberedStreams,
  splitLines,
  type TakenEvent,
  takeEvent,
} from '../../../contract/source.ts';

export interface FollowBench {
  known: RememberedStreams;
  /** All lines that were stored, in order. */
  lines: string[];
  /** All events that were stored. */
  events: TakenEvent[];
  told: FollowEvent[];
  /** Lines that were handed out, stored or not, again or not. */
  handedOut: number;
  /** True where the reader stores nothing unless it is asked to settle. */
  isHolding: boolean;
  /** How a kill leaves what is open: not there, or in part there (§9.4): pinned, with its marks and without its position. */
  killsLeave: 'nothing' | 'half';
  folder: string;
  path(name: string): string;
  write(name: string, content: string | Uint8Array): void;
  append(name: string, lines: readonly string[]): void;
  /** Starts a run. */
  start(options?: Partial<FollowOptions>): Run;
  /** Runs until nothing grows any more. */
  untilIdle(options?: Partial<FollowOptions>): Promise<OriginEnd>;
  /** Names of what was told, with file names for paths. */
  toldOf(kind: FollowEvent['kind']): string[];
  dispose(): Promise<void>;
}

export interface Run {
  /** Resolves when so many lines were stored in all. */
  lines(count: number): Promise<void>;
  /** Resolves when the condition holds; asked after every event, told or handed out. */
  when(isTrue: () => boolean): Promise<void>;
  /** Stops it. `stored`: what is in the open transaction is stored first; `killed`: it is lost. */
  stop(how: 'stored' | 'killed'): Promise<OriginEnd[]>;
}

/** Creates a folder with an empty store. */
export function createFollowBench(): FollowBench {
  const folder = mkdtempSync(join(tmpdir(), 'granska-follow-'));
  const path = (name: string) => join(folder, name);
  const running = new Set<Run>();
  const bench: FollowBench = {
    known: createRememberedStreams(),
    lines: [],
    events: [],
    told: [],
    handedOut: 0,
    isHolding: false,
    killsLeave: 'nothing',
    folder,
    path,
    write: (name, content) => writeFileSync(path(name), content),
    append: (name, lines) => appendFileSync(path(name), lines.map(line => `${line}\n`).join('')),
    start(options) {
      const run = startRun(bench, options);
      running.add(run);
      return run;
    },
    async untilIdle(options) {
      const run = startRun(bench, { until: 'idle', ...options });
      running.add(run);
      const [end] = await run.stop('stored');
      return end!;
    },
    toldOf(kind) {
      return bench.told
        .filter(event => event.kind === kind)
        .map(event => event.path.slice(folder.length + 1));
    },
    async dispose() {
      for (const run of running) await run.stop('killed').catch(() => undefined);
      rmSync(folder, { recursive: true, force: true });
    },
  };
  return bench;
}

/** A transaction of the reader: small, so that many of them lie in a test. */
const TRANSACTION_EVENTS = 5;
const TRANSACTION_MS = 3;

function startRun(bench: FollowBench, options: Partial<FollowOptions> = {}): Run {
  const stop = new AbortController();
  const ends: OriginEnd[] = [];
  const waiting = new Set<() => void>();
  let open: TakenEvent[] = [];
  let timer: NodeJS.Timeout | null = null;
  let failure: unknown = null;
  let isOver = false;
  const wake = () => {
    for (const check of waiting) check();
  };
  const source = createFollowSource({
    paths: [bench.path('access.log*')],
    source: 'default',
    known: bench.known,
    until: 'stopped',
    bufferBytes: 256,
    pollMs: 2,
    onEvent(event) {
      bench.told.push(event);
      wake();
    },
    ...options,
  });

  function store(): void {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    for (const event of open) {
      bench.known.store(event);
      bench.events.push(event);
      if (event.kind === 'lines') bench.lines.push(...splitLines(event.text));
    }
    open = [];
    wake();
  }

  async function read(): Promise<void> {
    for await (const event of source.events(stop.signal)) {
      if (event.kind === 'end') ends.push(event);
      else if (event.kind === 'settle') store();
      else if (event.kind !== 'rebalance') {
        const taken = takeEvent(event);
        open.push(taken);
        bench.handedOut += taken.kind === 'lines' ? splitLines(taken.text).length : 0;
      }
      if ('bytes' in event) event.bytes.fill(0x7e, event.start, event.end);
      wake();
      if (bench.isHolding) continue;
      if (open.length >= TRANSACTION_EVENTS) store();
      else timer ??= setTimeout(store, TRANSACTION_MS);
    }
  }

  /** Leaves the marks of an event without its position. */
  function leaveHalf(event: TakenEvent): void {
    const { states } = bench.known;
    const begun = states.get(event.state.id) ?? { ...event.state, position: 0, endsInHalfLine: false };
    bench.known.store(event);
    states.set(event.state.id, begun);
  }

  const reading = read()
    .catch(error => {
      failure = error;
    })
    .finally(() => {
      isOver = true;
      wake();
    });

  const run: Run = {
    lines: count => run.when(() => bench.lines.length >= count),
    async when(isTrue) {
      await new Promise<void>((resolve, reject) => {
        const check = () => {
          if (failure !== null) reject(failure);
          else if (isTrue()) resolve();
          else if (isOver) reject(new Error('the source has ended'));
          else return;
          waiting.delete(check);
        };
        waiting.add(check);
        check();
      });
    },
    async stop(how) {
      if (options.until !== 'idle' || how === 'killed') stop.abort();
      if (timer !== null) clearTimeout(timer);
      if (how === 'killed') {
        if (bench.killsLeave === 'half') for (const event of open) leaveHalf(event);
        open = [];
      }
      await reading;
      if (timer !== null) clearTimeout(timer);
      if (how === 'stored') store();
      if (failure !== null) throw failure;
      return ends;
    },
  };
  return run;
}
