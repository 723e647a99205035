// `granska notice`: the notice to staff, written from the policy that is in use; a draft while it is on trial.
// In: an installation; out: text or HTML. Invariant: nothing of the store is read, and nothing about anybody is in it.
import { EXIT, type ExitCode } from '../../errors.ts';
import { makeNotice } from '../../proof/make-notice.ts';
import type { Lang } from '../../text/lang.ts';
import { noticePage } from '../../text/notice-page.ts';
import { pageHtml } from '../../text/page-html.ts';
import type { App } from '../app.ts';
import { type Io, write } from '../io.ts';
import { pageText } from '../page-text.ts';

export interface NoticeOptions {
  lang: Lang;
  format: 'text' | 'html';
}

/** Prints the notice to staff. */
export async function runNotice(
  { lang, format }: NoticeOptions,
  app: Pick<App, 'clock' | 'installation'>,
  io: Io,
): Promise<ExitCode> {
  const { config, policy } = await app.installation('look');
  const notice = makeNotice({
    organization: config.organization,
    policy,
    sealedDays: config.rejectsKeepDays,
    nowMs: app.clock.nowMs(),
  });
  const page = noticePage(notice, lang);
  await write(io.stdout, format === 'html' ? pageHtml(page) : pageText(page));
  return EXIT.done;
}
