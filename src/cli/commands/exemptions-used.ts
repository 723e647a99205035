// `granska exemptions used`: which visits each decision covered, in numbers, and which decisions nobody used.
// In: stored findings as visits, and the exemptions of today; out: a table or one JSON object. Invariant: the view is noted
// in the audit chain before anything is shown (§8.5); a group smaller than the policy's is not told by its number.
import { EXIT, type ExitCode } from '../../errors.ts';
import { type ExemptionUse, type ExemptionUses, exemptionUse } from '../../pipeline/exemption-use.ts';
import { readVisits } from '../../pipeline/read-visits.ts';
import { coversFrom } from '../../policy/covers-from.ts';
import { parseVisitQuery, type VisitQuery } from '../../visit/visit-query.ts';
import type { App, InstalledExemptions } from '../app.ts';
import { type Io, write } from '../io.ts';
import { formatCount } from '../numbers.ts';
import { alignTable } from '../table.ts';
import { visitRulesOf } from '../visit-rules.ts';

export interface UsedArgs {
  from?: string;
  to?: string;
  json: boolean;
}

type Deps = Pick<App, 'exemptions' | 'openStore' | 'openAudit'>;

/** Shows what each decision covered. */
export async function runExemptionsUsed(args: UsedArgs, app: Deps, io: Io): Promise<ExitCode> {
  const installed = await app.exemptions();
  const { policy, zone } = installed;
  const query = parseVisitQuery('', { from: args.from ?? null, to: args.to ?? null, zone });
  const found = await readUses(query, installed, app);
  const audit = await app.openAudit();
  const details = { from: instantOf(query.fromMs), to: instantOf(query.toMs), exemptions: found.uses.length };
  await audit.append({ action: 'exemptions-used', shown: found.findings, details });
  const unused = unusedOf(installed, found.uses, query);
  const listed = new Set(installed.all.map(item => item.exemption.id));
  const shown = { ...found, unused, listed, smallGroup: policy.smallGroup };
  await write(io.stdout, args.json ? `${JSON.stringify(toJson(shown, details))}\n` : toText(shown));
  return EXIT.done;
}

interface Shown extends ExemptionUses {
  unused: readonly string[];
  listed: ReadonlySet<string>;
  smallGroup: number;
}

async function readUses(
  query: VisitQuery,
  { policy }: InstalledExemptions,
  app: Deps,
): Promise<ExemptionUses> {
  const store = await app.openStore();
  try {
    return await exemptionUse(readVisits(store, query, visitRulesOf(policy)), policy.smallGroup);
  } finally {
    await store.close();
  }
}

/** Names the exemptions that could have covered a visit of the time that is asked for, and covered none. */
function unusedOf(
  { all, today, zone }: InstalledExemptions,
  uses: readonly ExemptionUse[],
  { fromMs, toMs }: VisitQuery,
): string[] {
  const used = new Set(uses.map(use => use.id));
  const firstDay = fromMs === null ? '' : zone.dayOf(fromMs);
  const lastDay = toMs === null ? today : zone.dayOf(toMs - 1);
  return all
    .filter(item => !item.isVoid && !used.has(item.exemption.id))
    .filter(({ exemption }) => coversFrom(exemption) <= lastDay && exemption.validThrough >= firstDay)
    .map(item => item.exemption.id)
    .sort();
}

function toJson(
  { uses, unused, listed, smallGroup }: Shown,
  { from, to }: { from: string | null; to: string | null },
): Record<string, unknown> {
  const used = uses.map(use => ({ ...use, isInPolicy: listed.has(use.id) }));
  return { schema: 'granska.exemptions-used/1', from, to, smallGroup, used, unused };
}

function toText({ uses, unused, listed, smallGroup }: Shown): string {
  const lines: string[] = [];
  if (uses.length === 0) lines.push('No visit was covered by a decision.');
  else {
    const rows = [
      ['id', 'visits', 'of', 'first', 'last', 'by category'],
      ...uses.map(use => [
        `${use.id}${listed.has(use.id) ? '' : ' (no longer in the policy)'}`,
        formatCount(use.visits),
        use.subjects === null ? `<${smallGroup}` : formatCount(use.subjects),
        ...[use.firstDay, use.lastDay],
        Object.entries(use.byCategory)
          .map(([category, visits]) => `${category} ${formatCount(visits)}`)
          .join(', '),
      ]),
    ];
    lines.push(alignTable(rows, { rightFrom: 1, rightTo: 2, indent: 2 }));
  }
  if (unused.length > 0) lines.push(`Used by nobody: ${unused.join(', ')}`);
  return `${lines.join('\n')}\n`;
}

function instantOf(atMs: number | null): string | null {
  return atMs === null ? null : new Date(atMs).toISOString();
}
