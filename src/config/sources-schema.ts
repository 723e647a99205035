// The `sources` section of `granska.yaml`: where `granska run` reads lines from, and the typed values with absolute paths.
// Invariant: no secret stands in the file; a key that would hold one does not exist.
// Example: `- { name: proxy, kind: kafka, brokers: [kafka:9092], topics: [squid], format: squid }`
import { resolve } from 'node:path';
import { z } from 'zod';
import { readInstant } from '../calendar/instant.ts';
import type { Zone } from '../calendar/zone.ts';
import type { FormatName } from '../format/formats.ts';
import type { FilesSourceConfig, KafkaSourceConfig, MessagePart, SourceConfig } from './config.ts';
import { listOf, path, text, word } from './fields.ts';

const name = word.describe('name of the source, part of the ids of all its lines: chosen once, and unique');

const files = z.strictObject({
  name,
  kind: z.literal('files').describe('log files that are followed, or topics of Kafka'),
  paths: listOf(path).describe('files; `*` in the last part of a path stands for any run of characters'),
  format: text.default('auto').describe('log format, or `auto`: each file’s own lines tell'),
});

const part = z.string().regex(/^(key|header:[^\p{Cc}]{1,200})$/u, {
  message: 'must be key, or header: with the name of a header',
});

/** Consumer group of a source that names none. */
export const DEFAULT_GROUP = 'granska';

const kafka = z.strictObject({
  name,
  kind: z.literal('kafka').describe('log files that are followed, or topics of Kafka'),
  brokers: listOf(
    z.string().regex(/^(\[[0-9a-f:.]+\]|[^\s:/@]{1,253}):\d{1,5}$/i, { message: 'must be host:port' }),
  ).describe('`host:port` of some of the brokers'),
  group: z
    .string()
    .regex(/^[^\s\p{Cc}]{1,200}$/u, { message: 'must not hold blanks' })
    .default(DEFAULT_GROUP)
    .describe('consumer group: the workers of one group share the partitions'),
  topics: listOf(
    z.string().regex(/^[a-zA-Z0-9._*-]{1,249}$/, { message: 'may hold letters, digits and . _ - * only' }),
  ).describe('topics; `*` in a name stands for any run of characters'),
  format: text
    .optional()
    .describe('log format of the lines; required unless `names.format` tells: it is never guessed here'),
  start: text
    .default('earliest')
    .describe('where a new partition is begun: `earliest`, `latest`, or a time such as 2026-10-05T14:30'),
  tls: z
    .strictObject({
      caFile: path
        .optional()
        .describe('PEM file of the authority that signed the brokers; those of the system unless set'),
      certFile: path.optional().describe('PEM file of the own certificate, where the brokers ask for one'),
      keyFile: path.optional().describe('PEM file of its private key'),
    })
    .optional()
    .describe('where it stands, TLS is on; `{}` is enough'),
  sasl: z
    .strictObject({
      mechanism: z
        .enum(['plain', 'scram-sha-256', 'scram-sha-512'])
        .describe('how the user is shown to be one'),
      username: text.describe('user of the brokers'),
      passwordFile: path.describe('file that holds the password of that user, and nothing else'),
    })
    .optional()
    .describe('who the worker is to the brokers'),
  names: z
    .strictObject({
      tenant: part.optional().describe('where the organization stands; `organization` unless set'),
      format: part.optional().describe('where the log format stands'),
      proxy: part.optional().describe('where the name of the proxy stands'),
    })
    .prefault({})
    .describe('parts of a message that say whose its lines are: `key`, or `header:NAME`'),
  sessionSeconds: z
    .int()
    .min(6)
    .max(300)
    .default(30)
    .describe('how long a worker may be silent before others take its partitions over'),
});

/** The schema of the `sources` section. */
export const sourcesSchema = z.array(z.discriminatedUnion('kind', [files, kafka])).max(1000);

/** Makes the typed sources of a valid section; paths start from the file's folder. */
export function toSources(
  sources: z.output<typeof sourcesSchema>,
  { root, zone }: { root: string; zone: Zone },
): SourceConfig[] {
  return sources.map(source => {
    switch (source.kind) {
      case 'files':
        return toFiles(source, root);
      case 'kafka':
        return toKafka(source, { root, zone });
      default:
        return source satisfies never;
    }
  });
}

function toFiles(source: z.output<typeof files>, root: string): FilesSourceConfig {
  return {
    kind: 'files',
    name: source.name,
    paths: source.paths.map(one => resolve(root, one)),
    format: source.format === 'auto' ? null : (source.format as FormatName),
  };
}

function toKafka(
  source: z.output<typeof kafka>,
  { root, zone }: { root: string; zone: Zone },
): KafkaSourceConfig {
  const { tls, sasl, start, names } = source;
  const at = (one: string | undefined) => (one === undefined ? null : resolve(root, one));
  return {
    kind: 'kafka',
    name: source.name,
    brokers: source.brokers,
    group: source.group,
    topics: source.topics,
    format: (source.format ?? null) as FormatName | null,
    start: start === 'earliest' || start === 'latest' ? start : { atMs: readInstant(start, zone) },
    tls:
      tls === undefined
        ? null
        : { caFile: at(tls.caFile), certFile: at(tls.certFile), keyFile: at(tls.keyFile) },
    sasl: sasl === undefined ? null : { ...sasl, passwordFile: resolve(root, sasl.passwordFile) },
    names: {
      ...(names.tenant === undefined ? {} : { tenant: names.tenant as MessagePart }),
      ...(names.format === undefined ? {} : { format: names.format as MessagePart }),
      ...(names.proxy === undefined ? {} : { proxy: names.proxy as MessagePart }),
    },
    sessionMs: source.sessionSeconds * 1000,
  };
}
