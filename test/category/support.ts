import { createHash } from 'node:crypto';
import { createCompiler, type ListCompiler } from '../../src/category/compile.ts';
import { type Image, openImage } from '../../src/category/image.ts';
import { blankTarget, type Target } from '../../src/model/target.ts';
import { parseTarget } from '../../src/url/parse-target.ts';
import { isPublicSuffix } from '../../src/url/site.ts';

/** Lists as text: list name → file name → content. */
export type Lists = Record<string, Record<string, string>>;

export function sha256(bytes: Uint8Array): Uint8Array {
  return createHash('sha256').update(bytes).digest();
}

export function newCompiler(): ListCompiler {
  return createCompiler({
    parseTarget,
    isPublicSuffix,
    createHash: () => createHash('sha256'),
    hintBytes: 0,
  });
}

/** Compiles lists; `pieces` says at which lengths the files' bytes are cut, over and over. */
export function compileBytes(lists: Lists, pieces: readonly number[] = [1 << 20]): Uint8Array<ArrayBuffer> {
  const compiler = newCompiler();
  for (const [name, files] of Object.entries(lists)) {
    compiler.beginList(name, { licence: `licence of ${name}`, source: `source of ${name}`, usage: '' });
    for (const file of Object.keys(files).sort()) {
      compiler.beginFile(file, file === 'expressions' ? 'expressions' : 'entries');
      const bytes = new TextEncoder().encode(files[file]);
      for (let at = 0, n = 0; at < bytes.length; n++) {
        const end = Math.min(bytes.length, at + pieces[n % pieces.length]!);
        compiler.add(bytes, at, end);
        at = end;
      }
      compiler.endFile();
    }
  }
  return compiler.finish();
}

export function compile(lists: Lists): Image {
  return openImage(compileBytes(lists), sha256);
}

/** Reads a URL, or `host:port` as a tunnel. */
export function target(text: string): Target {
  const out = blankTarget();
  parseTarget(text, text.includes('://') ? 'GET' : 'CONNECT', out);
  return out;
}

/** Host bytes with the spare bytes that reading by words needs. */
export function hostBytes(host: string): { bytes: Uint8Array<ArrayBuffer>; end: number } {
  const bytes = new Uint8Array(host.length + 8);
  const { written } = new TextEncoder().encodeInto(host, bytes);
  return { bytes, end: written };
}
