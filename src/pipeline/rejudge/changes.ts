// What a version says of a stored record → what changes (§5.8): judgements to add, and findings that were not there.
// In: the findings of one record as they are now, and the judging of them; out: only what differs. Invariant: nothing is
// deleted or edited; a finding that would not be made any more is `withdrawn`, and one that was may come back.
// Example: an exemption that says it is retroactive turns `examine` into `exempt`, once: a second time nothing differs.
import type { FindingIds } from '../../finding/identity.ts';
import type { Finding, Versions } from '../../model/finding.ts';
import type { Judgement, StoredVerdict } from '../../model/verdict.ts';
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
  verdict: StoredVerdict | null;
  exemptions: readonly string[];
  otherExemptions: readonly string[];
  /** Null unless withdrawn. */
  why: WithdrawnFor | null;
}

/** A finding that is judged otherwise than it stands. */
export interface Change {
  finding: Finding;
  outcome: Outcome;
}

export interface RecordChanges {
  changed: readonly Change[];
  added: readonly Finding[];
}

export interface ChangesOptions {
  versions: Versions;
  ids: FindingIds;
  nowMs(): number;
}

/** Compares what stands with what a version says. */
export function changesOf(
  findings: readonly Finding[],
  judged: JudgedAgain,
  options: ChangesOptions,
): RecordChanges {
  const changed: Change[] = [];
  for (const finding of findings) {
    // What these very versions judged, they judged from the whole line: what is stored of it knows no better.
    if (areSameVersions(finding.versions, options.versions)) continue;
    const outcome = outcomeOf(finding, judged);
    if (!isSame(finding, outcome)) changed.push({ finding, outcome });
  }
  return { changed, added: addedTo(findings, judged, options) };
}

/** Says what a version has of one finding. */
export function outcomeOf({ category }: Pick<Finding, 'category'>, judged: JudgedAgain): Outcome {
  switch (judged.kind) {
    case 'protected':
      return withdrawn('lists');
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

function withdrawn(why: WithdrawnFor): Outcome {
  return { verdict: 'withdrawn', exemptions: [], otherExemptions: [], why };
}

function areSame(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((item, index) => item === b[index]);
}

function addedTo(findings: readonly Finding[], judged: JudgedAgain, options: ChangesOptions): Finding[] {
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
