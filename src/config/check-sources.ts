// check-sources: what the schema of the `sources` section cannot see: names that are taken, formats that are none, keys
// that need each other, and the files that are named.
// In: the file as written, whether or not the rest of it is valid; out: problems at the place of each mistake.
import { readInstant } from '../calendar/instant.ts';
import type { Zone } from '../calendar/zone.ts';
import { suggest } from '../words/nearest.ts';
import { checkNamedFile, checkSecretFile } from './check-files.ts';
import { DEFAULT_GROUP } from './sources-schema.ts';
import { mapOf, type Path, type YamlFile } from './yaml-file.ts';

export interface SourcesContext {
  root: string;
  zone: Zone;
  /** Names of the log formats that there are. */
  formats: readonly string[];
}

/** Checks the `sources` section, and reports what is wrong in it. */
export function checkSources(file: YamlFile, context: SourcesContext): void {
  const { sources } = mapOf(file.data);
  if (!Array.isArray(sources)) return;
  const seen = new Set<unknown>();
  const seats = new Set<string>();
  for (const [index, item] of (sources as unknown[]).entries()) {
    const source = mapOf(item);
    const path = ['sources', index];
    if (typeof source.name === 'string' && seen.has(source.name)) {
      file.report([...path, 'name'], 'another source has this name', {
        hint: 'the name is part of the ids of its lines: two sources would be taken for one',
      });
    }
    seen.add(source.name);
    if (source.kind === 'files') checkFiles(file, path, { source, formats: context.formats });
    if (source.kind !== 'kafka') continue;
    checkKafka(file, path, { source, context });
    checkSeat(file, path, { source, seats });
  }
}

/** A group shares out the topics of one of its members: those of another source would be read by nobody. */
function checkSeat(file: YamlFile, path: Path, { source, seats }: { source: Raw; seats: Set<string> }): void {
  if (!Array.isArray(source.brokers)) return;
  const group = source.group ?? DEFAULT_GROUP;
  const own = source.brokers.map(broker => JSON.stringify([broker, group]));
  if (own.some(seat => seats.has(seat))) {
    file.report([...path, 'group'], 'another source has this group', {
      hint: 'give each source of one Kafka a group of its own: some topics would be read by nobody',
    });
  }
  for (const seat of own) seats.add(seat);
}

type Raw = Readonly<Record<string, unknown>>;

function checkFiles(
  file: YamlFile,
  path: Path,
  { source, formats }: { source: Raw; formats: readonly string[] },
): void {
  checkFormat(file, [...path, 'format'], { format: source.format, known: ['auto', ...formats] });
  if (!Array.isArray(source.paths)) return;
  for (const [index, one] of (source.paths as unknown[]).entries()) {
    if (typeof one !== 'string' || !/\*.*[\\/]/.test(one)) continue;
    file.report([...path, 'paths', index], 'has a * in a folder', {
      hint: 'a * may stand in the last part of a path only: name each folder by itself',
    });
  }
}

function checkKafka(
  file: YamlFile,
  path: Path,
  { source, context }: { source: Raw; context: SourcesContext },
): void {
  const { format, start } = source;
  if (format === 'auto') {
    file.report([...path, 'format'], 'cannot be auto here', {
      hint: 'messages have no first lines to go by: name the format, or names.format',
    });
  } else checkFormat(file, [...path, 'format'], { format, known: context.formats });
  if (format === undefined && mapOf(source.names).format === undefined) {
    file.report([...path, 'format'], 'is missing', { hint: `log format: ${context.formats.join(', ')}` });
  }
  const isWord = start === 'earliest' || start === 'latest';
  if (typeof start === 'string' && !isWord && Number.isNaN(readInstant(start, context.zone))) {
    file.report([...path, 'start'], 'is no time of the configured time zone', {
      hint: 'write earliest, latest, or a time such as 2026-10-05T14:30',
    });
  }
  checkSecurity(file, path, { source, root: context.root });
}

/** Files are named only here, and read when the source is opened: another machine may have them. */
function checkSecurity(file: YamlFile, path: Path, { source, root }: { source: Raw; root: string }): void {
  const tls = mapOf(source.tls);
  if ((tls.certFile === undefined) !== (tls.keyFile === undefined)) {
    const missing = tls.certFile === undefined ? 'certFile' : 'keyFile';
    file.report([...path, 'tls', missing], 'is missing', { hint: 'a certificate and its key go together' });
  }
  if (mapOf(source.sasl).mechanism === 'plain' && source.tls === undefined) {
    file.report([...path, 'sasl', 'mechanism'], 'goes without TLS: the password can be read on the way', {
      hint: 'add tls: {}, or use scram-sha-512',
      severity: 'warning',
    });
  }
  checkSecretFile(file, [...path, 'sasl', 'passwordFile'], root);
  checkSecretFile(file, [...path, 'tls', 'keyFile'], root);
  for (const key of ['caFile', 'certFile']) checkNamedFile(file, [...path, 'tls', key], root);
}

function checkFormat(
  file: YamlFile,
  path: Path,
  { format, known }: { format: unknown; known: readonly string[] },
): void {
  if (typeof format !== 'string' || known.includes(format)) return;
  file.report(path, 'there is no such log format', { hint: suggest(format, known) });
}
