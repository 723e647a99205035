// Which events and fields there are, under which ECS name each is written, and which values may stand there.
// In: fields as a caller gave them. Out: what may be written, and the number of what was withheld.
// Invariant: a key that is not in the table is not written, nor is a value without its shape; nothing throws, since a
// line of the log must never stop the work. Example: `{ stream: 'ab12…64 digits' }` → `{ 'granska.stream.id': 'ab12…12 digits' }`.
import { ERRORS } from '../../errors.ts';
import { FORMATS } from '../../format/formats.ts';
import type { LogEvent, LogFields } from '../../ports/telemetry.ts';

/** Says what each event means, to a person. */
export const SENTENCES: Readonly<Record<LogEvent, string>> = {
  started: 'started',
  ready: 'the sources are joined and the store answers',
  'policy-on-trial': 'the policy is on trial: nothing that it finds can be held against anybody',
  stopping: 'stopping: what was read is being stored',
  stopped: 'stopped; all that was read is stored',
  failed: 'stopped by an error',
  listening: 'health and metrics can be asked for',
  'configuration-reloaded': 'the configuration has changed: judging by the new one',
  'configuration-refused':
    'the configuration has changed and has mistakes: judging by the old one; see granska check',
  'format-detected': 'the format of a stream is known',
  'parse-rate-low': 'too many lines cannot be read: the proxy may write another format; see granska rejects',
  'parse-rate-restored': 'enough lines can be read again',
  'partitions-assigned': 'the group has shared out its partitions',
  'partition-assigned': 'a partition is this worker’s',
  'group-rebalancing': 'the group shares out its partitions anew',
  'source-reconnecting': 'the connection to Kafka is lost; connecting again',
  'messages-lost': 'Kafka deleted messages before they were read',
  'commit-failed': 'Kafka did not take note of what is stored; nothing is lost, the store knows',
  'topics-missing': 'no topic has a name that is asked for; waiting for one',
  'kafka-client': 'the Kafka client met a fault and goes on',
  'file-found': 'a new file is read',
  'file-missing': 'no file has a name that is asked for; waiting for one',
  'file-rotated': 'a file was rotated: it is read to its end under its new name',
  'file-shrunk': 'a file was cut off and is read from its beginning',
  'file-replaced': 'a file holds other lines than were read of it and is read from its beginning',
  'file-gone': 'a file has no name any more that is followed',
  'file-unreadable': 'a file cannot be read; trying again',
  'file-unfinished': 'a packed file ends too early and was read up to there; it is read on when it grows',
  'file-damaged': 'a file is damaged and was read up to there',
  'window-written': 'stored',
  'store-waiting': 'the store is busy or away: reading stands still until it takes what was read',
  'store-retrying': 'the store is asked again',
  'store-answers': 'the store answers again',
  'documents-refused': 'the store refused documents for good; they lie sealed with the dead letters',
  'directory-old': 'the last delivery of the directory is old: who is who may have changed; import a new one',
  'plan-begun': 'a plan is due and carried out',
  'plan-done': 'a plan was carried out for its period',
  'plan-failed': 'a plan could not be carried out; it is tried again, see granska schedule status',
  'plan-left': 'a plan was left unfinished; whoever looks next goes on with it',
  'schedule-troubled': 'plans cannot be looked at; trying again within the hour',
  fenced: 'another worker has taken a stream over; this one writes nothing more of it',
};

/** Gives the sentence of an event; null for a word that is none. */
export function sentenceOf(event: string): string | null {
  return Object.hasOwn(SENTENCES, event) ? SENTENCES[event as LogEvent] : null;
}

/** What may be written of some fields. */
export interface Fitted {
  fields: Record<string, string | number>;
  withheld: number;
}

/** Picks what may be written, under its ECS name. */
export function fitFields(given: LogFields): Fitted {
  const fitted: Fitted = { fields: {}, withheld: 0 };
  for (const [key, value] of Object.entries(given) as [string, unknown][]) {
    if (value === null || value === undefined) continue;
    const field = Object.hasOwn(FIELDS, key) ? FIELDS[key as keyof LogFields] : null;
    const written = field?.write(value) ?? null;
    if (field === null || written === null) fitted.withheld++;
    else fitted.fields[field.name] = written;
  }
  return fitted;
}

/** Tells whether a text is a program's word for a cause: of Kafka, Elasticsearch, the system, or one of ours. */
export function isReason(text: string): boolean {
  return text.length <= 64 && (REASONS.has(text) || REASON_SHAPE.test(text));
}

/** Tells whether a text can be the name of a Kafka topic. */
export function isTopic(text: string): boolean {
  return /^[A-Za-z0-9._-]{1,249}$/.test(text);
}

interface Field {
  name: string;
  /** Null where the value may not be written. */
  write(value: unknown): string | number | null;
}

const NANOSECONDS_PER_MS = 1_000_000;
const HASH_DIGITS = 12;

/** Causes in our own words. */
const REASONS: ReadonlySet<string> = new Set([
  'busy',
  'unanswered',
  'coordinator',
  'connection',
  'timeout',
  'rebalancing',
  'crash',
  'UNKNOWN',
  'unreachable',
  'no_reason_given',
  'missing',
  'unreadable',
  'damaged',
  'disagrees',
  'packed-otherwise',
  'no-regular-file',
  'other',
]);

// A class of kafkajs, a code of Kafka or the system, a signal, a type of Elasticsearch. No sentence, no dot, no @.
const REASON_SHAPE =
  /^(?:KafkaJS[A-Za-z]+|E[A-Z0-9]{3,}|SIG[A-Z]+|[A-Z]+(?:_[A-Z]+)+|[a-z]+(?:_[a-z]+)*_exception)$/;

const FORMAT_NAMES: ReadonlySet<string> = new Set(FORMATS.map(format => format.name));

/** Of our own errors, of the system, the system's as a whole, or the class of a mistake of the program. */
function isCode(value: string): boolean {
  return (
    Object.hasOwn(ERRORS, value) ||
    value === 'SYSTEM' ||
    /^(?:E[A-Z0-9]{3,20}|[A-Z][A-Za-z]{1,40}Error)$/.test(value)
  );
}

const FIELDS: Readonly<Record<keyof LogFields, Field>> = {
  source: text('granska.source', isWord),
  plan: text('granska.plan', isWord),
  period: text('granska.period', value => /^\d{4}-(?:\d{2}(?:-\d{2})?|W\d{2}|Q\d)$/.test(value)),
  topic: text('granska.stream.topic', isTopic),
  partition: number('granska.stream.partition'),
  stream: hash('granska.stream.id'),
  // A log's own words cannot look like this: an address has a scheme before its slashes, a name has no slash.
  file: text('log.file.path', value => /^(?:[A-Za-z]:)?(?:[/\\][^/\\\p{Cc}?#@]{1,255}){1,64}$/u.test(value)),
  format: text('granska.format', value => FORMAT_NAMES.has(value)),
  code: text('error.code', isCode),
  reason: text('granska.reason', isReason),
  lists: hash('granska.versions.lists'),
  policy: hash('granska.versions.policy'),
  directory: hash('granska.versions.directory'),
  port: number('server.port'),
  partitions: number('granska.partitions'),
  fromOffset: number('granska.from_offset'),
  toOffset: number('granska.to_offset'),
  messages: number('granska.messages'),
  lines: number('granska.lines'),
  records: number('granska.records'),
  rejected: number('granska.rejected'),
  findings: number('granska.findings'),
  known: number('granska.known'),
  bytes: number('granska.bytes'),
  documents: number('granska.documents'),
  files: number('granska.files'),
  days: number('granska.days'),
  tryNo: number('granska.try'),
  waitMs: number('granska.wait_ms'),
  durationMs: {
    name: 'event.duration',
    write: value => (isNumber(value) ? Math.round(value * NANOSECONDS_PER_MS) : null),
  },
  rate: number('granska.rate'),
};

/** A name that the configuration gives to a source or a plan. */
function isWord(value: string): boolean {
  return /^[\p{L}\p{N}][\p{L}\p{N}._-]{0,99}$/u.test(value);
}

function number(name: string): Field {
  return { name, write: value => (isNumber(value) ? value : null) };
}

function text(name: string, fits: (value: string) => boolean): Field {
  return { name, write: value => (typeof value === 'string' && fits(value) ? value : null) };
}

function hash(name: string): Field {
  return {
    name,
    write: value =>
      typeof value === 'string' && /^[0-9a-f]{12,128}$/.test(value) ? value.slice(0, HASH_DIGITS) : null,
  };
}

function isNumber(value: unknown): value is number {
  return Number.isFinite(value);
}
