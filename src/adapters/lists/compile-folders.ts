// Folders of lists become an image, in memory and, where asked, in a file.
import { createHash } from 'node:crypto';
import { createCompiler } from '../../category/compile.ts';
import { type Image, openImage, VERIFIED } from '../../category/image.ts';
import { parseTarget } from '../../url/parse-target.ts';
import { isPublicSuffix } from '../../url/site.ts';
import { findLists, readPieces } from './folder.ts';
import { writeImageFile } from './image-file.ts';
import { loadOverrides } from './override-files.ts';

/** How much of a file is in memory at a time. */
const PIECE_BYTES = 1 << 20;

export interface CompileOptions {
  /** Where the image is written to. */
  out?: string;
  /** Folder of the installation's own overrides (see override-files.ts). */
  overridesDir?: string | null;
}

/**
 * Compiles the lists under some paths (see folder.ts), with overrides where there are any, and writes the image to `out`
 * where one is given. The image says what was cleaned and refused. Throws GranskaError LISTS where there is no list, two
 * have one name, or an override cannot be used.
 */
export function compileFolders(paths: readonly string[], options: CompileOptions = {}): Image {
  const lists = findLists(paths);
  const hintBytes = lists.flatMap(({ files }) => files).reduce((sum, { bytes }) => sum + bytes, 0);
  const entryRules = { parseTarget, isPublicSuffix };
  const names = lists.map(({ name }) => name);
  const { overridesDir = null } = options;
  const overrides = overridesDir === null ? null : loadOverrides(overridesDir, names, entryRules);
  const compiler = createCompiler({
    ...entryRules,
    createHash: () => createHash('sha256'),
    hintBytes,
    ...(overrides === null ? {} : { overrides }),
  });
  const buffer = new Uint8Array(PIECE_BYTES);
  for (const list of lists) {
    compiler.beginList(list.name, list.about);
    for (const file of list.files) {
      compiler.beginFile(file.name, file.kind);
      readPieces(file.path, buffer, bytes => compiler.add(buffer, 0, bytes));
      compiler.endFile();
    }
  }
  const image = openImage(compiler.finish(), VERIFIED);
  if (options.out !== undefined) writeImageFile(options.out, image.bytes);
  return image;
}
