// A stream whose windows can be made by any worker, cut anywhere and judged by either of two policies, and a check that
// tells from the store whether each line was counted once, and by the policy that judged its finding.
// Line n lies at position 10 n; each gives one finding and one record; by the second policy it counts as denied.
import { expect } from 'chai';
import type { StreamState } from '../../src/model/stream.ts';
import type { Pin, StreamWindow, WindowResult, WindowStore } from '../../src/ports/window-store.ts';
import { aStream } from '../contract/store.ts';
import { aWindow, aWindowBatch } from '../contract/window-store.ts';
import { aFinding } from '../finding/arbitrary.ts';
import { send } from './send.ts';

export const FIRST_POLICY = '1'.repeat(64);
export const SECOND_POLICY = '2'.repeat(64);
/** Where the stream ends. */
export const END = 300;
const LINE = 10;
const HOUR_MS = 3_600_000;

export interface Work {
  stream: string;
  policy: string;
  /** How long its windows are. */
  cut: number;
}

/** Makes the id of a stream out of a number. */
export function streamOf(n: number): string {
  return n.toString(16).padStart(64, 'a');
}

/** Takes the stream over and writes windows to its end, or until it is fenced; gives the last result. */
export async function work(store: WindowStore, task: Work): Promise<WindowResult> {
  let held = (await store.takeOver([task.stream])).get(task.stream)!;
  let result: WindowResult = { added: 0, known: 0, fenced: [], refused: 0 };
  while (held.state === null || held.state.position < END) {
    const window = nextWindow(task, { from: held.state?.position ?? 0, pin: held.pin });
    result = await store.writeWindows(batchOf(window));
    if (result.fenced.length > 0) return result;
    held = { state: window.state, pin: null };
  }
  return result;
}

/** Makes a window that begins somewhere, as its pin says where there is one. */
export function nextWindow(task: Work, place: { from: number; pin: Pin | null }): StreamWindow {
  const { from } = place;
  const end = Math.min(END, from + task.cut);
  const pin = place.pin ?? {
    end,
    versions: { lists: null, policy: task.policy, directory: null },
    clockMs: 1_000 + task.cut,
  };
  const offsets = offsetsOf(from, pin.end);
  const isSecond = pin.versions.policy === SECOND_POLICY;
  return aWindow({
    from,
    state: stateOf(task.stream, pin.end),
    pin,
    marks: [{ end: pin.end, digest: new Uint8Array([pin.end % 256]) }],
    findings: offsets.map(offset => findingOf(task.stream, { offset, pin })),
    usage: offsets.map(offset => ({
      ...{ tenant: 'kommun', hourMs: hourOf(offset), department: '' },
      ...{ records: 1, bytes: offset, denied: isSecond ? 1 : 0, tunnels: 0, named: 0 },
    })),
    days: offsets.map(() => ({ tenant: 'kommun', day: '2026-10-01', kind: 'protected', count: 1 })),
    rejects: [
      {
        stream: task.stream,
        code: 'fields',
        count: offsets.length,
        firstOffset: from,
        file: null,
        rejectedMs: 1,
      },
    ],
  });
}

/** Makes the batch of a window, with a name under seal. */
export function batchOf(window: StreamWindow) {
  const name = `u26-${window.state.id.slice(-8)}-${window.from}`;
  return aWindowBatch({
    windows: [window],
    names: [{ envelope: new TextEncoder().encode(name), epoch: 2026, ids: [name] }],
    versions: [{ kind: 'policy', hash: window.pin.versions.policy ?? '', epoch: 2026, body: '{}' }],
  });
}

/** Tells what lies in the store of a stream, and whether every line is there once. */
export async function check(
  url: string,
  place: { prefix: string; stream: string; said: string },
): Promise<void> {
  const { prefix, stream, said } = place;
  await send(url, { method: 'POST', path: `/${prefix}-*/_refresh` });
  const findings = await read(url, `${prefix}-findings-*`, { 'granska.stream.id': stream });
  const usage = await read(url, `${prefix}-usage`, { stream });
  const days = await read(url, `${prefix}-days`, { stream });
  const rejects = await read(url, `${prefix}-rejects`, { stream });
  const all = offsetsOf(0, END);
  expect(
    findings.map(found => found.log.offset).sort((a, b) => a - b),
    said,
  ).to.deep.equal(all);
  for (const hourMs of [0, HOUR_MS]) {
    const inHour = findings.filter(found => hourOf(found.log.offset) === hourMs);
    const denied = inHour.filter(found => found.granska.versions.policy === SECOND_POLICY).length;
    const bytes = inHour.reduce((sum, found) => sum + found.log.offset, 0);
    const cells = usage.filter(cell => cell.hour === hourMs);
    expect(
      cells.map(cell => [cell.records, cell.denied, cell.bytes]),
      said,
    ).to.deep.equal([[inHour.length, denied, bytes]]);
  }
  expect(
    days.map(cell => cell.count),
    said,
  ).to.deep.equal([all.length]);
  expect(
    rejects.reduce((sum, row) => sum + row.count, 0),
    said,
  ).to.equal(all.length);
  const { body } = await send(url, { method: 'GET', path: `/${prefix}-streams/_doc/${stream}` });
  expect([body._source.position, body._source.pin], said).to.deep.equal([END, undefined]);
}

/** Reads all documents of an index that have a value. */
// biome-ignore lint/suspicious/noExplicitAny: whatever lies there
export async function read(url: string, index: string, term: Record<string, string>): Promise<any[]> {
  const path = `/${index}/_search`;
  const { body } = await send(url, { method: 'POST', path, body: { size: 1_000, query: { term } } });
  return body.hits.hits.map((hit: { _source: object }) => hit._source);
}

function offsetsOf(from: number, end: number): number[] {
  const offsets: number[] = [];
  for (let offset = Math.ceil(from / LINE) * LINE; offset < end; offset += LINE) offsets.push(offset);
  return offsets;
}

/** Lines of both hours are in every window. */
function hourOf(offset: number): number {
  return offset % (2 * LINE) === 0 ? 0 : HOUR_MS;
}

function stateOf(stream: string, position: number): StreamState {
  return aStream({ id: stream, position });
}

function findingOf(stream: string, { offset, pin }: { offset: number; pin: Pin }) {
  const id = (stream.slice(-16) + offset.toString(16).padStart(16, '0')).slice(0, 32);
  return aFinding({ id, recordId: id, stream, offset, versions: pin.versions, ingestedMs: pin.clockMs });
}
