// Message key or header → whom the lines come from. What is missing is null, and the configuration decides. What is there
// and cannot be read (empty, too long, no UTF-8) stands for nobody: its lines belong to somebody whom it does not say, and
// are never put under the organization, or read by the format, that is configured for the others.
// Example: tenant `göteborg` in Latin-1 → a name that nobody has, and so rejects `tenant-unknown`.
import type { LineOrigin } from '../../../ports/source.ts';
import type { Message } from './chunk-writer.ts';
import type { KafkaSourceOptions, MessagePart } from './options.ts';

/** Makes a function that reads the origin of a message; null where nothing is to be read. */
export function originReader(
  names: NonNullable<KafkaSourceOptions['names']> | undefined,
): ((message: Message) => LineOrigin) | null {
  if (names === undefined || Object.keys(names).length === 0) return null;
  const { tenant, format, proxy } = names;
  return message => ({
    tenant: readPart(message, tenant),
    format: readPart(message, format),
    proxy: nameOf(readPart(message, proxy)),
  });
}

/** A name that no organization and no format can have: the configuration takes no control characters. */
export const NOBODY = '\0';
const MAX_NAME_BYTES = 256;
const UTF8 = new TextDecoder('utf-8', { fatal: true });

function readPart(message: Message, part: MessagePart | undefined): string | null {
  if (part === undefined) return null;
  const bytes = part === 'key' ? message.key : readHeader(message, part.slice('header:'.length));
  if (bytes === null) return null;
  if (bytes.length === 0 || bytes.length > MAX_NAME_BYTES) return NOBODY;
  try {
    return UTF8.decode(bytes);
  } catch {
    return NOBODY;
  }
}

/** A proxy is only told with a finding: one that cannot be read is as good as none. */
function nameOf(proxy: string | null): string | null {
  return proxy === NOBODY ? null : proxy;
}

/** Gives a header's last value. kafkajs gathers equal names in an array, and takes inherited ones for values. */
function readHeader({ headers }: Message, name: string): Uint8Array | null {
  if (headers === undefined || !Object.hasOwn(headers, name)) return null;
  const value = headers[name];
  const last: unknown = Array.isArray(value) ? value.at(-1) : value;
  return last instanceof Uint8Array ? last : NOTHING;
}

/** The header is there, without a value. */
const NOTHING = new Uint8Array(0);
