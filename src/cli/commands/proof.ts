// `granska proof`: a page that a data protection officer can file: what is stored, what never is, how long, who may see
// what, and who could find out who somebody is, from the configuration in use and from reading all that is stored.
// In: an installation and its store; out: text, HTML or JSON. Invariant: it is noted in the audit chain before it is shown
// (§8.5), and a check that fails ends it with exit 4 (§10.2) after the page, which says which.
import { EXIT, type ExitCode } from '../../errors.ts';
import type { Proof } from '../../model/proof.ts';
import { makeProof } from '../../proof/make-proof.ts';
import type { Lang } from '../../text/lang.ts';
import { proofPage } from '../../text/proof-page.ts';
import type { App } from '../app.ts';
import { type Io, write } from '../io.ts';
import { printPage } from '../print-page.ts';

export interface ProofOptions {
  lang: Lang;
  format: 'text' | 'html' | 'json' | 'pdf';
}

export type ProofApp = Pick<
  App,
  'clock' | 'installation' | 'openStore' | 'openAudit' | 'surroundings' | 'renderPdf'
>;

/** Makes and prints the proof; 4 where a check fails. */
export async function runProof(options: ProofOptions, app: ProofApp, io: Io): Promise<ExitCode> {
  const { config, policy, versions, zone } = await app.installation('look');
  const surroundings = await app.surroundings();
  const store = await app.openStore();
  try {
    const audit = await app.openAudit();
    const proof = await makeProof({
      ...{ organization: config.organization, zone, policy, versions, store, surroundings },
      sealedDays: config.rejectsKeepDays,
      audit: await audit.verify(),
      nowMs: app.clock.nowMs(),
    });
    // It shows no finding, but it was made of all of them.
    const failed = proof.checks.filter(check => check.failed > 0).map(({ check }) => check);
    await audit.append({ action: 'proof', shown: 0, details: { ...options, failed } });
    await write(io.stdout, await print(proof, options, app));
    if (failed.length === 0) return EXIT.done;
    await write(io.stderr, `granska: the verification failed: ${failed.join(', ')}\n`);
    return EXIT.damaged;
  } finally {
    await store.close();
  }
}

async function print(
  proof: Proof,
  { lang, format }: ProofOptions,
  app: Pick<App, 'renderPdf'>,
): Promise<string | Uint8Array> {
  if (format === 'json') return `${JSON.stringify(proof)}\n`;
  return printPage(proofPage(proof, lang), format, app);
}
