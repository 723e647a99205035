// Later judgements, written in the order that makes up for transactions (§5.8): kept versions, the first judgement as
// number 0, the new one, and last the finding's own document, over the very state that it was judged in.
// Invariants: what a judgement says stands in its document before the finding shows it; a judgement is created once, and
// what stands under a number decides, whoever wrote it. So whoever comes by finishes what broke off: a finding that is
// one behind its newest judgement is brought up to it before anything else is said of it.
// The argument: docs/adr/0018-judged-again.md.
import type { Finding } from '../../../model/finding.ts';
import type { Rejudged, RejudgeResult } from '../../../ports/desk-store.ts';
import type { Revision } from '../../../ports/store.ts';
import { firstRevision } from '../../../search/first-revision.ts';
import { isSameJudgement, judgedBy, standingOf } from '../../../search/later-judgement.ts';
import { type Bulk, type BulkAction, requireAll } from './bulk.ts';
import { toDocument } from './finding-document.ts';
import type { Freshness } from './freshness.ts';
import type { IndexNames } from './index-names.ts';
import type { Judgements } from './judgements.ts';
import type { KeptVersions } from './kept-versions.ts';
import type { KnownFindings } from './known-findings.ts';
import type { Months } from './months.ts';
import type { StandingFindings, StandingPlace } from './standing-findings.ts';

export interface ReviserOptions {
  names: IndexNames;
  bulk: Bulk;
  freshness: Freshness;
  known: Pick<KnownFindings, 'existing'>;
  months: Months;
  judgements: Judgements;
  standing: StandingFindings;
  versions: KeptVersions;
}

/** Findings that are judged anew at once. */
const AT_ONCE = 500;
const CREATED = 201;

/** Creates what judges anew in one store. */
export function createReviser(options: ReviserOptions): (batch: Rejudged) => Promise<RejudgeResult> {
  const { names, bulk, freshness, judgements, standing } = options;

  /** Judges findings anew, each once. */
  async function judge(revisions: readonly Revision[], result: Sums): Promise<void> {
    const places = await standing.find(revisions.map(({ findingId }) => findingId));
    const before = await judgements.there(revisions);
    const asked = revisions.map((revision, n): Asked => {
      const place = places.get(revision.findingId) ?? null;
      const finding = place?.finding ?? null;
      return { revision, place, there: before[n]!, standing: standingOf(revision, finding, before[n]!) };
    });
    const created = await create(asked.filter(({ standing: stands }) => stands === 'next'));
    // What stands there now decides, also where another wrote at the same time.
    const after = await judgements.there(revisions);
    const behind = asked.flatMap(({ place, revision }, n) => {
      const there = after[n]!;
      const isBehind = there !== null && place?.finding.revision === revision.revision - 1;
      return isBehind ? [{ place: place!, there }] : [];
    });
    await show(behind);
    asked.forEach(({ revision, place, there: old }, n) => {
      const there = after[n]!;
      const isOurs = place !== null && there !== null && isSameJudgement(revision, there);
      if (!isOurs) result.overtaken.push(revision.findingId);
      else if (created.has(revision) || (old !== null && place.finding.revision < revision.revision)) {
        result.revised++;
      } else result.known++;
    });
  }

  /** Creates judgements, the first ones before them; answers those that were created. */
  async function create(asked: readonly Asked[]): Promise<Set<Revision>> {
    const firsts = asked.map(({ place }) => place!.finding).filter(({ revision }) => revision === 0);
    requireAll(await bulk(firsts.map(finding => judgements.creation(firstRevision(finding)))));
    const next = asked.map(({ revision }) => revision);
    const statuses = requireAll(await bulk(next.map(revision => judgements.creation(revision))));
    return new Set(next.filter((_, n) => statuses[n] === CREATED));
  }

  /** Lets findings show a judgement; one that another has brought there meanwhile stays as it is. */
  async function show(behind: readonly { place: StandingPlace; there: Revision }[]): Promise<void> {
    const actions = behind.map(({ place, there }): BulkAction => {
      const { index, over } = place;
      const document = toDocument(judgedBy(place.finding, there));
      return { kind: 'index', index, id: place.finding.id, over, document };
    });
    requireAll(await bulk(actions));
  }

  async function add(findings: readonly Finding[]): Promise<number> {
    const unique = [...new Map(findings.toReversed().map(finding => [finding.id, finding])).values()];
    await freshness.refresh(names.findings);
    const there = await options.known.existing(unique.map(({ id }) => id));
    const fresh = unique.filter(({ id }) => !there.has(id));
    await options.months.make(fresh.map(finding => names.month(finding)));
    const statuses = requireAll(await bulk(fresh.map(finding => creationOf(finding))));
    return statuses.filter(status => status === CREATED).length;
  }

  function creationOf(finding: Finding): BulkAction {
    return { kind: 'create', index: names.month(finding), id: finding.id, document: toDocument(finding) };
  }

  return async batch => {
    await options.versions.keep(batch.versions);
    const result: Sums = { revised: 0, known: 0, overtaken: [] };
    for (const revisions of roundsOf(batch.revisions)) await judge(revisions, result);
    const added = batch.findings.length === 0 ? 0 : await add(batch.findings);
    // A person looks next.
    await freshness.refresh(names.findings);
    return { ...result, added, known: result.known + batch.findings.length - added };
  };
}

interface Sums {
  revised: number;
  known: number;
  overtaken: string[];
}

interface Asked {
  revision: Revision;
  /** The finding as it stands; null where it is gone. */
  place: StandingPlace | null;
  /** What stood under the number before. */
  there: Revision | null;
  standing: ReturnType<typeof standingOf>;
}

/** Cuts revisions into rounds in their order, none of which has a finding twice. */
function* roundsOf(revisions: readonly Revision[]): Generator<Revision[]> {
  let round = new Map<string, Revision>();
  for (const revision of revisions) {
    if (round.has(revision.findingId) || round.size === AT_ONCE) {
      yield [...round.values()];
      round = new Map();
    }
    round.set(revision.findingId, revision);
  }
  if (round.size > 0) yield [...round.values()];
}
