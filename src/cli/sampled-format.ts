// The format of one origin: the one that was asked for, or the one that its first lines look like.
import { type Detection, detect } from '../format/detect.ts';
import type { Format } from '../format/formats.ts';
import type { Chunk } from '../ports/source.ts';

/** Says which format an origin is read with; `detection` is null where the user named it. */
export interface ChosenFormat {
  format: Format;
  detection: Detection | null;
}

/** Chooses the format of an origin from its first chunk. */
export function chooseFormat(asked: Format | null, chunk: Chunk): ChosenFormat {
  if (asked !== null) return { format: asked, detection: null };
  const detection = detect(chunk.bytes, chunk.start, chunk.end);
  return { format: detection.format, detection };
}

/** Says in words what was chosen and how sure that is. */
export function describeChoice(chosen: ChosenFormat): string {
  const { format, detection } = chosen;
  if (detection === null) return `format ${format.name}, as asked for`;
  if (detection.lines === 0) return `format ${format.name}, not sure: no access line to go by`;
  const percent = Math.floor(detection.confidence * 100);
  const read = `${percent} % of the first ${detection.lines} lines fit`;
  return detection.sure ? `format ${format.name} (${read})` : `format ${format.name}, not sure: ${read}`;
}
