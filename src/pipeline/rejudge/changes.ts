// What a version says of a stored record → what changes (§5.8): judgements to add, and findings that were not there.
// In: the findings of one record as they are now, and the judging of them; out: only what differs. Invariant: nothing is
// deleted or edited; a finding that would not be made any more is `withdrawn`, and one that was may come back. On a site that
// is protected by now it is `protected` instead, which no reading shows: all of the record, and not told apart (§6.2).
// Example: an exemption that says it is retroactive turns `examine` into `exempt`, once: a second time nothing differs.
import type { FindingIds } from '../../finding/identity.ts';
import type { Finding, StandingFinding, Versions } from '../../model/finding.ts';
import type { Judgement, StandingVerdict, StoredVerdict } from '../../model/verdict.ts';
import { PROTECTED } from '../../search/is-shown.ts';
import { siteOf } from '../../url/site.ts';
import { areSameVersions } from '../same-versions.ts';
import type { JudgedAgain } from './judge-again.ts';
import type { StoredMatch } from './stored-matches.ts';

/**
 * Why a finding would not be made: no list of the category covers it, or it is a protected site, which is not told apart
 * (§6.2); the category was not announced then; the population is not reviewed.
 */
export type WithdrawnFor = 'lists' | 'announcement' | 'population';

/** What a version says of one finding. */
export interface Outcome {
  verdict: StandingVerdict | null;
  exemptions: readonly string[];
  otherExemptions: readonly string[];
  /** Null unless withdrawn or protected. */
  why: WithdrawnFor | null;
}

/** A finding that is judged otherwise than it stands. */
export interface Change {
  finding: StandingFinding;
  outcome: Outcome;
}

export interface RecordChanges {
  changed: readonly Change[];
  /** What goes out of sight with them and is told to nobody: as it was shown as withdrawn before, or was not asked for. */
  unsaid: readonly Change[];
  added: readonly Finding[];
}

export interface ChangesOptions {
  /** Ids of the findings that were asked for: what is protected goes out of sight with all of its record. */
  asked: ReadonlySet<string>;
  versions: Versions;
  ids: FindingIds;
  nowMs(): number;
}

/** Compares what stands with what a version says. */
export function changesOf(
  findings: readonly StandingFinding[],
  judged: JudgedAgain,
  options: ChangesOptions,
): RecordChanges {
  const changed: Change[] = [];
  const unsaid: Change[] = [];
  for (const finding of findings) {
    const outcome = outcomeOf(finding, judged);
    const isAsked = options.asked.has(finding.id);
    // What these very versions judged, they judged from the whole line: what is stored of it knows no better. But what is
    // protected goes out of sight, whoever judged it.
    if (outcome.verdict === PROTECTED) {
      if (finding.verdict === PROTECTED) continue;
      (isAsked && finding.verdict !== 'withdrawn' ? changed : unsaid).push({ finding, outcome });
    } else if (isAsked && !areSameVersions(finding.versions, options.versions)) {
      if (!isSame(finding, outcome) && !staysHidden(finding, outcome)) changed.push({ finding, outcome });
    }
  }
  return { changed, unsaid, added: addedTo(findings, judged, options) };
}

/** What is out of sight comes back with a verdict only: taken back for another reason, it would show what nobody needs. */
function staysHidden(finding: StandingFinding, outcome: Outcome): boolean {
  return finding.verdict === PROTECTED && outcome.verdict === 'withdrawn';
}

/** Says what a version has of one finding. */
export function outcomeOf({ category }: Pick<Finding, 'category'>, judged: JudgedAgain): Outcome {
  switch (judged.kind) {
    case 'protected':
      return { ...withdrawn('lists'), verdict: PROTECTED };
    case 'unreviewed':
      return withdrawn('population');
    case 'judged': {
      const { judgements, unannounced } = judged.decision;
      const judgement = judgements.find(item => item.category === category);
      if (judgement === undefined)
        return withdrawn(unannounced.includes(category) ? 'announcement' : 'lists');
      const { verdict, exemptions, otherExemptions } = judgement;
      return { verdict, exemptions, otherExemptions, why: null };
    }
    default:
      return judged satisfies never;
  }
}

/** Tells whether a judgement says what an outcome says. */
export function isSame(stands: Omit<Outcome, 'why'>, outcome: Omit<Outcome, 'why'>): boolean {
  return (
    stands.verdict === outcome.verdict &&
    areSame(stands.exemptions, outcome.exemptions) &&
    areSame(stands.otherExemptions, outcome.otherExemptions)
  );
}

/** Gives a verdict as it is told: what is out of sight is withdrawn, like what no list covers (§6.2). */
export function toldVerdict(verdict: StandingVerdict | null): StoredVerdict | null {
  return verdict === PROTECTED ? 'withdrawn' : verdict;
}

function withdrawn(why: WithdrawnFor): Outcome {
  return { verdict: 'withdrawn', exemptions: [], otherExemptions: [], why };
}

function areSame(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((item, index) => item === b[index]);
}

function addedTo(
  findings: readonly StandingFinding[],
  judged: JudgedAgain,
  options: ChangesOptions,
): Finding[] {
  if (judged.kind !== 'judged') return [];
  const known = new Set(findings.map(finding => finding.category));
  const { decision, categories, subject } = judged;
  return decision.judgements
    .filter(judgement => !known.has(judgement.category))
    .map(judgement => {
      const match = categories.get(judgement.category)![0]!;
      const { population, department, roles } = subject;
      return { ...asFinding(judgement, match, options), population, department, roles };
    });
}

/** Makes a finding of a category that the record did not have: the request is the stored one's, the rest is judged now. */
function asFinding(judgement: Judgement, match: StoredMatch, options: ChangesOptions): Finding {
  const { from } = match;
  const { tenant, stream, offset } = from;
  const { category, statutes, verdict, exemptions, otherExemptions } = judgement;
  return {
    ...from,
    id: options.ids.finding(tenant, stream, { offset, category }),
    ingestedMs: options.nowMs(),
    ...addressOf(match),
    list: match.list,
    listVersion: match.version,
    entry: match.entry,
    entryFile: match.file,
    entryLine: match.line,
    via: match.via,
    ...{ category, class: judgement.class, statutes, verdict, exemptions, otherExemptions },
    facts: { ...from.facts, matchedBy: match.matchedBy },
    versions: options.versions,
    revision: 0,
  };
}

type Address = Pick<Finding, 'scheme' | 'domain' | 'registeredDomain' | 'port' | 'urlPath'>;

/** What is stored of a target stays as it was stored; one that its path wraps is written from there. */
function addressOf({ target, via, from }: StoredMatch): Partial<Address> {
  if (via === from.via && target.host === from.domain) return {};
  const { scheme, host, port, path } = target;
  // What the entry had of a query is known, and is not stored all the same (§6.3).
  return { scheme, domain: host, registeredDomain: siteOf(host), port, urlPath: path.replace(/\?.*$/, '') };
}
