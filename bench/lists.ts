// Compiles lists to an image, or loads one, in a process of its own, so that time and memory are its alone.
// node bench/lists.ts compile LISTS IMAGE | load IMAGE      prints one JSON line
import { compileFolders } from '../src/adapters/lists/compile-folders.ts';
import { loadImageFile } from '../src/adapters/lists/image-file.ts';
import { createMatcher } from '../src/category/matcher.ts';
import { createHostFilter } from '../src/pipeline/fast/host-filter.ts';

export interface CompileResult {
  entries: number;
  imageBytes: number;
  seconds: number;
  peakBytes: number;
}

export interface LoadResult {
  loadSeconds: number;
  filterSeconds: number;
  scanFilterSeconds: number;
}

function compile(folder: string, out: string): CompileResult {
  const begun = performance.now();
  const image = compileFolders([folder], { out });
  return {
    entries: image.entries,
    imageBytes: image.bytes.length,
    seconds: secondsSince(begun),
    peakBytes: process.resourceUsage().maxRSS * 1024,
  };
}

function load(path: string): LoadResult {
  const begun = performance.now();
  const image = loadImageFile(path);
  const loadSeconds = secondsSince(begun);
  const loaded = performance.now();
  const matcher = createMatcher(image, null);
  const filterSeconds = secondsSince(loaded);
  const built = performance.now();
  createHostFilter(matcher.filter.bits, image.tags);
  return { loadSeconds, filterSeconds, scanFilterSeconds: secondsSince(built) };
}

function secondsSince(begun: number): number {
  return (performance.now() - begun) / 1000;
}

if (import.meta.main) {
  const [what, from, out] = process.argv.slice(2);
  if (what === 'compile' && from !== undefined && out !== undefined)
    console.log(JSON.stringify(compile(from, out)));
  else if (what === 'load' && from !== undefined) console.log(JSON.stringify(load(from)));
  else {
    console.error('Say what to do: node bench/lists.ts compile LISTS IMAGE | load IMAGE');
    process.exit(2);
  }
}
