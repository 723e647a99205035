// Message key or header → whom the lines come from. What is missing, too long or no text is null, and the
// configuration decides.
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
    proxy: readPart(message, proxy),
  });
}

const MAX_NAME_BYTES = 256;
const UTF8 = new TextDecoder('utf-8', { fatal: true });

function readPart(message: Message, part: MessagePart | undefined): string | null {
  if (part === undefined) return null;
  const bytes = part === 'key' ? message.key : readHeader(message, part.slice('header:'.length));
  if (bytes === null || bytes.length === 0 || bytes.length > MAX_NAME_BYTES) return null;
  try {
    return UTF8.decode(bytes);
  } catch {
    return null;
  }
}

/** Gives a header's last value. kafkajs gathers equal names in an array, and takes inherited ones for values. */
function readHeader({ headers }: Message, name: string): Uint8Array | null {
  if (headers === undefined || !Object.hasOwn(headers, name)) return null;
  const value = headers[name];
  const last: unknown = Array.isArray(value) ? value.at(-1) : value;
  return last instanceof Uint8Array ? last : null;
}
