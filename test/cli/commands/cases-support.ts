// A desk over the store in memory, and people who decide at it.
import { PassThrough, Writable } from 'node:stream';
import { createMemoryStore } from '../../../src/adapters/store/memory-store.ts';
import { createZone } from '../../../src/calendar/zone.ts';
import { type CaseDeps, runCasesList, runCasesShow } from '../../../src/cli/commands/cases.ts';
import { type DecideDeps, runCasesDecide } from '../../../src/cli/commands/cases-decide.ts';
import type { OverridesDeps, OverridesPlace } from '../../../src/cli/commands/lists-overrides.ts';
import type { Decider } from '../../../src/cli/decider.ts';
import type { Io } from '../../../src/cli/io.ts';
import type { ExitCode } from '../../../src/errors.ts';
import type { Finding } from '../../../src/model/finding.ts';
import type { ListOverride } from '../../../src/model/override.ts';
import { compilePolicy } from '../../../src/policy/compile.ts';
import type { Policy } from '../../../src/policy/policy.ts';
import type { AuditEntry } from '../../../src/ports/audit.ts';
import type { DeskStore } from '../../../src/ports/desk-store.ts';
import { hash } from '../../case/support.ts';
import { aBatch } from '../../contract/store.ts';

export const zone = createZone('Europe/Stockholm');
export const NOW_MS = Date.parse('2026-11-27T10:00:00Z');

export interface Ran {
  exit: ExitCode;
  out: string;
  err: string;
}

export interface Office {
  desk: DeskStore;
  audited: AuditEntry[];
  overrides: Set<string>;
  put(...findings: Finding[]): Promise<void>;
  deps(account: string): DecideDeps & OverridesDeps & Decider;
  list(options?: Partial<Parameters<typeof runCasesList>[0]>): Promise<Ran>;
  show(id: string, options?: { lang?: 'sv' | 'en'; json?: boolean }): Promise<Ran>;
  decide(account: string, options: Partial<Parameters<typeof runCasesDecide>[0]>): Promise<Ran>;
  ran(run: (io: Io) => Promise<ExitCode>): Promise<Ran>;
}

/** Opens an office with some findings. */
export async function anOffice(findings: readonly Finding[], policy: Policy = aPolicy()): Promise<Office> {
  const store = createMemoryStore();
  const put = async (...more: Finding[]) => void (await store.write(aBatch({ findings: more })));
  await put(...findings);
  const audited: AuditEntry[] = [];
  const overrides = new Set<string>();
  const place: OverridesPlace = {
    has: override => overrides.has(keyOf(override)),
    add: override => void overrides.add(keyOf(override)),
  };
  const caseDeps: CaseDeps = {
    openDesk: async () => ({ ...store, close: async () => {} }),
    openAudit: async () => ({
      append: async entry => void audited.push(entry),
      verify: async () => ({ lines: 0, isIntact: true, brokenLine: null, message: '' }),
    }),
    policy,
    zone,
    textHider: async () => () => 'hidden',
  };
  const deps = (account: string) => ({
    ...caseDeps,
    place,
    account,
    nowMs: () => NOW_MS,
    namesSomebody: (text: string) => /\bcecilia\b/i.test(text),
  });
  return {
    desk: store,
    audited,
    overrides,
    put,
    deps,
    ran,
    list: options => ran(io => runCasesList({ query: '', json: false, ...options }, caseDeps, io)),
    show: (id, options = {}) =>
      ran(io => runCasesShow({ id, lang: 'en', json: false, ...options }, caseDeps, io)),
    decide: (account, options) => {
      const whole = {
        id: '',
        outcome: 'explained' as const,
        reason: 'an assignment',
        seen: null,
        after: null,
        ...options,
      };
      return ran(io => runCasesDecide(whole, deps(account), io));
    },
  };
}

function keyOf({ action, list, what }: ListOverride): string {
  return `${action} ${list},${what}`;
}

async function ran(run: (io: Io) => Promise<ExitCode>): Promise<Ran> {
  const [out, err] = [collect(), collect()];
  const io: Io = {
    ...{ stdin: new PassThrough(), stdout: out.stream, stderr: err.stream },
    ...{ isTerminal: false, isErrorTerminal: false, columns: 80 },
  };
  const exit = await run(io);
  return { exit, out: out.text(), err: err.text() };
}

function collect() {
  const parts: string[] = [];
  const stream = new Writable({
    write(chunk, _encoding, done) {
      parts.push(String(chunk));
      done();
    },
  });
  return { stream, text: () => parts.join('') };
}

/** Makes a policy in force, or one on trial, over gambling and a category that must not be opened. */
export function aPolicy(live: 'live' | 'trial' = 'live'): Policy {
  const document = { date: '2026-01-02', reference: 'KS 2026/1' };
  const category = (name: string, doNotOpen: boolean) => ({
    ...{ sv: name, en: name, doNotOpen },
    class: doNotOpen ? ('forbidden' as const) : ('questionable' as const),
    statutes: [],
  });
  return compilePolicy({
    rules: {
      live: live === 'trial' ? null : { from: '2026-02-01', notice: document, negotiation: document },
      minimumConfidence: 'none',
      reviewed: ['staff'],
      smallGroup: 5,
      categories: {
        gambling: { lists: ['gambling'], announcedFrom: '2026-01-01' },
        material: { lists: ['material'], announcedFrom: '2026-01-01' },
      },
      protected: { lists: [] },
      roles: {},
      exemptions: [],
      thresholds: { records: 3, minutes: 2, bytes: 500_000, documentGapSeconds: 10, visitGapMinutes: 30 },
      retention: null,
    },
    taxonomy: { categories: { gambling: category('Gambling', false), material: category('Material', true) } },
    zone,
    canonicalName: name => name,
    sha256: hash,
  });
}
