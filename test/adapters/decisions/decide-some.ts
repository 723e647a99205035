// Makes some decisions in a file: one of several processes that do so at once.
import { createDecisionFile } from '../../../src/adapters/decisions/decision-file.ts';

const [path, count] = process.argv.slice(2) as [string, string];
const file = createDecisionFile({
  ...{ path, shown: 'decisions', by: `process ${process.pid}`, nowMs: () => 0, waitMs: 60_000 },
  dayOf: () => '2026-03-01',
});
for (let n = 0; n < Number(count); n++) {
  await file.append(
    () => ({ kind: 'end', id: `E-${process.pid}-${n}`, validThrough: '2026-03-31', reason: 'over' }),
    async () => {},
  );
}
