import { expect } from 'chai';
import fc from 'fast-check';
import { createZone } from '../../../src/calendar/zone.ts';
import { HourCells } from '../../../src/pipeline/fast/hour-cells.ts';
import { DENIED, TUNNEL } from '../../../src/pipeline/fast/line.ts';
import { createUsageTable } from '../../../src/pipeline/usage.ts';

const ZONES = ['Europe/Stockholm', 'Asia/Kolkata', 'Australia/Lord_Howe', 'UTC'];
// Around the changes of the clock in Sweden, and of half an hour on Lord Howe.
const CHANGES = [
  '2026-10-25T01:00:00Z',
  '2026-03-29T01:00:00Z',
  '2026-04-04T15:00:00Z',
  '2026-10-03T15:30:00Z',
];

const ownerOf = (slot: number) => ({ tenant: 't', department: `d${slot}` });

describe('the hour cells', () => {
  it('§1.1 count like the usage table itself, in every zone, over every change of the clock', () => {
    const line = fc.record({
      startMs: fc
        .tuple(fc.constantFrom(...CHANGES), fc.integer({ min: -14_400_000, max: 14_400_000 }))
        .map(([change, awayMs]) => Date.parse(change) + awayMs),
      slot: fc.nat(200),
      bytes: fc.nat(1e9),
      denied: fc.boolean(),
      tunnel: fc.boolean(),
      named: fc.boolean(),
    });
    fc.assert(
      fc.property(
        fc.constantFrom(...ZONES),
        fc.array(line, { maxLength: 80 }),
        fc.nat(80),
        (name, lines, flushAt) => {
          const zone = createZone(name);
          const naive = createUsageTable();
          const usage = createUsageTable();
          const cells = new HourCells(zone, usage);
          const slots = new Map<number, number>();
          lines.forEach(({ startMs, slot, ...use }, i) => {
            naive.add(zone.hourStartMs(startMs), slot, use);
            cells.add(
              startMs,
              2 * slot + Number(use.named),
              use.bytes,
              Number(use.denied) * DENIED + Number(use.tunnel) * TUNNEL,
            );
            slots.set(slot, (slots.get(slot) ?? 0) + 1);
            if (i === flushAt) cells.flush();
          });
          cells.flush();
          expect(usage.drain(ownerOf)).to.deep.equal(naive.drain(ownerOf));
          const found = new Map<number, number>();
          cells.takeSlotLines((slot, count) => found.set(slot, count));
          expect(new Map([...found].sort((a, b) => a[0] - b[0]))).to.deep.equal(
            new Map([...slots].sort((a, b) => a[0] - b[0])),
          );
          cells.takeSlotLines(() => expect.fail('lines are handed over once'));
        },
      ),
    );
  });
});
