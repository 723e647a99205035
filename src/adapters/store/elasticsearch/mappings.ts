// What the indices hold, field by field: the ECS document of `finding/ecs.ts` and what it is sorted by. Strict: a
// field that is not named here is refused, so that nothing comes to lie in a store that nobody meant to keep.
import type { estypes } from '@elastic/elasticsearch';
import type { FixedIndex } from './index-names.ts';

type Property = estypes.MappingProperty;
type Properties = Record<string, Property>;

// A term has at most 32,766 bytes in UTF-8. Longer texts are kept and given back, but not searched.
const keyword: Property = { type: 'keyword', ignore_above: 8_191 };
/** A path has ASCII signs only, so that it may be longer. */
const pathKeyword: Property = { type: 'keyword', ignore_above: 32_766 };
const date: Property = { type: 'date' };
/** Milliseconds and nothing else: by itself the server takes a number of four digits for a year. */
const millis: Property = { type: 'date', format: 'epoch_millis' };
const long: Property = { type: 'long' };
const boolean: Property = { type: 'boolean' };
/** Kept and given back, never searched; of any length. */
const kept: Property = { type: 'keyword', index: false, doc_values: false };
const binary: Property = { type: 'binary' };

/** The fields of ECS that a finding has. */
export const ECS_PROPERTIES: Properties = {
  '@timestamp': date,
  event: object({
    id: keyword,
    kind: keyword,
    category: keyword,
    start: date,
    end: date,
    duration: long,
    type: keyword,
    outcome: keyword,
    ingested: date,
  }),
  organization: object({ name: keyword }),
  user: object({ id: keyword, roles: keyword }),
  url: object({
    scheme: keyword,
    domain: keyword,
    registered_domain: keyword,
    port: long,
    path: pathKeyword,
  }),
  http: object({
    request: object({ method: keyword }),
    response: object({ status_code: long, bytes: long, mime_type: keyword }),
  }),
  user_agent: object({ original: keyword }),
  observer: object({ name: keyword, vendor: keyword, product: keyword }),
  log: object({ file: object({ path: keyword }), offset: long }),
  rule: object({ name: keyword, ruleset: keyword, version: keyword }),
};

/** The fields of our own that a finding has. */
export const GRANSKA_PROPERTIES: Properties = {
  granska: object({
    record: object({ id: keyword }),
    stream: object({ id: keyword }),
    subject_kind: keyword,
    subject: object({ id: keyword }),
    client: object({ id: keyword }),
    confidence: keyword,
    population: keyword,
    department: keyword,
    category: keyword,
    class: keyword,
    statutes: keyword,
    verdict: keyword,
    exemptions: keyword,
    other_exemptions: keyword,
    referrer: keyword,
    facts: object({ document: boolean, tunnel: boolean, matched_by: keyword, agent: keyword }),
    versions: object({ lists: keyword, policy: keyword, directory: keyword }),
    revision: long,
    via: keyword,
    rule: object({ file: keyword, line: long }),
    sort: object({ domain: keyword, department: keyword }),
  }),
};

/** The fields of the indices that are no findings. */
export const FIXED_PROPERTIES: Readonly<Record<FixedIndex, Properties>> = {
  meta: { version: long },
  judgements: {
    finding: keyword,
    revision: long,
    versions: object({ lists: keyword, policy: keyword, directory: keyword }),
    verdict: keyword,
    exemptions: keyword,
    other_exemptions: keyword,
    reason: kept,
    by: keyword,
    at: millis,
  },
  // A key of any other length is refused, not passed over in silence.
  ledger: {
    kind: keyword,
    key: { type: 'keyword' },
    seq: long,
    at: millis,
    by: keyword,
    body: kept,
    nonce: kept,
  },
  usage: {
    stream: keyword,
    hour: millis,
    organization: keyword,
    department: keyword,
    records: long,
    bytes: long,
    denied: long,
    tunnels: long,
    named: long,
  },
  days: { stream: keyword, day: keyword, organization: keyword, kind: keyword, count: long },
  streams: {
    id: keyword,
    source: keyword,
    first_line: keyword,
    ordinal: long,
    position: long,
    format: keyword,
    ends_in_half_line: boolean,
    pin: object({
      end: long,
      versions: object({ lists: keyword, policy: keyword, directory: keyword }),
      clock: millis,
    }),
    holder: kept,
    nonce: kept,
  },
  marks: { stream: keyword, end: long, digest: binary },
  names: { epoch: long, body: binary },
  'name-ids': { envelope: keyword },
  rejects: {
    stream: keyword,
    code: keyword,
    count: long,
    first_offset: long,
    file: keyword,
    rejected: millis,
    written: long,
    place: long,
  },
  deadletters: {
    stream: keyword,
    what: keyword,
    reason: keyword,
    count: long,
    first_offset: long,
    file: keyword,
    refused: millis,
  },
  sealed: { body: binary },
  'sealed-dates': { name: keyword, written: millis },
  versions: { kind: keyword, hash: keyword, epoch: long, body: kept },
};

function object(properties: Properties): Property {
  return { properties };
}
