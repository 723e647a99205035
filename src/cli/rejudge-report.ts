// What `granska rejudge` tells, as text: the difference in findings and people, and what was written of it.

import type { WithdrawnFor } from '../pipeline/rejudge/changes.ts';
import type { RejudgeOutcome, Unjudgeable } from '../pipeline/rejudge/rejudge.ts';
import type { DiffRow } from '../pipeline/rejudge/tally.ts';
import { counted, formatCount } from './numbers.ts';
import { alignTable } from './table.ts';

/** Writes the whole answer. */
export function rejudgeText(outcome: RejudgeOutcome): string {
  const { diff } = outcome;
  const isSame = diff.transitions.length === 0;
  const blocks = [
    head(outcome),
    ...(isSame ? ['Nothing differs.'] : [rows(outcome), transitions(outcome), gone(outcome)]),
    unjudged(outcome),
    written(outcome),
    'Only stored records were judged; what a new list would newly flag must be scanned.',
  ];
  return `${blocks.filter(block => block !== '').join('\n\n')}\n`;
}

function head({ findings, records, versions }: RejudgeOutcome): string {
  const { lists, policy, directory } = versions;
  const by = Object.entries({ lists, policy, directory }).map(
    ([kind, hash]) => `${kind} ${hash?.slice(0, 12) ?? 'none'}`,
  );
  return `${counted(findings, 'finding')} of ${counted(records, 'record')} judged by ${by.join(', ')}`;
}

function rows({ diff }: RejudgeOutcome): string {
  const cells = (name: string, row: Omit<DiffRow, 'name'>) => [
    name,
    ...[row.new, row.gone, row.changed].map(formatCount),
    typeof row.people === 'number' ? formatCount(row.people) : row.people,
  ];
  return alignTable(
    [
      ['', 'new', 'gone', 'changed', 'people'],
      cells('all', diff.total),
      ...diff.categories.map(row => cells(`category ${row.name}`, row)),
      ...diff.departments.map(row => cells(`department ${row.name || 'none'}`, row)),
    ],
    { rightFrom: 1, indent: 0 },
  );
}

function transitions({ diff }: RejudgeOutcome): string {
  const table = alignTable(
    diff.transitions.map(({ from, to, findings }) => [
      from === to ? `${from}, by other decisions` : `${from} → ${to}`,
      formatCount(findings),
    ]),
    { rightFrom: 1, indent: 2 },
  );
  return `From verdict to verdict\n${table}`;
}

const GONE: Readonly<Record<WithdrawnFor, string>> = {
  lists: 'by the lists: none of the category covers it, or it is only counted',
  announcement: 'the category had not been announced then',
  population: 'people whom the policy does not review',
};

function gone({ diff }: RejudgeOutcome): string {
  const found = (Object.keys(GONE) as WithdrawnFor[]).filter(why => diff.gone[why] > 0);
  if (found.length === 0) return '';
  const table = alignTable(
    found.map(why => [GONE[why], formatCount(diff.gone[why])]),
    { rightFrom: 1, indent: 2 },
  );
  return `Gone\n${table}`;
}

const UNJUDGED: Readonly<Record<Unjudgeable, string>> = {
  keyDestroyed: 'the key of their year was destroyed, so nobody in them can be looked up',
  notKept: 'the store does not keep what judged them, so it cannot be told whose ids they hold',
  unknownTenant: 'the directory has nobody of their organization, and knew them then',
};

function unjudged({ unjudged: counts }: RejudgeOutcome): string {
  return (Object.keys(UNJUDGED) as Unjudgeable[])
    .filter(why => counts[why] > 0)
    .map(why => `Not judged: ${counted(counts[why], 'finding')}; ${UNJUDGED[why]}.`)
    .join('\n');
}

function written({ applied, diff }: RejudgeOutcome): string {
  if (applied === null) {
    if (diff.transitions.length === 0) return '';
    return 'Nothing was changed: --apply --reason "…" adds these judgements to the findings.';
  }
  const { revised, added, known, overtaken } = applied;
  const lines = [
    `Written: ${counted(revised, 'later judgement')}, ${counted(added, 'new finding')}${known > 0 ? `; ${formatCount(known)} were there already` : ''}.`,
  ];
  if (overtaken.length > 0) {
    lines.push(
      `Not written: ${counted(overtaken.length, 'finding')} that somebody else judged meanwhile. Run it again.`,
      ...overtaken.map(id => `  ${id}`),
    );
  }
  return lines.join('\n');
}
