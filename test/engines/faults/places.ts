// Ids follow from streams, and the id of a stream from that of its topic, which is another one in each run: runs are compared by
// the places that ids stand for. In: documents; out: the same with a place for each id. Invariant: each id is checked to be
// the one of its place, so what is equal by places is equal by ids.
// Example: finding 3f… of stream 9a… at 8192 in `gambling` → `kommun proxy-log-2 8192 gambling`.
import { createHash } from 'node:crypto';
import { hashOf } from '../../../src/adapters/store/elasticsearch/hash-of.ts';
import { createIds } from '../../../src/finding/identity.ts';

// biome-ignore lint/suspicious/noExplicitAny: whatever the server says
type Source = any;

interface Identified {
  _id: string;
  _source: Source;
}

export interface Places {
  /** Gives the topic and partition of a stream. */
  of(stream: string): string;
  finding(found: Identified): Identified;
  /** A sum of counts: of an hour, or of a day. */
  cell(found: Identified): Identified;
  /** Ids that do not stand for their places. */
  readonly misnamed: readonly string[];
}

const ids = createIds(text => createHash('sha256').update(text, 'utf8').digest());

/** Makes the places of a store's streams. */
export function createPlaces(streams: readonly Identified[]): Places {
  const sources = new Map<string, string>(streams.map(({ _id, _source }) => [_id, _source.source]));
  const misnamed: string[] = [];

  function of(stream: string): string {
    const source = sources.get(stream);
    if (source === undefined) throw new Error(`no stream has the id ${stream}`);
    return source;
  }

  return {
    of,
    misnamed,
    finding({ _id, _source }) {
      const { event, granska, log, organization } = _source;
      const { category, record, stream } = granska;
      const tenant = organization.name;
      const own = ids.finding(tenant, stream.id, { offset: log.offset, category });
      const ofRecord = ids.record(tenant, stream.id, log.offset);
      if (_id !== own || event.id !== own || record.id !== ofRecord) misnamed.push(`finding ${_id}`);
      const [place, none] = [of(stream.id), ''];
      return {
        _id: `${tenant} ${place} ${log.offset} ${category}`,
        _source: {
          ..._source,
          event: { ...event, id: none },
          granska: { ...granska, record: { id: none }, stream: { id: place } },
        },
      };
    },
    cell({ _id, _source }) {
      const { stream, organization, hour, department, day, kind } = _source;
      const what = day === undefined ? [organization, hour, department] : [organization, day, kind];
      if (_id !== hashOf(stream, ...what)) misnamed.push(`cell ${_id}`);
      const place = of(stream);
      return { _id: [place, ...what].join(' '), _source: { ..._source, stream: place } };
    },
  };
}
