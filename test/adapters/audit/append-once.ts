// Appends some lines to the audit chain of a data folder: one of several processes that do so at once.
import { createFileAudit } from '../../../src/adapters/audit/file-audit.ts';

const [dataDir, count] = process.argv.slice(2) as [string, string];
const audit = createFileAudit({ dataDir, actor: `process ${process.pid}`, nowMs: () => 0, waitMs: 60_000 });
for (let n = 0; n < Number(count); n++) await audit.append({ action: 'search', shown: n, details: {} });
