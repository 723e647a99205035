// Where sealed texts lie: of rejected lines and of documents that a store refused (§6.4). They come sealed for a key that
// no worker has; whoever reads them here still needs it.
import type { RejectCode } from '../model/record.ts';
import type { LineOrigin } from './source.ts';

/** A rejected line, as it lies sealed: one line of NDJSON each, its text as text or in base64. */
export interface RejectedText {
  stream: string;
  offset: number;
  code: RejectCode;
  /** Null where a protected site stood in it: such a line is counted, and not sealed. */
  text: Uint8Array | null;
  /** File that it was read from; absent where there was none. */
  path?: string;
  /** Format that it was read by; absent where none was asked. */
  format?: string;
  /** What the stream said of it; absent where it said nothing. */
  origin?: LineOrigin;
}

export interface SealedTexts {
  /** The place as a person would name it: a folder, an index. */
  readonly place: string;
  /** Keeps a sealed text under a name; the same name again is the same text of a repeat, and may replace it. */
  write(name: string, sealed: Uint8Array): Promise<void>;
  read(name: string): Promise<Uint8Array | null>;
  remove(names: readonly string[]): Promise<void>;
  /** Names of all that was written before an instant. */
  olderThan(beforeMs: number): Promise<string[]>;
}
