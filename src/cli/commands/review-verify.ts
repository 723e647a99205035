// `granska review verify`: whether an export is as it was signed, from the file alone: no configuration, no store, no keys.
// What it cannot tell is whose the key is: it prints it, to be held against the organisation's own list of keys.
import { EXIT, type ExitCode } from '../../errors.ts';
import type { Review } from '../../model/review.ts';
import type { Fault } from '../../review/check-contents.ts';
import { standingDecisions } from '../../review/fold-lines.ts';
import { verifyExport } from '../../review/verify-export.ts';
import { hashText } from '../case-source.ts';
import { withoutControls } from '../display-width.ts';
import { type Io, write } from '../io.ts';
import { counted } from '../numbers.ts';

export interface ReviewVerifyDeps {
  /** Reads a whole file; throws SOURCE. */
  readWhole(path: string): Uint8Array;
  /** Tells whether a text was signed with the private half of a key. */
  verifyText(publicKey: string, text: string, signature: string): boolean;
}

/** What is told of faults at most: one change can bring many. */
const MAX_FAULTS = 20;

/** Verifies an export; 4 where it is not intact. */
export async function runReviewVerify(
  options: { file: string; json: boolean },
  deps: ReviewVerifyDeps,
  io: Io,
): Promise<ExitCode> {
  const value = parse(deps.readWhole(options.file));
  const { review, faults } =
    value === undefined
      ? { review: null, faults: [{ where: 'the file', why: 'it is no JSON in UTF-8' }] }
      : verifyExport(value, { hash: hashText, verifyText: deps.verifyText });
  const keys = faults.length === 0 ? (value as { keys: { publicKey: string }[] }).keys : [];
  const publicKey = keys[0]?.publicKey ?? null;
  const text = options.json
    ? JSON.stringify(asJson(review, faults, publicKey))
    : faults.length > 0 || review === null
      ? asFaults(faults)
      : asText(review, publicKey);
  await write(io.stdout, `${text}\n`);
  return faults.length === 0 ? EXIT.done : EXIT.damaged;
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch {
    return undefined;
  }
}

function asJson(
  review: Review | null,
  faults: readonly Fault[],
  publicKey: string | null,
): Record<string, unknown> {
  const isIntact = faults.length === 0;
  return {
    schema: 'granska.review-verification/1',
    intact: isIntact,
    review: review?.id ?? null,
    contentHash: review?.contentHash ?? null,
    signed: isIntact && review?.signed ? { person: review.signed.statement.person, publicKey } : null,
    faults,
  };
}

function asFaults(faults: readonly Fault[]): string {
  const shown = faults.slice(0, MAX_FAULTS).map(({ where, why }) => `  ${where}: ${why}`);
  const more = faults.length > MAX_FAULTS ? [`  and ${faults.length - MAX_FAULTS} more`] : [];
  return printed(['The export is NOT as it was signed.', ...shown, ...more]);
}

function asText(review: Review, publicKey: string | null): string {
  const { begun, frozen, signed, contentHash } = review;
  const outcomes = new Map<string, number>();
  for (const { outcome } of standingDecisions(review).values()) {
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
  }
  const result = [...outcomes].sort().map(([outcome, count]) => `${outcome} ${count}`);
  return printed([
    `The export is as it was signed: review ${review.id}.`,
    `  ${counted(frozen?.population.items ?? 0, 'item')} frozen; seed ${begun.seed} draws these ${frozen?.sample.items ?? 0}`,
    `  decided: ${result.join(', ') || 'there was nothing to decide'}`,
    `  content hash ${contentHash}`,
    `  signed by ${signed?.statement.person}, ${new Date(signed?.statement.atMs ?? 0).toISOString()}`,
    `  with the key ${publicKey}: hold it against the organisation's own list of keys`,
  ]);
}

/** What a hostile file says of itself can write over nothing on a terminal. */
function printed(lines: readonly string[]): string {
  return lines.map(withoutControls).join('\n');
}
