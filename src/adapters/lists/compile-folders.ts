// Folders of lists become an image, in memory and, where asked, in a file.
import { createHash } from 'node:crypto';
import { createCompiler } from '../../category/compile.ts';
import { type Image, openImage, VERIFIED } from '../../category/image.ts';
import { parseTarget } from '../../url/parse-target.ts';
import { isPublicSuffix } from '../../url/site.ts';
import { findLists, readPieces } from './folder.ts';
import { writeImageFile } from './image-file.ts';

/** How much of a file is in memory at a time. */
const PIECE_BYTES = 1 << 20;

/**
 * Compiles the lists under some paths (see folder.ts) and writes the image to `out` where one is given. The image says
 * what was cleaned and refused. Throws GranskaError LISTS where there is no list or two have one name.
 */
export function compileFolders(paths: readonly string[], options: { out?: string } = {}): Image {
  const lists = findLists(paths);
  const hintBytes = lists.flatMap(({ files }) => files).reduce((sum, { bytes }) => sum + bytes, 0);
  const compiler = createCompiler({
    parseTarget,
    isPublicSuffix,
    createHash: () => createHash('sha256'),
    hintBytes,
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
