// proof-page: a proof → the page that is filed. In: facts and a language; out: headings, statements and tables, each with
// how it is known. Invariant: both languages have the same parts in the same order; nothing that failed is quoted.
// Example: `proofPage(proof, 'sv').sections[0].heading` → `Det som har kontrollerats`.
import {
  PROOF_CHECKS,
  type Proof,
  type ProofCheck,
  type ProofCheckName,
  type ProofRetention,
} from '../model/proof.ts';
import type { Population } from '../model/subject.ts';
import { countText, joined } from './count.ts';
import type { Lang } from './lang.ts';
import { MARK_TEXT } from './marks.ts';
import type { Block, CheckResult, Page, Section } from './page.ts';
import { POPULATION_TEXT } from './populations.ts';
import { PROOF_TEXT } from './proof.ts';

type Text = (typeof PROOF_TEXT)['en'];

/** What every part of the page is written with. */
interface Writer {
  text: Text;
  lang: Lang;
  count(count: number): string;
}

/** Writes a proof as a page. */
export function proofPage(proof: Proof, lang: Lang): Page {
  const text = PROOF_TEXT[lang];
  const writer: Writer = { text, lang, count: count => countText(lang, count) };
  const { standing, from } = proof.policy;
  return {
    lang,
    title: text.title,
    lead: [
      text.lead(proof),
      text.version({
        hash: proof.policy.hash.slice(0, 12),
        standing: standing === 'trial' ? text.standing.trial : text.standing[standing](from ?? ''),
      }),
    ],
    banners: banners(proof, text),
    marks: MARK_TEXT[lang].marks,
    sections: [
      checks(proof, writer),
      stored(proof, writer),
      { heading: text.headings.never, blocks: [{ kind: 'list', mark: 'program', items: text.never }] },
      time(proof, writer),
      access(proof, writer),
      dropped(proof, writer),
      identity(proof, writer),
      told(proof, writer),
    ],
    foot: text.foot(`${proof.made.slice(0, 16).replace('T', ' ')} UTC`),
  };
}

/** Says how a check came out: what cannot be told fails nothing, and is not passed over either. */
export function resultOf({ examined, failed, unclear }: ProofCheck): CheckResult {
  if (failed > 0) return 'fails';
  if (unclear > 0) return 'unclear';
  return examined === 0 ? 'empty' : 'holds';
}

function banners({ checks: all, policy }: Proof, text: Text): string[] {
  const failed = all.filter(check => check.failed > 0).map(({ check }) => check);
  const shown = failed.length === 0 ? [] : [text.banner.failed(failed.join(', '))];
  switch (policy.standing) {
    case 'live':
      return shown;
    case 'coming':
      return [...shown, text.banner.coming(policy.from ?? '')];
    case 'trial':
      return [...shown, text.banner.trial];
    default:
      return policy.standing satisfies never;
  }
}

function checks({ checks: all }: Proof, { text, lang, count }: Writer): Section {
  const byName = new Map(all.map(check => [check.check, check]));
  const rows = PROOF_CHECKS.map(name => {
    const check = byName.get(name) ?? { check: name, examined: 0, failed: 0, unclear: 0 };
    const result = resultOf(check);
    const { examined, failed, unclear } = check;
    const counts = text.checkCounts({
      examined: count(examined),
      failed: count(failed),
      unclear: count(unclear),
    });
    return {
      result,
      word: MARK_TEXT[lang].results[result],
      text: checkText(name, { text, unclear }),
      counts,
    };
  });
  return {
    heading: text.headings.checks,
    blocks: [{ kind: 'checks', mark: 'checked', head: text.checksHead, rows }],
  };
}

/** Names what cannot be told only where there is something of it. */
function checkText(name: ProofCheckName, { text, unclear }: { text: Text; unclear: number }): string {
  const remark = unclear === 0 ? '' : (text.remarks[name] ?? '');
  return remark === '' ? text.checks[name] : `${text.checks[name]} ${remark}`;
}

function stored({ stored: has, dropped: left }: Proof, { text, count }: Writer): Section {
  const words = text.stored;
  const findings =
    has.findings === 0
      ? [words.nothing]
      : [
          words.findings({
            count: count(has.findings),
            first: has.firstDay ?? '',
            last: has.lastDay ?? '',
          }),
          words.verdicts({
            examine: count(has.examine),
            exempt: count(has.exempt),
            attempts: count(has.attempts),
            withdrawn: count(has.withdrawn),
          }),
          words.forbidden({ count: count(has.forbidden) }),
          words.tenants({ names: joined(has.tenants, text.and) }),
        ];
  const { policy, directory, lists } = has.versions;
  const rest = [
    words.usage({ rows: count(has.usageRows), requests: count(has.requests) }),
    words.versions({ policy: count(policy), directory: count(directory), lists: count(lists) }),
    words.sealed({ rejected: count(left.rejectedLines), refused: count(left.refusedDocuments) }),
    words.audit({ lines: count(has.auditLines) }),
  ];
  return {
    heading: text.headings.stored,
    blocks: [
      { kind: 'list', mark: 'checked', items: [...findings, ...rest] },
      { kind: 'list', mark: 'program', items: [words.fields, words.names, words.desk, words.clear] },
    ],
  };
}

function time({ retention }: Proof, { text, count }: Writer): Section {
  const words = text.time;
  const row = (what: string, rule: ProofRetention | null) => [
    what,
    rule === null ? words.forEver : words.days(count(rule.days)),
    rule === null ? words.noDecision : rule.decision,
  ];
  const overdue: Block[] =
    retention.findings === null
      ? []
      : [
          {
            kind: 'text',
            mark: 'checked',
            text:
              retention.overdueFindings === 0
                ? words.notOverdue
                : words.overdue({ count: count(retention.overdueFindings) }),
          },
        ];
  return {
    heading: text.headings.time,
    blocks: [
      {
        kind: 'table',
        mark: 'configured',
        head: words.head,
        rows: [
          row(words.what.findings, retention.findings),
          row(words.what.counts, retention.counts),
          row(words.what.audit, retention.audit),
          [words.what.sealed, words.days(count(retention.sealedDays)), words.deletedAtStart],
        ],
      },
      ...overdue,
      { kind: 'text', mark: 'program', text: words.noDeletion },
    ],
  };
}

function access({ access: found }: Proof, { text }: Writer): Section {
  const words = text.access;
  const roles: Block[] =
    found.store === 'elasticsearch'
      ? [{ kind: 'table', mark: 'program', head: words.rolesHead, rows: Object.entries(words.roles) }]
      : [];
  const rows = found.places.map(({ place, isThere, mode, isOpenToOthers }) => [
    words.places[place],
    isThere ? (mode ?? '') : words.notThere,
    isThere ? (isOpenToOthers ? words.yes : words.no) : '–',
  ]);
  const open: Block[] = found.places.some(place => place.isOpenToOthers)
    ? [{ kind: 'text', mark: 'found', text: words.open }]
    : [];
  const listen = found.listen === null ? words.notListening : words.listening(found.listen);
  return {
    heading: text.headings.access,
    blocks: [
      { kind: 'text', mark: 'program', text: words.intro[found.store] },
      ...roles,
      { kind: 'table', mark: 'found', head: words.placesHead, rows },
      ...open,
      { kind: 'text', mark: 'configured', text: listen },
    ],
  };
}

function dropped({ dropped: left }: Proof, { text, count }: Writer): Section {
  const words = text.dropped;
  const kinds = Object.entries(words.kinds) as [keyof typeof left.days, string][];
  return {
    heading: text.headings.dropped,
    blocks: [
      {
        kind: 'table',
        mark: 'checked',
        head: words.head,
        rows: kinds.map(([kind, meaning]) => [meaning, count(left.days[kind])]),
      },
      {
        kind: 'text',
        mark: 'checked',
        text: words.rejects({ lines: count(left.rejectedLines), without: count(left.rejectedWithoutText) }),
      },
    ],
  };
}

function identity({ reidentify }: Proof, { text, count }: Writer): Section {
  const words = text.identity;
  const { directory, epochs, privateKey } = reidentify;
  return {
    heading: text.headings.identity,
    blocks: [
      { kind: 'text', mark: 'program', text: words.who },
      {
        kind: 'table',
        mark: 'found',
        head: words.head,
        rows: epochs.map(({ epoch, key, findings }) => [`${epoch}`, words.keys[key], count(findings)]),
      },
      {
        kind: 'text',
        mark: 'found',
        text: privateKey === 'there' ? words.privateThere : words.privateAway,
      },
      {
        kind: 'text',
        mark: 'found',
        text:
          directory === null
            ? words.noDirectory
            : words.directory({
                users: count(directory.users),
                changed: directory.changed ?? '–',
                age: directory.ageDays === null ? '–' : count(directory.ageDays),
              }),
      },
    ],
  };
}

function told({ policy, categories }: Proof, { text, lang, count }: Writer): Section {
  const words = text.told;
  const people = POPULATION_TEXT[lang];
  const announced = (days: Proof['categories'][number]['announced']) => {
    const entries = Object.entries(days) as [Population | 'all', string][];
    if (entries.length === 0) return words.never;
    return entries
      .map(([who, day]) => (who === 'all' ? day : words.forWhom({ day, who: people[who] })))
      .join(', ');
  };
  const { controller, dataProtectionOfficer: officer } = policy;
  const lines = [
    policy.notice === null ? words.noNotice : words.notice(policy.notice),
    policy.negotiation === null ? words.noNegotiation : words.negotiation(policy.negotiation),
    words.reviewed({
      populations: joined(
        policy.reviewed.map(one => people[one]),
        text.and,
      ),
    }),
    words.small({ smallGroup: count(policy.smallGroup) }),
    ...(controller === null ? [] : [words.controller(controller)]),
    ...(officer === null ? [] : [words.officer(officer)]),
  ];
  return {
    heading: text.headings.told,
    blocks: [
      { kind: 'list', mark: 'configured', items: lines },
      {
        kind: 'table',
        mark: 'configured',
        head: words.head,
        rows: categories.map(category => [
          category[lang],
          words.class[category.class],
          announced(category.announced),
        ]),
      },
    ],
  };
}
