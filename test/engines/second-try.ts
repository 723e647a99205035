// Real servers on a busy machine can be late. A test that fails is tried once more, and that it was is told: whoever reads
// the log sees what is not steady. Tests of exactness are never tried again (`this.retries(0)`): what is lost or counted
// twice once is lost or counted twice.
import type { Context } from 'mocha';

export const mochaHooks = {
  afterEach(this: Context) {
    const test = this.currentTest as unknown as { currentRetry(): number; fullTitle(): string } | undefined;
    if (test === undefined || test.currentRetry() === 0) return;
    process.stderr.write(`    second try: ${test.fullTitle()}\n`);
  },
};
