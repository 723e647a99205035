// The image of the configured list folders: compiled when the lists have changed, else loaded in one read.
// Images are kept by their content hash, since findings name the version that judged them (§5.7).
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Image } from '../../category/image.ts';
import { GranskaError } from '../../errors.ts';
import { compileFolders } from './compile-folders.ts';
import { findLists } from './folder.ts';
import { loadImageFile, replaceWhole, writeImageFile } from './image-file.ts';
import { overridesText } from './override-files.ts';

export interface CachedImageOptions {
  listDirs: readonly string[];
  /** Folder of the installation's own overrides; null where there is none. */
  overridesDir?: string | null;
  dataDir: string;
  /** `keep` writes what had to be compiled into the data folder; `look` writes nothing. */
  mode: 'keep' | 'look';
}

/** Opens the image of the list folders. */
export function openCachedImage(options: CachedImageOptions): Image {
  const folder = join(options.dataDir, 'lists');
  const pointer = join(folder, `${fingerprint(options)}.version`);
  const kept = readPointer(pointer);
  if (kept !== null && existsSync(imagePath(folder, kept))) return loadImageFile(imagePath(folder, kept));
  const image = compileFolders(options.listDirs, { overridesDir: options.overridesDir ?? null });
  if (options.mode === 'look') return image;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = imagePath(folder, image.version);
  if (!existsSync(path)) writeImageFile(path, image.bytes);
  replaceWhole(pointer, Buffer.from(`${image.version}\n`));
  return image;
}

/** Opens the image of one version from the data folder; null where it is not there. Throws DAMAGED where it is another. */
export function openImageVersion({ dataDir, hash }: { dataDir: string; hash: string }): Image | null {
  // The hash may come from a store: nothing but a hash may name a file.
  if (!/^[0-9a-f]{64}$/.test(hash)) return null;
  const path = imagePath(join(dataDir, 'lists'), hash);
  if (!existsSync(path)) return null;
  const image = loadImageFile(path);
  if (image.version === hash) return image;
  throw new GranskaError('DAMAGED', `The list image ${path} holds another version than its name says.`, {
    hint: 'Delete it; it is made anew where its lists are configured.',
  });
}

/** Keeps an image in the data folder under its version, so that what it judged can be recomputed. */
export function keepImage(image: Image, dataDir: string): void {
  const folder = join(dataDir, 'lists');
  const path = imagePath(folder, image.version);
  if (existsSync(path)) return;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeImageFile(path, image.bytes);
}

function imagePath(folder: string, version: string): string {
  return join(folder, `${version}.image`);
}

function readPointer(path: string): string | null {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return null;
  }
}

/** Tells list files apart by name, size and time of change, so that an unchanged folder is not read again. */
function fingerprint({ listDirs, overridesDir }: CachedImageOptions): string {
  const hash = createHash('sha256');
  for (const list of findLists(listDirs)) {
    hash.update(`${list.name}\u0000${JSON.stringify(list.about)}\u0000`);
    for (const file of list.files) {
      const { size, mtimeMs, ino } = statSync(file.path);
      hash.update(`${file.name}\u0000${size}\u0000${mtimeMs}\u0000${ino}\u0000`);
    }
  }
  // By content: they are small, and a correction must not wait for a clock.
  if (overridesDir !== null && overridesDir !== undefined) hash.update(overridesText(overridesDir));
  return hash.digest('hex').slice(0, 32);
}
