// All that a store holds under a prefix, read from the server itself, in a form in which two can be compared document by
// document: what only says when or by whom something was written is left out.
import { send } from '../send.ts';
import { createPlaces } from './places.ts';

export interface Content {
  /** Documents by index (without the prefix) and place, as text; findings by their class and month as well. */
  documents: Map<string, string>;
  /** Rejected lines by stream and code: rows and sealed texts are one for each window. */
  rejects: Map<string, number>;
  /** Where each stream stands, by its id. */
  positions: Map<string, number>;
  /** What judged each finding, and where it was read; by its id. */
  judged: Map<string, { stream: string; offset: number; versions: string }>;
  findings: number;
  /** Sums over the days' counts, by kind. */
  days: Record<string, number>;
  records: number;
  /** What is missing of what others name: sealed texts, kept versions. */
  missing: string[];
  /** Documents whose ids do not stand for their places. */
  misnamed: readonly string[];
  /** What may not be there at the end: open windows, dead letters. */
  leftOver: string[];
}

/** What judged, as documents name it. */
export interface Versions {
  lists?: string;
  policy?: string;
  directory?: string;
}

// biome-ignore lint/suspicious/noExplicitAny: whatever the server says
type Source = any;

interface Hit {
  _index: string;
  _id: string;
  _source: Source;
}

const MAX_HITS = 10_000;

/** Reads a store. */
export async function readContent(url: string, prefix: string): Promise<Content> {
  await send(url, { method: 'POST', path: `/${prefix}-*/_refresh` });
  const all = async (index: string): Promise<Hit[]> => {
    const path = `/${prefix}-${index}/_search?size=${MAX_HITS}&allow_no_indices=true`;
    const { status, body } = await send(url, { method: 'GET', path });
    if (status !== 200) throw new Error(`${index} cannot be read: ${status}`);
    if (body.hits.hits.length === MAX_HITS) throw new Error(`${index} holds more than can be compared`);
    return body.hits.hits;
  };
  const [findings, sealed, kept] = [await all('findings-*'), await all('sealed'), await all('versions')];
  const [rejects, streams, days, usage] = [
    await all('rejects'),
    await all('streams'),
    await all('days'),
    await all('usage'),
  ];
  const deadLetters = await all('deadletters');
  const places = createPlaces(streams);
  const documents = new Map<string, string>();
  const note = ({ _index }: Hit, { _id, _source }: Pick<Hit, '_id' | '_source'>) => {
    const key = `${_index.slice(prefix.length + 1)}/${_id}`;
    if (documents.has(key)) throw new Error(`two documents are ${key}`);
    documents.set(key, JSON.stringify(_source));
  };
  for (const hit of findings) {
    note(hit, places.finding({ ...hit, _source: withoutWriting(hit._source) }));
  }
  for (const hit of [...usage, ...days]) note(hit, places.cell(hit));
  // Who has a sealed name; the envelopes themselves are sealed anew by each worker.
  for (const hit of await all('name-ids')) note(hit, { ...hit, _source: {} });
  return {
    documents,
    rejects: sumOf(rejects, ({ stream, code, count }) => [`${places.of(stream)} ${code}`, count]),
    positions: new Map(streams.map(({ _id, _source }) => [_id, _source.position])),
    judged: new Map(findings.map(hit => [hit._id, judgedOf(hit._source)])),
    findings: findings.length,
    days: Object.fromEntries(sumOf(days, ({ kind, count }) => [kind, count])),
    records: usage.reduce((sum, { _source }) => sum + _source.records, 0),
    misnamed: places.misnamed,
    missing: [...unsealed(rejects, sealed), ...unkept(findings, kept)],
    leftOver: [
      ...streams.flatMap(({ _id, _source }) => (_source.pin === undefined ? [] : [`open window of ${_id}`])),
      ...deadLetters.map(({ _source }) => `dead letters: ${_source.what}, ${_source.reason}`),
    ],
  };
}

/** Compares two stores; says in sentences where they differ. */
export function differences(found: Content, wanted: Content): string[] {
  return [
    ...mapDifferences(found.documents, wanted.documents),
    ...mapDifferences(found.rejects, wanted.rejects),
  ];
}

/** Leaves out which versions judged, to compare what changes of no weight came to. */
export function withoutVersions(content: Content): Content {
  const documents = new Map<string, string>();
  for (const [id, text] of content.documents) {
    const source = JSON.parse(text);
    if (source.granska !== undefined) source.granska.versions = {};
    documents.set(id, JSON.stringify(source));
  }
  return { ...content, documents };
}

/** Writes versions so that equal ones are equal texts. */
export function versionsText({ lists, policy, directory }: Versions): string {
  return [lists, policy, directory].map(hash => hash?.slice(0, 12) ?? 'none').join(' ');
}

function mapDifferences(found: ReadonlyMap<string, unknown>, wanted: ReadonlyMap<string, unknown>): string[] {
  const said: string[] = [];
  for (const [id, value] of wanted) {
    if (!found.has(id)) said.push(`missing: ${id} ${value}`);
    else if (found.get(id) !== value) said.push(`other: ${id} ${found.get(id)} and not ${value}`);
  }
  for (const [id, value] of found) if (!wanted.has(id)) said.push(`too much: ${id} ${value}`);
  return said;
}

function withoutWriting(source: Source): Source {
  const { ingested, ...event } = source.event;
  if (Number.isNaN(Date.parse(ingested))) throw new Error('a finding does not say when it was written');
  return { ...source, event };
}

function judgedOf({ granska, log }: Source): { stream: string; offset: number; versions: string } {
  return {
    stream: granska.stream.id,
    offset: log.offset,
    versions: versionsText(granska.versions as Versions),
  };
}

function sumOf(hits: readonly Hit[], of: (source: Source) => [string, number]): Map<string, number> {
  const sums = new Map<string, number>();
  for (const { _source } of hits) {
    const [key, count] = of(_source);
    sums.set(key, (sums.get(key) ?? 0) + count);
  }
  return sums;
}

function unsealed(rejects: readonly Hit[], sealed: readonly Hit[]): string[] {
  const there = new Set(sealed.map(({ _id }) => _id));
  const named = rejects.flatMap(({ _source }) =>
    _source.file === undefined ? [] : [_source.file as string],
  );
  return named.filter(file => !there.has(file)).map(file => `sealed text ${file}`);
}

/** §5.7: whoever asks later why a finding was judged so must find policy and directory of its version. */
function unkept(findings: readonly Hit[], kept: readonly Hit[]): string[] {
  const there = new Set(kept.map(({ _source }) => _source.hash));
  const named = new Set<string>();
  for (const { _source } of findings) {
    const { policy, directory } = _source.granska.versions;
    for (const hash of [policy, directory]) named.add(hash);
  }
  return [...named].filter(hash => !there.has(hash)).map(hash => `kept version ${hash}`);
}
