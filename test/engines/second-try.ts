// Real servers on a busy machine can be late. A test that fails is tried once more, and that it was is told: whoever reads
// the log sees what is not steady. Tests of exactness are never tried again (`this.retries(0)`): what is lost or counted
// twice once is lost or counted twice. What is still open long after the last test is told too, and ends with the run.
import type { Context } from 'mocha';

const PATIENCE_MS = 20_000;

export const mochaHooks = {
  afterEach(this: Context) {
    const test = this.currentTest as unknown as { currentRetry(): number; fullTitle(): string } | undefined;
    if (test === undefined || test.currentRetry() === 0) return;
    process.stderr.write(`    second try: ${test.fullTitle()}\n`);
  },
  afterAll() {
    // Holds nothing open itself: a run that can end does so before.
    setTimeout(() => {
      process.stderr.write(`still open after the tests: ${process.getActiveResourcesInfo().join(', ')}\n`);
      process.exit();
    }, PATIENCE_MS).unref();
  },
};
