// `granska store setup`: makes the configured store before any worker starts, so that a worker needs no right to make
// one. In: the store's parts as they are found; out: what was made and what was there, or, with `--check`, what is missing.
// Invariant: `--check` changes nothing; what is there is left as it is, so that this may be repeated.
import { EXIT, type ExitCode } from '../../errors.ts';
import type { StoreCare, StorePart } from '../../ports/store-care.ts';
import type { App } from '../app.ts';
import { type Io, write } from '../io.ts';
import { alignTable } from '../table.ts';

export interface StoreSetupArgs {
  /** Looks only. */
  check: boolean;
  json: boolean;
}

/** A part, and what was done about it. */
interface Outcome extends Omit<StorePart, 'state'> {
  state: StorePart['state'] | 'made' | 'renewed';
}

/** Makes the store, or looks whether it is whole. */
export async function runStoreSetup(
  { check, json }: StoreSetupArgs,
  app: Pick<App, 'storeCare'>,
  io: Io,
): Promise<ExitCode> {
  const care = await app.storeCare();
  const parts = await (check ? look(care) : make(care));
  const isWhole = parts.every(({ state }) => state !== 'missing' && state !== 'old');
  const text = json ? `${JSON.stringify(toJson(parts, care, isWhole))}\n` : toText(parts, care, isWhole);
  await write(io.stdout, text);
  return isWhole ? EXIT.done : EXIT.condition;
}

async function look(care: StoreCare): Promise<Outcome[]> {
  const setup = await care.openSetup();
  try {
    return await setup.look();
  } finally {
    await setup.close();
  }
}

async function make(care: StoreCare): Promise<Outcome[]> {
  const setup = await care.openSetup();
  try {
    const before = await setup.look();
    await setup.make();
    const after = await setup.look();
    return after.map((part, n) => ({ ...part, state: doneTo(before[n]!, part) }));
  } finally {
    await setup.close();
  }
}

function doneTo(before: StorePart, { state }: StorePart): Outcome['state'] {
  if (state !== 'there') return state;
  switch (before.state) {
    case 'missing':
      return 'made';
    case 'old':
      return 'renewed';
    case 'there':
    case 'unseen':
      return 'there';
    default:
      return before.state satisfies never;
  }
}

function toJson(parts: readonly Outcome[], { kind, place }: StoreCare, isWhole: boolean) {
  return {
    schema: 'granska.store-setup/1',
    ...{ kind, place, whole: isWhole },
    parts: parts.map(({ what, name, state }) => ({ what, name, state })),
  };
}

function toText(parts: readonly Outcome[], { place }: StoreCare, isWhole: boolean): string {
  const unseen = parts.filter(({ state }) => state === 'unseen').length;
  const rows = parts.map(({ what, name, state }) => [state, what, what === 'file' ? '' : name]);
  const table = alignTable(rows, { rightFrom: 9, indent: 2 });
  const end = isWhole ? 'The store is made' : 'The store is not whole: granska store setup makes it';
  const remark = unseen === 0 ? '' : `; ${unseen} of its parts this account may not look at`;
  return `${place}\n${table}\n${end}${remark}.\n`;
}
