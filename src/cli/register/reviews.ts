// What the command line has of reviews: begun by a plan, decided by its reviewers, signed by another person, filed and verified.
import { InvalidArgumentError, Option } from 'commander';
import type { ReviewOutcome } from '../../model/review.ts';
import type { Lang } from '../../text/lang.ts';
import type { App } from '../app.ts';
import { runReviewDecide } from '../commands/review-decide.ts';
import { type ReviewProtocolOptions, runReviewExport, runReviewProtocol } from '../commands/review-export.ts';
import { runReviewList, runReviewShow } from '../commands/review-list.ts';
import { runReviewRun } from '../commands/review-run.ts';
import { runReviewSign } from '../commands/review-sign.ts';
import { runReviewVerify } from '../commands/review-verify.ts';
import { readWhole } from '../read-whole.ts';
import type { ActingDeps, ReviewDeps } from '../review-parts.ts';
import type { ProgramContext } from './program-context.ts';

/** Adds `review …`. */
export function registerReviews({ program, io, app, done }: ProgramContext): void {
  const review = program
    .command('review')
    .description('systematic reviews: frozen, drawn, decided, signed by a second person');
  review
    .command('list', { isDefault: true })
    .description('list reviews, and how far they have come')
    .option('--json', 'print one JSON object a review', false)
    .action(async (options: { json: boolean }) => {
      done(await runReviewList(options, await reviewDeps(app()), io));
    });
  review
    .command('run <plan>')
    .description('begin the review of a plan and a period: freeze the population, draw the sample')
    .requiredOption('--period <period>', 'such as 2026-10, 2026-W41, 2026-Q4 or 2026-10-05')
    .option('--diary <number>', 'diary number', diaryNumber)
    .option('--allow-incomplete', 'although the period is not complete; the review says so', false)
    .option('--json', 'print one JSON object', false)
    .action(async (plan: string, options: RunArgs) => {
      const made = app();
      const deps = { ...(await reviewDeps(made)), begin: made.beginReview };
      const { period, diary = null, json } = options;
      const incomplete = options.allowIncomplete ? 'allow' : 'refuse';
      done(await runReviewRun({ plan, period, diary, incomplete, json }, deps, io));
    });
  review
    .command('show <id>')
    .description('show the drawn items of a review: grade and facts, by pseudonym, and what was decided')
    .option('--item <n>', 'one item', itemNumber)
    .addOption(langOption('en'))
    .option('--json', 'print JSON objects: the review, then one an item', false)
    .action(async (id: string, options: { item?: number; lang: Lang; json: boolean }) => {
      const { item = null, lang, json } = options;
      done(await runReviewShow({ id, item, lang, json }, await reviewDeps(app()), io));
    });
  review
    .command('decide <id>')
    .description('decide a drawn item by the checklist; takes a reviewer whom the plan names')
    .requiredOption('--item <n>', 'its number', itemNumber)
    .addOption(
      new Option('--outcome <outcome>', 'what it is').choices(Object.keys(OUTCOMES)).makeOptionMandatory(),
    )
    .requiredOption('--answers <answers>', 'each question of the checklist with yes, no or na: a=yes,b=no')
    .option('--remark <text>', 'in words, without any name; needed unless there is nothing to remark', '')
    .action(
      async (id: string, options: { item: number; outcome: string; answers: string; remark: string }) => {
        const { item, answers, remark } = options;
        const outcome = OUTCOMES[options.outcome]!;
        done(await runReviewDecide({ id, item, outcome, answers, remark }, await actingDeps(app()), io));
      },
    );
  review
    .command('sign <id>')
    .description('sign a review of which every item is decided; takes a signer who decided none')
    .option('--diary <number>', 'diary number', diaryNumber)
    .action(async (id: string, { diary }: { diary?: string }) => {
      done(await runReviewSign({ id, diary: diary ?? null }, await actingDeps(app()), io));
    });
  review
    .command('protocol <id>')
    .description('write the protocol of a review, to be filed')
    .addOption(
      new Option('--format <format>', 'how to print')
        .choices(['text', 'html', 'pdf', 'json'])
        .default('html'),
    )
    .addOption(langOption('sv'))
    .option('--out <file>', 'into a file; stdout unless given')
    .action(async (id: string, options: Omit<ReviewProtocolOptions, 'id' | 'out'> & { out?: string }) => {
      const made = app();
      const deps = { ...(await reviewDeps(made)), renderPdf: made.renderPdf };
      done(await runReviewProtocol({ ...options, id, out: options.out }, deps, io));
    });
  review
    .command('export <id>')
    .description('write a signed review as one file that verifies by itself')
    .option('--out <file>', 'into a file; stdout unless given')
    .action(async (id: string, { out }: { out?: string }) => {
      const made = app();
      const deps = { ...(await reviewDeps(made)), people: await made.people() };
      done(await runReviewExport({ id, out }, deps, io));
    });
  review
    .command('verify <file>')
    .description('verify an export from the file alone; needs no configuration and no store')
    .option('--json', 'print one JSON object', false)
    .action(async (file: string, { json }: { json: boolean }) => {
      done(await runReviewVerify({ file, json }, { readWhole, verifyText: app().isSignedText }, io));
    });
}

interface RunArgs {
  period: string;
  diary?: string;
  allowIncomplete: boolean;
  json: boolean;
}

/** Outcomes as they are typed. */
const OUTCOMES: Readonly<Record<string, ReviewOutcome>> = {
  nothing: 'nothing',
  case: 'case',
  'false-match': 'falseMatch',
  explained: 'explained',
};

function langOption(language: Lang): Option {
  return new Option('--lang <language>', 'language').choices(['sv', 'en']).default(language);
}

function itemNumber(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('It is the number of an item.');
  return Number(text);
}

function diaryNumber(text: string): string {
  if (!/^[\p{L}\p{N}][\p{L}\p{N} .:/-]{0,63}$/u.test(text))
    throw new InvalidArgumentError('It is no diary number.');
  return text;
}

async function reviewDeps(app: App): Promise<ReviewDeps> {
  const { policy, zone } = await app.installation('look');
  const { openDesk, openAudit } = app;
  return { openDesk, openAudit, policy, zone, plans: (await app.plans()).reviews };
}

async function actingDeps(app: App): Promise<ActingDeps> {
  return {
    ...(await reviewDeps(app)),
    ...(await app.decider()),
    people: await app.people(),
    signing: await app.signing(),
    ownership: await app.ownership(),
  };
}
