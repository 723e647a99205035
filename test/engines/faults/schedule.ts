// What happens to the workers and the servers, drawn from a seed: which faults, in which order, when, and to whom. All of
// it is drawn before anything runs, so that a seed says the same every time.
// Example: `drawSchedule(7)` → `[{ atMs: 3100, kind: 'freeze', pick: 0.4, lastsMs: 8800, nth: 2, when: 'before' }, …]`
import { randomFrom } from '../../cli/squid-log.ts';
import { ELASTICSEARCH_VERSIONS, type ElasticsearchVersion } from '../elasticsearch.ts';

/** What can happen. */
const FAULTS = [
  'kill',
  'kill-while-writing',
  'freeze',
  'freeze-while-writing',
  'add',
  'remove',
  'broker-away',
  'elasticsearch-away',
  'busy',
  'write-block',
  'cut',
  'answers-lost',
  'deliver-again',
] as const;
const CHANGING = ['change', 'change-and-kill'] as const;
/** What takes long, or stops the others: once in a schedule is enough. */
const ONCE: ReadonlySet<FaultKind> = new Set(['broker-away', 'elasticsearch-away', 'deliver-again']);

export type FaultKind = (typeof FAULTS)[number] | (typeof CHANGING)[number];

/** Every kind of fault, to tell which have not come. */
export const FAULT_KINDS: readonly FaultKind[] = [...FAULTS, ...CHANGING];

export interface Fault {
  /** After the beginning of the schedule. */
  atMs: number;
  kind: FaultKind;
  /** Whom it meets, and other choices: from 0 to 1. */
  pick: number;
  lastsMs: number;
  /** Which of the worker's next bulk requests it comes with, from 1. */
  nth: number;
  /** Before Elasticsearch gets that request, or after it has answered and the worker does not know. */
  when: 'before' | 'after';
}

export interface Schedule {
  seed: number;
  version: ElasticsearchVersion;
  /** Whether lists, policy and directory change meanwhile. */
  isChanging: boolean;
  /** Workers that share a data folder, or each with its own. */
  data: 'shared' | 'own';
  faults: Fault[];
}

const COUNT = 10;
/** Longer than a session, by more than a broker takes to see that one is over. */
const FREEZE_MS = { from: 7_500, to: 10_000 };
const SHORT_MS = { from: 1_500, to: 4_500 };

/** Draws the schedule of a seed. */
export function drawSchedule(seed: number): Schedule {
  const random = randomFrom(seed * 7_919);
  const isChanging = (seed ^ (seed >> 1)) % 2 === 1;
  const between = ({ from, to }: { from: number; to: number }) => from + random() * (to - from);
  const kinds: FaultKind[] = isChanging ? [...FAULTS, ...CHANGING, ...CHANGING] : [...FAULTS];
  const drawn: FaultKind[] = isChanging ? ['change', 'change-and-kill'] : [];
  while (drawn.length < COUNT) {
    const kind = kinds[Math.floor(random() * kinds.length)]!;
    if (!ONCE.has(kind) || !drawn.includes(kind)) drawn.push(kind);
  }
  let atMs = 2_500;
  const faults = shuffled(drawn, random).map((kind): Fault => {
    atMs += between({ from: 700, to: 3_600 });
    return {
      atMs: Math.round(atMs),
      kind,
      pick: random(),
      lastsMs: Math.round(between(kind.startsWith('freeze') ? FREEZE_MS : SHORT_MS)),
      nth: 1 + Math.floor(random() * 4),
      when: random() < 0.5 ? 'before' : 'after',
    };
  });
  // A window that was begun by other lists is done again with the image that lies in the data folder.
  const data = isChanging || random() < 0.5 ? 'shared' : 'own';
  return { seed, version: ELASTICSEARCH_VERSIONS[seed % 2]!, isChanging, data, faults };
}

/** Writes a schedule in a line. */
export function scheduleText({ seed, version, isChanging, data, faults }: Schedule): string {
  const list = faults.map(({ atMs, kind }) => `${(atMs / 1000).toFixed(1)} ${kind}`).join(', ');
  const changes = isChanging ? 'versions change' : 'one version';
  return `seed ${seed} on ${version}, ${changes}, ${data} data: ${list}`;
}

function shuffled<T>(items: readonly T[], random: () => number): T[] {
  const left = [...items];
  const out: T[] = [];
  while (left.length > 0) out.push(...left.splice(Math.floor(random() * left.length), 1));
  return out;
}
