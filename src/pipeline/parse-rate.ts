// The parse rate: the share of lines that could be read, of those that should be records. Lines of a known other kind
// (comments, empty ones) are left out: many of them must not hide that nothing else can be read.
// In: counts as they come. Out: `fell` or `rose`, once for each crossing. Invariants: nothing is said before `lines` lines
// were seen; the rate is always of the last lines, at least `lines` of them, and at most an eighth and one addition more;
// memory is bounded by STEPS. It rises only a quarter of the way from the minimum to 1, so that it does not flutter.
// Example: minimum 0.9, lines 1000: 899 of the last 1,000 were records → `fell`; → `rose` when 92.5 % are.

export interface ParseRateOptions {
  /** Share from 0 to 1 below which the rate has fallen. */
  minimum: number;
  /** The least number of lines that a rate is made of. */
  lines: number;
}

export interface ParseRate {
  add(counts: { records: number; rejected: number }): 'fell' | 'rose' | null;
  /** Null before there were enough lines. */
  rate(): number | null;
}

/** The window moves on in steps of this part of itself. */
const STEPS = 8;
const WAY_UP = 0.25;

/** Creates what watches the rate. */
export function createParseRate({ minimum, lines }: ParseRateOptions): ParseRate {
  const steps: { records: number; all: number }[] = [];
  const enough = minimum + (1 - minimum) * WAY_UP;
  let records = 0;
  let all = 0;
  let isLow = false;

  const rate = () => (all < lines ? null : records / all);

  return {
    rate,
    add(counts) {
      const added = counts.records + counts.rejected;
      if (added === 0) return null;
      const last = steps.at(-1);
      if (last === undefined || last.all >= lines / STEPS)
        steps.push({ records: counts.records, all: added });
      else {
        last.records += counts.records;
        last.all += added;
      }
      records += counts.records;
      all += added;
      while (all - steps[0]!.all >= lines) {
        const old = steps.shift()!;
        records -= old.records;
        all -= old.all;
      }
      const now = rate();
      if (now === null || (isLow ? now < enough : now >= minimum)) return null;
      isLow = !isLow;
      return isLow ? 'fell' : 'rose';
    },
  };
}
