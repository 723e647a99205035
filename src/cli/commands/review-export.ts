// `granska review export` and `granska review protocol`: a signed review as a file that verifies by itself, and what is filed of
// it. The export holds everything that was frozen, drawn, decided and signed; the protocol holds counts and remarks only.
import { EXIT, type ExitCode, GranskaError } from '../../errors.ts';
import type { Review, ReviewExport } from '../../model/review.ts';
import type { People } from '../../ports/people.ts';
import { standingDecisions } from '../../review/fold-lines.ts';
import { withHash } from '../../review/review-line.ts';
import { EXPORT_SCHEMA } from '../../review/verify-export.ts';
import type { Lang } from '../../text/lang.ts';
import type { Page } from '../../text/page.ts';
import { pageHtml } from '../../text/page-html.ts';
import { reviewPage } from '../../text/review-page.ts';
import { defangText } from '../../url/defang-text.ts';
import { hashText } from '../case-source.ts';
import { type Io, write } from '../io.ts';
import { localMinute } from '../local-time.ts';
import { pageText } from '../page-text.ts';
import {
  type ReviewContents,
  type ReviewDeps,
  readContents,
  requireFrozen,
  requireReview,
  withDesk,
} from '../review-parts.ts';
import { protocolJson } from '../review-protocol-json.ts';
import { writeOut } from '../write-out.ts';

export interface ReviewExportOptions {
  id: string;
  /** Stdout unless given. */
  out: string | undefined;
}

/** Exports a signed review. Throws USAGE for one that is not signed. */
export async function runReviewExport(
  { id, out }: ReviewExportOptions,
  deps: ReviewDeps & { people: People },
  io: Io,
): Promise<ExitCode> {
  return withDesk(deps, async desk => {
    const review = await requireReview(id, desk);
    if (review.signed === null) {
      throw new GranskaError(
        'USAGE',
        'this review is not signed yet: an export is of what can change no more',
        {
          hint: `granska review show ${review.id}`,
        },
      );
    }
    const contents = await readContents(review, desk);
    const exported = exportOf(contents, deps);
    const audit = await deps.openAudit();
    const { findings } = requireFrozen(review).population;
    const details = { review: review.id, items: contents.items.length, hash: exported.hash };
    await audit.append({ action: 'review export', shown: findings, details });
    await writeOut(bytesOf(`${JSON.stringify(exported)}\n`), out, io);
    await write(io.stderr, `review ${review.id}: content hash ${review.contentHash}\n`);
    return EXIT.done;
  });
}

function exportOf(contents: ReviewContents, deps: ReviewDeps & { people: People }): ReviewExport {
  const { review, population, sample } = contents;
  const signer = review.signed?.statement.person ?? '';
  const publicKey = deps.people.find(signer)?.publicKey ?? null;
  if (publicKey === null) {
    throw new GranskaError('CONFIG', 'people.yaml has no public key of whoever signed this review any more', {
      hint: 'keep people with their keys for as long as what they signed is kept; their duties can be taken away',
    });
  }
  const protocol = Object.fromEntries(
    (['sv', 'en'] as const).map(lang => [
      lang,
      hashText(pageHtml(protocolPage({ ...contents, rejudged: NONE }, lang, deps))),
    ]),
  );
  const { signed } = review;
  if (signed === null || !deps.people.verify(signed.statement)) {
    throw new GranskaError(
      'CONFIG',
      'the signature of this review is not by the key that people.yaml names',
      {
        hint: 'if the key of who signed was made anew, put the one of that time back for the export',
      },
    );
  }
  return withHash(
    {
      schema: EXPORT_SCHEMA,
      review: review.id,
      contentHash: review.contentHash,
      lines: review.lines,
      ...{ population, sample, keys: [{ person: signer, publicKey }], protocol },
    },
    hashText,
  );
}

const NONE: ReadonlySet<string> = new Set();

/** Makes the page of a protocol. */
function protocolPage(
  { review, rejudged }: Pick<ReviewContents, 'review' | 'rejudged'>,
  lang: Lang,
  { zone }: Pick<ReviewDeps, 'zone'>,
): Page {
  const when = (atMs: number) => localMinute(zone, atMs);
  const decisions = standingDecisions(review);
  return reviewPage({ review, decisions, rejudged: rejudged.size, lang, when, harmless: defangText });
}

export interface ReviewProtocolOptions {
  id: string;
  format: 'text' | 'html' | 'pdf' | 'json';
  lang: Lang;
  out: string | undefined;
}

/** Writes the protocol of a review; a draft where it is not signed. */
export async function runReviewProtocol(
  options: ReviewProtocolOptions,
  deps: ReviewDeps & { renderPdf(page: Page): Promise<Uint8Array> },
  io: Io,
): Promise<ExitCode> {
  const { format, lang, out } = options;
  return withDesk(deps, async desk => {
    const review: Review = await requireReview(options.id, desk);
    requireFrozen(review);
    const contents = await readContents(review, desk);
    const audit = await deps.openAudit();
    await audit.append({ action: 'review protocol', shown: 0, details: { review: review.id, format, lang } });
    const page = () => protocolPage(contents, lang, deps);
    switch (format) {
      case 'text':
        await writeOut(bytesOf(pageText(page())), out, io);
        break;
      case 'html':
        await writeOut(bytesOf(pageHtml(page())), out, io);
        break;
      case 'pdf':
        await writeOut(await deps.renderPdf(page()), out, io);
        break;
      case 'json': {
        const object = protocolJson(review, { rejudged: contents.rejudged.size });
        await writeOut(bytesOf(`${JSON.stringify(object)}\n`), out, io);
        break;
      }
      default:
        format satisfies never;
    }
    return EXIT.done;
  });
}

function bytesOf(text: string): Uint8Array {
  return Buffer.from(text, 'utf8');
}
