// The store's twin in memory: small, plain, and the measure that the others are held to. Nothing outlives the process.
// Invariant: the same calls give the same answers as the embedded store (test/contract/store.ts).
import type { Finding, StandingFinding } from '../../model/finding.ts';
import type { Query } from '../../model/query.ts';
import type { StreamMark, StreamState } from '../../model/stream.ts';
import type { DeskStore } from '../../ports/desk-store.ts';
import type {
  DayCount,
  KeptVersion,
  RejectBatch,
  Store,
  StoreBatch,
  StoreTotals,
  UsageCount,
} from '../../ports/store.ts';
import { isShown, PROTECTED } from '../../search/is-shown.ts';
import { ATTEMPT, compareTexts, matches, orderOf } from '../../search/matches.ts';
import { sortFacet } from '../../search/sort-facet.ts';
import { createMemoryDesk } from './memory-desk.ts';

const SCHEMA_VERSION = 2;

/** Creates an empty store in memory, which workers and people write alike. */
export function createMemoryStore(): Store & DeskStore {
  const findings = new Map<string, StandingFinding>();
  const usage = new Map<string, UsageCount>();
  const days = new Map<string, DayCount>();
  const streams = new Map<string, { state: StreamState; marks: Map<number, Uint8Array> }>();
  const names = new Map<string, Uint8Array>();
  const versions = new Map<string, string>();
  let rejects: RejectBatch[] = [];

  function keep(kept: readonly KeptVersion[]): void {
    for (const { kind, hash, epoch, body } of kept) {
      const key = keyOf(kind, hash, epoch);
      if (!versions.has(key)) versions.set(key, body);
    }
  }

  function standing(query: Query): StandingFinding[] {
    const holds = matches(query, stream => streams.get(stream)?.state.source ?? null);
    return limited([...findings.values()].filter(holds).sort(orderOf(query)), query);
  }

  const select = (query: Query): Finding[] =>
    limited(standing({ ...query, limit: null }).filter(isShown), query);

  return {
    ...createMemoryDesk({ findings, keep }),
    async schemaVersion() {
      return SCHEMA_VERSION;
    },
    async write(batch) {
      check(batch);
      let added = 0;
      for (const finding of batch.findings) {
        if (findings.has(finding.id)) continue;
        findings.set(finding.id, structuredClone(finding));
        added++;
      }
      for (const count of batch.usage) addUsage(usage, count);
      for (const count of batch.days) addDay(days, count);
      for (const sealed of batch.names) {
        for (const id of sealed.ids) if (!names.has(id)) names.set(id, sealed.envelope.slice());
      }
      rejects = rejects.filter(({ file }) => file === null || !batch.settled.includes(file));
      rejects.push(...structuredClone(batch.rejects));
      keep(batch.versions);
      for (const { state, marks } of batch.streams) {
        const known = streams.get(state.id)?.marks ?? new Map<number, Uint8Array>();
        for (const mark of marks) known.set(mark.end, mark.digest.slice());
        streams.set(state.id, { state: { ...state }, marks: known });
      }
      return { added, known: batch.findings.length - added };
    },
    async stream(id) {
      return structuredClone(streams.get(id)?.state ?? null);
    },
    async streams(source, firstLine) {
      return [...streams.values()]
        .map(({ state }) => ({ ...state }))
        .filter(state => state.source === source && state.firstLine === firstLine)
        .sort((a, b) => a.ordinal - b.ordinal);
    },
    async marks(streamId) {
      const marks: StreamMark[] = [...(streams.get(streamId)?.marks ?? [])].map(([end, digest]) => ({
        end,
        digest,
      }));
      return marks.sort((a, b) => a.end - b.end);
    },
    async knownNames(ids) {
      return new Set(ids.filter(id => names.has(id)));
    },
    async finding(id) {
      const finding = findings.get(id);
      return finding !== undefined && isShown(finding) ? structuredClone(finding) : null;
    },
    async *search(query) {
      for (const finding of select(query)) yield structuredClone(finding);
    },
    async *standing(query) {
      for (const finding of standing(query)) yield structuredClone(finding);
    },
    async count(query) {
      return select(query).length;
    },
    async facet(query, field) {
      const counts = new Map<string, number>();
      for (const finding of select({ ...query, limit: null })) {
        const value = finding[field] ?? ATTEMPT;
        counts.set(value, (counts.get(value) ?? 0) + 1);
      }
      return sortFacet(counts);
    },
    async usage(fromMs, toMs) {
      return [...usage.values()]
        .filter(count => count.hourMs >= fromMs && count.hourMs < toMs)
        .sort(
          (a, b) =>
            a.hourMs - b.hourMs ||
            compareTexts(a.tenant, b.tenant) ||
            compareTexts(a.department, b.department),
        )
        .map(count => ({ ...count }));
    },
    async days(fromDay, toDay) {
      return [...days.values()]
        .filter(count => count.day >= fromDay && count.day <= toDay)
        .sort(
          (a, b) =>
            compareTexts(a.day, b.day) || compareTexts(a.tenant, b.tenant) || compareTexts(a.kind, b.kind),
        )
        .map(count => ({ ...count }));
    },
    async rejects() {
      return structuredClone(rejects);
    },
    async forgetSealed(beforeMs) {
      const old = rejects.filter(batch => batch.rejectedMs < beforeMs);
      rejects = rejects.filter(batch => batch.rejectedMs >= beforeMs);
      const kept = new Set(rejects.map(batch => batch.file));
      const files = new Set(old.map(batch => batch.file).filter(file => file !== null && !kept.has(file)));
      return ([...files] as string[]).sort(compareTexts);
    },
    async deadLetters() {
      return [];
    },
    async sealedName(id) {
      return names.get(id)?.slice() ?? null;
    },
    async keptVersion(kind, hash, epoch) {
      return versions.get(keyOf(kind, hash, epoch)) ?? null;
    },
    async totals() {
      return totalsOf([...findings.values()]);
    },
    async close() {},
  };
}

function limited<T>(found: T[], { limit }: Query): T[] {
  return limit === null ? found : found.slice(0, limit);
}

/** Refuses a batch that no store can hold, before anything of it is taken. */
function check(batch: StoreBatch): void {
  for (const finding of batch.findings) {
    const areIds = [finding.id, finding.recordId].every(id => /^[0-9a-f]{32}$/.test(id));
    if (!areIds) throw new TypeError('an id must be 32 hex digits');
  }
  for (const { marks } of batch.streams) {
    for (const mark of marks) {
      if (!(mark.digest instanceof Uint8Array)) throw new TypeError('a digest must be bytes');
    }
  }
}

function addUsage(usage: Map<string, UsageCount>, count: UsageCount): void {
  const key = keyOf(count.hourMs, count.tenant, count.department);
  const sum = usage.get(key);
  if (sum === undefined) {
    usage.set(key, { ...count });
    return;
  }
  sum.records += count.records;
  sum.bytes += count.bytes;
  sum.denied += count.denied;
  sum.tunnels += count.tunnels;
  sum.named += count.named;
}

function addDay(days: Map<string, DayCount>, count: DayCount): void {
  const key = keyOf(count.day, count.tenant, count.kind);
  const sum = days.get(key);
  if (sum === undefined) days.set(key, { ...count });
  else sum.count += count.count;
}

function keyOf(...parts: (string | number)[]): string {
  return JSON.stringify(parts);
}

function totalsOf(findings: readonly StandingFinding[]): StoreTotals {
  const starts = findings.map(finding => finding.startMs);
  const having = (verdict: string | null) => findings.filter(finding => finding.verdict === verdict).length;
  return {
    findings: findings.length,
    examine: having('examine'),
    exempt: having('exempt'),
    attempts: having(null),
    withdrawn: having('withdrawn') + having(PROTECTED),
    firstMs: starts.length === 0 ? null : starts.reduce((a, b) => Math.min(a, b)),
    lastMs: starts.length === 0 ? null : starts.reduce((a, b) => Math.max(a, b)),
    tenants: [...new Set(findings.map(finding => finding.tenant))].sort(compareTexts),
  };
}
