// Writes lists of made-up domains in squidGuard's folder layout: the busy sites' listed children among them, and
// the domains that the flagged lines of `generate-log.ts` ask for.
// Run: node bench/generate-list.ts --domains 5000000 --out bench/work/lists [--listed-child 0.4]
import { closeSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { OFFICE, sitesWithChild } from './generate-log.ts';
import { listedChild, listedName } from './names.ts';

export interface ListShape {
  domains: number;
  hosts: number;
  listedChild: number;
  flagged: number;
}

/** The lists that the benchmarks are run with. */
export const LISTS: ListShape = { ...OFFICE, domains: 5_000_000 };

/** Shares of the folders in the domains; what is left over goes to the last. */
const FOLDERS = [
  { name: 'bench-gambling', share: 0.05 },
  { name: 'bench-malware', share: 0.1 },
  { name: 'bench-adult', share: 1 },
];

/** Writes the lists under a folder; each has exactly its share of `domains`. */
export function generateLists(folder: string, shape: ListShape): void {
  const marks = sitesWithChild(shape);
  const children = marks.reduce((sum, mark) => sum + mark, 0);
  const names = Math.max(0, shape.domains - children);
  let next = 0;
  for (const { name, share } of FOLDERS) {
    const to = Math.min(names, next + Math.ceil(names * share));
    mkdirSync(join(folder, name), { recursive: true });
    writeFileSync(join(folder, name, 'licence.txt'), 'licence: made up\nsource: bench/generate-list.ts\n');
    const isLast = name === FOLDERS.at(-1)!.name;
    writeDomains(join(folder, name, 'domains'), add => {
      for (; next < to; next++) add(listedName(next));
      if (!isLast) return;
      for (let site = 0; site < marks.length; site++) if (marks[site] === 1) add(listedChild(site));
    });
  }
}

function writeDomains(path: string, fill: (add: (domain: string) => void) => void): void {
  const file = openSync(path, 'w');
  let piece = '';
  const flush = () => {
    if (piece !== '') writeSync(file, piece, null, 'latin1');
    piece = '';
  };
  try {
    fill(domain => {
      piece += `${domain}\n`;
      if (piece.length >= PIECE_BYTES) flush();
    });
    flush();
  } finally {
    closeSync(file);
  }
}

const PIECE_BYTES = 1 << 20;

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      domains: { type: 'string', default: String(LISTS.domains) },
      out: { type: 'string' },
      'listed-child': { type: 'string', default: String(LISTS.listedChild) },
    },
  });
  if (values.out === undefined) {
    console.error('Say where the lists go: node bench/generate-list.ts --domains 5000000 --out FOLDER');
    process.exit(2);
  }
  generateLists(values.out, {
    ...LISTS,
    domains: Number(values.domains),
    listedChild: Number(values['listed-child']),
  });
}
