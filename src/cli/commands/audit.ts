// `granska audit verify`: whether the chain of views is whole (§8.5).
import { EXIT, type ExitCode } from '../../errors.ts';
import type { Audit } from '../../ports/audit.ts';
import { type Io, write } from '../io.ts';
import { counted } from '../numbers.ts';

/** Verifies the audit chain; gives 4 where it is broken. */
export async function runAuditVerify(options: { json: boolean }, audit: Audit, io: Io): Promise<ExitCode> {
  const report = await audit.verify();
  const { lines, isIntact, brokenLine, message } = report;
  if (options.json) {
    const object = { schema: 'granska.audit/1', lines, intact: isIntact, brokenLine, message };
    await write(io.stdout, `${JSON.stringify(object)}\n`);
  } else {
    const words = isIntact
      ? `The audit chain is whole: ${counted(lines, 'line')}.\n  ${message}\n`
      : `The audit chain is BROKEN at line ${brokenLine}.\n  ${message}\n`;
    await write(io.stdout, words);
  }
  return isIntact ? EXIT.done : EXIT.damaged;
}
