// `granska notice`: the notice to staff, written from the policy that is in use; a draft while it is on trial.
// In: an installation; out: text, HTML or PDF. Invariant: nothing of the store is read, and nothing about anybody is in it.
import { EXIT, type ExitCode } from '../../errors.ts';
import { makeNotice } from '../../proof/make-notice.ts';
import type { Lang } from '../../text/lang.ts';
import { noticePage } from '../../text/notice-page.ts';
import type { App } from '../app.ts';
import { type Io, write } from '../io.ts';
import { printPage } from '../print-page.ts';

export interface NoticeOptions {
  lang: Lang;
  format: 'text' | 'html' | 'pdf';
}

/** Prints the notice to staff. */
export async function runNotice(
  { lang, format }: NoticeOptions,
  app: Pick<App, 'clock' | 'installation' | 'renderPdf'>,
  io: Io,
): Promise<ExitCode> {
  const { config, policy } = await app.installation('look');
  const notice = makeNotice({
    organization: config.organization,
    policy,
    sealedDays: config.rejectsKeepDays,
    usesLeases: config.intervalFiles.length > 0,
    nowMs: app.clock.nowMs(),
  });
  const page = noticePage(notice, lang);
  await write(io.stdout, await printPage(page, format, app));
  return EXIT.done;
}
