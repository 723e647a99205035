// A window store in memory that keeps the port's promises and can be stopped at any step: what it has done by then stays.
import type { Finding, Versions } from '../../src/model/finding.ts';
import type { StreamState } from '../../src/model/stream.ts';
import type { DayCount, KeptVersion, RejectBatch, UsageCount } from '../../src/ports/store.ts';
import type { Held, Pin, StreamWindow, WindowBatch, WindowStore } from '../../src/ports/window-store.ts';

/** What a store does one after the other; `step` may throw, or wait as long as it likes. */
export type Step = 'take-over' | 'versions' | 'pin' | 'findings' | 'counts' | 'settled' | 'close';

interface StreamDocument {
  state: StreamState | null;
  pin: Pin | null;
  holder: number;
}

/** All that is stored, shared by the stores that workers open on it. */
export interface Windows {
  streams: Map<string, StreamDocument>;
  findings: Map<string, Finding>;
  /** Cumulative counts by stream and cell, with the position that they reach to. */
  usage: Map<string, { through: number; row: UsageCount }>;
  days: Map<string, { through: number; row: DayCount }>;
  rejects: Map<string, RejectBatch>;
  versions: Map<string, KeptVersion>;
  /** Windows that were closed, in order. */
  closed: { stream: string; from: number; end: number; versions: Versions; clockMs: number }[];
  holders: number;
}

export function blankWindows(): Windows {
  return {
    streams: new Map(),
    findings: new Map(),
    usage: new Map(),
    days: new Map(),
    rejects: new Map(),
    versions: new Map(),
    closed: [],
    holders: 0,
  };
}

/** Opens what is stored for one worker. */
export function openWindows(
  windows: Windows,
  step: (step: Step) => Promise<void>,
): Pick<WindowStore, 'takeOver' | 'writeWindows' | 'knownNames' | 'rejects' | 'stream' | 'finding'> {
  const self = ++windows.holders;
  const isMine = (id: string) => (windows.streams.get(id)?.holder ?? self) === self;

  async function write(window: StreamWindow): Promise<'fenced' | { added: number; known: number }> {
    const { id } = window.state;
    await step('pin');
    const document = windows.streams.get(id) ?? { state: null, pin: null, holder: self };
    if (!isMine(id) || (document.state?.position ?? 0) !== window.from) return 'fenced';
    if (document.pin !== null && JSON.stringify(document.pin) !== JSON.stringify(window.pin)) {
      throw new TypeError('a pin that is open says otherwise');
    }
    const begun = { ...window.state, position: window.from, endsInHalfLine: false };
    windows.streams.set(id, { ...document, state: document.state ?? begun, pin: window.pin });
    let added = 0;
    for (const finding of window.findings) {
      await step('findings');
      if (windows.findings.has(finding.id)) continue;
      windows.findings.set(finding.id, finding);
      added++;
    }
    for (const row of window.usage) {
      await step('counts');
      addCount(windows.usage, `${id} ${row.tenant} ${row.hourMs} ${row.department}`, { window, row });
    }
    for (const row of window.days) {
      await step('counts');
      addCount(windows.days, `${id} ${row.tenant} ${row.day} ${row.kind}`, { window, row });
    }
    for (const file of window.settled) {
      await step('settled');
      for (const [key, row] of windows.rejects) if (row.file === file) windows.rejects.delete(key);
    }
    for (const [place, row] of window.rejects.entries()) {
      const key = `${id} ${window.from} ${place}`;
      if (!windows.rejects.has(key)) windows.rejects.set(key, row);
    }
    await step('close');
    if (!isMine(id) || (windows.streams.get(id)?.state?.position ?? 0) !== window.from) return 'fenced';
    windows.streams.set(id, { state: window.state, pin: null, holder: self });
    const { end, versions, clockMs } = window.pin;
    windows.closed.push({ stream: id, from: window.from, end, versions, clockMs });
    return { added, known: window.findings.length - added };
  }

  return {
    knownNames: async () => new Set(),
    rejects: async () => [...windows.rejects.values()],
    stream: async id => windows.streams.get(id)?.state ?? null,
    finding: async id => windows.findings.get(id) ?? null,
    async takeOver(ids) {
      await step('take-over');
      const held = new Map<string, Held>();
      for (const id of ids) {
        const document = windows.streams.get(id);
        if (document !== undefined) document.holder = self;
        held.set(id, { state: document?.state ?? null, pin: document?.pin ?? null });
      }
      return held;
    },
    async writeWindows({ windows: written, versions }: WindowBatch) {
      await step('versions');
      for (const version of versions) windows.versions.set(`${version.hash} ${version.epoch}`, version);
      const result = { added: 0, known: 0, fenced: [] as string[], refused: 0 };
      for (const window of written) {
        const outcome = await write(window);
        if (outcome === 'fenced') result.fenced.push(window.state.id);
        else {
          result.added += outcome.added;
          result.known += outcome.known;
        }
      }
      return result;
    },
  };
}

type Counted = { hourMs: number } | { day: string };

/** Adds a window's counts to what was there before it; what reaches further holds them already. */
function addCount<Row extends Counted>(
  to: Map<string, { through: number; row: Row }>,
  key: string,
  { window, row }: { window: StreamWindow; row: Row },
): void {
  const known = to.get(key);
  if (known !== undefined && known.through > window.from) return;
  const sum = { ...row } as Record<string, unknown>;
  for (const [name, value] of Object.entries(known?.row ?? {})) {
    if (typeof value === 'number' && name !== 'hourMs') sum[name] = (sum[name] as number) + value;
  }
  to.set(key, { through: window.pin.end, row: sum as Row });
}
